package acd

import (
	"errors"
	"fmt"
	"slices"

	"ringway/store"
)

// Check tests the invariants of a state between two steps; nil means that all hold. Property tests call it after each
// input, the monitor of load tests now and then, and the router after a panic. It does not change the state.
//
//	I1 each call is in exactly one state, and the sums agree     I2 one live offer an agent; busy ⇔ a dialog exists
//	I4 lines in the order of wait + head start                    I6 no free agent and waiting caller who want each other
//	I7 nobody who pauses, wraps up or rests is free               and every set agrees with the facts behind it
//
// I3 (no offer after the caller left) and I5 (the longest idle first) concern outputs; tests look at those.
func Check(s *State) error {
	return errors.Join(s.checkAgents(), s.checkVisits(), s.checkOffers(), s.checkPairs())
}

func (s *State) checkAgents() error {
	for i, a := range s.agents {
		bucket, reason := s.bucketOf(a)
		in := 0
		for _, b := range allBuckets {
			if s.buckets[b].has(i) {
				in++
			}
		}
		conversing := a.inConversation()
		switch {
		case a.index != i || s.byID[a.id()] != a:
			return fmt.Errorf("agent %s is not at her place", a.id())
		case in != 1 || !s.buckets[a.bucket].has(i):
			return fmt.Errorf("I1: agent %s is in %d states", a.id(), in)
		case bucket != a.bucket || reason != a.reason:
			return fmt.Errorf("I1: agent %s is %s, the facts say %s", a.id(), a.bucket, bucket)
		case s.free.has(i) != s.mayServe(a):
			return fmt.Errorf("I7: agent %s is %s and free=%t", a.id(), a.bucket, s.free.has(i))
		case s.free.has(i) && (a.offer != nil || a.liveLegs() > 0 || a.paused || a.noReply || a.wrap.until.After(s.now)):
			return fmt.Errorf("I2: agent %s is free and must not be", a.id())
		case a.pageReady && !a.page && !a.pageUntil.After(s.now):
			return fmt.Errorf("I7: agent %s is ready at a desk that is gone", a.id())
		case a.offer != nil && s.offers[a.offer.id] != a.offer:
			return fmt.Errorf("I2: agent %s holds a dead offer", a.id())
		case slices.Contains([]store.AgentBucket{store.Talk, store.Hold, store.Consult}, a.bucket) != conversing:
			return fmt.Errorf("I2: agent %s is %s without a conversation", a.id(), a.bucket)
		}
		for _, q := range s.queues {
			if q.joined.has(i) != a.serves(q) || a.serves(q) && !q.members.has(i) {
				return fmt.Errorf("agent %s and queue %s disagree", a.id(), q.Name)
			}
		}
		for _, l := range a.legs {
			if s.legs[l.id] != l || l.agent != a {
				return fmt.Errorf("agent %s holds a dead dialog %s", a.id(), l.id)
			}
		}
	}
	return nil
}

func (s *State) checkVisits() error {
	inLine, connected := 0, 0
	for _, q := range s.queues {
		inClass := 0
		for _, c := range q.active {
			inClass += len(c.visits)
			if len(c.visits) == 0 || !slices.IsSortedFunc(c.visits, compareVisits) {
				return fmt.Errorf("I4: a class of queue %s is empty or out of order", q.Name)
			}
		}
		waiting := 0
		for _, v := range q.line {
			if s.visits[v.id] != v || v.state != visitWaiting && v.state != visitOffered {
				return fmt.Errorf("I1: visit %s stands in the line of %s and does not wait", v.id, q.Name)
			}
			if (v.state == visitWaiting) != (v.class != nil) || (v.state == visitOffered) != (len(v.offers) > 0) {
				return fmt.Errorf("I1: visit %s waits and is offered, or neither", v.id)
			}
			if v.state == visitWaiting {
				waiting++
			}
		}
		if !slices.IsSortedFunc(q.line, compareVisits) {
			return fmt.Errorf("I4: the line of %s is out of order", q.Name)
		}
		if waiting != inClass {
			return fmt.Errorf("I1: %d callers wait in %s, %d in its classes", waiting, q.Name, inClass)
		}
		inLine += len(q.line)
	}
	for _, v := range s.visits {
		if v.state == visitConnected {
			connected++
		}
	}
	if inLine+connected != len(s.visits) {
		return fmt.Errorf("I1: %d callers in lines and %d connected are not %d visits", inLine, connected, len(s.visits))
	}
	return nil
}

func (s *State) checkOffers() error {
	held := 0
	for _, a := range s.agents {
		if a.offer != nil {
			held++
		}
	}
	if held != len(s.offers) {
		return fmt.Errorf("I2: %d agents hold offers, %d offers live", held, len(s.offers))
	}
	for id, o := range s.offers {
		switch {
		case o.agent.offer != o:
			return fmt.Errorf("I2: offer %s is not its agent's", id)
		case o.state == offerOver || s.visits[o.visit.id] != o.visit:
			return fmt.Errorf("I3: offer %s lives without a caller", id)
		case o.state < offerConnected && (o.timer.index == 0 || o.deadline.IsZero()):
			return fmt.Errorf("offer %s has no deadline", id)
		case o.state == offerConnected && !o.seen && o.timer.index == 0:
			return fmt.Errorf("offer %s is connected without a dialog and without a deadline", id)
		}
	}
	return nil
}

// checkPairs looks for work left over: a free agent and a waiting caller who want each other.
func (s *State) checkPairs() error {
	var err error
	s.free.each(func(i int) bool {
		if v := s.bestCaller(s.agents[i]); v != nil {
			err = fmt.Errorf("I6: agent %s is free while %s waits", s.agents[i].id(), v.id)
		}
		return err == nil
	})
	return err
}

// heal makes the derived state agree with the facts again after a panic in the middle of a step, and returns the outputs
// that were made before it. A caller whose decision panicked would make each later one panic, too, and hold up everybody
// behind: the visit is withdrawn.
func (s *State) heal() []Output {
	for _, a := range s.agents {
		a.dirty = false
		if a.offer != nil && s.offers[a.offer.id] != a.offer {
			a.offer = nil
		}
	}
	s.touched, s.freed, s.waiting = s.touched[:0], s.freed[:0], s.waiting[:0]
	s.rebuildSets()
	for _, q := range s.queues {
		q.line = slices.DeleteFunc(q.line, func(v *visit) bool { return s.visits[v.id] != v || v.state >= visitConnected })
		slices.SortFunc(q.line, compareVisits)
		for _, v := range q.line {
			if len(v.offers) == 0 {
				v.state = visitWaiting
			}
		}
		s.reclassify(q)
	}
	for _, a := range s.agents {
		s.settle(a)
	}
	if v := s.deciding; v != nil {
		s.deciding = nil
		s.leave(Leave{Visit: v.id, Reason: store.Withdrawn})
		s.settleTouched()
	}
	s.touched, s.freed = s.touched[:0], s.freed[:0]
	s.rematch()
	return s.out
}
