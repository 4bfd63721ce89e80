package acd

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"ringway/store"
)

// TestARestartCountsTheDayOn: what agents did before it counts as if the switch had gone on, each in the day of her own zone.
func TestARestartCountsTheDayOn(t *testing.T) {
	spec := mustLoad(t, "queues:\n  q: {members: \"true\", rank: round_robin}\n", `people:
  - {id: mei, zone: Asia/Taipei, phones: [a]}
  - {id: amy, zone: Europe/London, phones: [b]}
`)
	now := time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC) // 01:00 of the next day in Taipei
	served := func(agent string, hour, minute int, talk time.Duration) store.Conversation {
		at := time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC)
		return store.Conversation{Agent: agent, Connect: at, End: at.Add(talk)}
	}
	s := NewState(1)
	Step(now, s, Apply{spec})
	Step(now, s, Restore{Turns: []store.Turn{{Queue: "q", Agent: "mei"}}, Served: []store.Conversation{
		served("amy", -1, 0, time.Minute), served("amy", 0, 1, 2*time.Minute), served("mei", 15, 0, 10*time.Minute), served("mei", 15, 59, 6*time.Minute),
		served("mei", 16, 30, time.Minute), served("gone", 16, 0, time.Minute), {Agent: "amy", Connect: now.Add(-time.Minute)}}})
	got := map[string]string{}
	for id, a := range s.byID {
		got[id] = fmt.Sprint(a.figures.calls, " ", a.figures.talk)
	}
	if want := map[string]string{"amy": "2 2m0s", "mei": "1 7m0s"}; !maps.Equal(got, want) { // the call at 15:59 began yesterday and ended today
		t.Errorf("%v, want %v", got, want)
	}
	if last := s.named["q"].last; last != "mei" {
		t.Errorf("chosen last: %q", last)
	}
}
