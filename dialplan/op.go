package dialplan

import (
	"strings"

	"ringway/config/diag"
	"ringway/config/expr"
)

// op is one compiled step. The steps of an extension, those inside ifs included, lie in one row; next says where an op
// goes on, so that a label is an index and a branch is a number:
//
//   - answer            0 answer    → 1
//   - if: busy          1 if        → 2 or 3
//     then: [hangup]    2   hangup  → 4
//     else: [ringing]   3   ringing → 4
//   - playback: welcome 4 playback  → 5 (the end)
type op struct {
	pos   diag.Pos
	name  string
	text  string // what it is given, on one line, for people
	depth int    // inside so many ifs
	label string
	when  *expr.Program // nil is always
	next  int
	flow  flow // a control step; nil for applications
	then  int  // of an if
	els   int

	app  *App
	step Step
	on   map[string]*dest

	ast    *astStep // while it is compiled
	faulty bool     // there is an error about it
}

// unsure tells whether what the step does is not known: its application is none, or a control step with an error.
func (o *op) unsure() bool { return o.faulty && o.app == nil }

// lay puts the steps of an extension into a row and collects its labels.
func (c *compiler) lay(x *Extension) {
	for _, end := range c.layList(x, x.ast, nil, 0) {
		*end = len(x.ops)
	}
}

// layList appends steps. The loose ends of what came before are tied to the first of them; its own are returned.
func (c *compiler) layList(x *Extension, steps []astStep, ends []*int, depth int) []*int {
	for i := range steps {
		s := &steps[i]
		o := &op{pos: s.pos, name: s.app.Value, text: s.text(), depth: depth, label: s.label.Value, ast: s}
		for _, end := range ends {
			*end = len(x.ops)
		}
		c.label(x, s)
		x.ops = append(x.ops, o)
		ends = []*int{&o.next}
		if s.cond.Present() {
			ends = append(ends, c.layList(x, s.then, []*int{&o.then}, depth+1)...)
			ends = append(ends, c.layList(x, s.els, []*int{&o.els}, depth+1)...)
		}
	}
	return ends
}

func (c *compiler) label(x *Extension, s *astStep) {
	name := s.label.Value
	if name == "" {
		return
	}
	if !validName(name) {
		c.l.Errorf(s.label.Pos(), codeName, "use letters, digits, '-' and '_'", "'%s' cannot be a label", name)
		return
	}
	if first, twice := x.labels[name]; twice {
		f := diag.Wrong(s.label.Pos(), codeTwice, "", "label '%s' stands twice in extension '%s'", name, x.Name)
		f.Related = []diag.Related{{Pos: x.ops[first].pos, Message: "first here"}}
		c.l.Add(f)
		return
	}
	x.labels[name] = len(x.ops)
}

// steps compiles every op.
func (c *compiler) steps() {
	for _, ctx := range c.plan.ordered {
		for _, x := range ctx.extens {
			for _, o := range x.ops {
				before := c.l.Errors()
				c.step(x, o)
				o.faulty = c.l.Errors() > before
				c.lost = c.lost || o.faulty
			}
		}
	}
}

func (c *compiler) step(x *Extension, o *op) {
	if o.ast.when.Present() {
		o.when = c.condition(o.ast.when)
	}
	if o.ast.cond.Present() {
		o.flow = &ifFlow{cond: c.condition(o.ast.cond), then: &dest{ext: x, at: o.then}, els: &dest{ext: x, at: o.els}}
		c.noResults(o)
		return
	}
	if k := controlOf(o.name); k != nil {
		o.flow = k.compile(c, x, o)
		c.noResults(o)
		return
	}
	o.app = c.apps[o.name]
	if o.app == nil {
		hint := diag.Suggest(o.name, c.appNames)
		c.l.Errorf(o.pos, codeApp, hint, "unknown application '%s'", o.name)
		return
	}
	args := c.args(o.app, o.ast)
	o.step = o.app.Prepare(args)
	c.results(x, o)
}

// condition compiles a truth. The whole of it may stand in "${…}", as administrators write texts.
func (c *compiler) condition(n diag.Node) *expr.Program {
	t := n.Text().TrimSpace()
	if v := t.Value; len(v) > 3 && v[:2] == "${" && v[len(v)-1] == '}' {
		t = t.Slice(2, len(v)-1)
	}
	if i := strings.Index(t.Value, "${"); i >= 0 {
		c.l.Errorf(t.Slice(i, i+2).Pos(), codeArg, "write names without ${…}, as in \"exten == '700'\"", "a condition is one expression")
		return nil
	}
	p, _ := expr.Compile(t, c.env, expr.KindBool, c.l)
	return p
}

func (c *compiler) noResults(o *op) {
	if len(o.ast.on) > 0 {
		c.l.Errorf(o.ast.on[0].Pos(), codeResult, "", "'%s' has no results to branch on", o.name)
	}
}

// results compiles on: {result: place}.
func (c *compiler) results(x *Extension, o *op) {
	for _, e := range o.ast.on {
		known := false
		for _, r := range o.app.Results {
			known = known || r == e.Name()
		}
		if !known {
			c.l.Errorf(e.Pos(), codeResult, diag.Suggest(e.Name(), o.app.Results), "'%s' never ends with the result '%s'", o.name, e.Name())
			continue
		}
		if d := c.readDest(e.Value, x); d != nil {
			if o.on == nil {
				o.on = map[string]*dest{}
			}
			o.on[e.Name()] = d
		}
	}
}

// dests are the places that the step may go to, other than the next.
func (o *op) dests() []*dest {
	var out []*dest
	if o.flow != nil {
		for _, d := range o.flow.branches() {
			if d != nil {
				out = append(out, d)
			}
		}
	}
	for _, d := range o.on {
		out = append(out, d)
	}
	return out
}
