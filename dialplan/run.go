package dialplan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"ringway/config/expr"
)

// Bounds of one call's script.
const (
	maxSteps = 10_000           // the end of endless loops
	maxDepth = 50               // gosubs inside each other
	maxAfter = 10 * time.Second // the h extension
)

// Errors of Exec.
var (
	ErrBudget = fmt.Errorf("more than %d steps: a loop without an exit", maxSteps)
	ErrDeep   = fmt.Errorf("more than %d gosubs inside each other", maxDepth)
	ErrNoSub  = errors.New("return without a gosub")
)

// Run is one call's walk through a Plan.
//
//	entry ─▶ extension ─▶ step ─▶ step ─▶ … ─▶ end of steps ─▶ Hangup ─┐
//	             ▲          │ branch, digits typed, i, t               ├─▶ h extension (≤ 10 s) ─▶ done
//	             └──────────┘            verb says ErrEnded ───────────┘
//
// All fields are owned by the goroutine that walks it: see Exec, and Begin and Resume.
type Run struct {
	plan  *Plan
	ch    Channel
	entry Entry
	info  Info
	vars  expr.Vars

	at      place
	home    *Context // where a call was before it was handed to a place of another plan
	stack   []frame
	steps   int
	pending *jump  // what an application asked for
	rests   *rest  // the Dial that the script waits for
	failed  string // cause of the last dial that reached nobody: what the caller is told when nothing else is said
	ended   bool   // the call is over: a verb said so, or we hung up
}

// place is the op that comes next.
type place struct {
	context *Context
	ext     *Extension
	at      int
}

// frame is where a gosub comes back to, with the variables that its arguments covered.
type frame struct {
	back  place
	saved expr.Vars
}

// jump is a dialled extension that an application found, or the way to i or t.
type jump struct {
	exten   string
	special string
}

// NewRun prepares one call's walk through the plan, from its entry.
func NewRun(p *Plan, ch Channel, entry Entry) *Run {
	info := ch.Info()
	r := &Run{plan: p, ch: ch, entry: entry, info: info, vars: p.seed(info)}
	for _, g := range p.globals {
		_ = r.assign(g)
	}
	return r
}

// Channel is the call.
func (r *Run) Channel() Channel { return r.ch }

// Info is the call as it came in.
func (r *Run) Info() Info { return r.info }

// Language is that of the prompts: the caller's until a step sets another.
func (r *Run) Language() string { return r.Var("language").String() }

// Var returns a variable.
func (r *Run) Var(name string) expr.Value { return expr.ValueOf(r.vars[name]) }

// SetText stores text in a variable of a VarArg.
func (r *Run) SetText(name, text string) { r.vars[name] = text }

// Text evaluates a template for this call.
func (r *Run) Text(t *expr.Template) (string, error) { return t.Text(r.vars) }

// Texts evaluates several, leaving out those that are empty.
func (r *Run) Texts(ts []*expr.Template) ([]string, error) {
	out := make([]string, 0, len(ts))
	for _, t := range ts {
		v, err := t.Value(r.vars)
		if err != nil {
			return nil, err
		}
		out = append(out, v.Strings()...)
	}
	return out, nil
}

// Set makes an assignment.
func (r *Run) Set(a Assignment) error { return r.assign(a.a) }

func (r *Run) assign(a assign) error {
	if a.fixed != nil {
		r.vars[a.name] = a.fixed.Any()
		return nil
	}
	v, err := a.value.Value(r.vars)
	if err == nil {
		r.vars[a.name] = v.Any()
	}
	return err
}

// Log adds a message to the trace.
func (r *Run) Log(text string) { r.trace(TraceEvent{Kind: TraceMessage, Detail: text}) }

// Failed remembers why nobody was reached: the cause that a call ends with where its steps name none. "" forgets it.
func (r *Run) Failed(cause string) { r.failed = cause }

// Cause is what a call that ends now without a cause of its own ends with.
func (r *Run) Cause() string {
	if r.failed != "" {
		return r.failed
	}
	return "normal"
}

// DialExten ends the step and goes to the extension that was typed, or to i when there is none.
func (r *Run) DialExten(digits string) { r.pending = &jump{exten: digits} }

// TimedOut ends the step and goes to t.
func (r *Run) TimedOut() { r.pending = &jump{special: "t"} }

