package call

import (
	"context"
	"errors"
	"time"

	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/sip/leg"
	"ringway/store"
)

// channel is a Call as its script sees it: each verb is a message to the loop and a reply.
type channel Call

var (
	_ dialplan.Channel = (*channel)(nil)
	_ dialplan.Emitter = (*channel)(nil)
	_ apps.Host        = (*channel)(nil)

	_ dialplan.Recorder = (*channel)(nil)
)

// verb is the loop's side of one verb: start runs on the loop and later calls reply once; stop, which also runs on the
// loop, takes it back when the script's context ends, and may call reply too.
type verb[T any] struct {
	start func(reply func(T, error))
	stop  func(cause error)
	final bool // after stop, its reply is waited for
}

// answer is where the reply to a verb arrives.
type answer[T any] struct {
	value T
	err   error
	given bool          // owned by the loop: what comes later counts no more
	done  chan struct{} // closed behind value and err
}

func (a *answer[T]) give(value T, err error) {
	if !a.given {
		a.value, a.err, a.given = value, err, true
		close(a.done)
	}
}

// ask runs a verb from a script goroutine.
func ask[T any](ctx context.Context, c *Call, v verb[T]) (zero T, err error) {
	select {
	case <-c.ended:
		return zero, dialplan.ErrEnded
	default:
	}
	if err := ctx.Err(); err != nil {
		return zero, err
	}
	a := &answer[T]{done: make(chan struct{})}
	ok, wake := c.box.put(message{do: func() {
		if c.state >= Ending {
			a.give(a.value, dialplan.ErrEnded)
			return
		}
		v.start(a.give)
	}}, false)
	if wake {
		c.work() // the script has nothing else to do: it takes the turns itself, and needs no worker and no waking
	}
	if !ok {
		<-c.ended // the mailbox is full: the loop is ending the call
		return zero, dialplan.ErrEnded
	}
	select {
	case <-a.done:
		return a.value, a.err
	case <-c.ended:
		return zero, dialplan.ErrEnded
	case <-ctx.Done():
	}
	return withdraw(ctx, c, v, a)
}

// withdraw takes a verb back whose context ended.
func withdraw[T any](ctx context.Context, c *Call, v verb[T], a *answer[T]) (zero T, err error) {
	if v.stop == nil {
		return zero, ctx.Err()
	}
	c.post(message{do: func() { v.stop(context.Cause(ctx)) }}, true)
	if !v.final {
		return zero, ctx.Err()
	}
	select {
	case <-a.done:
		return a.value, ctx.Err()
	case <-c.ended:
		return zero, dialplan.ErrEnded
	}
}

type none struct{}

// Info describes the call; it does not change.
func (h *channel) Info() dialplan.Info { return h.info }

// Now is the node's clock.
func (h *channel) Now() time.Time { return (*Call)(h).now() }

// Queues are the node's, which the call listens to.
func (h *channel) Queues() apps.Queues {
	if h.m.o.Queues == nil {
		return nil
	}
	return callQueues{h.m.o.Queues, (*Call)(h)}
}

// Answer sends the 200 and returns when media can flow.
func (h *channel) Answer(ctx context.Context) error {
	c := (*Call)(h)
	_, err := ask(ctx, c, verb[none]{start: func(reply func(none, error)) {
		if err := c.answerCaller(); err != nil {
			reply(none{}, err)
			return
		}
		c.noteAnswer(c.now())
		c.whenOpen(func() { reply(none{}, nil) })
	}})
	return err
}

// Progress opens early media.
func (h *channel) Progress(ctx context.Context) error {
	c := (*Call)(h)
	_, err := ask(ctx, c, verb[none]{start: func(reply func(none, error)) {
		reply(none{}, c.progressCaller(c.prefer()))
	}})
	return err
}

// Ringing sends 180.
func (h *channel) Ringing(ctx context.Context) error {
	c := (*Call)(h)
	_, err := ask(ctx, c, verb[none]{start: func(reply func(none, error)) {
		if !c.answered {
			c.a.step(leg.Ring{})
			c.markRinging()
		}
		reply(none{}, nil)
	}})
	return err
}

