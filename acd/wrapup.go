package acd

import (
	"strconv"
	"time"

	"ringway/store"
)

// Wrap-up begins with the end of a queue's conversation and ends by its timer, or before where the agent says so and no
// disposition is missing. A call of a queue that has dispositions always gets one: hers, or store.NoDisposition when wrap-up ends.
//
//	conversation over ──▶ wrap_up ──timer──▶ over: disposition none where she gave none
//	                       │   └── she ends it: refused while the queue requires a disposition and she gave none
//	                       └── she extends it, by no more than the queue allows in all

// startWrapUp begins the work after a call; a queue that is gone has no wrap-up any more.
func (s *State) startWrapUp(a *agent, queueName, call string) {
	q := s.spec.Queue(queueName)
	if a.offer != nil && a.offer.queue.Name == queueName {
		q = a.offer.queue.Queue
	}
	if q == nil {
		return
	}
	if until := s.now.Add(q.WrapUp); until.After(a.wrap.until) && q.WrapUp > 0 {
		if a.wrap.until.After(s.now) {
			s.endWrapUp(a) // of the call before
		}
		a.wrap = wrapUp{until: until, since: s.now, queue: queueName, call: call}
		s.touch(a)
		return
	}
	s.undisposed(a, q, call)
}

// endWrapUp is the end, by whatever.
func (s *State) endWrapUp(a *agent) {
	w := a.wrap
	a.wrap = wrapUp{}
	s.undisposed(a, s.spec.Queue(w.queue), w.call)
	s.touch(a)
}

// undisposed puts on record that nobody said what a call was about.
func (s *State) undisposed(a *agent, q *Queue, call string) {
	if q == nil || len(q.Dispositions.Items) == 0 || call == "" || a.disposal.call == call {
		return
	}
	s.recordDisposition(a, q.Name, disposal{call: call, code: store.NoDisposition})
}

// work is the queue's call that she has, or whose wrap-up runs, so that a restart can give both back to her.
func (a *agent) work(now time.Time) store.AgentWork {
	w := store.AgentWork{}
	if o := a.offer; o != nil && o.state == offerConnected {
		w.Call, w.Queue = o.visit.call, o.queue.Name
	}
	for _, l := range a.legs {
		if w.Call == "" && l.queue != "" && !l.spent {
			w.Call, w.Queue = l.call, l.queue
		}
	}
	if w.Call == "" && a.wrap.until.After(now) {
		w = store.AgentWork{Call: a.wrap.call, Queue: a.wrap.queue, Until: a.wrap.until, Extended: a.wrap.extended}
	}
	if w.Call != "" && a.disposal.call == w.Call {
		w.Code, w.Sub = a.disposal.code, a.disposal.sub
	}
	return w
}

// restoreWrapUp gives back the work after a call. Who was in a conversation when the switch stopped begins it now; who was
// only about to have one has no call to write about, but the same time.
func (s *State) restoreWrapUp(a *agent, r store.AgentSaved) {
	if q, w := s.spec.Queue(r.Work.Queue), r.Work; q != nil && w.Call != "" {
		began := r.Since
		if w.Until.IsZero() {
			began, w.Until = s.now, s.now.Add(q.WrapUp)
		}
		if w.Code != "" {
			a.disposal = disposal{w.Call, w.Code, w.Sub}
		}
		if w.Until.After(s.now) {
			a.wrap = wrapUp{until: w.Until, since: began, queue: q.Name, call: w.Call, extended: w.Extended}
		} else {
			s.undisposed(a, q, w.Call) // it ran out while the switch was down
		}
		return
	}
	began := s.now
	if r.State == store.WrapUp && !r.Since.IsZero() && r.Since.Before(began) {
		began = r.Since // it ran on while the switch was down
	}
	for _, q := range a.joined {
		if until := began.Add(q.WrapUp); q.WrapUp > 0 && until.After(s.now) && until.After(a.wrap.until) {
			a.wrap = wrapUp{until: until, since: began, queue: q.Name}
		}
	}
}

