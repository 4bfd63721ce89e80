package dialplan

import (
	"slices"
	"strings"
	"time"

	"ringway/config/diag"
	"ringway/config/expr"
)

// Args are the arguments of one step while it is compiled. Getters report a value of the wrong kind; Prepare goes on with
// what they return even then, since a plan with errors never runs.
type Args struct {
	c      *compiler
	app    *App
	pos    diag.Pos
	fields map[string]diag.Node
}

// argOf finds one argument of a step in any of the forms it may be written in:
//
//	playback: welcome                    the main argument
//	playback: [hello, welcome]           likewise
//	playback: {files: welcome}           by name
//	set: {lang: ja}                      a mapping that is the main argument itself
func argOf(app *App, s *astStep, name string) diag.Node {
	if mainIsMapping(app) || s.arg.Kind() != diag.KindMapping {
		if app.Main == name {
			return s.arg
		}
		return diag.Node{}
	}
	return s.arg.Mapping().Field(name)
}

func mainIsMapping(app *App) bool {
	return slices.ContainsFunc(app.Args, func(a Arg) bool {
		return a.Name == app.Main && (a.Type == VarsArg || a.Type == FieldsArg || a.Type == LevelsArg)
	})
}

// args checks the names of the arguments and hands them to Prepare.
func (c *compiler) args(app *App, s *astStep) *Args {
	a := &Args{c: c, app: app, pos: s.pos, fields: map[string]diag.Node{}}
	switch {
	case s.arg.Kind() == diag.KindAbsent:
	case s.arg.Kind() == diag.KindMapping && !mainIsMapping(app):
		m := s.arg.Mapping()
		for _, arg := range app.Args {
			if n := m.Field(arg.Name); n.Present() {
				a.fields[arg.Name] = n
			}
		}
		m.Done()
	case app.Main == "":
		c.l.Errorf(s.arg.Pos(), codeArg, "", "'%s' takes no argument", app.Name)
	default:
		a.fields[app.Main] = s.arg
	}
	for _, arg := range app.Args {
		if _, ok := a.fields[arg.Name]; arg.Required && !ok {
			c.l.Errorf(s.pos, codeArg, "", "'%s' needs '%s': %s", app.Name, arg.Name, arg.Doc)
		}
	}
	return a
}

func (a *Args) arg(name string) Arg {
	for _, g := range a.app.Args {
		if g.Name == name {
			return g
		}
	}
	return Arg{Name: name}
}

// Pos is where the step stands.
func (a *Args) Pos() diag.Pos { return a.pos }

// Has tells whether an argument is written.
func (a *Args) Has(name string) bool { return a.fields[name].Present() }

// Errorf adds a finding at an argument, or at the step when it is not written.
func (a *Args) Errorf(name, hint, format string, args ...any) {
	pos := a.pos
	if n, ok := a.fields[name]; ok {
		pos = n.Pos()
	}
	a.c.l.Errorf(pos, codeArg, hint, format, args...)
}

// Text returns a text that may contain ${…}; the argument's default when it is not written.
func (a *Args) Text(name string) *expr.Template {
	return a.template(a.text(name))
}

func (a *Args) text(name string) diag.Text {
	if n, ok := a.fields[name]; ok {
		return n.Text()
	}
	return diag.TextAt(a.pos, a.arg(name).Default)
}

func (a *Args) template(t diag.Text) *expr.Template {
	out, ok := expr.CompileTemplate(t, a.c.env, a.c.l)
	if !ok {
		out, _ = expr.CompileTemplate(diag.TextAt(a.pos, ""), a.c.env, a.c.l)
	}
	return out
}

// Word returns a fixed word; ${…} in it is a finding.
func (a *Args) Word(name string) string {
	t := a.text(name)
	if strings.Contains(t.Value, "${") {
		a.c.l.Errorf(t.Pos(), codeInjection, "write the word itself", "'%s' of '%s' must be fixed", name, a.app.Name)
		return ""
	}
	return t.Value
}

