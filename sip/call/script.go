package call

import (
	"context"
	"fmt"
	"runtime/debug"

	"ringway/dialplan"
)

// script is a call's walk through the dialplan: the task of a worker from the call's routing to the end of its h extension.
type script struct {
	c    *Call
	body func() error
}

// startScript lets the call walk through its plan.
func (c *Call) startScript() {
	ctx, stop := context.WithCancel(context.Background())
	c.stop, c.script = stop, true
	run := dialplan.NewRun(c.plan, (*channel)(c), dialplan.Entry{Context: c.caller.Context, Exten: c.info.Dialled})
	c.m.workers.give(&script{c, func() error { return run.Exec(ctx) }})
}

// work runs the script and tells the loop of its end.
func (s *script) work() {
	err := s.run()
	if s.c.box.must(message{do: func() { s.c.scriptDone(err) }}) {
		s.c.work()
	}
}

// run runs the script; its panic costs this call.
func (s *script) run() (err error) {
	c := s.c
	defer func() {
		if r := recover(); r != nil {
			c.m.count.panics.Add(1)
			c.log().Error("panic in a script", "err", fmt.Sprint(r), "stack", string(debug.Stack()))
			c.post(message{do: func() { c.end(Panicked, bySwitch) }}, true)
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return s.body()
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
