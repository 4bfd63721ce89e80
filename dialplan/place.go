package dialplan

import (
	"slices"
	"strings"

	"ringway/config/diag"
	"ringway/config/expr"
)

// String is the shortest form that names the place in full: "context,exten,label" or "context,exten".
func (p Place) String() string {
	if p.Label == "" {
		return p.Context + "," + p.Exten
	}
	return p.Context + "," + p.Exten + "," + p.Label
}

// dest is where a branch goes: a step known since Load, or an extension looked up when the call gets there.
type dest struct {
	ext     *Extension
	at      int
	place   Place
	context *Context       // of a dynamic destination
	exten   *expr.Template // likewise: its value is only ever looked up
	back    *place         // of a return
	pos     diag.Pos
}

// readDest compiles a place seen from extension x:
//
//	"label"   "exten,label"   "context,exten,label"   {context: …, exten: "${digits}", label: …}
//
// An extension alone is written {exten: 700} or "context,700,"; only exten may hold ${…}.
func (c *compiler) readDest(n diag.Node, x *Extension) *dest {
	context, exten := diag.TextAt(n.Pos(), x.Context), diag.TextAt(n.Pos(), x.Name)
	var label diag.Text
	switch n.Kind() {
	case diag.KindMapping:
		m := n.Mapping()
		if f := m.Field("context"); f.Present() {
			context, exten = f.Text(), diag.TextAt(f.Pos(), "s")
		}
		if f := m.Field("exten"); f.Present() {
			exten = f.Text()
		}
		label = m.Field("label").Text()
		m.Done()
	case diag.KindScalar:
		parts := splitPlace(n.Text())
		switch len(parts) {
		case 1:
			label = parts[0]
		case 2:
			exten, label = parts[0], parts[1]
		case 3:
			context, exten, label = parts[0], parts[1], parts[2]
		default:
			n.Errorf(codePlace, "write label, exten,label or context,exten,label", "'%s' has too many parts", n.Text().Value)
			return nil
		}
	default:
		n.Errorf(codePlace, "write label, exten,label or context,exten,label", "a place is missing")
		return nil
	}
	return c.resolve(n.Pos(), context, exten, label)
}

// splitPlace cuts at commas outside ${…}.
func splitPlace(t diag.Text) []diag.Text {
	var out []diag.Text
	start, depth := 0, 0
	for i := 0; i < len(t.Value); i++ {
		switch c := t.Value[i]; {
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == ',' && depth == 0:
			out, start = append(out, t.Slice(start, i).TrimSpace()), i+1
		}
	}
	return append(out, t.Slice(start, len(t.Value)).TrimSpace())
}

func (c *compiler) resolve(pos diag.Pos, context, exten, label diag.Text) *dest {
	ctx := c.plan.contexts[context.Value]
	if ctx == nil {
		c.l.Errorf(context.Pos(), codePlace, diag.Suggest(context.Value, c.contextNames), "there is no context '%s'", context.Value)
		return nil
	}
	if strings.Contains(exten.Value, "${") {
		t, ok := expr.CompileTemplate(exten, c.env, c.l)
		if label.Value != "" {
			c.l.Errorf(label.Pos(), codePlace, "leave the label out", "an extension that is found during the call has no known labels")
		}
		if !ok {
			return nil
		}
		return &dest{context: ctx, exten: t, place: Place{Context: context.Value, Exten: exten.Value}, pos: pos}
	}
	x := ctx.lookup(exten.Value)
	if x == nil {
		c.l.Errorf(exten.Pos(), codePlace, diag.Suggest(exten.Value, ctx.names()), "there is no extension '%s' in context '%s'", exten.Value, context.Value)
		return nil
	}
	d := &dest{ext: x, place: Place{Context: context.Value, Exten: x.Name, Label: label.Value}, pos: pos}
	if label.Value == "" {
		return d
	}
	at, ok := x.labels[label.Value]
	if !ok {
		hint := diag.Suggest(label.Value, x.labelNames())
		if hint == "" && ctx.lookup(label.Value) != nil {
			hint = "to go to the extension write {exten: " + label.Value + "}"
		}
		c.l.Errorf(label.Pos(), codePlace, hint, "there is no label '%s' in extension '%s' of context '%s'", label.Value, x.Name, x.Context)
		return nil
	}
	d.at = at
	return d
}

func (x *Extension) labelNames() []string {
	out := make([]string, 0, len(x.labels))
	for l := range x.labels {
		out = append(out, l)
	}
	slices.Sort(out)
	return out
}
