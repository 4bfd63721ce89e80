package sim

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/store"
)

// Report is what a simulated call came to.
type Report struct {
	Trace  []Line
	Played []string
	Talked []string // accounts, agents and numbers, in order
	Agent  string   // the last one that the caller spoke to
	Events []string
	Acts   []Act  // keys at certain moments, and the hang-up
	Cause  string // why the call ended: that of a hang-up step, or "caller"
	End    time.Time
	Err    error
}

// Line is one trace event with its virtual time.
type Line struct {
	At time.Time
	dialplan.TraceEvent
}

// String is one line for golden files: what happened and where, without what differs between machines.
func (l Line) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-7s", l.Kind)
	switch l.Kind {
	case dialplan.TraceEnter:
		fmt.Fprintf(&b, " %s,%s as %s", l.Context, l.Exten, l.Detail)
	case dialplan.TraceEnd:
		fmt.Fprintf(&b, " %s", l.Result)
	default:
		if l.Label != "" {
			fmt.Fprintf(&b, " [%s]", l.Label)
		}
		fmt.Fprintf(&b, " %s", l.Step)
		if l.Result != "" {
			fmt.Fprintf(&b, " = %s", l.Result)
		}
		if l.Detail != "" && l.Kind != dialplan.TraceFail {
			fmt.Fprintf(&b, " → %s", l.Detail)
		}
	}
	if l.Err != nil {
		fmt.Fprintf(&b, ": %v", l.Err)
	}
	if l.Pos.Line > 0 {
		fmt.Fprintf(&b, "  (%s)", l.Pos)
	}
	return b.String()
}

// Options is the world of one simulated call. The zero value of each field works, but Plan.
type Options struct {
	Plan   *dialplan.Plan
	Start  time.Time
	Queues func(*Clock) apps.Queues // nil: no queues
}

// errStuck ends a call in which nothing can happen any more.
var errStuck = errors.New("the call waits for something that never happens: give it hang_up")

// Run lets one caller live through the plan and returns when the call and everything it started are over.
func Run(ctx context.Context, o Options, c Caller) Report {
	if o.Start.IsZero() {
		o.Start = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	}
	clock := NewClock(o.Start)
	clock.Work(1)
	life, end := context.WithCancel(ctx)
	defer end()
	ch := &channel{clock: clock, caller: c, ctx: life, end: end, typed: &Signal{}}
	kind := store.Customer
	if c.Account != "" {
		kind = store.Internal
	}
	if c.Kind != "" {
		kind = c.Kind
	}
	ch.info = dialplan.Info{Call: "sim", Kind: kind, CallerNumber: c.Number, CallerName: c.Name, Dialled: c.Dialled, Context: c.Context,
		Account: c.Account, Trunk: c.Trunk, Claims: c.Claims, ByTransfer: c.ByTransfer}
	if o.Queues != nil {
		ch.queues = o.Queues(clock)
	}
	for _, p := range c.Press {
		clock.After(p.After, func() { ch.press(p.Keys) })
	}
	if c.HangUp > 0 {
		clock.After(c.HangUp, ch.giveUp)
	}
	done := make(chan error, 1)
	go runScript(ctx, clock, dialplan.NewRun(o.Plan, ch, dialplan.Entry{Context: c.Context, Exten: c.Dialled}), done)
	var err error
	select {
	case err = <-done:
	case <-clock.stuck:
		ch.hangUp("stuck")
		if err = <-done; err == nil {
			err = errStuck
		}
	}
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.report.Err = err
	return ch.report
}

// runScript is the script goroutine; Run waits for it.
func runScript(ctx context.Context, clock *Clock, r *dialplan.Run, done chan<- error) {
	err := exec(ctx, r)
	clock.Stop()
	done <- err
}

// exec walks the plan. A panic on the way is how the simulated call failed: calls are simulated inside a switch that has others.
func exec(ctx context.Context, r *dialplan.Run) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return r.Exec(ctx)
}
