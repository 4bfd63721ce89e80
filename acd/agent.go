package acd

import (
	"slices"
	"strings"
	"time"

	"ringway/store"
)

// bucketOf derives the state from the facts, the strongest first. Nothing else decides what state an agent is in.
//
//	a connected offer or a transferred queue call → talk, hold, consult     a live offer → reserved, ringing
//	any other dialog → outbound        wrap-up running → wrap_up            no queue joined → offline
//	paused → not_ready                 let a call ring → not_responding     no phone to ring → unreachable
//	else → available
func (s *State) bucketOf(a *agent) (store.AgentBucket, string) {
	switch {
	case a.inConversation():
		return a.talkBucket(), ""
	case a.offer != nil && a.offer.state == offerRinging:
		return store.Ringing, ""
	case a.offer != nil:
		return store.Reserved, ""
	case a.liveLegs() > 0 && a.loggedIn():
		return store.Outbound, ""
	case a.wrap.until.After(s.now):
		return store.WrapUp, ""
	case !a.loggedIn():
		return store.Offline, ""
	case a.paused:
		return store.NotReady, a.pauseReason
	case a.noReply:
		return store.NotResponding, ""
	case a.lost || !s.reachable(a):
		return store.Unreachable, ""
	}
	return store.Available, ""
}

func (a *agent) loggedIn() bool { return len(a.joined) > 0 && !a.removed }

func (a *agent) liveLegs() int {
	n := 0
	for _, l := range a.legs {
		if !l.spent {
			n++
		}
	}
	return n
}

// inConversation tells whether she serves a queue's caller: by an offer, or by transfer.
func (a *agent) inConversation() bool {
	if a.offer != nil && a.offer.state == offerConnected {
		return true
	}
	return slices.ContainsFunc(a.legs, func(l *leg) bool { return l.queue != "" && !l.spent })
}

// talkBucket tells talk from hold and consult: a second dialog while the customer is on hold is a consult. Whoever has a second one
// and holds nobody talks: her customer hears her, and the queue's figures say so too.
func (a *agent) talkBucket() store.AgentBucket {
	customer, held, others := 0, 0, 0
	for _, l := range a.legs {
		switch {
		case l.spent:
		case l.queue != "" || a.offer != nil && l.call == a.offer.visit.call:
			customer++
			if l.held {
				held++
			}
		default:
			others++
		}
	}
	switch {
	case customer == 0 || held < customer:
		return store.Talk
	case others > 0:
		return store.Consult
	}
	return store.Hold
}

// reachable tells whether any phone of hers can be rung: the hot desk's instead of her own.
func (s *State) reachable(a *agent) bool {
	if a.desk != "" {
		return s.phones[a.desk]
	}
	return slices.ContainsFunc(a.person.Phones, func(p PhoneRef) bool { return s.phones[p.Account] })
}

// rungPhones lists the phones that can be rung now.
func (s *State) rungPhones(a *agent) []PhoneRef {
	if a.desk != "" {
		return []PhoneRef{{Account: a.desk}}
	}
	var out []PhoneRef
	for _, p := range a.person.Phones {
		if s.phones[p.Account] {
			out = append(out, p)
		}
	}
	return out
}

// touch notes that a fact of an agent changed; settleTouched draws the consequence, once a step and agent.
func (s *State) touch(a *agent) {
	if !a.dirty {
		a.dirty = true
		s.touched = append(s.touched, a)
	}
}

func (s *State) settleTouched() {
	for i := 0; i < len(s.touched); i++ {
		s.settle(s.touched[i])
	}
	s.touched = s.touched[:0]
}

// settle is the one writer of an agent's state: it moves her to the bucket that the facts demand, tells the ledger, and
// puts her where matching looks.
func (s *State) settle(a *agent) {
	a.dirty = false
	bucket, reason := s.bucketOf(a)
	if bucket != a.bucket || reason != a.reason {
		s.enterBucket(a, bucket, reason)
	}
	free := s.mayServe(a)
	if free && !s.free.has(a.index) {
		s.freed = append(s.freed, a)
	}
	s.free.put(a.index, free)
	s.timers.set(&a.timer, earliest(after(a.wrap.until, s.now), after(a.restUntil, s.now), after(a.dyingUntil, s.now), after(a.pageUntil, s.now)))
}

// mayServe tells whether an available agent can be offered a call now: she does not rest, and no dialog of her last call
// is still on its way down.
func (s *State) mayServe(a *agent) bool {
	dying := a.dyingUntil.After(s.now) && len(a.legs) > 0
	return a.bucket == store.Available && !a.restUntil.After(s.now) && !dying
}

func (s *State) enterBucket(a *agent, bucket store.AgentBucket, reason string) {
	if b, ok := s.buckets[a.bucket]; ok {
		b.put(a.index, false)
	}
	s.buckets[bucket].put(a.index, true)
	if bucket == store.Available && a.bucket != store.Available {
		if !a.keepIdle {
			a.idleSince = s.now
		}
		a.keepIdle = false
	}
	a.bucket, a.reason, a.since = bucket, reason, s.now
	e := store.Event{Kind: store.AgentState, Agent: a.id(), State: string(bucket), Reason: reason}
	switch {
	case a.offer != nil:
		e.Call, e.Visit, e.Offer, e.Queue = a.offer.visit.call, a.offer.visit.id, a.offer.id, a.offer.queue.Name
	case bucket == store.WrapUp:
		e.Call, e.Queue = a.wrap.call, a.wrap.queue
	case len(a.legs) > 0:
		e.Call, e.Queue = a.legs[0].call, a.legs[0].queue
	}
	s.event(e)
	s.save(a)
}

