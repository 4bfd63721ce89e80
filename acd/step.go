package acd

import (
	"cmp"
	"slices"
	"time"
)

// Step feeds one input to the state and returns what has to be done, in order. Time never runs backwards: an earlier now
// counts as the time of the step before. Whatever is due by now happens first.
func Step(now time.Time, s *State, in Input) []Output {
	if now.After(s.now) {
		s.now = now
	}
	s.out = nil
	s.eval.agent.now = s.now
	for t := s.timers.pop(s.now); t != nil; t = s.timers.pop(s.now) {
		t.fire.due(s)
	}
	s.settleTouched()
	s.handle(in)
	s.settleTouched()
	s.match()
	s.rewake()
	return s.out
}

// handle dispatches one stimulus to its function.
func (s *State) handle(in Input) {
	switch in := in.(type) {
	case Apply:
		s.apply(in.Spec)
	case Enter:
		s.enter(in)
	case Leave:
		s.leave(in)
	case Dismiss:
		s.dismissAll(in.Result)
	case Prioritise:
		s.prioritise(in)
	case Command:
		s.command(in)
	case Phone:
		s.phone(in)
	case LegUp:
		s.legUp(in)
	case LegHeld:
		s.legHeld(in)
	case LegDown:
		s.legDown(in)
	case OfferRinging:
		s.offerRinging(in)
	case OfferResult:
		s.offerResult(in)
	case WrapUpDone:
		s.wrapUpDone(in)
	case DeskOpen:
		s.deskOpen(in)
	case DeskAnswer:
		s.deskAnswer(in)
	case Restore:
		s.restore(in)
	case Tick:
	default:
		s.ignored++
	}
}

// match brings together everyone whom this step made free with everyone whom it made waiting. Callers choose first, the
// largest wait + head start before the others, and those who waited already go before a newcomer; then each free agent,
// longest idle first, takes the best caller of all her queues. Between steps no free agent and waiting caller who want
// each other are left over.
func (s *State) match() {
	slices.SortFunc(s.waiting, compareVisits)
	slices.SortFunc(s.freed, func(a, b *agent) int {
		return cmp.Or(a.idleSince.Compare(b.idleSince), cmp.Compare(a.index, b.index))
	})
	for _, v := range slices.Compact(s.waiting) {
		if v.state != visitWaiting {
			continue
		}
		for _, a := range s.freed {
			s.serve(a, v)
		}
		s.decide(v)
	}
	for _, a := range s.freed {
		s.serve(a, nil)
	}
	s.waiting, s.freed = s.waiting[:0], s.freed[:0]
}

// serve gives an agent to the best callers of her queues, those before limit where there is one, until she is taken.
func (s *State) serve(a *agent, limit *visit) {
	for s.free.has(a.index) {
		v := s.bestCaller(a)
		if v == nil || limit != nil && !v.before(limit) || !s.decide(v) {
			return
		}
	}
}

// rewake asks for the next Tick when it changed.
func (s *State) rewake() {
	if next := s.timers.next(); !next.Equal(s.woken) {
		s.woken = next
		s.emit(Wake{At: next})
	}
}