// OneOf returns one of the allowed words.
func (a *Args) OneOf(name string, allowed ...string) string {
	return a.fields[name].OneOf(a.arg(name).Default, allowed...)
}

// Duration returns a fixed span.
func (a *Args) Duration(name string) time.Duration {
	def, _ := diag.ParseDuration(a.arg(name).Default)
	return a.fields[name].Duration(def)
}

// Bool returns a fixed yes or no.
func (a *Args) Bool(name string) bool { return a.fields[name].Bool(a.arg(name).Default == "true") }

// Int returns a fixed whole number between bounds.
func (a *Args) Int(name string, low, high int) int {
	def := 0
	for _, r := range a.arg(name).Default {
		def = def*10 + int(r-'0')
	}
	return a.fields[name].IntBetween(def, low, high)
}

// Prompts returns prompt names. Fixed ones are checked against the prompts that exist.
func (a *Args) Prompts(name string) []*expr.Template {
	var out []*expr.Template
	for _, n := range a.fields[name].Items() {
		out = append(out, a.known(n.Text(), "prompt", a.c.o.Prompts))
	}
	return out
}

// Music returns the name of music or of a prompt; "" is the queue's or the default.
func (a *Args) Music(name string) *expr.Template {
	return a.known(a.text(name), "music or prompt", both(a.c.o.Music, a.c.o.Prompts))
}

// Queue returns a queue's name or number.
func (a *Args) Queue(name string) *expr.Template {
	return a.known(a.text(name), "queue", a.c.o.Queues)
}

// Trunk returns a trunk: always a fixed word, so that no caller chooses whom to pay.
func (a *Args) Trunk(name string) string {
	w := a.Word(name)
	if w != "" {
		a.known(a.text(name), "trunk", a.c.o.Trunks)
	}
	return w
}

// Accounts returns accounts to ring. A name that is only known during the call is looked up and nothing else.
func (a *Args) Accounts(name string) []*expr.Template {
	var out []*expr.Template
	for _, n := range a.fields[name].Items() {
		out = append(out, a.known(n.Text(), "account", a.c.o.Accounts))
	}
	return out
}

func both(a, b []string) []string {
	if a == nil || b == nil {
		return nil
	}
	return slices.Concat(a, b)
}

// known compiles a name and checks it when it is fixed. No list means that nothing can be checked.
func (a *Args) known(t diag.Text, what string, names []string) *expr.Template {
	out := a.template(t)
	if s, fixed := out.Static(); fixed && s != "" && names != nil && !slices.Contains(names, s) {
		a.c.l.Errorf(t.Pos(), codeReference, diag.Suggest(s, names), "unknown %s '%s'", diag.Words(what), s)
	}
	return out
}

// Field is one named text of a mapping.
type Field struct {
	Name  string
	Value *expr.Template
}

// Fields returns a mapping of names to texts, in the order in which it is written.
func (a *Args) Fields(name string) []Field {
	var out []Field
	for _, e := range a.fields[name].Mapping().Entries() {
		out = append(out, Field{e.Name(), a.template(e.Value.Text())})
	}
	return out
}

// Levels returns a mapping of names to levels from 1 to 5.
func (a *Args) Levels(name string) map[string]int {
	out := map[string]int{}
	for _, e := range a.fields[name].Mapping().Entries() {
		out[e.Name()] = e.Value.IntBetween(1, 1, 5)
	}
	return out
}

// Variable returns the name of a variable that the application stores text in.
func (a *Args) Variable(name string) string { return a.text(name).Value }

// Assignments returns the variables to set.
func (a *Args) Assignments(name string) []Assignment {
	var out []Assignment
	for _, e := range a.fields[name].Mapping().Entries() {
		if as, ok := a.c.assign(e); ok {
			out = append(out, Assignment{as})
		}
	}
	return out
}

// Assignment is one variable and what it is set to.
type Assignment struct{ a assign }

// Name is the variable's.
func (a Assignment) Name() string { return a.a.name }
