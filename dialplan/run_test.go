package dialplan_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/dialplan/sim"
	"ringway/store"
)

// live runs one call through a plan of the given extensions of context c.
func live(t *testing.T, extensions string, c sim.Caller) sim.Report {
	t.Helper()
	var l diag.List
	plan := dialplan.Load([]dialplan.File{{Name: "p.yaml", Data: []byte("contexts:\n  c:\n    extensions:\n" + extensions)}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
	if plan == nil {
		t.Fatal(l.All())
	}
	if c.Context = "c"; c.Dialled == "" {
		c.Dialled = "s"
	}
	return sim.Run(t.Context(), sim.Options{Plan: plan}, c)
}

func steps(r sim.Report, kind dialplan.TraceKind) string {
	var out []string
	for _, l := range r.Trace {
		if l.Kind == kind {
			word := l.Step
			if l.Detail != "" && kind == dialplan.TraceMessage {
				word = l.Detail
			}
			out = append(out, word)
		}
	}
	return strings.Join(out, " ")
}

func TestStepBudgetEndsALoop(t *testing.T) {
	r := live(t, `
      s:
        - label: again
          set: {n: "${n + 1}"}
        - goto_if: {when: "n >= 0", then: again}
      x: [{set: {n: 0}}]
`, sim.Caller{})
	if !errors.Is(r.Err, dialplan.ErrBudget) || r.Cause != "script_failed" {
		t.Errorf("%v %s", r.Err, r.Cause)
	}
}

func TestRecursionEnds(t *testing.T) {
	r := live(t, `
      s: [{gosub: {to: {exten: s}}}, {log: done}]
`, sim.Caller{})
	if r.Err != nil || !strings.Contains(steps(r, dialplan.TraceFail), "gosub") || r.Cause != "normal" {
		t.Errorf("%v %s %s", r.Err, r.Cause, steps(r, dialplan.TraceFail))
	}
}

func TestAFailingStepKeepsTheCallAndItsPlace(t *testing.T) {
	r := live(t, `
      s:
        - playback: gone
        - return
        - log: "${int(caller.name)}"
        - log: on
`, sim.Caller{Name: "Ada", Prompts: map[string]bool{}})
	if got := steps(r, dialplan.TraceFail); got != "playback log" && got != "playback return log" {
		t.Errorf("failed: %s", got)
	}
	for _, l := range r.Trace {
		if l.Kind == dialplan.TraceFail && l.Step == "playback" && (l.Pos.String() != "p.yaml:6:11" || !errors.Is(l.Err, dialplan.ErrMissing)) {
			t.Errorf("at %s: %v", l.Pos, l.Err)
		}
	}
}

func TestAfterTheEndTheHExtensionRunsTenSeconds(t *testing.T) {
	r := live(t, `
      s: [answer, {wait: 60s}]
      h: [{playback: gone}, {log: "one"}, {wait: 1s}, {log: "two ${exten}"}]
`, sim.Caller{HangUp: 5 * time.Second})
	if got := steps(r, dialplan.TraceMessage); got != "one two h" || r.Cause != "caller" {
		t.Errorf("%s: %s", r.Cause, got)
	}
}

func TestTypedDigitsFindTheLongestExtension(t *testing.T) {
	const plan = `
      s: [answer, {wait_exten: 5s}, {log: nothing}]
      "1": [{log: one}]
      "123": [{log: many}]
      "_2X": [{log: "two ${exten}"}]
      i: [{log: "bad ${digits}"}]
`
	for typed, want := range map[string]string{"1": "one", "123": "many", "12": "bad 12", "27": "two 27", "9": "bad 9", "": "nothing", "1#": "one", "i": "bad i", "h": "bad h"} {
		if r := live(t, plan, sim.Caller{Digits: []string{typed}}); steps(r, dialplan.TraceMessage) != want {
			t.Errorf("%q: %s, want %s", typed, steps(r, dialplan.TraceMessage), want)
		}
	}
}

func TestAfterTheConversationTheCallEnds(t *testing.T) {
	const plan = `
      s: [{dial: {account: bob}}, {log: missed}]
      on: [{dial: {account: bob}, on: {answered: after}}, hangup, {label: after, log: "after ${result}"}]
`
	if r := live(t, plan, sim.Caller{}); steps(r, dialplan.TraceMessage) != "" || r.Talked[0] != "bob" {
		t.Errorf("%s", steps(r, dialplan.TraceMessage))
	}
	if r := live(t, plan, sim.Caller{Dialled: "on"}); steps(r, dialplan.TraceMessage) != "after answered" {
		t.Errorf("%s", steps(r, dialplan.TraceMessage))
	}
	r := live(t, plan, sim.Caller{Phones: map[string]sim.Phone{"bob": {Outcome: store.Declined}}})
	if steps(r, dialplan.TraceMessage) != "missed" {
		t.Errorf("%s", steps(r, dialplan.TraceMessage))
	}
}

func TestNoTextOfACallerIsDialledOrEvaluated(t *testing.T) {
	const plan = `
      "_9.": [{dial: {trunk: carrier, number: "${caller.name}"}}, {log: "${caller.name}"}]
      g: [answer, {read: x}, {goto: {context: c, exten: "${caller.name}"}}]
      i: [{log: "no ${digits}"}]
`
	for _, evil := range []string{"700@evil.example.org", "1;2", "${exten}", "7\r\nX: 1", "+1+2"} {
		r := live(t, plan, sim.Caller{Dialled: "9" + "1", Name: evil})
		if len(r.Talked) > 0 || steps(r, dialplan.TraceMessage) != evil {
			t.Errorf("%q: talked to %v, logged %q", evil, r.Talked, steps(r, dialplan.TraceMessage))
		}
		if r := live(t, plan, sim.Caller{Dialled: "g", Name: evil}); steps(r, dialplan.TraceMessage) != "no "+evil {
			t.Errorf("%q: %q", evil, steps(r, dialplan.TraceMessage))
		}
	}
}

func TestVersionIsTheContent(t *testing.T) {
	load := func(name, text string) string {
		var l diag.List
		p := dialplan.Load([]dialplan.File{{Name: name, Data: []byte(text)}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
		if p == nil {
			t.Fatal(l.All())
		}
		return p.Version
	}
	a := "contexts: {c: {extensions: {s: [answer]}}}"
	first, again := load("a", a), load("a", a)
	if first != again || load("a", a) == load("b", a) || load("a", a) == load("a", a+"\n") {
		t.Error("the version must follow names and contents, and nothing else")
	}
}

// FuzzLoad also lives through what it loaded. Goroutines make its coverage vary: run it with -fuzzminimizetime 1x.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"ok/helpline.yaml", "bad/findings.yaml", "bad/flow.yaml"} {
		f.Add(read2(f, name))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		var l diag.List
		plan := dialplan.Load([]dialplan.File{{Name: "f.yaml", Data: src}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
		if plan == nil && !l.HasErrors() {
			t.Error("refused without a finding")
		}
		if plan == nil {
			return
		}
		for _, c := range plan.Contexts() {
			plan.Accepts(c, "700", time.Unix(0, 0))
			sim.Run(t.Context(), sim.Options{Plan: plan}, sim.Caller{Context: c, Dialled: "s", Digits: []string{"1"}, HangUp: time.Minute})
		}
	})
}

// BenchmarkCall lives through answer, set, a condition and a hang-up: the dialplan's part of INVITE…BYE.
func BenchmarkCall(b *testing.B) {
	var l diag.List
	plan := dialplan.Load([]dialplan.File{{Name: "p", Data: []byte(`
contexts:
  c:
    extensions:
      "_7XX":
        - answer
        - set: {lang: "${caller.language}"}
        - if: "${caller.region == 'TW' and exten != '701'}"
          then: [{log: "tw ${exten}"}]
        - hangup
`)}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
	if plan == nil {
		b.Fatal(l.All())
	}
	b.ReportAllocs()
	for b.Loop() {
		ch := &quiet{}
		if err := dialplan.NewRun(plan, ch, dialplan.Entry{Context: "c", Exten: "700"}).Exec(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func read2(f *testing.F, name string) []byte {
	f.Helper()
	t := &testing.T{}
	return read(t, fmt.Sprintf("%s/%s", data, name))
}