// Reachable tells whether the typed digits reach an extension here, and whether more digits could reach another one.
func (r *Run) Reachable(digits string) (found, more bool) {
	now, c := r.ch.Now(), r.at.context
	x := c.find(squash(digits), now)
	return x != nil, c.extends(squash(digits), now)
}

// over ends a script whose steps came to err: it hangs up where the call still stands, and runs the h extension for up to
// 10 s. It returns nil, or why the script could not go on; the call is over either way.
func (r *Run) over(ctx context.Context, err error) error {
	cause := r.Cause()
	switch {
	case errors.Is(err, ErrEnded):
		err = nil
	case errors.Is(err, errUnallocated):
		cause, err = "unallocated", nil
	case err != nil:
		cause = "script_failed"
	}
	if !r.ended {
		r.ended = true
		r.trace(TraceEvent{Kind: TraceEnd, Result: cause, Err: err})
		_ = r.ch.Hangup(context.WithoutCancel(ctx), cause)
	}
	r.after(ctx)
	return err
}

var errUnallocated = errors.New("no such extension")

// enter finds the first extension.
func (r *Run) enter() error {
	c := r.plan.contexts[r.entry.Context]
	if c == nil {
		return errUnallocated
	}
	r.at.context = c
	return r.dial(r.entry.Exten)
}

// dial goes to a number in the current context, or to i.
func (r *Run) dial(exten string) error {
	now, c := r.ch.Now(), r.at.context
	var x *Extension
	if !special[exten] {
		x = c.find(squash(exten), now)
	}
	if x == nil {
		if x = c.exactly("i", now); x == nil {
			return errUnallocated
		}
		r.vars["digits"] = exten
		exten = "i"
	}
	r.move(place{c, x, 0}, exten)
	return nil
}

// move makes ext the current extension and tells the trace.
func (r *Run) move(to place, exten string) {
	r.at = to
	r.vars["context"], r.vars["exten"] = to.context.Name, exten
	r.ch.Trace(TraceEvent{Kind: TraceEnter, Pos: to.ext.Pos, Context: to.context.Name, Exten: to.ext.Name, Detail: exten})
}

// loop runs ops until the row ends or the call does.
func (r *Run) loop(ctx context.Context) error {
	for {
		if r.at.at >= len(r.at.ext.ops) {
			if len(r.stack) == 0 {
				return nil
			}
			d, err := r.ret(nil)
			if err != nil {
				return err
			}
			r.at = *d.back
			continue
		}
		if r.steps++; r.steps > maxSteps {
			return ErrBudget
		}
		if err := ctx.Err(); err != nil {
			return ErrEnded
		}
		if err := r.step(ctx, r.at.ext.ops[r.at.at]); err != nil {
			return err
		}
	}
}

// step runs one op. Its errors end the script; a step that merely fails is traced and the script goes on.
func (r *Run) step(ctx context.Context, o *op) error {
	if o.when != nil {
		v, err := o.when.Run(r.vars)
		if err != nil {
			r.fail(o, err)
		}
		if err != nil || !v.Bool() {
			r.trace(TraceEvent{Kind: TraceSkip})
			r.at.at = o.next
			return nil
		}
	}
	if o.flow != nil {
		return r.follow(o)
	}
	r.trace(TraceEvent{Kind: TraceStart})
	result, err := o.step.Do(ctx, r)
	if r.rests != nil {
		return errRests
	}
	return r.done(ctx, o, result, err)
}

// done takes the end of an application.
func (r *Run) done(ctx context.Context, o *op, result string, err error) error {
	switch {
	case errors.Is(err, ErrEnded), err != nil && ctx.Err() != nil:
		r.ended = true
		if o.app.Ends {
			r.trace(TraceEvent{Kind: TraceFinish, Result: result})
		}
		r.trace(TraceEvent{Kind: TraceEnd, Result: "hangup"})
		return ErrEnded
	case err != nil:
		r.fail(o, err)
	default:
		r.trace(TraceEvent{Kind: TraceFinish, Result: result})
	}
	r.vars["result"] = result
	if to, ok := r.redirected(); ok {
		return r.redirect(to)
	}
	return r.leave(o, result)
}

