package apps_test

import (
	"slices"
	"strings"
	"testing"

	"ringway/acd"
	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/dialplan/sim"
)

// Who is to be told hears it before she enters the queue; a prompt that is missing keeps nobody out.
func TestRecordingIsAnnounced(t *testing.T) {
	var l diag.List
	plan := dialplan.Load([]dialplan.File{{Name: "p.yaml", Data: []byte(`
contexts:
  c:
    extensions:
      told: [{queue: {name: told}}]
      untold: [{queue: {name: untold}}]
      monitor: [answer, {mix_monitor: {announce: true}}, stop_mix_monitor]
`)}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
	spec := acd.LoadSpec(acd.File{Name: "queues.yaml", Text: []byte(`
queues:
  told: {number: "700", members: "true", recording: announced, max_wait: 1m, steps: [{after: 0s, want: "true"}]}
  untold: {number: "701", members: "true", recording: on, max_wait: 1m, steps: [{after: 0s, want: "true"}]}
`)}, acd.File{Name: "people.yaml", Text: []byte(people)}, &l)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{"recording-notice": true}
	for _, c := range []struct {
		dialled       string
		prompts       map[string]bool
		played, event string
	}{
		{"told", all, "recording-notice", ""},
		{"told", map[string]bool{}, "", ""},
		{"untold", all, "", ""},
		{"monitor", all, "recording-notice", "record true record false"},
		{"monitor", map[string]bool{}, "", "record false"},
	} {
		r := sim.Run(t.Context(), sim.Options{Plan: plan, Queues: sim.NewQueues(spec, []string{"mei"})}, sim.Caller{Context: "c", Dialled: c.dialled, Prompts: c.prompts})
		if got := strings.Join(r.Events, " "); r.Err != nil || got != c.event {
			t.Errorf("%s: events %q, %v", c.dialled, got, r.Err)
		}
		if got := slices.DeleteFunc(slices.Clone(r.Played), func(s string) bool { return s == "hold" }); strings.Join(got, " ") != c.played {
			t.Errorf("%s: played %q", c.dialled, got)
		}
		if c.dialled != "monitor" && r.Agent != "mei" {
			t.Errorf("%s: reached %q", c.dialled, r.Agent)
		}
	}
	bad := diag.List{}
	acd.LoadSpec(acd.File{Name: "queues.yaml", Text: []byte(`queues: {q: {members: "true", recording: always, steps: [{after: 0s, want: "true"}]}}`)}, acd.File{Name: "people.yaml", Text: []byte(people)}, &bad)
	if bad.Err() == nil {
		t.Error("recording: always")
	}
}
