package dialplan

import (
	"slices"
	"time"

	"ringway/config/diag"
	"ringway/config/expr"
)

// Plan is a compiled dialplan: immutable, shared by all calls that began under it.
type Plan struct {
	Version  string // hash of the files' names and contents
	contexts map[string]*Context
	ordered  []*Context // as written, file by file
	globals  []assign   // set when a call begins
	zeros    expr.Vars  // all variables of the plan, unset
}

// Entry is where a call comes in.
type Entry struct{ Context, Exten string }

// Context is a named group of extensions.
type Context struct {
	Name     string
	Pos      diag.Pos
	table    *table
	includes []include
	extens   []*Extension // as written
}

type include struct {
	context *Context
	rule    *timeRule // nil is always
	pos     diag.Pos
}

// Extension is a list of steps under a name or a pattern. Its name, as written, and its place are for traces.
type Extension struct {
	Context string
	Name    string
	Pos     diag.Pos
	pattern pattern
	ops     []*op
	labels  map[string]int
	ast     []astStep // while it is compiled
}

// special extensions are reached by what happens, never by what somebody dials.
var special = map[string]bool{"i": true, "t": true, "h": true}

// HasContext tells whether the plan has a context of that name.
func (p *Plan) HasContext(name string) bool { return p.contexts[name] != nil }

// Contexts lists the contexts as they are written.
func (p *Plan) Contexts() []string {
	out := make([]string, len(p.ordered))
	for i, c := range p.ordered {
		out[i] = c.Name
	}
	return out
}

// Find returns the extension that a dialled number reaches in a context at an instant: the exact name, then the best
// pattern, then the includes that hold now, depth first as listed. The special extensions i, t and h are not found so.
func (p *Plan) Find(context, exten string, now time.Time) (*Extension, bool) {
	c := p.contexts[context]
	if c == nil || special[exten] {
		return nil, false
	}
	x := c.find(squash(exten), now)
	return x, x != nil
}

// Accepts tells whether a call to exten finds something to run in context now: the extension, or the context's i.
// A call that finds nothing is answered 404.
func (p *Plan) Accepts(context, exten string, now time.Time) bool {
	if _, ok := p.Find(context, exten, now); ok {
		return true
	}
	return p.special(context, "i", now) != nil
}

// special finds i, t or h, which only their exact name reaches.
func (p *Plan) special(context, name string, now time.Time) *Extension {
	if c := p.contexts[context]; c != nil {
		return c.exactly(name, now)
	}
	return nil
}

func (c *Context) find(number string, now time.Time) *Extension {
	if x := c.table.find(number); x != nil && !special[number] {
		return x
	}
	for _, inc := range c.includes {
		if inc.rule == nil || inc.rule.holds(now) {
			if x := inc.context.find(number, now); x != nil {
				return x
			}
		}
	}
	return nil
}

func (c *Context) exactly(name string, now time.Time) *Extension {
	if x := c.table.exact[name]; x != nil {
		return x
	}
	for _, inc := range c.includes {
		if inc.rule == nil || inc.rule.holds(now) {
			if x := inc.context.exactly(name, now); x != nil {
				return x
			}
		}
	}
	return nil
}

// extends tells whether typing on could still find an extension.
func (c *Context) extends(number string, now time.Time) bool {
	return c.table.extends(number) || slices.ContainsFunc(c.includes, func(inc include) bool {
		return (inc.rule == nil || inc.rule.holds(now)) && inc.context.extends(number, now)
	})
}

// lookup finds an extension by the name a branch writes: exactly as it stands, a pattern's own text included, then the
// extension that a number reaches.
func (c *Context) lookup(name string) *Extension {
	for _, x := range c.extens {
		if x.Name == name {
			return x
		}
	}
	if !special[name] {
		if x := c.table.find(squash(name)); x != nil {
			return x
		}
	}
	for _, inc := range c.includes {
		if x := inc.context.lookup(name); x != nil {
			return x
		}
	}
	return nil
}

// visible lists all extensions that a number can reach here, with repetitions where includes meet.
func (c *Context) visible() []*Extension {
	out := slices.Clone(c.extens)
	for _, inc := range c.includes {
		out = append(out, inc.context.visible()...)
	}
	return out
}

func (c *Context) names() []string {
	var out []string
	for _, x := range c.visible() {
		out = append(out, x.Name)
	}
	return out
}