func (s *State) wrapUpDone(in WrapUpDone) {
	a := s.byID[in.Agent]
	if a == nil || !a.wrap.until.After(s.now) {
		s.ignored++
		return
	}
	a.acts()
	s.finishWrapUp(a)
}

// askEndWrapUp ends a wrap-up at the agent's wish.
func (s *State) askEndWrapUp(a *agent) ReplyCode {
	switch {
	case !a.wrap.until.After(s.now):
		return NoWrapUp
	case !s.disposed(a):
		return Undisposed
	}
	s.finishWrapUp(a)
	return Ended
}

// finishWrapUp ends a wrap-up before its timer, and says so.
func (s *State) finishWrapUp(a *agent) {
	s.event(store.Event{Kind: store.AgentWrapUp, Agent: a.id(), Call: a.wrap.call, Queue: a.wrap.queue, State: "ended"})
	s.endWrapUp(a)
}

// disposed tells whether nothing is missing that the queue of her wrap-up requires.
func (s *State) disposed(a *agent) bool {
	q := s.spec.Queue(a.wrap.queue)
	if q == nil || !q.Dispositions.Required || a.wrap.call == "" {
		return true
	}
	return a.disposal.call == a.wrap.call && q.Dispositions.complete(a.disposal.code, a.disposal.sub)
}

// extendWrapUp lengthens a wrap-up by what is left of the queue's limit, at most.
func (s *State) extendWrapUp(a *agent, by time.Duration) ReplyCode {
	if !a.wrap.until.After(s.now) {
		return NoWrapUp
	}
	if q := s.spec.Queue(a.wrap.queue); q != nil {
		by = min(by, q.WrapUpExtension-a.wrap.extended)
	} else {
		by = 0
	}
	if by <= 0 {
		return WrapUpLimit
	}
	a.wrap.until, a.wrap.extended = a.wrap.until.Add(by), a.wrap.extended+by
	s.event(store.Event{Kind: store.AgentWrapUp, Agent: a.id(), Call: a.wrap.call, Queue: a.wrap.queue, State: "extended",
		Data: map[string]string{store.DataMS: strconv.FormatInt(by.Milliseconds(), 10)}})
	s.save(a)
	s.touch(a)
	return Extended
}

// dispose keeps what a call was about. Of a call that is hers the queue is known; of an older one whoever posts says it.
func (s *State) dispose(a *agent, in Command) ReplyCode {
	name := in.Queue
	switch {
	case a.offer != nil && a.offer.state == offerConnected && a.offer.visit.call == in.Call:
		name = a.offer.queue.Name
	case a.wrap.until.After(s.now) && a.wrap.call == in.Call:
		name = a.wrap.queue
	default:
		for _, l := range a.legs {
			if l.queue != "" && l.call == in.Call {
				name = l.queue
			}
		}
	}
	q := s.spec.Queue(name)
	switch {
	case q == nil || in.Call == "":
		return UnknownQueue
	case !q.Dispositions.knows(in.Code, in.Sub):
		return UnknownCode
	}
	d := disposal{in.Call, in.Code, in.Sub}
	if d != a.disposal {
		s.recordDisposition(a, q.Name, d)
	}
	if a.disposal.call == in.Call || s.current(a, in.Call) {
		a.disposal = d
	}
	s.save(a)
	return Disposed
}

// current tells whether a call is the one that she has, or whose wrap-up runs.
func (s *State) current(a *agent, call string) bool {
	if a.wrap.until.After(s.now) && a.wrap.call == call || a.offer != nil && a.offer.visit.call == call {
		return true
	}
	for _, l := range a.legs {
		if l.call == call {
			return true
		}
	}
	return false
}

func (s *State) recordDisposition(a *agent, queue string, d disposal) {
	s.event(store.Event{Kind: store.CallDisposition, Call: d.call, Agent: a.id(), Queue: queue, State: d.code, Reason: d.sub})
	s.record(store.Record{Outcome: &store.CallOutcome{Call: d.call, Agent: a.id(), Queue: queue, Code: d.code, Sub: d.sub, At: s.now}})
}
