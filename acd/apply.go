package acd

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ringway/store"
)

// buckets lists all states of an agent.
var allBuckets = []store.AgentBucket{store.Offline, store.Available, store.Reserved, store.Ringing, store.Talk, store.Hold,
	store.Consult, store.Outbound, store.WrapUp, store.NotReady, store.NotResponding, store.Unreachable}

// apply makes a specification the current one: people get their places, queues their members, waiting callers the class
// that the new rules give them. Nobody who talks is touched.
func (s *State) apply(spec *Spec) {
	if spec == nil {
		s.ignored++
		return
	}
	if s.spec.roster != spec.roster || spec.roster == "" {
		clear(s.terms)
	}
	s.spec = spec
	before := s.queues
	s.placePeople()
	s.placeQueues()
	s.rebuildSets()
	for _, q := range before {
		if s.named[q.Name] != q {
			s.closeQueue(q)
		}
	}
	for _, a := range s.agents {
		s.dropLostQueues(a)
		s.touch(a)
	}
	for _, q := range s.queues {
		s.reclassify(q)
		s.emptied(q)
	}
	s.settleTouched()
	s.rematch()
}

// placePeople merges the persons of the specification with those who are gone but not done. Indices follow ids.
func (s *State) placePeople() {
	for _, a := range s.agents {
		a.removed = true
	}
	for _, p := range s.spec.People {
		a := s.byID[p.ID]
		if a == nil {
			a = &agent{bucket: store.Offline, since: s.now, idleSince: s.now}
			a.timer.fire = a
			s.byID[p.ID] = a
		}
		a.person, a.removed = p, false
	}
	before := s.agents
	s.agents = make([]*agent, 0, len(s.byID))
	for id, a := range s.byID {
		if a.removed && a.idle() {
			s.forget(id, a)
			continue
		}
		s.agents = append(s.agents, a)
	}
	slices.SortFunc(s.agents, func(a, b *agent) int { return strings.Compare(a.id(), b.id()) })
	if !slices.Equal(before, s.agents) {
		clear(s.terms) // other places
	}
	for i, a := range s.agents {
		a.index = i
		if owner := s.spec.PersonOf(a.desk); a.desk != "" && owner != nil && owner.ID != a.id() {
			delete(s.desks, a.desk) // the desk is now somebody's own
			a.desk = ""
		}
	}
	s.offsets = make([]zoneOffset, len(s.spec.zones))
}

// idle tells whether nothing holds a removed person any more.
func (a *agent) idle() bool {
	return a.bucket == store.Offline && len(a.joined) == 0 && a.offer == nil && len(a.legs) == 0
}

func (s *State) forget(id string, a *agent) {
	delete(s.byID, id)
	s.timers.remove(&a.timer)
	if a.desk != "" {
		delete(s.desks, a.desk)
	}
}

// placeQueues keeps queues of the same name, with their callers, and makes the new ones.
func (s *State) placeQueues() {
	s.queues = nil
	old := s.named
	s.named = map[string]*queue{}
	for _, spec := range s.spec.Queues {
		q := old[spec.Name]
		if q == nil {
			q = &queue{lastIndex: -1}
		}
		q.Queue = spec
		q.timed = q.usesUpTo(len(spec.Steps)-1)&usesTime != 0
		s.queues = append(s.queues, q)
		s.named[spec.Name] = q
	}
}

// rebuildSets computes every set anew from the facts: after an Apply, and after a panic.
func (s *State) rebuildSets() {
	n := len(s.agents)
	s.everyone, s.free, s.onShift = newBitset(n), newBitset(n), newBitset(n)
	s.scratch = scratch{set: newBitset(n), rest: newBitset(n)}
	for _, b := range allBuckets {
		s.buckets[b] = newBitset(n)
	}
	for i, a := range s.agents {
		s.everyone.put(i, !a.removed)
		s.buckets[a.bucket].put(i, true)
	}
	for _, q := range s.queues {
		q.members, q.joined = newBitset(n), newBitset(n)
		for i, a := range s.agents {
			q.members.put(i, !a.removed && q.may[a.person.index])
			q.joined.put(i, a.serves(q))
		}
		q.lastIndex = s.placeOf(q.last)
	}
	s.setClock()
}

// placeOf is the index of the last id that is not after the given one; −1 for none.
func (s *State) placeOf(id string) int {
	if id == "" {
		return -1
	}
	i, ok := slices.BinarySearchFunc(s.agents, id, func(a *agent, id string) int { return strings.Compare(a.id(), id) })
	if ok {
		return i
	}
	return i - 1
}

// closeQueue ends the visits of a removed queue; calls that run go on.
func (s *State) closeQueue(q *queue) {
	q.removed = true
	for _, v := range slices.Clone(q.line) {
		s.dismiss(v, store.Closed)
	}
}

// dropLostQueues takes an agent out of queues that are gone or that she may not serve any more.
func (s *State) dropLostQueues(a *agent) {
	for _, q := range slices.Clone(a.joined) {
		reason := ""
		switch {
		case q.removed:
			reason = "queue_removed"
		case a.removed:
			reason = "person_removed"
		case !q.members.has(a.index):
			reason = "not_a_member"
		default:
			continue
		}
		a.joined = slices.DeleteFunc(a.joined, func(x *queue) bool { return x == q })
		if !q.removed {
			q.joined.put(a.index, false)
		}
		s.event(store.Event{Kind: store.AgentQueue, Agent: a.id(), Queue: q.Name, State: "leave", Reason: reason})
		s.save(a)
	}
}

