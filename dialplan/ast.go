package dialplan

import (
	"ringway/config/diag"
)

// The syntax tree: the administrator's text with its places, before anything is resolved.
//
//	ast ─ contexts ─ includes
//	               └ extensions ─ steps ─ (application, argument, when, label, on) | (if, then, else)

type astContext struct {
	name     diag.Text
	includes []astInclude
	extens   []*Extension
}

type astInclude struct {
	context diag.Text
	rule    diag.Node // the mapping that holds a time rule; absent for a plain include
	fields  *diag.Mapping
}

// astStep is one step. Exactly one of app and cond is set.
type astStep struct {
	pos   diag.Pos
	label diag.Text
	when  diag.Node
	on    []diag.Entry
	app   diag.Text // name of the application
	arg   diag.Node // its argument
	cond  diag.Node // of an if
	then  []astStep
	els   []astStep
}

// parser reads files into contexts.
type parser struct {
	l        *diag.List
	contexts []*astContext
	byName   map[string]*astContext
	globals  []diag.Entry
	depth    int
	sound    bool // every file could be read
}

func (p *parser) file(f File) {
	root, ok := diag.ParseYAML(f.Name, f.Data, p.l)
	if !ok {
		return
	}
	top := root.Mapping()
	p.globals = append(p.globals, top.Field("globals").Mapping().Entries()...)
	for _, e := range top.Field("contexts").Mapping().Entries() {
		p.context(e)
	}
	top.Done()
}

func (p *parser) context(e diag.Entry) {
	if old := p.byName[e.Name()]; old != nil {
		f := diag.Wrong(e.Pos(), codeTwice, "put its extensions together, or include one in the other", "context '%s' is defined twice", e.Name())
		f.Related = []diag.Related{{Pos: old.name.Pos(), Message: "first here"}}
		p.l.Add(f)
		return
	}
	if !validName(e.Name()) {
		p.l.Errorf(e.Pos(), codeName, "use letters, digits, '-', '_' and '.'", "'%s' cannot be the name of a context", e.Name())
	}
	c := &astContext{name: e.Key}
	p.byName[e.Name()] = c
	p.contexts = append(p.contexts, c)
	m := e.Value.Mapping()
	for _, n := range m.Field("include").Items() {
		c.includes = append(c.includes, p.include(n))
	}
	for _, x := range m.Field("extensions").Mapping().Entries() {
		p.extension(c, x)
	}
	m.Done()
}

func (p *parser) include(n diag.Node) astInclude {
	if n.Kind() != diag.KindMapping {
		return astInclude{context: n.Text()}
	}
	m := n.Mapping()
	return astInclude{context: m.Require("context").Text(), rule: n, fields: m}
}

func (p *parser) extension(c *astContext, e diag.Entry) {
	x := &Extension{Context: c.name.Value, Name: e.Name(), Pos: e.Pos(), labels: map[string]int{}}
	if isPattern(x.Name) {
		pat, err := parsePattern(x.Name)
		if err != nil {
			p.l.Errorf(e.Key.Slice(err.at, len(x.Name)).Pos(), codePattern, "", err.format, append([]any{x.Name}, err.args...)...)
			return
		}
		x.pattern = pat
	} else if !validName(squash(x.Name)) {
		p.l.Errorf(e.Pos(), codeName, "use letters, digits and + * # - _ .", "'%s' cannot be an extension", x.Name)
		return
	} else {
		x.pattern = literal(x.Name)
	}
	x.ast = p.steps(e.Value.Items())
	if len(x.ast) == 0 {
		p.l.Errorf(e.Pos(), codeEmpty, "write at least 'hangup'", "extension '%s' has no steps", x.Name)
	}
	c.extens = append(c.extens, x)
}

// validName keeps names printable and free of what separates places.
func validName(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.' && r != '+' && r != '*' && r != '#' {
			return false
		}
	}
	return s != "" && len(s) <= 80
}

func (p *parser) steps(items []diag.Node) []astStep {
	const deepest = 20
	if len(items) > 0 && p.depth >= deepest {
		p.l.Errorf(items[0].Pos(), codeStep, "use a label or a gosub", "if inside if, more than %d deep", deepest)
		return nil
	}
	p.depth++
	out := make([]astStep, 0, len(items))
	for _, n := range items {
		if s, ok := p.step(n); ok {
			out = append(out, s)
		}
	}
	p.depth--
	return out
}

func (p *parser) step(n diag.Node) (astStep, bool) {
	s := astStep{pos: n.Pos()}
	switch n.Kind() {
	case diag.KindScalar:
		s.app = n.Text()
		return s, true
	case diag.KindMapping:
	default:
		n.Errorf(codeStep, "a step is 'answer' or 'playback: welcome'", "this is no step")
		return s, false
	}
	m := n.Mapping()
	s.label, s.when = m.Field("label").Text(), m.Field("when")
	if on := m.Field("on"); on.Present() {
		s.on = on.Mapping().Entries()
	}
	if cond, ok := m.Entry("if"); ok {
		s.pos, s.cond, s.app = cond.Pos(), cond.Value, cond.Key
		s.then, s.els = p.steps(m.Field("then").Items()), p.steps(m.Field("else").Items())
		if s.cond.Kind() == diag.KindAbsent {
			p.l.Errorf(cond.Pos(), codeStep, "", "an if without a condition")
			return s, false
		}
		m.Done()
		return s, true
	}
	rest := m.Rest()
	switch {
	case len(rest) == 0:
		n.Errorf(codeStep, "", "a step without an application")
		return s, false
	case len(rest) > 1:
		f := diag.Wrong(rest[1].Pos(), codeStep, "begin it with '- ' as a step of its own, or indent it as an argument", "a second application '%s' in one step", rest[1].Name())
		f.Related = []diag.Related{{Pos: rest[0].Pos(), Message: "the first one"}}
		p.l.Add(f)
	}
	s.pos, s.app, s.arg = rest[0].Pos(), rest[0].Key, rest[0].Value
	return s, true
}
