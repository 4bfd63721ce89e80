package sim

import (
	"time"

	"ringway/acd"
	"ringway/store"
)

// Those who wait in the queues when the call begins, or talk there, have no dialplan of their own. The engine serves them as it does
// the call: their places, the steps that they have reached and their head starts count.
//
//	waiting ──offer──▶ the agent's virtual phone rings ──answered──▶ talks ──▶ the agent is free again
//	   ▲                                                    │
//	   └──────────── declined, busy, no answer … ◀──────────┘

// goOn plays the phones that ring already, and brings the conversations that run already to an end.
func (r *router) goOn() {
	for _, t := range r.state.Ties() {
		switch {
		case t.Offer != "":
			r.ring(t, r.clock.Now().Sub(t.Since))
		case t.Leg != "":
			r.clock.After(r.phone(t.Agent).Talk, func() { r.post(acd.LegDown{Leg: t.Leg}) })
		default:
			r.clock.After(r.phone(t.Agent).Talk, func() { r.post(acd.Leave{Visit: t.Visit}) })
		}
	}
}

// phone is how an agent's phone behaves towards others than the call.
func (r *router) phone(agent string) Phone {
	if r.world.Phone == nil {
		return Phone{}.withDefaults()
	}
	return r.world.Phone(agent).withDefaults()
}

// ringAhead lets the phones of agents ring for somebody who waited already.
func (r *router) ringAhead(o acd.OfferOut) {
	for _, a := range o.Offers {
		r.ring(acd.Tie{Agent: a.Agent, Visit: o.Visit, Offer: a.ID, Ring: o.RingTime}, 0)
	}
}

// ring plays a phone that has rung for a while.
func (r *router) ring(t acd.Tie, rang time.Duration) {
	p := r.phone(t.Agent)
	after, outcome := p.ring(t.Ring)
	after = max(0, after-rang)
	if outcome != store.OfferUnreachable {
		r.clock.After(0, func() { r.post(acd.OfferRinging{Offer: t.Offer}) })
	}
	leg := "leg " + t.Offer
	r.clock.After(after, func() {
		if r.world.Alone && outcome != store.Answered {
			r.post(acd.Leave{Visit: t.Visit})
			return
		}
		r.post(acd.OfferResult{Offer: t.Offer, Outcome: outcome, Leg: leg})
	})
	if outcome == store.Answered {
		r.clock.After(after+p.Talk, func() { r.post(acd.LegDown{Leg: leg}) })
	}
}