// reclassify gives the callers of a queue the classes of the current rules.
func (s *State) reclassify(q *queue) {
	q.classes, q.active = map[string]*class{}, nil
	for _, v := range q.line {
		v.class = nil
		v.step = min(v.step, q.stepAt(s.now.Sub(v.enter))) // a step further is an event of its own, by the visit's timer
		if q.Announce.Every > 0 && v.announceAt.IsZero() {
			v.announceAt = s.now.Add(q.Announce.Every)
		} else if q.Announce.Every == 0 {
			v.announceAt = time.Time{}
		}
		if v.state == visitWaiting {
			s.classify(v)
		}
		s.setVisitTimer(v)
	}
}

// rematch offers every free agent to whoever waits now: all pairs that new rules or a new hour made possible contain one.
func (s *State) rematch() {
	s.free.each(func(i int) bool {
		s.freed = append(s.freed, s.agents[i])
		return true
	})
}

// clockDue is the edge of a shift, or a quarter of an hour: offsets of zones change at no other instants.
type clockDue struct{}

func (clockDue) due(s *State) {
	s.setClock()
	for _, q := range s.queues {
		if q.timed {
			s.reclassify(q)
		}
	}
	s.rematch()
}

// setClock looks at the shifts, where any queue asks for them, and sets the clock to the next instant of interest.
func (s *State) setClock() {
	var uses fields
	for _, q := range s.queues {
		uses |= q.usesUpTo(len(q.Steps) - 1)
		if q.RequireShift {
			uses |= usesShift
		}
	}
	var next time.Time
	if uses&usesShift != 0 {
		for i, a := range s.agents {
			s.onShift.put(i, a.person.onShift(s.now))
			next = earliest(next, a.person.nextShiftCheck(s.now))
		}
	}
	if uses&usesGap != 0 {
		next = earliest(next, s.now.Truncate(15*time.Minute).Add(15*time.Minute))
	}
	s.timers.set(&s.clock, next)
}

// restore brings back what survived a restart.
func (s *State) restore(in Restore) {
	for _, id := range in.Anew {
		if a := s.byID[id]; a != nil {
			s.anew(a)
		}
	}
	s.settleTouched()
	saved := slices.Clone(in.Agents)
	slices.SortStableFunc(saved, func(x, y store.AgentSaved) int { return strings.Compare(x.Agent, y.Agent) })
	for _, r := range saved {
		if a := s.byID[r.Agent]; a != nil && !a.removed {
			s.restoreAgent(a, r)
		} else {
			s.ignored++
		}
	}
	for _, c := range in.Served {
		s.restoreServed(c)
	}
	for _, t := range in.Turns {
		if q := s.named[t.Queue]; q != nil {
			q.last, q.lastIndex = t.Agent, s.placeOf(t.Agent)
		}
	}
	visits := slices.Clone(in.Visits)
	slices.SortStableFunc(visits, func(x, y store.Visit) int { return cmp.Compare(x.ID, y.ID) })
	for _, v := range visits {
		s.closeVisit(v, in.LastEvent)
	}
}

// restoreServed counts a conversation of before the restart as one of this run: in the day in which it began as a call, in that in
// which it ended as talk.
func (s *State) restoreServed(c store.Conversation) {
	a := s.byID[c.Agent]
	if a == nil {
		return
	}
	offset := s.offsetOf(a)
	today := a.today(s.now, offset)
	if dayOf(c.Connect, offset) == today.day {
		today.calls++
	}
	if !c.End.IsZero() && dayOf(c.End, offset) == today.day {
		today.talk += c.End.Sub(c.Connect)
	}
}

// restoreAgent: who was in a call, or about to be, has wrap-up; nobody is offered a call before a phone of hers is heard
// of again.
func (s *State) restoreAgent(a *agent, r store.AgentSaved) {
	for _, name := range r.Queues {
		if q := s.named[name]; q != nil && q.members.has(a.index) {
			s.joinQueue(a, q)
		}
	}
	if r.Account != "" && a.loggedIn() { // who left her queues has left the desk
		s.takeDesk(a, r.Account)
	}
	switch r.State {
	case store.NotReady:
		a.paused, a.pauseReason = true, r.Reason
	case store.NotResponding:
		a.noReply = true
	case store.Reserved, store.Ringing, store.Talk, store.Hold, store.Consult, store.WrapUp:
		a.paused, a.pauseReason = r.Reason != "", r.Reason // she paused meanwhile
		s.restoreWrapUp(a, r)
	case store.Available, store.Unreachable:
		if !r.IdleSince.IsZero() && !r.IdleSince.After(s.now) {
			a.idleSince, a.keepIdle = r.IdleSince, true
		}
	}
	if r.AtDesk && a.loggedIn() { // no page has opened yet
		s.readyAt(a, true)
	}
	s.touch(a)
}

// closeVisit ends a visit that was open when the switch stopped.
func (s *State) closeVisit(v store.Visit, at time.Time) {
	if at.IsZero() || at.Before(v.Enter) {
		at = s.now
	}
	e := store.Event{At: at, Call: v.Call, Visit: v.ID, Queue: v.Queue, Agent: v.Agent, Offer: v.Offer}
	if v.Result == store.Connected {
		v.End = at
		e.Kind, e.Reason = store.VisitEnd, "crashed"
		v.EndReason = e.Reason
	} else {
		v.Result, v.Leave = store.Restart, at
		e.Kind, e.State = store.VisitLeave, string(store.Restart)
	}
	s.event(e)
	s.record(store.Record{Visit: &v})
}
