package console

import (
	"slices"

	"ringway/store"
)

// withRunning adds to the story of a call that is up its legs that are: they come on record when they end. When they rang and were
// answered is told by the events that are on record already.
func withRunning(s *store.CallStory, up []store.Leg) {
	for _, l := range up {
		if slices.ContainsFunc(s.Legs, func(known store.Leg) bool { return known.ID == l.ID }) {
			continue
		}
		for _, e := range s.Events {
			switch {
			case e.Leg != l.ID:
			case e.Kind == store.LegRinging && l.Ringing.IsZero():
				l.Ringing = e.At
			case e.Kind == store.LegAnswer && l.Answer.IsZero():
				l.Answer = e.At
			}
		}
		s.Legs = append(s.Legs, l)
	}
	slices.SortStableFunc(s.Legs, func(a, b store.Leg) int { return a.Start.Compare(b.Start) })
}
