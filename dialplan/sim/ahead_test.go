package sim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/acd"
	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/dialplan/sim"
	"ringway/store"
)

const busyPlan = `
contexts:
  c:
    extensions:
      s: [answer, {queue: {name: help}}, hangup]
      menu: [answer, {read: {var: way, files: menu, digits: 1}}, {log: "way ${way}"}, {read: {var: pin, timeout: 20s}}, {log: "pin ${pin}"}]
      talk: [answer, {dial: {account: ken-desk}, on: {answered: more}}, hangup, {label: more, read: {var: way, digits: 1}}, {log: "way ${way}"}]
`

const busyQueues = `
queues:
  help: {members: "true", rank: [calls, turn], steps: [{after: 0s, want: "true"}], ring_time: 10s, wrap_up: 5s, max_wait: 10m, max_length: 3}
`

const busyPeople = `
people:
  - {id: ken, name: Ken, role: agent, phones: [{account: ken-desk}]}
  - {id: mei, name: Mei, role: agent, phones: [{account: mei-desk}]}
`

func busy(t *testing.T) (*dialplan.Plan, *acd.Spec) {
	t.Helper()
	var l diag.List
	p := dialplan.Load([]dialplan.File{{Name: "p.yaml", Data: []byte(busyPlan)}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
	spec := acd.LoadSpec(acd.File{Name: "queues.yaml", Text: []byte(busyQueues)}, acd.File{Name: "people.yaml", Text: []byte(busyPeople)}, &l)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	return p, spec
}

// at work are phones that are on and people who have joined.
func atWork(people ...string) []acd.Input {
	var out []acd.Input
	var r acd.Restore
	for _, id := range people {
		out = append(out, acd.Phone{Account: id + "-desk", Registered: true})
		r.Agents = append(r.Agents, store.AgentSaved{Agent: id, State: store.Available, Queues: []string{"help"}})
	}
	return append(out, r)
}

// waiting are people who have waited for so long.
func waiting(seconds ...int) (out []entry) {
	for i, n := range seconds {
		out = append(out, entry{time.Duration(n) * time.Second, acd.Enter{Visit: fmt.Sprintf("ahead-%d", i+1), Call: "other", Queue: "help"}})
	}
	return out
}

// entry is an input in the past.
type entry struct {
	ago time.Duration
	in  acd.Input
}

// start is when simulated calls begin.
var start = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// standing are queues in which all that happened, the longest ago first.
func standing(spec *acd.Spec, happened ...entry) *acd.State {
	s := acd.NewState(1)
	acd.Step(start.Add(-time.Hour), s, acd.Apply{Spec: spec})
	slices.SortStableFunc(happened, func(a, b entry) int { return int(b.ago - a.ago) })
	for _, e := range happened {
		acd.Step(start.Add(-e.ago), s, e.in)
	}
	return s
}

// talked are the inputs of a call that an agent had a while ago.
func talked(agent string, ago time.Duration) []entry {
	return []entry{{ago, acd.Phone{Account: agent + "-desk", Registered: true}}, {ago, acd.Command{Agent: agent, Verb: acd.Join}},
		{ago, acd.Enter{Visit: "past", Call: "past", Queue: "help"}}, {ago, acd.OfferResult{Offer: "past.1", Outcome: store.Answered, Leg: "past"}},
		{ago - time.Second, acd.LegDown{Leg: "past"}}}
}

// TestThoseWhoWaitAlreadyComeFirst: places, head starts and the agents' present calls decide when the call is served.
func TestThoseWhoWaitAlreadyComeFirst(t *testing.T) {
	phone := func(outcome store.OfferOutcome) sim.Phone { return sim.Phone{Outcome: outcome} }
	for _, c := range []struct {
		name   string
		people []string
		past   []entry
		caller sim.Caller
		want   string // ahead, result, agent, wait
	}{
		{"nobody waits", []string{"ken"}, nil, sim.Caller{}, "0 connected ken 3s"},
		{"one waits", []string{"ken"}, waiting(40), sim.Caller{}, "1 connected ken 1m11s"},
		{"one waits, two work", []string{"ken", "mei"}, waiting(40), sim.Caller{}, "1 connected mei 3s"},
		{"two wait, two work", []string{"ken", "mei"}, waiting(20, 40), sim.Caller{}, "2 connected ken 1m11s"},
		{"the queue is full", []string{"ken"}, waiting(1, 2, 3), sim.Caller{}, "0 full  0s"},
		{"a head start", []string{"ken"}, waiting(40), sim.Caller{Claims: store.Claims{Priority: time.Hour}}, "0 connected ken 1m11s"},
		{"who waits too long leaves", []string{"ken"}, waiting(599, 30), sim.Caller{Others: phone(store.NoAnswer), HangUp: 20 * time.Second}, "2 abandoned  20s"},
		{"she declines", []string{"ken", "mei"}, nil, sim.Caller{Phones: map[string]sim.Phone{"ken": phone(store.Declined)}}, "0 connected mei 6s"},
		{"by her account", []string{"ken", "mei"}, nil, sim.Caller{Phones: map[string]sim.Phone{"ken-desk": phone(store.Busy)}}, "0 connected mei 3s"},
		{"none can be reached", []string{"ken", "mei"}, nil, sim.Caller{Others: phone(store.OfferUnreachable), HangUp: time.Minute}, "0 abandoned  1m0s"},
		{"all but one", []string{"ken", "mei"}, nil, sim.Caller{Others: phone(store.NoAnswer), Phones: map[string]sim.Phone{"mei": {Answer: time.Second}}}, "0 connected mei 11s"},
		{"she still talks", []string{"ken"}, []entry{{5 * time.Second, acd.LegUp{Agent: "ken", Leg: "now", Call: "now", Queue: "help"}}},
			sim.Caller{Others: sim.Phone{Talk: 30 * time.Second}}, "0 connected ken 38s"},
		{"fewest calls today", []string{"mei"}, talked("ken", time.Minute), sim.Caller{}, "0 connected mei 3s"},
		{"her phone rings already", nil, talked("ken", 4*time.Second)[:3], sim.Caller{}, "1 connected ken 1m8s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan, spec := busy(t)
			var row store.Visit
			ahead := 0
			w := sim.World{Spec: spec, State: standing(spec, c.past...), Before: atWork(c.people...),
				Phone:  func(agent string) sim.Phone { return c.caller.Phone(agent) },
				Placed: func(_ string, n int) { ahead = n },
				Record: func(r store.Record) {
					if r.Visit != nil && r.Visit.Call == "sim" && r.Visit.Result != "" {
						row = *r.Visit
					}
				}}
			c.caller.Context, c.caller.Dialled = "c", "s"
			r := sim.Run(t.Context(), sim.Options{Plan: plan, Start: start, Queues: w.Queues()}, c.caller)
			got := fmt.Sprintf("%d %s %s %s", ahead, row.Result, row.Agent, row.Leave.Sub(row.Enter))
			if r.Err != nil || got != c.want {
				t.Errorf("%s, want %s; %v", got, c.want, r.Err)
			}
		})
	}
}

// TestKeysAtMoments: a key ends the prompt that it interrupts at once, waits for the next that listens, and is nothing to the
// dialplan in a conversation.
func TestKeysAtMoments(t *testing.T) {
	press := func(after time.Duration, keys string) sim.Press { return sim.Press{After: after, Keys: keys} }
	for _, c := range []struct {
		name, dialled string
		press         []sim.Press
		want          string
	}{
		{"in the prompt", "menu", []sim.Press{press(time.Second, "1"), press(4*time.Second, "23#")}, "way 1@1s pin 23@4s"},
		{"typed ahead", "menu", []sim.Press{press(time.Second, "123#")}, "way 1@1s pin 23@1s"},
		{"after the prompt", "menu", []sim.Press{press(3*time.Second, "2"), press(9*time.Second, "#")}, "way 2@3s pin @9s"},
		{"to the one who talks", "talk", []sim.Press{press(20*time.Second, "1"), press(65*time.Second, "2")}, "way 2@1m5s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan, _ := busy(t)
			r := sim.Run(t.Context(), sim.Options{Plan: plan, Start: start}, sim.Caller{Context: "c", Dialled: c.dialled, Press: c.press})
			var got []string
			for _, l := range r.Trace {
				if l.Kind == dialplan.TraceMessage {
					got = append(got, l.Detail+"@"+l.At.Sub(start).String())
				}
			}
			if s := strings.Join(got, " "); s != c.want || len(r.Acts) != len(c.press) || r.Acts[0].Spoken != (c.dialled == "talk") {
				t.Errorf("%s, want %s; %+v", s, c.want, r.Acts)
			}
		})
	}
}
