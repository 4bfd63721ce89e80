package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/report"
	"ringway/store/storetest"
)

// telling speaks of people by name, in Taipei.
var telling = report.Words{Zone: time.FixedZone("Taipei", 8*3600), Name: func(id string) string {
	return map[string]string{"mei": "Mei Lin", "ken": "Ken Sato", "amy": "Amy Cole"}[id]
}}

// decision is one in which Mei was chosen before Amy.
func decision() store.Decision {
	return store.Decision{ID: "v1.1", At: storetest.T0, Call: "c1", Visit: "v1", Queue: "support", Step: 1, PlanVersion: "3f2a",
		Waited: 21 * time.Second, Caller: store.Profile{Language: "zh-TW", Region: "TW", Skills: map[string]int{"visa": 1, "flights": 2}},
		Chosen: []string{"mei"}, Eligible: 2, RankNames: []string{"language", "skills", "region", "zone", "idle"},
		Ranks: []store.Rank{{Agent: "mei", Values: []string{"5", "4", "yes", "0s", "40s"}}, {Agent: "amy", Values: []string{"5", "3", "yes", "8h0m0s", "90s"}}}}
}

// details are what acd writes beside a rule.
var details = map[store.RemovalRule]string{
	store.NotMember:    "role == 'agent'",
	store.NotWanted:    "speaks(agent, caller.language) >= 3",
	store.OffShift:     "require_shift",
	store.StateRested:  "declined_rest 10s, busy_rest 5s",
	store.DeclinedThis: "declined_caller 1m0s",
}

func TestEachRuleIsToldInOneSentence(t *testing.T) {
	for _, rule := range store.RemovalRules {
		t.Run(string(rule), func(t *testing.T) {
			d := decision()
			d.Removed = []store.Removal{{Rule: rule, Detail: details[rule], Agents: []string{"ken"}, Count: 1}}
			var out bytes.Buffer
			if err := telling.WriteAgent(&out, []store.Decision{d}, "ken"); err != nil {
				t.Fatal(err)
			}
			if err := telling.WriteCall(&out, []store.Decision{d}); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(out.String(), "rule "+string(rule)) {
				t.Error("the rule has no words of its own")
			}
			golden(t, "why_not/"+string(rule)+".txt", out.Bytes())
		})
	}
}

func TestWhyThisAgent(t *testing.T) {
	change := func(f func(*store.Decision)) store.Decision {
		d := decision()
		f(&d)
		return d
	}
	for name, d := range map[string]store.Decision{
		"runner_up":   decision(),
		"first_value": change(func(d *store.Decision) { d.Ranks[1].Values[0] = "3" }),
		"equal":       change(func(d *store.Decision) { d.Ranks[1].Values = d.Ranks[0].Values }),
		"step":        change(func(d *store.Decision) { d.Ranks[1].Step = 1 }),
		"only_one":    change(func(d *store.Decision) { d.Eligible, d.Ranks = 1, d.Ranks[:1] }),
		"ring_all":    change(func(d *store.Decision) { d.Chosen = []string{"mei", "amy"} }),
		"nobody": change(func(d *store.Decision) {
			d.Chosen, d.Ranks, d.Eligible, d.Caller = nil, nil, 0, store.Profile{}
			d.Removed = []store.Removal{{Rule: store.StateBusy, Agents: []string{"ken", "mei"}, Count: 2},
				{Rule: store.NotJoined, Agents: []string{"amy"}, Count: 812}}
		}),
	} {
		t.Run(name, func(t *testing.T) { golden(t, "why/"+name+".txt", []byte(telling.WhyAgent(d))) })
	}
}

func TestWhyNotOtherwise(t *testing.T) {
	d := decision()
	d.Removed = []store.Removal{{Rule: store.NotJoined, Agents: []string{"x"}, Count: 3}}
	for _, c := range []struct {
		agent, want string
		change      func(*store.Decision)
	}{
		{"mei", "Mei Lin was chosen.", nil},
		{"amy", "Amy Cole could have taken the call. Mei Lin came before Amy Cole by skills: 4 against 3, after equal language.", nil},
		{"ken", "Ken Sato is not named; the record keeps only the first agents of each rule and leaves out 2.", nil},
		{"ken", "Ken Sato is not among the 2 best of 30 eligible agents, which is all that the record keeps.", func(d *store.Decision) { d.Eligible = 30 }},
		{"ken", "Ken Sato was not on the roster of that configuration.", func(d *store.Decision) { d.Removed = nil }},
		{"ken", "Ken Sato was taken out by rule moon: `full`.", func(d *store.Decision) {
			d.Removed = []store.Removal{{Rule: "moon", Detail: "full", Agents: []string{"ken"}, Count: 1}}
		}},
	} {
		changed := d
		if c.change != nil {
			c.change(&changed)
		}
		if got := telling.WhyNot(changed, c.agent); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// TestAnExplanationSaysWhereItBegins: of more decisions than are told, the last are, and since when is said.
func TestAnExplanationSaysWhereItBegins(t *testing.T) {
	q := report.AgentSpan(decision().At)
	all := make([]store.Decision, q.Limit)
	for i := range all {
		all[i] = decision()
		all[i].At = q.From.Add(time.Duration(i) * time.Millisecond)
	}
	if told, since := report.Told(all[1:]); len(told) != q.Limit-1 || !since.IsZero() {
		t.Errorf("of %d, which are all, %d are told, since %v", q.Limit-1, len(told), since)
	}
	if told, since := report.Told(all); len(told) != q.Limit-1 || !since.Equal(all[1].At) || !told[0].At.Equal(since) {
		t.Errorf("of more, %d are told, since %v", len(told), since)
	}
	var out bytes.Buffer
	if err := telling.WriteAgent(&out, all, "ken"); err != nil || !strings.HasPrefix(out.String(), "Only the last 1000 decisions") {
		t.Errorf("%.100q %v", out.String(), err)
	}
}

func TestNothingToExplain(t *testing.T) {
	var out bytes.Buffer
	if err := telling.WriteCall(&out, nil); err != nil || !strings.Contains(out.String(), "asked no queue") {
		t.Errorf("%q %v", out.String(), err)
	}
	if err := telling.WriteAgent(&out, nil, "mei"); err != nil || !strings.Contains(out.String(), "No decision was made") {
		t.Errorf("%q %v", out.String(), err)
	}
}