// redirected asks whether the call was handed on meanwhile.
func (r *Run) redirected() (Redirect, bool) {
	if h, ok := r.ch.(Redirector); ok {
		return h.Redirected()
	}
	return Redirect{}, false
}

// redirect goes on at the place to which the call was handed: nothing of what was going on is come back to, but the h
// extension of the place that it left runs where the new one has none.
func (r *Run) redirect(to Redirect) error {
	if to.Plan != r.plan {
		r.plan, r.home = to.Plan, r.at.context
	}
	c := r.plan.contexts[to.Context]
	if c == nil {
		return errUnallocated
	}
	r.at.context, r.stack, r.pending, r.failed = c, nil, nil, ""
	r.info.ByTransfer = true
	return r.dial(to.Exten)
}

// leave chooses what comes after an application.
func (r *Run) leave(o *op, result string) error {
	if j := r.pending; j != nil {
		r.pending = nil
		return r.jump(o, j)
	}
	if d := o.on[result]; d != nil {
		return r.branch(d)
	}
	if r.at.at = o.next; slices.Contains(o.app.EndsOn, result) {
		r.at.at, r.stack = len(r.at.ext.ops), nil
	}
	return nil
}

func (r *Run) jump(o *op, j *jump) error {
	if j.special == "" {
		r.vars["digits"] = j.exten
		return r.dial(j.exten)
	}
	x := r.at.context.exactly(j.special, r.ch.Now())
	if x == nil {
		r.at.at = o.next
		return nil
	}
	r.move(place{r.at.context, x, 0}, j.special)
	return nil
}

// follow runs a control step. One that fails goes on where its condition is taken as false.
func (r *Run) follow(o *op) error {
	d, err := o.flow.follow(r, o)
	if err != nil {
		r.fail(o, err)
	}
	if d == nil {
		r.at.at = o.next
		return nil
	}
	return r.branch(d)
}

// branch goes to a place.
func (r *Run) branch(d *dest) error {
	if d.exten != nil {
		exten, err := r.Text(d.exten)
		if err != nil {
			exten = ""
		}
		r.at.context = d.context
		return r.dial(exten)
	}
	switch {
	case d.back != nil:
		r.at = *d.back
		return nil
	case d.place == (Place{}): // inside an if
		r.at.at = d.at
		return nil
	}
	r.trace(TraceEvent{Kind: TraceBranch, Detail: d.place.String()})
	if d.ext == r.at.ext {
		r.at.at = d.at
		return nil
	}
	c := r.plan.contexts[d.place.Context]
	exten, _ := r.vars["exten"].(string)
	if !isPattern(d.ext.Name) {
		exten = d.ext.Name
	}
	r.move(place{c, d.ext, d.at}, exten)
	return nil
}

// fail traces a step that could not do its work.
func (r *Run) fail(o *op, err error) {
	r.trace(TraceEvent{Kind: TraceFail, Err: err, Detail: o.name})
}

// trace fills in where the script is.
func (r *Run) trace(e TraceEvent) {
	if x := r.at.ext; x != nil {
		e.Context, e.Exten = r.at.context.Name, x.Name
		if r.at.at < len(x.ops) {
			o := x.ops[r.at.at]
			e.Pos, e.Step, e.Label = o.pos, o.name, o.label
		}
	}
	r.ch.Trace(e)
}

// after runs the h extension of the context in which the call ended. Verbs that need the call say ErrEnded there; such a
// step fails and the next one runs.
func (r *Run) after(ctx context.Context) {
	if r.at.context == nil {
		return
	}
	c := r.at.context
	x := c.exactly("h", r.ch.Now())
	if x == nil && r.home != nil {
		c = r.home
		x = c.exactly("h", r.ch.Now())
	}
	if x == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxAfter)
	defer cancel()
	r.stack, r.steps, r.pending = nil, 0, nil
	r.move(place{c, x, 0}, "h")
	for r.at.ext != nil && ctx.Err() == nil {
		if r.at.at >= len(r.at.ext.ops) && len(r.stack) == 0 {
			return
		}
		err := r.loop(ctx)
		if !errors.Is(err, ErrEnded) {
			return
		}
		if r.at.at < len(r.at.ext.ops) {
			r.at.at = r.at.ext.ops[r.at.at].next
		}
	}
}
