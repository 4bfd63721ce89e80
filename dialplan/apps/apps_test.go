package apps_test

import (
	"context"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/acd"
	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/dialplan/sim"
	"ringway/store"
)

var update = flag.Bool("update", false, "rewrite the documentation")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheTableIsTrue(t *testing.T) {
	const file = "APPLICATIONS.md"
	if *update {
		if err := os.WriteFile(file, []byte(apps.Table()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != apps.Table() {
		t.Errorf("%s is out of date (rewrite with -update): %v", file, err)
	}
}

func TestEveryEntryOfTheListIsSound(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z_]*$`)
	seen := map[string]bool{}
	for _, a := range apps.All() {
		if !name.MatchString(a.Name) || seen[a.Name] || !strings.HasSuffix(a.Doc, ".") || a.Prepare == nil {
			t.Errorf("%q: a name of its own in lower snake case, a sentence, and Prepare", a.Name)
		}
		seen[a.Name] = true
		if a.Main != "" && !slices.ContainsFunc(a.Args, func(g dialplan.Arg) bool { return g.Name == a.Main }) {
			t.Errorf("%s: main argument %q does not exist", a.Name, a.Main)
		}
		for _, r := range a.EndsOn {
			if !slices.Contains(a.Results, r) {
				t.Errorf("%s ends on a result it never gives: %s", a.Name, r)
			}
		}
	}
}

const queues = `
queues:
  one: {number: "700", members: "true", music: hold, exit_keys: "9", ring_time: 10s, max_wait: 1m, announce: {position: true, every: 20s}, steps: [{after: 0s, want: "true"}]}
  all: {number: "701", members: "true", ring: all, ring_time: 10s, max_wait: 1m, steps: [{after: 0s, want: "true"}]}
  refuse: {number: "702", members: "true", join_empty: refuse, steps: [{after: 0s, want: "true"}]}
`

const people = `
people:
  - {id: mei, name: Mei, role: agent, languages: {en: 5}, phones: [{account: mei}]}
  - {id: ken, name: Ken, role: agent, languages: {en: 3}, phones: [{account: ken}]}
`

// visit lets one caller enter a queue; the result stands in the trace.
func visit(t *testing.T, queue string, joined []string, c sim.Caller) (sim.Report, string) {
	t.Helper()
	var l diag.List
	plan := dialplan.Load([]dialplan.File{{Name: "p.yaml", Data: []byte(`
contexts:
  c:
    extensions:
      s:
        - queue: {name: "` + queue + `"}
          on: {connected: after, timeout: after}
        - label: after
          log: "${result}"
`)}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
	spec := acd.LoadSpec(acd.File{Name: "queues.yaml", Text: []byte(queues)}, acd.File{Name: "people.yaml", Text: []byte(people)}, &l)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	c.Context, c.Dialled = "c", "s"
	r := sim.Run(t.Context(), sim.Options{Plan: plan, Queues: sim.NewQueues(spec, joined)}, c)
	for _, line := range r.Trace {
		if line.Kind == dialplan.TraceFinish && line.Step == "queue" {
			return r, line.Result
		}
	}
	return r, ""
}

func TestQueueResults(t *testing.T) {
	both := []string{"mei", "ken"}
	no := func(o store.OfferOutcome) map[string]sim.Phone {
		return map[string]sim.Phone{"mei": {Outcome: o}, "ken": {Outcome: o}}
	}
	for _, c := range []struct {
		name, queue string
		joined      []string
		caller      sim.Caller
		result      string
		agent       string
	}{
		{"an agent answers", "one", both, sim.Caller{}, "connected", "*"},
		{"by number", "700", both, sim.Caller{}, "connected", "*"},
		{"ring all: the quicker one", "all", both, sim.Caller{Phones: map[string]sim.Phone{"mei": {Answer: 4 * time.Second}, "ken": {Answer: 2 * time.Second}}}, "connected", "ken"},
		{"ring all: nobody", "all", both, sim.Caller{Phones: no(store.NoAnswer)}, "timeout", ""},
		{"nobody joined", "one", nil, sim.Caller{}, "timeout", ""},
		{"nobody joined, refused", "refuse", nil, sim.Caller{}, "empty", ""},
		{"everybody busy", "one", both, sim.Caller{Phones: no(store.Busy)}, "timeout", ""},
		{"the exit key", "one", nil, sim.Caller{Press: []sim.Press{{After: 21 * time.Second, Keys: "9"}}}, "key", ""},
		{"another key", "one", nil, sim.Caller{Press: []sim.Press{{After: 5 * time.Second, Keys: "1"}}}, "timeout", ""},
		{"the caller leaves", "one", nil, sim.Caller{HangUp: 7 * time.Second}, "", ""},
		{"the caller leaves in an announcement", "one", nil, sim.Caller{HangUp: 21 * time.Second}, "", ""},
		{"the caller leaves while it rings", "one", both, sim.Caller{HangUp: time.Second}, "", ""},
		{"the caller leaves the conversation", "one", both, sim.Caller{HangUp: 20 * time.Second}, "", "*"},
	} {
		r, result := visit(t, c.queue, c.joined, c.caller)
		if result != c.result || r.Err != nil || c.agent == "*" && r.Agent == "" || c.agent != "*" && r.Agent != c.agent {
			t.Errorf("%s: result %q agent %q err %v\n%v", c.name, result, r.Agent, r.Err, r.Trace)
		}
	}
}

func TestPositionIsSpoken(t *testing.T) {
	r, _ := visit(t, "one", nil, sim.Caller{})
	if got := strings.Join(r.Played, " "); !strings.HasPrefix(got, "you-are-number 1") {
		t.Errorf("played %s", got)
	}
}

func TestQueueWithoutAHostFails(t *testing.T) {
	var l diag.List
	plan := dialplan.Load([]dialplan.File{{Name: "p", Data: []byte("contexts: {c: {extensions: {s: [{queue: x}, {agent_join: x}]}}}")}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
	r := sim.Run(context.Background(), sim.Options{Plan: plan}, sim.Caller{Context: "c", Dialled: "s"})
	failed := 0
	for _, line := range r.Trace {
		if line.Kind == dialplan.TraceFail {
			failed++
		}
	}
	if failed != 2 || r.Cause != "normal" {
		t.Errorf("%d failures, cause %s", failed, r.Cause)
	}
}