// Wait lets time pass.
func (h *channel) Wait(ctx context.Context, d time.Duration) error {
	c := (*Call)(h)
	var a *alarm
	_, err := ask(ctx, c, verb[none]{
		start: func(reply func(none, error)) { a = c.after(d, func() { reply(none{}, nil) }) },
		stop:  func(error) { a.stop() },
	})
	return err
}

// Hangup ends the call.
func (h *channel) Hangup(ctx context.Context, cause string) error {
	c := (*Call)(h)
	_, err := ask(ctx, c, verb[none]{start: func(reply func(none, error)) {
		word := Cause(cause)
		if _, known := verdicts[word]; !known {
			word = Normal
		}
		c.end(word, bySwitch)
		reply(none{}, nil)
	}})
	if errors.Is(err, dialplan.ErrEnded) {
		return nil
	}
	return err
}

// Trace notes where the script is; it never blocks. A full mailbox loses the note and not the call.
func (h *channel) Trace(e dialplan.TraceEvent) {
	c, at := (*Call)(h), e.Pos // a copy, since a closure would move all of e to the heap, of every event
	switch e.Kind {
	case dialplan.TraceMessage:
		c.log().Info("dialplan", "pos", e.Pos.String(), "message", e.Detail)
	case dialplan.TraceFail:
		c.log().Warn("step failed", "pos", e.Pos.String(), "step", e.Step, "err", e.Err)
		c.must(message{do: func() {
			if c.row.FailedStep == "" {
				c.row.FailedStep = at.String()
			}
		}})
	case dialplan.TraceStart:
		c.stepped(at)
	}
}

// stepped notes the step that began last.
func (c *Call) stepped(at diag.Pos) { c.lastStep.Store(&at) }

// UserEvent records the dialplan's own event. It never blocks.
func (h *channel) UserEvent(name string, fields map[string]string) {
	(*Call)(h).event(store.Event{Kind: store.UserEvent, State: name, Data: fields})
}

// whenOpen runs f once the caller's media are agreed: at once, or with the answer in the ACK.
func (c *Call) whenOpen(f func()) {
	if c.a.leg.Agreed() != nil {
		f()
		return
	}
	c.waiting = append(c.waiting, f)
}

// answerCaller sends our 200; on an answered call it does nothing.
func (c *Call) answerCaller() error {
	if c.answered {
		return nil
	}
	if err := c.leaseCaller(); err != nil {
		return err
	}
	c.a.step(leg.Answer{Media: c.a.ours(c.preferForCaller())})
	if !c.answered {
		return dialplan.ErrEnded
	}
	return nil
}

// leaseCaller gets the caller's RTP endpoint; without one the call ends.
func (c *Call) leaseCaller() error {
	if err := c.a.lease(); err != nil {
		c.log().Warn("no media port", "leg", c.a.row.ID, "err", err)
		c.end(NoPorts, bySwitch)
		return dialplan.ErrEnded
	}
	return nil
}

// preferForCaller is the codec to choose from the caller's offer: what the one who answered speaks.
func (c *Call) preferForCaller() string {
	if c.bridge != nil {
		if a := c.bridge.leg.Agreed(); a != nil {
			return a.Codec.Name
		}
	}
	return ""
}

// progressCaller opens early media; without an offer from the caller there is none, and 180 goes out instead.
func (c *Call) progressCaller(prefer string) error {
	if c.answered {
		return nil
	}
	if err := c.leaseCaller(); err != nil {
		return err
	}
	c.a.step(leg.Progress{Media: c.a.ours(prefer)})
	c.markRinging()
	return nil
}

// markRinging notes the first 18x to the caller, and repeats it once a minute, so that no proxy gives the INVITE up
// (RFC 3261 §13.3.1.1).
func (c *Call) markRinging() {
	if !c.a.row.Ringing.IsZero() || c.state >= Ending {
		return
	}
	c.a.row.Ringing = c.now()
	c.event(store.Event{Kind: store.LegRinging, Leg: c.a.row.ID})
	c.after(c.m.o.Limits.Refresh, c.ringAgain)
}

func (c *Call) ringAgain() {
	if c.answered || c.state >= Ending {
		return
	}
	if c.a.leg.State() == leg.Early {
		c.a.step(leg.Progress{Media: c.a.ours("")})
	} else {
		c.a.step(leg.Ring{})
	}
	c.after(c.m.o.Limits.Refresh, c.ringAgain)
}
