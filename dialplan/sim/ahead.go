package sim

import (
	"slices"
	"time"

	"ringway/acd"
	"ringway/store"
)

// Ahead is somebody who waits in a queue already when the call begins. The engine serves them as it does the call: their
// places, the steps that they have reached and their head starts count. They have patience, and no dialplan of their own:
//
//	waiting ──offer──▶ the agent's virtual phone rings ──answered──▶ talks ──▶ the agent is free again
//	   ▲                                                    │
//	   └──────────── declined, busy, no answer … ◀──────────┘
type Ahead struct {
	Visit   string // unique, and no name that the call's own visits have
	Queue   string
	Waited  time.Duration
	Profile store.Profile
}

// seat brings those who wait already to their places. They entered in the past, when nobody was there to serve them, under
// rules that turned nobody away: whatever the rules are, they do wait.
func (r *router) seat() {
	if len(r.world.Ahead) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	line := slices.Clone(r.world.Ahead)
	slices.SortStableFunc(line, func(a, b Ahead) int { return int(b.Waited - a.Waited) })
	start := r.clock.Now()
	r.stepLocked(start.Add(-line[0].Waited), acd.Apply{Spec: patient(r.world.Spec)})
	for _, a := range line {
		r.stepLocked(start.Add(-a.Waited), acd.Enter{Visit: a.Visit, Call: a.Visit, Queue: a.Queue, Profile: a.Profile})
	}
}

// patient is a specification that lets everybody in and sends nobody away.
func patient(spec *acd.Spec) *acd.Spec {
	out := *spec
	out.Queues = nil
	for _, q := range spec.Queues {
		open := *q
		open.MaxWait, open.MaxLength, open.JoinEmpty, open.LeaveEmpty = 0, 0, true, false
		out.Queues = append(out.Queues, &open)
	}
	return &out
}

// ringAhead lets the phones of agents ring for somebody who waited already.
func (r *router) ringAhead(o acd.OfferOut) {
	for _, a := range o.Offers {
		p := Phone{}.withDefaults()
		if r.world.Phone != nil {
			p = r.world.Phone(a.Agent).withDefaults()
		}
		after, outcome := p.ring(o.RingTime)
		if outcome != store.OfferUnreachable {
			r.clock.After(0, func() { r.post(acd.OfferRinging{Offer: a.ID}) })
		}
		leg := "leg " + a.ID
		r.clock.After(after, func() { r.post(acd.OfferResult{Offer: a.ID, Outcome: outcome, Leg: leg}) })
		if outcome == store.Answered {
			r.clock.After(after+p.Talk, func() { r.post(acd.LegDown{Leg: leg}) })
		}
	}
}
