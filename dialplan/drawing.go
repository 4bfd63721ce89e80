package dialplan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ringway/config/diag"
)

// Drawing is a Plan as nodes and edges, to be drawn. Identifiers hold as long as the files do.
type Drawing struct {
	Contexts   []DrawnContext
	Extensions []DrawnExtension
	Edges      []Edge
}

// DrawnContext is one context.
type DrawnContext struct {
	ID, Name string
	Pos      diag.Pos
}

// DrawnExtension is one extension with its steps in the order in which they are written.
type DrawnExtension struct {
	ID, Context, Name string
	Kind              ExtensionKind
	Pos               diag.Pos
	Steps             []DrawnStep
}

// DrawnStep is one step.
type DrawnStep struct {
	ID, Name, Text, Label, When string
	Depth                       int // inside so many ifs
	Pos                         diag.Pos
}

// ExtensionKind says how an extension is reached.
type ExtensionKind string

// Kinds of extension.
const (
	NumberExtension  ExtensionKind = "number"  // by its name
	PatternExtension ExtensionKind = "pattern" // by what matches it
	SpecialExtension ExtensionKind = "special" // by what happens: i, t, h
)

// Edge is one way from a node to another.
type Edge struct {
	From, To string
	Kind     EdgeKind
	Label    string
}

// EdgeKind says why a way is taken.
type EdgeKind string

// Kinds of edge.
const (
	IncludeEdge EdgeKind = "include" // context → context
	NextEdge    EdgeKind = "next"    // the step after
	BranchEdge  EdgeKind = "branch"  // then and else
	GotoEdge    EdgeKind = "goto"
	GosubEdge   EdgeKind = "gosub"
	TypedEdge   EdgeKind = "typed"  // what the caller types leads to an extension of the context
	ResultEdge  EdgeKind = "result" // on: of an application
)

// Draw makes a drawing of the plan.
func (p *Plan) Draw() Drawing {
	var d Drawing
	for _, ctx := range p.ordered {
		d.Contexts = append(d.Contexts, DrawnContext{contextID(ctx.Name), ctx.Name, ctx.Pos})
		for _, inc := range ctx.includes {
			label := ""
			if inc.rule != nil {
				label = inc.rule.String()
			}
			d.Edges = append(d.Edges, Edge{contextID(ctx.Name), contextID(inc.context.Name), IncludeEdge, label})
		}
		for _, x := range ctx.extens {
			d.Extensions = append(d.Extensions, drawExtension(x))
			for i, o := range x.ops {
				d.draw(x, i, o)
			}
		}
	}
	return d
}

func contextID(name string) string { return "context " + name }

func extensionID(x *Extension) string { return "extension " + x.Context + "," + x.Name }

func stepID(x *Extension, i int) string { return fmt.Sprintf("step %s,%s,%d", x.Context, x.Name, i+1) }

func drawExtension(x *Extension) DrawnExtension {
	out := DrawnExtension{ID: extensionID(x), Context: x.Context, Name: x.Name, Kind: NumberExtension, Pos: x.Pos}
	switch {
	case special[x.Name]:
		out.Kind = SpecialExtension
	case isPattern(x.Name):
		out.Kind = PatternExtension
	}
	for i, o := range x.ops {
		s := DrawnStep{ID: stepID(x, i), Name: o.name, Text: o.text, Label: o.label, Depth: o.depth, Pos: o.pos}
		if o.when != nil {
			s.When = o.when.Source()
		}
		out.Steps = append(out.Steps, s)
	}
	return out
}

// draw draws the ways that lead from one step.
func (d *Drawing) draw(x *Extension, i int, o *op) {
	from, falls := stepID(x, i), true
	to := func(kind EdgeKind, label string, t *dest) {
		if t != nil {
			d.Edges = append(d.Edges, Edge{from, t.id(), kind, label})
		}
	}
	switch f := o.flow.(type) {
	case *ifFlow:
		falls = false
		d.within(x, from, "then", o.then)
		d.within(x, from, "else", o.els)
	case *gotoFlow:
		falls = false
		to(GotoEdge, "", f.to)
	case *gotoIfFlow:
		falls = f.then == nil || f.els == nil
		to(BranchEdge, "then", f.then)
		to(BranchEdge, "else", f.els)
	case *gotoIfTimeFlow:
		falls = f.then == nil || f.els == nil
		to(BranchEdge, f.rule.String(), f.then)
		to(BranchEdge, "else", f.els)
	case *gosubFlow:
		to(GosubEdge, "", f.to)
	case *returnFlow:
		falls = false
	default:
		falls = !o.app.Ends
		for _, result := range slices.Sorted(maps.Keys(o.on)) {
			to(ResultEdge, result, o.on[result])
		}
		if o.app.Types {
			d.Edges = append(d.Edges, Edge{from, contextID(x.Context), TypedEdge, "what is typed"})
		}
	}
	if falls || o.when != nil {
		d.next(x, from, o.next)
	}
}

// within draws a way inside an extension.
func (d *Drawing) within(x *Extension, from, label string, at int) {
	if at < len(x.ops) {
		d.Edges = append(d.Edges, Edge{from, stepID(x, at), BranchEdge, label})
	}
}

func (d *Drawing) next(x *Extension, from string, at int) {
	if at < len(x.ops) {
		d.Edges = append(d.Edges, Edge{from, stepID(x, at), NextEdge, ""})
	}
}

// id is the node that a destination names: a step where it has a label, else the extension; where the extension is found
// during the call, its context.
func (t *dest) id() string {
	switch {
	case t.exten != nil:
		return contextID(t.context.Name)
	case t.at > 0 && t.at < len(t.ext.ops):
		return stepID(t.ext, t.at)
	}
	return extensionID(t.ext)
}

// maxStepText is how much of a step is told.
const maxStepText = 200

// text is what a step is given, on one line.
func (s astStep) text() string {
	n := s.arg
	if s.cond.Present() {
		n = s.cond
	}
	r := []rune(strings.Join(strings.Fields(argText(n, 0)), " "))
	if len(r) > maxStepText {
		return string(r[:maxStepText]) + "…"
	}
	return string(r)
}

func argText(n diag.Node, depth int) string {
	const deepest = 6
	if depth > deepest {
		return "…"
	}
	switch n.Kind() {
	case diag.KindScalar:
		return n.Text().Value
	case diag.KindList:
		var parts []string
		for _, i := range n.Items() {
			parts = append(parts, argText(i, depth+1))
		}
		return strings.Join(parts, ", ")
	case diag.KindMapping:
		var parts []string
		for _, e := range n.Mapping().Entries() {
			parts = append(parts, e.Name()+": "+argText(e.Value, depth+1))
		}
		return strings.Join(parts, ", ")
	}
	return ""
}