// after is t where it lies ahead, else zero.
func after(t, now time.Time) time.Time {
	if t.After(now) {
		return t
	}
	return time.Time{}
}

func (s *State) save(a *agent) {
	names := make([]string, 0, len(a.joined))
	for _, q := range a.joined {
		names = append(names, q.Name)
	}
	reason := a.reason
	if a.paused { // also while a call or wrap-up comes first
		reason = a.pauseReason
	}
	s.record(store.Record{Agent: &store.AgentSaved{Agent: a.id(), State: a.bucket, Reason: reason, Since: a.since,
		IdleSince: a.idleSince, Queues: names, Account: a.desk, AtDesk: a.pageReady, Work: a.work(s.now)}})
}

// due ends wrap-up, rest, the readiness of a desk that is gone, and the wait for dialogs that nobody said are over.
func (a *agent) due(s *State) {
	if !a.dyingUntil.After(s.now) {
		a.dyingUntil = time.Time{}
	}
	if !a.restUntil.After(s.now) {
		a.restUntil = time.Time{}
	}
	if !a.wrap.until.IsZero() && !a.wrap.until.After(s.now) {
		s.endWrapUp(a)
	}
	if !a.pageUntil.IsZero() && !a.pageUntil.After(s.now) {
		s.loseDesk(a)
	}
	s.touch(a)
}

// acts notes that she did something herself: she responds, and declines are counted anew.
func (a *agent) acts() {
	a.noReply = false
	a.declines = 0
}

func (s *State) phone(in Phone) {
	live := in.Registered || in.Qualified
	a := s.agentOf("", in.Account)
	if live {
		s.phones[in.Account] = true
	} else {
		delete(s.phones, in.Account)
	}
	if a == nil {
		return
	}
	if live {
		a.lost = false
	}
	s.touch(a)
	if owner := s.spec.PersonOf(in.Account); owner != nil && owner.ID != a.id() {
		s.touch(s.byID[owner.ID])
	}
}

func (s *State) legUp(in LegUp) {
	a := s.agentOf(in.Agent, in.Account)
	if a == nil || in.Leg == "" || s.legs[in.Leg] != nil {
		s.ignored++
		return
	}
	l := &leg{id: in.Leg, call: in.Call, agent: a, queue: in.Queue, up: s.now}
	s.legs[l.id] = l
	a.legs = append(a.legs, l)
	if in.Outgoing {
		a.acts()
	}
	if o := a.offer; o != nil {
		switch {
		case o.visit.call == l.call:
			o.seen = true
			s.setOfferTimer(o)
		case o.state < offerConnected: // she took or placed another call meanwhile: her phone would answer busy
			s.emit(CancelOffer{Visit: o.visit.id, Offer: o.id, Reason: store.Busy})
			s.miss(o, store.Busy, 0)
		}
	}
	s.touch(a)
}

func (s *State) legHeld(in LegHeld) {
	l := s.legs[in.Leg]
	if l == nil || l.held == in.Held {
		s.ignored++
		return
	}
	l.held = in.Held
	if l.held {
		l.heldAt = s.now
	} else {
		l.heldFor += s.now.Sub(l.heldAt)
	}
	s.touch(l.agent)
}

func (s *State) legDown(in LegDown) {
	l := s.legs[in.Leg]
	if l == nil {
		s.ignored++
		return
	}
	a := l.agent
	s.dropLeg(l)
	switch o := a.offer; {
	case o != nil && o.visit.call == l.call && !l.spent && !slices.ContainsFunc(a.legs, func(m *leg) bool { return m.call == l.call && !m.spent }):
		if o.state == offerConnected {
			s.endConversation(o, in.Left)
		} else { // the result follows at once; if it does not, nobody waits for the ring time-out
			o.deadline = earliest(o.deadline, s.now.Add(legGrace))
			s.timers.set(&o.timer, o.deadline)
		}
	case l.queue != "" && !l.spent && !a.inConversation():
		s.startWrapUp(a, l.queue, l.call)
	}
	s.touch(a)
}

func (s *State) dropLeg(l *leg) {
	delete(s.legs, l.id)
	a := l.agent
	a.legs = slices.DeleteFunc(a.legs, func(m *leg) bool { return m == l })
}

// today returns the figures of the running day of her home zone.
func (a *agent) today(now time.Time, offset int) *figures {
	if day := dayOf(now, offset); day != a.figures.day {
		a.figures = figures{day: day}
	}
	return &a.figures
}

// dayOf numbers the days of a zone that is so many minutes ahead of UTC.
func dayOf(t time.Time, offset int) int { return int((t.Unix() + int64(offset)*60) / 86400) }

func compareQueues(a, b *queue) int { return strings.Compare(a.Name, b.Name) }
