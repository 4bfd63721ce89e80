package apps

import (
	"context"
	"errors"

	"ringway/dialplan"
	"ringway/store"
)

// dialAttempt is one Dial for one offer: agents who are rung together have one each, so that each can be cancelled apart.
type dialAttempt struct {
	offer  Offer
	result dialplan.DialResult
	err    error
}

var errOfferCancelled = errors.New("offer cancelled")

// dial offers the call to one agent.
func (v *visit) dial(ctx context.Context, o Offer) {
	if v.talking {
		v.ticket.Report(o.ID, store.LostRace, 0)
		return
	}
	d := &dialAttempt{offer: o}
	form := dialplan.Dial{Ring: o.Ring, Queue: v.queue, KeepMusic: true, Record: v.recorded,
		Targets:   []dialplan.Target{{Phones: phonesOf(o, false), Agent: o.Agent, Offer: o.ID}},
		OnRinging: func(t dialplan.Target) { v.ticket.Ringing(t.Offer) },
		OnConnect: func(t dialplan.Target) { v.ticket.Report(t.Offer, store.Answered, 200) },
	}
	dctx, cancel := context.WithCancelCause(ctx)
	v.dials[d] = cancel
	v.start(1)
	go v.runDial(dctx, d, form)
}

// report tells the router how an offer ended; one that was answered was reported at connect.
func (v *visit) report(d *dialAttempt) {
	if v.checkJoined(); errors.Is(d.err, dialplan.ErrEnded) && !v.talking {
		v.ticket.Leave(store.Abandoned) // first: the router would ring the agent again for a caller who is gone
	}
	switch {
	case d.result.Outcome == store.Answered:
	case d.err != nil || d.result.Outcome == "":
		v.ticket.Report(d.offer.ID, missOf(d.err), 0)
	default:
		v.ticket.Report(d.offer.ID, d.result.Outcome, d.result.Status)
	}
}

// missOf is what a Dial that failed as a whole means for its agents.
func missOf(err error) store.OfferOutcome {
	switch {
	case errors.Is(err, dialplan.ErrEnded), errors.Is(err, context.Canceled), errors.Is(err, errOfferCancelled):
		return store.CallerLeft
	case errors.Is(err, dialplan.ErrMissing):
		return store.OfferUnreachable
	default:
		return store.ReservationLapsed // a fault of ours is not hers
	}
}

// runDial performs one attempt; it ends with the conversation, when nobody answered, or with ctx.
func (v *visit) runDial(ctx context.Context, d *dialAttempt, form dialplan.Dial) {
	defer v.done()
	defer v.guard()
	report := form.OnConnect
	form.OnConnect = func(t dialplan.Target) {
		report(t)
		v.work(1)
		select {
		case v.joined <- struct{}{}:
		default:
			v.work(-1)
		}
	}
	d.result, d.err = v.offer(ctx, d.offer, form)
	v.send(visitEvent{dial: d})
}
