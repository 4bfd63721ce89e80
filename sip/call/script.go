package call

import (
	"context"
	"fmt"
	"runtime/debug"

	"ringway/dialplan"
)

// script is a call's walk through the dialplan, from the call's routing to the end of its h extension. It is the task of a
// worker, but for the time in which it rests on a Dial: a call that just talks has no goroutine at all.
//
//	startScript ──▶ walk ──Dial──▶ rest ──reply──▶ walk ──▶ … ──▶ scriptDone
//
// Owned by the worker that walks; at rest by the Dial that it rests on.
type script struct {
	c    *Call
	ctx  context.Context // the script's whole life, over all its walks
	run  *dialplan.Run
	walk func() (*dialplan.Dial, error) // what comes next
}

// startScript lets the call walk through its plan.
func (c *Call) startScript() {
	ctx, stop := context.WithCancel(context.Background())
	c.stop, c.script = stop, true
	run := dialplan.NewRun(c.plan, (*channel)(c), dialplan.Entry{Context: c.caller.Context, Exten: c.info.Dialled})
	s := &script{c: c, ctx: ctx, run: run}
	s.walk = func() (*dialplan.Dial, error) { return run.Begin(ctx) }
	c.m.workers.give(s)
}

// work walks on, and rests or tells the loop that the script is over.
func (s *script) work() {
	dial, err := s.guarded()
	next := func() { s.c.scriptDone(err) }
	if dial != nil {
		next = func() { s.rest(*dial) }
	}
	if s.c.box.must(message{do: next}) {
		s.c.work()
	}
}

// guarded walks on; a panic costs this call.
func (s *script) guarded() (dial *dialplan.Dial, err error) {
	c := s.c
	defer func() {
		if r := recover(); r != nil {
			c.m.count.panics.Add(1)
			c.log().Error("panic in a script", "err", fmt.Sprint(r), "stack", string(debug.Stack()))
			c.post(message{do: func() { c.end(Panicked, bySwitch) }}, true)
			dial, err = nil, fmt.Errorf("panic: %v", r)
		}
	}()
	return s.walk()
}

// rest begins a Dial, on the loop; its result sends the script on its way again, or the end of the call does.
func (s *script) rest(spec dialplan.Dial) {
	s.c.rested = s
	if s.c.state >= Ending {
		s.resume(dialplan.DialResult{}, dialplan.ErrEnded)
		return
	}
	s.c.startDial(&dialing{c: s.c, spec: spec, reply: s.resume})
}

// resume gives the script back to a worker, once.
func (s *script) resume(res dialplan.DialResult, err error) {
	if s.c.rested != s {
		return
	}
	s.c.rested = nil
	s.walk = func() (*dialplan.Dial, error) { return s.run.Resume(s.ctx, res, err) }
	s.c.m.workers.give(s)
}

// wakeScript tells a script at rest that the call has ended.
func (c *Call) wakeScript() {
	if c.rested != nil {
		c.rested.resume(dialplan.DialResult{}, dialplan.ErrEnded)
	}
}

// scriptDone takes the end of the script.
func (c *Call) scriptDone(err error) {
	c.script = false
	c.stop()
	if err != nil && c.row.FailedStep == "" {
		c.log().Warn("script failed", "err", err)
	}
	if c.state < Ending {
		cause := Normal
		if err != nil {
			cause = ScriptFailed
		}
		c.end(cause, bySwitch)
	}
	c.finish()
}
