package dialplan

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"ringway/config/diag"
	"ringway/config/expr"
)

// File is one YAML file of the dialplan folder.
type File struct {
	Name string // as findings and traces name it
	Data []byte
}

// LoadOptions says what a dialplan may name. A nil list is not checked against; an empty one knows nothing.
type LoadOptions struct {
	Apps     []App
	Prompts  []string
	Music    []string
	Queues   []string // names and numbers
	Trunks   []string
	Accounts []string
	Entries  []string       // contexts that accounts, app domains and trunks begin in
	Zone     *time.Location // of time rules that name none; nil is UTC
}

// Load compiles the files of a dialplan folder, sorted by name. All findings of all files go to l; with errors among
// them the Plan is nil.
func Load(files []File, o LoadOptions, l *diag.List) *Plan {
	before := l.Errors()
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	p := &parser{l: l, byName: map[string]*astContext{}}
	for _, f := range files {
		p.file(f)
	}
	p.sound = l.Errors() == before
	c := newCompiler(o, l)
	c.plan.Version = version(files)
	c.declare(p)
	c.include(p)
	c.variables(p.globals)
	c.lost = l.Errors() > before
	c.steps()
	c.check()
	if l.Errors() > before {
		return nil
	}
	c.release()
	return c.plan
}

// version hashes names and contents, each with its length, so that no two sets of files share one.
func version(files []File) string {
	h := sha256.New()
	for _, f := range files {
		for _, b := range [][]byte{[]byte(f.Name), f.Data} {
			h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
			h.Write(b)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// compiler resolves the syntax tree into a Plan.
type compiler struct {
	o            LoadOptions
	l            *diag.List
	plan         *Plan
	env          *expr.Env
	apps         map[string]*App
	appNames     []string
	contextNames []string
	lost         bool            // something with an error in it may lead anywhere
	personal     map[string]bool // variables that hold a caller's name or number
}

func newCompiler(o LoadOptions, l *diag.List) *compiler {
	c := &compiler{o: o, l: l, apps: map[string]*App{}, plan: &Plan{contexts: map[string]*Context{}}}
	for i := range o.Apps {
		c.apps[o.Apps[i].Name] = &o.Apps[i]
		c.appNames = append(c.appNames, o.Apps[i].Name)
	}
	for _, k := range controls {
		c.appNames = append(c.appNames, k.name)
	}
	return c
}

// declare enters contexts, extensions and labels, so that everything can be named from everywhere.
func (c *compiler) declare(p *parser) {
	for _, a := range p.contexts {
		ctx := &Context{Name: a.name.Value, Pos: a.name.Pos(), table: newTable()}
		c.plan.contexts[ctx.Name] = ctx
		c.plan.ordered = append(c.plan.ordered, ctx)
		c.contextNames = append(c.contextNames, ctx.Name)
		for _, x := range a.extens {
			if old := ctx.table.add(x); old != nil {
				f := diag.Wrong(x.Pos, codeTwice, "", "extension '%s' matches the same as '%s'", x.Name, old.Name)
				f.Related = []diag.Related{{Pos: old.Pos, Message: "defined here"}}
				c.l.Add(f)
				continue
			}
			ctx.extens = append(ctx.extens, x)
			c.lay(x)
		}
	}
	for _, name := range c.o.Entries {
		if c.plan.contexts[name] == nil && p.sound {
			c.l.Errorf(diag.Pos{}, codeEntry, diag.Suggest(name, c.contextNames), "calls are to begin in context '%s', which no file defines", name)
		}
	}
}

// include resolves the includes and refuses circles.
func (c *compiler) include(p *parser) {
	for _, a := range p.contexts {
		ctx := c.plan.contexts[a.name.Value]
		for _, i := range a.includes {
			inc := include{context: c.plan.contexts[i.context.Value], pos: i.context.Pos()}
			if i.fields != nil {
				if r := readTimeRule(i.fields, c.o.Zone); !r.always() {
					inc.rule = r
				}
				i.fields.Done()
			}
			if inc.context == nil {
				c.l.Errorf(inc.pos, codeInclude, diag.Suggest(i.context.Value, c.contextNames), "there is no context '%s' to include", i.context.Value)
				continue
			}
			if inc.context.reaches(ctx, map[*Context]bool{}) {
				c.l.Errorf(inc.pos, codeInclude, "", "context '%s' would include itself", ctx.Name)
				continue
			}
			ctx.includes = append(ctx.includes, inc)
		}
	}
	ways := map[*Context]int{}
	for _, ctx := range c.plan.ordered {
		if n := ctx.ways(ways); n > maxWays && len(ctx.includes) > 0 {
			c.l.Errorf(ctx.includes[0].pos, codeInclude, "include each context once", "context '%s' reaches others by more than %d ways", ctx.Name, maxWays)
			ctx.includes = nil
			ways[ctx] = 1
		}
	}
}

// maxWays bounds the contexts that one search may visit, those met by several ways counted each time.
const maxWays = 1000

// ways counts them, below and with c; counts are kept in known.
func (c *Context) ways(known map[*Context]int) int {
	if n, ok := known[c]; ok {
		return n
	}
	n := 1
	for _, inc := range c.includes {
		n = min(n+inc.context.ways(known), 1<<30)
	}
	known[c] = n
	return n
}

func (c *Context) reaches(goal *Context, seen map[*Context]bool) bool {
	if c == goal {
		return true
	}
	seen[c] = true
	return slices.ContainsFunc(c.includes, func(i include) bool { return !seen[i.context] && i.context.reaches(goal, seen) })
}

// release drops what only compiling needed.
func (c *compiler) release() {
	for _, ctx := range c.plan.ordered {
		for _, x := range ctx.extens {
			x.ast = nil
			for _, o := range x.ops {
				o.ast = nil
			}
		}
	}
}
