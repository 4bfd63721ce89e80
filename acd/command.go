package acd

import (
	"cmp"
	"slices"

	"ringway/store"
)

// command carries out an agent's wish and answers it.
func (s *State) command(in Command) {
	a := s.commander(in)
	r := Reply{ID: in.ID}
	if a == nil || a.removed {
		r.Code = UnknownAgent
		s.emit(r)
		return
	}
	r.Agent = a.id()
	switch in.Verb {
	case Join:
		was := a.loggedIn()
		if r.Code, r.Queues = s.join(a, in.Queue); r.OK() && (!was || !in.Page) {
			s.readyAt(a, in.Page)
			s.save(a)
		}
	case LeaveVerb:
		r.Code, r.Queues = s.leaveQueues(a, in.Queue)
	case Pause:
		r.Code = s.pause(a, in.Reason)
	case Resume:
		if r.Code = s.resume(a); r.OK() {
			s.readyAt(a, in.Page)
			s.save(a)
		}
	case Desk:
		r.Code = s.takeDesk(a, in.Account)
	case Undesk:
		s.giveBackDesk(a)
		r.Code = DeskTaken
	case EndWrapUp:
		r.Code = s.askEndWrapUp(a)
	case ExtendWrapUp:
		r.Code = s.extendWrapUp(a, in.By)
	case Dispose:
		r.Code = s.dispose(a, in)
	default:
		r.Code = UnknownVerb
	}
	if r.OK() && r.Code != Disposed { // a late word about a call is no sign that she is at her phone
		a.acts()
	}
	s.touch(a)
	s.settleTouched()
	s.emit(r)
}

// commander is who gives the command; the account of a desk command is the desk, never the person.
func (s *State) commander(in Command) *agent {
	if in.Verb == Desk {
		return s.byID[in.Agent]
	}
	return s.agentOf(in.Agent, in.Account)
}

// findQueue takes a name or a number.
func (s *State) findQueue(word string) *queue {
	if q := s.named[word]; q != nil {
		return q
	}
	if spec := s.spec.QueueByNumber(word); spec != nil {
		return s.named[spec.Name]
	}
	return nil
}

// join makes an agent serve one queue or all she may. She is joined even where a required shift stops her, and told so.
func (s *State) join(a *agent, word string) (ReplyCode, []string) {
	wanted := s.queues
	if word != "" {
		q := s.findQueue(word)
		if q == nil {
			return UnknownQueue, nil
		}
		wanted = []*queue{q}
	}
	var names []string
	working := false
	for _, q := range wanted {
		if !q.members.has(a.index) {
			continue
		}
		s.joinQueue(a, q)
		names = append(names, q.Name)
		working = working || !q.RequireShift || a.person.onShift(s.now)
	}
	switch {
	case len(names) == 0:
		return NotAllowed, nil
	case !working:
		return NotOnShift, names
	}
	return Joined, names
}

func (s *State) joinQueue(a *agent, q *queue) {
	if a.serves(q) {
		return
	}
	i, _ := slices.BinarySearchFunc(a.joined, q, compareQueues)
	a.joined = slices.Insert(a.joined, i, q)
	q.joined.put(a.index, true)
	s.event(store.Event{Kind: store.AgentQueue, Agent: a.id(), Queue: q.Name, State: "join"})
	s.save(a)
	if s.free.has(a.index) {
		s.freed = append(s.freed, a)
	}
	s.touch(a)
}

func (s *State) leaveQueues(a *agent, word string) (ReplyCode, []string) {
	leaving := slices.Clone(a.joined)
	if word != "" {
		q := s.findQueue(word)
		if q == nil {
			return UnknownQueue, nil
		}
		leaving = nil
		if a.serves(q) {
			leaving = []*queue{q}
		}
	}
	if len(leaving) == 0 {
		if word == "" && s.giveBackDesk(a) {
			return Left, nil
		}
		return NotJoined, nil
	}
	var names []string
	for _, q := range leaving {
		s.leaveQueue(a, q, "")
		names = append(names, q.Name)
	}
	if len(a.joined) == 0 {
		a.paused, a.pauseReason = false, ""
		s.readyAt(a, false)
		s.giveBackDesk(a)
	}
	return Left, names
}

// leaveQueue ends the service; a call that rings or runs goes on. Callers may leave a queue that nobody serves.
func (s *State) leaveQueue(a *agent, q *queue, reason string) {
	a.joined = slices.DeleteFunc(a.joined, func(x *queue) bool { return x == q })
	q.joined.put(a.index, false)
	s.event(store.Event{Kind: store.AgentQueue, Agent: a.id(), Queue: q.Name, State: "leave", Reason: reason})
	s.save(a)
	s.touch(a)
	s.emptied(q)
}

// pause makes her not ready; without a reason it is store.DefaultReason.
func (s *State) pause(a *agent, reason string) ReplyCode {
	reason = cmp.Or(reason, store.DefaultReason)
	switch {
	case !store.IsReason(reason):
		return BadReason
	case len(a.joined) == 0:
		return NotJoined
	}
	a.paused, a.pauseReason = true, reason
	s.save(a) // a call or wrap-up may come first
	return Paused
}

// resume ends a pause and not responding; it never cuts a wrap-up short.
func (s *State) resume(a *agent) ReplyCode {
	if len(a.joined) == 0 {
		return NotJoined
	}
	a.paused, a.pauseReason = false, ""
	return Ready
}
