package dialplan

import (
	"ringway/config/diag"
	"ringway/config/expr"
)

// flow is a control step: it chooses where the script goes on. A nil dest is the next step.
type flow interface {
	follow(r *Run, o *op) (*dest, error)
	branches() []*dest // for checks; nil entries are skipped
}

// Control describes a control step for the documentation.
type Control struct{ Name, Doc, Form string }

type control struct {
	name, doc, form string
	compile         func(c *compiler, x *Extension, o *op) flow
}

// controls are the steps that belong to the language itself.
var controls = []control{
	{"if", "Runs `then` when the condition holds, else `else`.", "if: \"condition\", then: [steps], else: [steps]", nil},
	{"goto", "Goes to another step.", "goto: label | exten,label | context,exten,label | {context, exten, label}", compileGoto},
	{"goto_if", "Goes to `then` when the condition holds, else to `else` or on.", "goto_if: {when, then, else}", compileGotoIf},
	{"goto_if_time", "Goes to `then` at certain times, else to `else` or on.", "goto_if_time: {hours, days, monthdays, months, dates, zone, then, else}", compileGotoIfTime},
	{"gosub", "Runs the steps of another place and comes back at `return`; `args` are variables for as long as it lasts.", "gosub: place | {to: place, args: {name: value}}", compileGosub},
	{"return", "Comes back from a gosub; the value, if any, is in `returned`.", "return | return: value", compileReturn},
}

// Controls lists the control steps in the order of the documentation.
func Controls() []Control {
	out := make([]Control, len(controls))
	for i, c := range controls {
		out[i] = Control{c.name, c.doc, c.form}
	}
	return out
}

func controlOf(name string) *control {
	for i := range controls {
		if controls[i].name == name && controls[i].compile != nil {
			return &controls[i]
		}
	}
	return nil
}

type ifFlow struct {
	cond      *expr.Program
	then, els *dest
}

func (f *ifFlow) follow(r *Run, _ *op) (*dest, error) {
	v, err := f.cond.Run(r.vars)
	if err == nil && v.Bool() {
		return f.then, nil
	}
	return f.els, err
}

func (f *ifFlow) branches() []*dest { return []*dest{f.then, f.els} }

type gotoFlow struct{ to *dest }

func (f *gotoFlow) follow(*Run, *op) (*dest, error) { return f.to, nil }
func (f *gotoFlow) branches() []*dest               { return []*dest{f.to} }

func compileGoto(c *compiler, x *Extension, o *op) flow {
	if !o.ast.arg.Present() {
		c.l.Errorf(o.pos, codeArg, "", "goto needs a place")
		return &gotoFlow{}
	}
	return &gotoFlow{c.readDest(o.ast.arg, x)}
}

type gotoIfFlow struct {
	cond      *expr.Program
	then, els *dest
}

func (f *gotoIfFlow) follow(r *Run, _ *op) (*dest, error) {
	v, err := f.cond.Run(r.vars)
	if err == nil && v.Bool() {
		return f.then, nil
	}
	return f.els, err
}

func (f *gotoIfFlow) branches() []*dest { return []*dest{f.then, f.els} }

func compileGotoIf(c *compiler, x *Extension, o *op) flow {
	m := o.ast.arg.Mapping()
	f := &gotoIfFlow{}
	if when := m.Require("when"); when.Present() {
		f.cond = c.condition(when)
	}
	f.then, f.els = c.readThenElse(o, m, x)
	m.Done()
	return f
}

// readThenElse reads the two ways of a conditional goto; one of them must be there.
func (c *compiler) readThenElse(o *op, m *diag.Mapping, x *Extension) (then, els *dest) {
	a, b := m.Field("then"), m.Field("else")
	if !a.Present() && !b.Present() {
		c.l.Errorf(o.pos, codeArg, "", "'%s' needs 'then' or 'else'", o.name)
	}
	if a.Present() {
		then = c.readDest(a, x)
	}
	if b.Present() {
		els = c.readDest(b, x)
	}
	return then, els
}

type gotoIfTimeFlow struct {
	rule      *timeRule
	then, els *dest
}

func (f *gotoIfTimeFlow) follow(r *Run, _ *op) (*dest, error) {
	if f.rule.holds(r.ch.Now()) {
		return f.then, nil
	}
	return f.els, nil
}

func (f *gotoIfTimeFlow) branches() []*dest { return []*dest{f.then, f.els} }

func compileGotoIfTime(c *compiler, x *Extension, o *op) flow {
	m := o.ast.arg.Mapping()
	f := &gotoIfTimeFlow{rule: readTimeRule(m, c.o.Zone)}
	if m.Len() > 0 && f.rule.always() {
		c.l.Errorf(o.pos, codeTime, "give hours, days, monthdays, months or dates", "goto_if_time without a time")
	}
	f.then, f.els = c.readThenElse(o, m, x)
	m.Done()
	return f
}

type gosubFlow struct {
	to   *dest
	args []assign
}

func (f *gosubFlow) follow(r *Run, o *op) (*dest, error) {
	if err := r.call(f.args, o.next); err != nil {
		return nil, err
	}
	return f.to, nil
}

func (f *gosubFlow) branches() []*dest { return []*dest{f.to} }

func compileGosub(c *compiler, x *Extension, o *op) flow {
	n, f := o.ast.arg, &gosubFlow{}
	if n.Kind() == diag.KindMapping && n.Mapping().Has("to") {
		m := n.Mapping()
		for _, e := range m.Field("args").Mapping().Entries() {
			if a, ok := c.assign(e); ok {
				f.args = append(f.args, a)
			}
		}
		n = m.Field("to")
		m.Done()
	}
	if !n.Present() {
		c.l.Errorf(o.pos, codeArg, "", "gosub needs a place")
		return f
	}
	f.to = c.readDest(n, x)
	return f
}

type returnFlow struct{ value *expr.Template }

func (f *returnFlow) follow(r *Run, _ *op) (*dest, error) { return r.ret(f.value) }
func (f *returnFlow) branches() []*dest                   { return nil }

func compileReturn(c *compiler, _ *Extension, o *op) flow {
	f := &returnFlow{}
	if o.ast.arg.Present() {
		f.value, _ = expr.CompileTemplate(o.ast.arg.Text(), c.env, c.l)
	}
	return f
}
