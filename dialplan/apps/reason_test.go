package apps_test

import (
	"testing"

	"ringway/acd"
	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/dialplan/sim"
)

// A reason that is only known during the call is looked at then: what is no short word is refused, and nobody pauses.
func TestReasonsAreLookedAtDuringTheCall(t *testing.T) {
	var l diag.List
	plan := dialplan.Load([]dialplan.File{{Name: "p.yaml", Data: []byte(`
contexts:
  c:
    extensions:
      s:
        - agent_join
        - agent_pause: "${caller.booking}"
          on: {bad_reason: bad, paused: done}
        - label: bad
          log: "refused"
        - label: done
          log: "over"
`)}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
	spec := acd.LoadSpec(acd.File{Name: "queues.yaml", Text: []byte(queues)}, acd.File{Name: "people.yaml", Text: []byte(people)}, &l)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	for reason, want := range map[string]string{"lunch": "paused", "Mrs Lin, 0912 345678": "bad_reason", "": "paused"} {
		c := sim.Caller{Context: "c", Dialled: "s", Account: "mei"}
		c.Claims.Booking = reason
		got := ""
		for _, line := range sim.Run(t.Context(), sim.Options{Plan: plan, Queues: sim.NewQueues(spec, nil)}, c).Trace {
			if line.Kind == dialplan.TraceFinish && line.Step == "agent_pause" {
				got = line.Result
			}
		}
		if got != want {
			t.Errorf("reason %q: %q, want %q", reason, got, want)
		}
	}
}
