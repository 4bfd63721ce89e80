package sim_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/dialplan/sim"
	"ringway/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheClockWakesInOrderAndOnlyWhenAllSleep(t *testing.T) {
	start := time.Unix(1e9, 0)
	clock := sim.NewClock(start)
	var mu sync.Mutex
	var order []string
	note := func(s string) {
		mu.Lock()
		order = append(order, s+"@"+clock.Now().Sub(start).String())
		mu.Unlock()
	}
	news := &sim.Signal{}
	ctx, cancel := context.WithCancel(t.Context())
	clock.Work(4)
	var wg sync.WaitGroup
	sleep := func(name string, ctx context.Context, d time.Duration, s *sim.Signal) {
		wg.Go(func() {
			err := clock.Wait(ctx, nil, d, s)
			if err != nil {
				name += "!"
			}
			note(name)
			clock.Work(-1)
		})
	}
	sleep("late", t.Context(), 3*time.Hour, nil)
	sleep("early", t.Context(), time.Minute, nil)
	sleep("signalled", t.Context(), -1, news)
	sleep("cancelled", ctx, -1, nil)
	clock.After(time.Second, func() { note("call") })
	clock.After(2*time.Second, func() { clock.Signal(news) })
	clock.After(2*time.Minute, cancel)
	wg.Wait()
	if got := strings.Join(order, " "); got != "call@1s signalled@2s early@1m0s cancelled!@2m0s late@3h0m0s" {
		t.Errorf("order: %s", got)
	}
}

const plan = `
contexts:
  c:
    extensions:
      s: [answer, {playback: hello}, {read: {var: pin, digits: 4}}, {log: "pin ${pin}"}, {playback: bye}]
      music: [answer, {start_music: hold}, {wait: 1h}]
      forever: [answer, {read: {var: x, timeout: 0s}}]
`

func load(t *testing.T) *dialplan.Plan {
	t.Helper()
	var l diag.List
	p := dialplan.Load([]dialplan.File{{Name: "p.yaml", Data: []byte(plan)}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
	if p == nil {
		t.Fatal(l.All())
	}
	return p
}

func TestATestSaysWhatWentWrong(t *testing.T) {
	p := load(t)
	for _, c := range []struct{ test, problem string }{
		{`{context: c, dial: s, digits: ["1234"], expect: {path: [answer, playback, read=typed, log], played: [hello, bye], cause: normal}}`, ""},
		{`{context: c, dial: s, expect: {path: [answer, read=typed]}}`, "step 'read=typed' did not come after 'answer'; the path was: c,s, answer, playback, read=nothing"},
		{`{context: c, dial: s, expect: {played: [bye, hello]}}`, "'hello' was not played after 'bye'"},
		{`{context: c, dial: s, expect: {agent: mei}}`, "the caller spoke to '', expected 'mei'"},
		{`{context: c, dial: x, expect: {cause: normal}}`, "the call ended by 'unallocated', expected 'normal'"},
		{`{context: c, dial: music, hang_up: 10m, expect: {cause: caller}}`, ""},
	} {
		var l diag.List
		tests := sim.LoadTests("t.yaml", []byte("tests: ["+c.test+"]"), &l)
		if l.HasErrors() || len(tests) != 1 {
			t.Fatal(l.All())
		}
		_, problems := sim.RunTest(t.Context(), p, nil, tests[0])
		if got := strings.Join(problems, "\n"); c.problem == "" && got != "" || !strings.Contains(got, c.problem) {
			t.Errorf("%s: %q, want %q", c.test, got, c.problem)
		}
	}
}

func TestACallThatWaitsForEverIsReported(t *testing.T) {
	r := sim.Run(t.Context(), sim.Options{Plan: load(t)}, sim.Caller{Context: "c", Dialled: "forever"})
	if r.Err == nil || r.Cause != "stuck" {
		t.Errorf("%v %s", r.Err, r.Cause)
	}
}

func TestOthersAreAllPhonesThatAreNotNamed(t *testing.T) {
	var l diag.List
	tests := sim.LoadTests("t.yaml", []byte(`tests: [{context: c, dial: s, phones: {bob: busy}, others: {outcome: declined, answer: 7s}}]`), &l)
	if l.HasErrors() || len(tests) != 1 {
		t.Fatal(l.All())
	}
	c := tests[0].Caller
	if c.Phone("bob").Outcome != store.Busy || c.Phone("eve", "bob").Outcome != store.Busy || c.Phone("eve").Outcome != store.Declined || c.Phone("eve").Answer != 7*time.Second {
		t.Errorf("%+v", c)
	}
}

func TestBadTestsAreFindings(t *testing.T) {
	var l diag.List
	sim.LoadTests("t.yaml", []byte(`
tests:
  - {dial: s, at: tomorrow, zone: Mars/Base, phones: {bob: bussy}, press: [{keys: "1"}], expct: {}}
`), &l)
	all := ""
	for _, f := range l.All() {
		all += f.String() + "\n"
	}
	for _, want := range []string{"'context' is missing", "'tomorrow' is no time", "unknown time zone 'Mars/Base'", "did you mean 'busy'?", "'after' is missing", "unknown key 'expct'; did you mean 'expect'?"} {
		if !strings.Contains(all, want) {
			t.Errorf("no finding %q in\n%s", want, all)
		}
	}
}

func TestACancelledRunEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := sim.Run(ctx, sim.Options{Plan: load(t)}, sim.Caller{Context: "c", Dialled: "music"})
	if errors.Is(r.Err, context.Canceled) {
		t.Error("the end of a run is no error")
	}
}

// broken is a host of queues with a bug.
type broken struct{ apps.Queues }

func (broken) Settings(string) (apps.QueueSettings, bool) { panic("a bug in the queues") }

// A simulated call that panics has failed, and nobody else notices.
func TestAPanicIsHowTheCallFailed(t *testing.T) {
	var l diag.List
	p := dialplan.Load([]dialplan.File{{Name: "p.yaml", Data: []byte("contexts: {c: {extensions: {s: [{queue: {name: one}}]}}}")}},
		dialplan.LoadOptions{Apps: apps.All()}, &l)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	r := sim.Run(t.Context(), sim.Options{Plan: p, Queues: func(*sim.Clock) apps.Queues { return broken{} }}, sim.Caller{Context: "c", Dialled: "s", HangUp: time.Minute})
	if r.Err == nil || !strings.Contains(r.Err.Error(), "a bug in the queues") {
		t.Errorf("the call failed by %v", r.Err)
	}
}
