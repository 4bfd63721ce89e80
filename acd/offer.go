package acd

import (
	"slices"
	"strconv"
	"time"

	"ringway/store"
)

// Bounds of a reservation beyond the queue's ring time.
const (
	offerGrace = 5 * time.Second // deadline = ring time + this
	legGrace   = time.Second     // between the end of an unanswered dialog and its result
	dyingGrace = 2 * time.Second // between the end of a conversation and that of its dialogs
)

// reserve makes one offer: the agent is hers alone from here to the result, the call's end or the deadline.
func (s *State) reserve(v *visit, a *agent, id string) *offer {
	o := &offer{id: id, visit: v, agent: a, queue: v.queue, start: s.now, deadline: s.now.Add(v.queue.RingTime + offerGrace)}
	o.timer.fire = o
	s.offers[id] = o
	v.offers = append(v.offers, o)
	v.made++
	a.offer = o
	v.queue.last, v.queue.lastIndex = a.id(), a.index
	s.timers.set(&o.timer, o.deadline)
	reason := ""
	if o.preview = v.queue.Offer == PreviewMode && a.page; v.queue.Offer == PreviewMode && !o.preview {
		reason = store.PreviewWithoutDesk
	}
	s.event(store.Event{Kind: store.OfferStart, Call: v.call, Visit: v.id, Offer: id, Queue: v.queue.Name, Agent: a.id(), Reason: reason})
	s.touch(a)
	s.settleTouched()
	return o
}

func offerID(decision string, n int) string {
	if n == 0 {
		return decision
	}
	return decision + "-" + strconv.Itoa(n+1)
}

func (s *State) offerRinging(in OfferRinging) {
	o := s.offers[in.Offer]
	if o == nil || o.state != offerReserved {
		s.ignored++
		return
	}
	o.state, o.ringing = offerRinging, s.now
	s.event(store.Event{Kind: store.OfferRinging, Call: o.visit.call, Visit: o.visit.id, Offer: o.id, Queue: o.queue.Name, Agent: o.agent.id()})
	s.touch(o.agent)
}

func (s *State) offerResult(in OfferResult) {
	o := s.offers[in.Offer]
	if o == nil || o.state >= offerConnected {
		s.ignored++
		return
	}
	switch in.Outcome {
	case store.Answered:
		s.connect(o, in)
	case store.CallerLeft, store.LostRace:
		s.finishOffer(o, in.Outcome, in.Status)
		s.again(o.visit)
	case store.Declined, store.Busy, store.NoAnswer, store.OfferUnreachable, store.MediaFailed, store.ReservationLapsed:
		s.miss(o, in.Outcome, in.Status)
	default:
		s.ignored++
	}
}

// connect joins a caller and an agent; of the phones that ring together the others lost the race.
func (s *State) connect(o *offer, in OfferResult) {
	v, a := o.visit, o.agent
	for _, other := range slices.Clone(v.offers) {
		if other != o {
			s.emit(CancelOffer{Visit: v.id, Offer: other.id, Reason: store.LostRace})
			s.finishOffer(other, store.LostRace, 0)
		}
	}
	v.queue.line = withdraw(v.queue.line, v)
	s.timers.remove(&v.timer)
	v.state, v.connect, v.served = visitConnected, s.now, o
	o.state, o.connect = offerConnected, s.now
	s.recordOffer(o, store.Answered, in.Status)
	a.declines = 0
	a.today(s.now, s.offsetOf(a)).calls++
	if in.Leg != "" && s.legs[in.Leg] == nil {
		l := &leg{id: in.Leg, call: v.call, agent: a, up: s.now}
		s.legs[l.id], o.seen = l, true
		a.legs = append(a.legs, l)
	}
	o.deadline = s.now.Add(offerGrace)
	s.setOfferTimer(o)
	s.event(store.Event{Kind: store.VisitConnect, Call: v.call, Visit: v.id, Offer: o.id, Queue: o.queue.Name, Agent: a.id()})
	s.saveVisit(v, store.Connected, time.Time{})
	s.emit(Result{Visit: v.id, Result: store.Connected})
	s.touch(a)
}

// setOfferTimer: a connected offer whose dialog was seen has no deadline; its leg's end or the call's frees the agent.
func (s *State) setOfferTimer(o *offer) {
	if o.state == offerConnected && o.seen {
		o.deadline = time.Time{}
	}
	s.timers.set(&o.timer, o.deadline)
}

