package apps

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"ringway/dialplan"
	"ringway/store"
)

// visit is one caller's stay in a queue, seen from the script.
//
//	           ┌────────── events of the ticket ◀── router
//	waiting ───┤ keys the caller presses
//	           └ ends of Dials
//	  offer    → one Dial beside the music        cancel  → that Dial is cancelled
//	  announce → one Play                         key     → leave the queue: result key
//	  Dial failed → reported, still waiting       connect → talking: no more keys, no announcements
//	  result   → everything is cancelled, and the step is done
//
// run owns all fields but wg; the pumps only send into events, which run drains until they are gone.
type visit struct {
	ch       dialplan.Channel
	ticket   Ticket
	queue    string
	language string
	music    string
	recorded bool // the conversation will be
	log      func(string)

	wg      sync.WaitGroup
	events  chan visitEvent
	joined  chan struct{} // media with an agent are joined; holds one
	dials   map[*dialAttempt]context.CancelCauseFunc
	speak   context.CancelFunc // stops keys and announcements; nil when none run
	speaks  bool               // an announcement is being played
	sound   chan struct{}      // closed when the last pump of keys or speech is gone: one at a time uses the media
	pending []string           // prompts to say next
	talking bool
}

// visitEvent is what a pump tells: exactly one field is set.
type visitEvent struct {
	ticket *TicketEvent
	key    string
	spoken bool // an announcement is over
	dial   *dialAttempt
	err    error
}

// run stays until the visit is over and every pump is gone.
func (v *visit) run(parent context.Context) (result store.VisitResult, err error) {
	ctx, cancel := context.WithCancel(parent)
	v.events, v.joined, v.dials = make(chan visitEvent, 16), make(chan struct{}, 1), map[*dialAttempt]context.CancelCauseFunc{}
	defer func() {
		cancel()
		if v.checkJoined(); result == "" && !v.talking {
			v.ticket.Leave(store.Abandoned) // before the ends of offers are reported: nobody is rung for a caller who is gone
		}
		v.drain()
		if result == "" {
			v.ticket.Leave(store.Abandoned)
		}
	}()
	if v.music != "" {
		if err := v.ch.StartMusic(ctx, v.music); errors.Is(err, dialplan.ErrEnded) {
			return "", err
		} else if err != nil {
			v.log(fmt.Sprintf("queue %s: music %s: %v", v.queue, v.music, err))
		}
	}
	v.start(1)
	go v.runTicket(ctx)
	v.listen(ctx)
	for {
		var done bool
		v.work(-1) // what comes brings its own
		select {
		case <-v.joined:
			v.join()
		case e := <-v.events:
			done, result, err = v.handle(ctx, e)
		}
		if done {
			if !v.talking {
				_ = v.ch.StopMusic(parent)
			}
			return result, err
		}
	}
}

// drain waits for the pumps, taking what they still send.
func (v *visit) drain() {
	gone := make(chan struct{})
	go v.runDrain(gone)
	var failed error
	for {
		select {
		case e := <-v.events:
			failed = cmp.Or(failed, e.panicked())
			if e.dial != nil {
				v.report(e.dial)
			}
			v.work(-1)
		case <-gone:
			v.checkJoined()
			if failed != nil {
				panic(failed)
			}
			return
		}
	}
}

// runDrain ends when every pump has ended; drain waits for it.
func (v *visit) runDrain(gone chan<- struct{}) {
	v.wg.Wait()
	close(gone)
}

// handle is the one place where the visit changes its state.
func (v *visit) handle(ctx context.Context, e visitEvent) (done bool, result store.VisitResult, err error) {
	if failed := e.panicked(); failed != nil {
		panic(failed) // the pumps are part of the script: it pays
	}
	switch {
	case e.err != nil:
		v.checkJoined()
		return true, v.connected(), e.err
	case e.ticket != nil:
		return v.routed(ctx, *e.ticket)
	case e.spoken:
		v.speaks = false
		v.say(ctx)
	case e.key != "":
		return v.pressed(ctx, e.key)
	case e.dial != nil:
		delete(v.dials, e.dial)
		v.report(e.dial)
		switch {
		case errors.Is(e.dial.err, dialplan.ErrEnded):
			v.checkJoined()
			return true, v.connected(), dialplan.ErrEnded
		case e.dial.result.Outcome == store.Answered:
			return true, store.Connected, nil
		}
	}
	return false, "", nil
}

// join makes it a conversation: no more keys, no announcements.
func (v *visit) join() {
	v.talking = true
	v.hush()
}

// checkJoined looks whether the media were joined while another event was on its way: a conversation goes before.
func (v *visit) checkJoined() {
	select {
	case <-v.joined:
		v.join()
		v.work(-1)
	default:
	}
}

// start counts a pump that is about to run.
func (v *visit) start(n int) {
	v.wg.Add(n)
	v.work(n)
}

// done is the last thing a pump does.
func (v *visit) done() {
	v.work(-1)
	v.wg.Done()
}

// send hands an event to run.
func (v *visit) send(e visitEvent) {
	v.work(1)
	v.events <- e
}

// work tells a channel that keeps virtual time how much is going on.
func (v *visit) work(n int) {
	if w, ok := v.ch.(Worker); ok {
		w.Work(n)
	}
}

// connected is the result of a visit whose call ended: connected when an agent was there.
func (v *visit) connected() store.VisitResult {
	if v.talking {
		return store.Connected
	}
	return ""
}

// routed handles an event of the ticket.
func (v *visit) routed(ctx context.Context, e TicketEvent) (bool, store.VisitResult, error) {
	switch e.Kind {
	case TicketOffer:
		for _, o := range e.Offers {
			o.Ring = e.Ring
			v.dial(ctx, o)
		}
	case TicketCancel:
		for d, cancel := range v.dials {
			if d.offer.ID == e.Offer {
				cancel(fmt.Errorf("%w: %s", errOfferCancelled, e.Reason))
			}
		}
	case TicketAnnounce:
		v.announce(ctx, e)
	case TicketResult:
		if v.checkJoined(); e.Result != store.Connected && !v.talking {
			return true, e.Result, nil
		}
	}
	return false, "", nil
}

// runTicket brings the events of the ticket; it ends after the result or with ctx.
func (v *visit) runTicket(ctx context.Context) {
	defer v.done()
	defer v.guard()
	for {
		e, err := v.ticket.Next(ctx)
		switch {
		case ctx.Err() != nil:
			v.send(visitEvent{err: dialplan.ErrEnded})
			return
		case errors.Is(err, io.EOF):
			return
		case err != nil:
			v.send(visitEvent{err: err})
			return
		}
		v.send(visitEvent{ticket: &e})
		if e.Kind == TicketResult {
			return
		}
	}
}
