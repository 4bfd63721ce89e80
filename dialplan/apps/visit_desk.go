package apps

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"ringway/dialplan"
	"ringway/store"
)

// An offer passes the agent's desk on its way to her phones:
//
//	ring     card ──shown, cardTime over, no desk──▶ phones ring
//	preview  card ──she accepts──▶ phones ring          no answer within the ring time: no answer
//	              ──no desk any more──▶ phones ring, as in ring mode
//	both     card or ringing ──she declines──▶ CANCEL: declined
//	         ringing ──she accepts, a phone answers by itself──▶ CANCEL, and INVITE anew with answer-after=0
//
// Without a desk they ring at once; one that opens while they ring takes part from then on. An answer at the phone beats whatever
// the desk says.

// cardTime is how long a phone waits for its card.
const cardTime = 150 * time.Millisecond

const (
	errDeclined = dialplan.StopRinging("declined_at_desk")
	errAccepted = dialplan.StopRinging("accepted_at_desk")
)

// presented is one offer at one desk. It belongs to the goroutine of the attempt.
type presented struct {
	v        *visit
	offer    Offer
	form     dialplan.Dial
	desk     Presentation
	accepted bool
}

// offer lets the desk show the card and rings the phones.
func (v *visit) offer(ctx context.Context, o Offer, form dialplan.Dial) (dialplan.DialResult, error) {
	desk := v.ticket.Present(o)
	if o.Preview && (desk == nil || !desk.Open()) { // it closed on the way here
		v.ticket.Desk(o.ID, store.DeskClosed, "")
	}
	if desk == nil {
		return v.ch.Dial(ctx, form)
	}
	defer desk.Close()
	connected := form.OnConnect
	form.OnConnect = func(t dialplan.Target) {
		connected(t)
		desk.Close()
	}
	p := &presented{v: v, offer: o, form: form, desk: desk}
	if desk.Open() {
		if outcome, err := p.awaitCard(ctx); outcome != "" || err != nil {
			return dialplan.DialResult{Outcome: outcome}, err
		}
	}
	return p.ring(ctx)
}

// awaitCard waits until the phones may ring; an outcome says that they will not.
func (p *presented) awaitCard(ctx context.Context) (store.OfferOutcome, error) {
	limit := cardTime
	if p.offer.Preview {
		limit = p.offer.Ring
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case <-timer.C:
			if p.offer.Preview {
				return store.NoAnswer, nil
			}
			return "", nil
		case a := <-p.desk.Answers():
			p.v.ticket.Desk(p.offer.ID, a.Act, a.Reason)
			switch {
			case a.Act == store.DeskDeclined:
				return store.Declined, nil
			case a.Act == store.DeskAccepted:
				p.accepted = true
				return "", nil
			case a.Act == store.DeskClosed, !p.offer.Preview:
				return "", nil
			}
		}
	}
}

// ring rings the phones, a second time where she accepted meanwhile and one of them can answer by itself.
func (p *presented) ring(ctx context.Context) (dialplan.DialResult, error) {
	p.desk.Ring()
	for {
		result, again, err := p.ringOnce(ctx)
		if !again {
			return result, err
		}
	}
}

// rung is the end of one Dial.
type rung struct {
	result dialplan.DialResult
	err    error
}

// ringOnce rings until the Dial is over, or the desk ends it. A phone that has not answered the INVITE with anything yet would
// take the second INVITE for another call: it is cancelled when it rings.
func (p *presented) ringOnce(ctx context.Context) (result dialplan.DialResult, again bool, err error) {
	form := p.form
	form.Targets = []dialplan.Target{form.Targets[0]}
	form.Targets[0].Phones = phonesOf(p.offer, p.accepted)
	rang, over := make(chan struct{}, 1), make(chan rung, 1)
	ringing := form.OnRinging
	form.OnRinging = func(t dialplan.Target) {
		ringing(t)
		select {
		case rang <- struct{}{}:
		default:
		}
	}
	dialing, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	p.v.start(1)
	go p.runDial(dialing, form, over)
	var wish error // of the desk
	rings := false
	for {
		select {
		case end := <-over:
			return p.ended(ctx, end, wish)
		case <-rang:
			if rings = true; wish != nil {
				stop(wish)
			}
		case a := <-p.desk.Answers():
			if wish = p.wished(a, wish); wish != nil && (rings || errors.Is(wish, errDeclined)) {
				stop(wish)
			}
		}
	}
}

// wished is what the desk wants of phones that ring: nothing, that they stop, or that they answer.
func (p *presented) wished(a store.DeskAnswer, before error) error {
	p.v.ticket.Desk(p.offer.ID, a.Act, a.Reason)
	switch {
	case errors.Is(before, errDeclined):
	case a.Act == store.DeskDeclined:
		return errDeclined
	case a.Act == store.DeskAccepted && !p.accepted:
		p.accepted = true
		if answersItself(p.offer) {
			return errAccepted
		}
	}
	return before
}

// ended is what the end of a Dial means, after a wish of the desk.
func (p *presented) ended(ctx context.Context, end rung, wish error) (result dialplan.DialResult, again bool, err error) {
	stopped := errors.Is(end.err, context.Canceled) && ctx.Err() == nil
	switch {
	case end.result.Outcome == store.Answered:
		return end.result, false, nil
	case stopped && errors.Is(wish, errDeclined):
		return dialplan.DialResult{Outcome: store.Declined}, false, nil
	case stopped && errors.Is(wish, errAccepted):
		return end.result, true, nil
	}
	return end.result, false, end.err
}

// runDial performs one Dial; it ends with it.
func (p *presented) runDial(ctx context.Context, form dialplan.Dial, over chan<- rung) {
	defer p.v.done()
	defer func() {
		if r := recover(); r != nil {
			over <- rung{err: &fault{r, debug.Stack()}}
		}
	}()
	result, err := p.v.ch.Dial(ctx, form)
	over <- rung{result, err}
}

// phonesOf are the phones to ring; one answers by itself only for an agent who said yes at her desk.
func phonesOf(o Offer, accepted bool) []dialplan.Phone {
	out := make([]dialplan.Phone, 0, len(o.Phones))
	for _, p := range o.Phones {
		out = append(out, dialplan.Phone{Account: p.Account, AutoAnswer: p.AutoAnswer && accepted})
	}
	return out
}

func answersItself(o Offer) bool {
	for _, p := range o.Phones {
		if p.AutoAnswer {
			return true
		}
	}
	return false
}