// due is the deadline: nobody said how the offer ended, or a connected call never showed a dialog.
func (o *offer) due(s *State) {
	switch {
	case o.state == offerConnected:
		s.endConversation(o, "")
	case o.state < offerConnected:
		s.emit(CancelOffer{Visit: o.visit.id, Offer: o.id, Reason: store.ReservationLapsed})
		s.miss(o, store.ReservationLapsed, 0)
	}
}

// miss ends an offer that failed and draws the consequences for the agent; the caller keeps the place.
//
//	declined     rested, and not this caller again for a while; twice running counts as no answer
//	busy         again after a short rest
//	no answer, media failed → not responding until she acts       unreachable → until her phone registers again
//	lapsed       the fault was ours: idle time kept, but others are tried first for as long as after busy
func (s *State) miss(o *offer, outcome store.OfferOutcome, status int) {
	a, v, m := o.agent, o.visit, o.queue.Misses
	switch outcome {
	case store.Declined:
		a.declines++
		if a.declines >= 2 {
			a.noReply, a.declines = true, 0
		}
		s.rest(a, m.DeclinedRest)
		if m.DeclinedCaller > 0 {
			v.bans = append(slices.DeleteFunc(v.bans, func(b ban) bool { return b.agent == a.id() }), ban{a.id(), s.now.Add(m.DeclinedCaller)})
		}
	case store.Busy, store.ReservationLapsed:
		s.rest(a, m.BusyRest)
	case store.NoAnswer, store.MediaFailed:
		a.noReply = true
	case store.OfferUnreachable:
		a.lost = true
	}
	s.finishOffer(o, outcome, status)
	s.again(v)
}

func (s *State) rest(a *agent, d time.Duration) {
	if until := s.now.Add(d); until.After(a.restUntil) {
		a.restUntil = until
	}
}

// again lets a caller wait on when no phone rings for her any more.
func (s *State) again(v *visit) {
	if v.state != visitOffered || len(v.offers) > 0 {
		return
	}
	v.explain = true
	if v.queue.LeaveEmpty && v.queue.joined.count() == 0 {
		s.dismiss(v, store.Empty)
		return
	}
	s.await(v)
}

// finishOffer ends an offer that was not answered. Idle time goes on where the agent did nothing wrong.
func (s *State) finishOffer(o *offer, outcome store.OfferOutcome, status int) {
	a := o.agent
	s.recordOffer(o, outcome, status)
	o.visit.offers = slices.DeleteFunc(o.visit.offers, func(x *offer) bool { return x == o })
	a.keepIdle = outcome == store.CallerLeft || outcome == store.LostRace || outcome == store.ReservationLapsed
	s.release(o)
}

func (s *State) recordOffer(o *offer, outcome store.OfferOutcome, status int) {
	v := o.visit
	e := store.Event{Kind: store.OfferEnd, Call: v.call, Visit: v.id, Offer: o.id, Queue: o.queue.Name, Agent: o.agent.id(), State: string(outcome)}
	if status != 0 {
		e.Reason = strconv.Itoa(status)
	}
	s.event(e)
	s.record(store.Record{Offer: &store.Offer{ID: o.id, Visit: v.id, Call: v.call, Queue: o.queue.Name, Agent: o.agent.id(),
		Start: o.start, Ringing: o.ringing, End: s.now, Outcome: outcome, Status: status}})
}

// release frees the agent of an offer; dialogs of its call that are still up are dying: she is
// offered nothing until they are gone or the grace is over.
func (s *State) release(o *offer) {
	o.state = offerOver
	delete(s.offers, o.id)
	s.timers.remove(&o.timer)
	o.agent.offer = nil
	for _, l := range o.agent.legs {
		if l.call == o.visit.call {
			l.spent = true
			o.agent.dyingUntil = s.now.Add(dyingGrace)
		}
	}
	s.touch(o.agent)
}

// endConversation ends a connected visit: the customer's or the agent's leg ended, or the call went elsewhere, which left tells.
func (s *State) endConversation(o *offer, left string) {
	v, a := o.visit, o.agent
	v.state, v.left = visitOver, left
	delete(s.visits, v.id)
	a.today(s.now, s.offsetOf(a)).talk += s.now.Sub(o.connect)
	s.event(store.Event{Kind: store.VisitEnd, Call: v.call, Visit: v.id, Offer: o.id, Queue: o.queue.Name, Agent: a.id(), Reason: left})
	s.saveVisit(v, store.Connected, s.now)
	s.startWrapUp(a, o.queue.Name, v.call)
	v.offers = nil
	s.release(o)
}
