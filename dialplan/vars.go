package dialplan

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"ringway/config/diag"
	"ringway/config/expr"
)

// Variables have one type in a whole plan. It is found, not declared: from what set, gosub and globals assign, and from
// the applications that store text. Unset they are "", 0 or false.
//
// builtin are the variables of every call. Only language may be set.
func builtin() map[string]expr.Type {
	return map[string]expr.Type{
		"caller": expr.Object(map[string]expr.Type{
			"number": expr.String, "name": expr.String, "language": expr.String, "region": expr.String,
			"zone": expr.String, "customer": expr.String, "booking": expr.String, "priority": expr.Int,
		}),
		"call": expr.String, "kind": expr.String, "account": expr.String, "trunk": expr.String, "dialled": expr.String, "transferred": expr.Bool,
		"context": expr.String, "exten": expr.String, "digits": expr.String, "result": expr.String, "returned": expr.String,
		"language": expr.String,
	}
}

// assign is one assignment: name = template.
type assign struct {
	name  string
	value *expr.Template
	fixed *expr.Value // of a literal that is a number or a truth
}

// assignment is one that Load saw, before its type is known.
type assignment struct {
	name  diag.Text
	value diag.Node
	text  bool // an application stores text there
}

// variables infers the type of each variable and builds the environment of all expressions.
func (c *compiler) variables(globals []diag.Entry) {
	all := c.assignments(globals)
	vars := builtin()
	found := map[string]diag.Pos{}
	var sources []source
	open := slices.Clone(all)
	for progress := true; progress; {
		progress = false
		env := expr.NewEnv(vars)
		open = slices.DeleteFunc(open, func(a assignment) bool {
			k, reads, ok := c.kindOf(a, env)
			if ok {
				progress = true
				sources = append(sources, source{a.name.Value, reads})
				c.infer(a, k, vars, found)
			}
			return ok
		})
	}
	for _, a := range open { // its own expression is at fault and will say so when it is compiled
		if _, ok := vars[a.name.Value]; !ok && identifier(a.name.Value) {
			vars[a.name.Value] = expr.String
		}
	}
	c.findPersonal(sources)
	c.env = expr.NewEnv(vars)
	c.plan.zeros = expr.Vars{}
	base := builtin()
	for name, t := range vars {
		if _, ok := base[name]; !ok {
			c.plan.zeros[name] = t.Zero().Any()
		}
	}
	for _, g := range globals {
		if a, ok := c.assign(g); ok {
			c.plan.globals = append(c.plan.globals, a)
		}
	}
}

// infer notes the type of one assignment and compares it with the others of that name.
func (c *compiler) infer(a assignment, k expr.Kind, vars map[string]expr.Type, found map[string]diag.Pos) {
	name := a.name.Value
	if !identifier(name) {
		c.l.Errorf(a.name.Pos(), codeVariable, "use letters, digits and '_'", "'%s' cannot be a variable", name)
		return
	}
	if _, ok := builtin()[name]; ok && name != "language" && name != "digits" {
		c.l.Errorf(a.name.Pos(), codeVariable, "choose another name", "'%s' belongs to the call and cannot be set", name)
		return
	}
	t, ok := expr.TypeOf(k)
	if !ok {
		c.l.Errorf(a.name.Pos(), codeVariable, "", "a variable cannot hold %s", diag.Words(k))
		t = expr.String
	}
	if old, ok := vars[name]; ok && old.Kind() != t.Kind() {
		f := diag.Wrong(a.name.Pos(), codeVariable, "use string(…) or int(…), or two variables", "'%s' is set to %s here and to %s elsewhere",
			name, diag.Words(t.Kind()), diag.Words(old.Kind()))
		if p, ok := found[name]; ok {
			f.Related = []diag.Related{{Pos: p, Message: "set here"}}
		}
		c.l.Add(f)
		return
	}
	vars[name] = t
	if _, ok := found[name]; !ok {
		found[name] = a.name.Pos()
	}
}

// kindOf tries to find what is assigned, and from what; false means that it depends on a variable whose type is not known
// yet.
func (c *compiler) kindOf(a assignment, env *expr.Env) (expr.Kind, []expr.Read, bool) {
	if a.text {
		return expr.KindString, nil, true
	}
	if v, ok := fixed(a.value); ok {
		return kindOfFixed(v), nil, true
	}
	var scratch diag.List
	t, ok := expr.CompileTemplate(a.value.Text(), env, &scratch)
	if !ok {
		return "", nil, false
	}
	return t.Kind(), t.Reads(), true
}

// assignments collects all of them, in the order of the plan.
func (c *compiler) assignments(globals []diag.Entry) []assignment {
	var out []assignment
	for _, g := range globals {
		out = append(out, assignment{name: g.Key, value: g.Value})
	}
	for _, ctx := range c.plan.ordered {
		for _, x := range ctx.extens {
			for _, o := range x.ops {
				out = append(out, c.assignedBy(o)...)
			}
		}
	}
	return out
}

func (c *compiler) assignedBy(o *op) []assignment {
	var out []assignment
	if o.name == "gosub" && o.ast.arg.Kind() == diag.KindMapping {
		for _, e := range o.ast.arg.Mapping().Field("args").Mapping().Entries() {
			out = append(out, assignment{name: e.Key, value: e.Value})
		}
	}
	app := c.apps[o.name]
	if app == nil {
		return out
	}
	for _, arg := range app.Args {
		n := argOf(app, o.ast, arg.Name)
		switch {
		case arg.Type == VarsArg && n.Kind() == diag.KindMapping:
			for _, e := range n.Mapping().Entries() {
				out = append(out, assignment{name: e.Key, value: e.Value})
			}
		case arg.Type == VarArg && n.Present():
			out = append(out, assignment{name: n.Text(), text: true})
		}
	}
	return out
}

// assign compiles one assignment.
func (c *compiler) assign(e diag.Entry) (assign, bool) {
	if v, ok := fixed(e.Value); ok {
		return assign{name: e.Name(), fixed: &v}, true
	}
	t, ok := expr.CompileTemplate(e.Value.Text(), c.env, c.l)
	return assign{name: e.Name(), value: t}, ok
}

// fixed reads a plain whole number or truth. Numbers that begin with 0 or + are text, as telephone numbers are.
func fixed(n diag.Node) (expr.Value, bool) {
	if n.Kind() != diag.KindScalar || n.Quoted() {
		return expr.Value{}, false
	}
	s := n.Text().Value
	if s == "true" || s == "false" {
		return expr.ValueOf(s == "true"), true
	}
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || len(digits) > 15 || digits[0] == '0' && digits != "0" || strings.Trim(digits, "0123456789") != "" {
		return expr.Value{}, false
	}
	v, err := strconv.Atoi(s)
	return expr.ValueOf(v), err == nil
}

func kindOfFixed(v expr.Value) expr.Kind {
	if _, ok := v.Any().(bool); ok {
		return expr.KindBool
	}
	return expr.KindInt
}

func identifier(s string) bool {
	for i, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != "" && len(s) <= 64 && !slices.Contains([]string{"true", "false", "nil", "and", "or", "not", "in", "let", "if", "else", "matches", "contains"}, s)
}

// seed is the variables of a call as it begins.
func (p *Plan) seed(info Info) expr.Vars {
	v := make(expr.Vars, len(p.zeros)+12)
	maps.Copy(v, p.zeros)
	c := info.Claims
	name := info.CallerName
	if c.Name != "" {
		name = c.Name
	}
	v["caller"] = map[string]any{"number": info.CallerNumber, "name": name, "language": c.Language, "region": c.Region, "zone": c.Zone,
		"customer": c.Customer, "booking": c.Booking, "priority": int(c.Priority.Seconds())}
	v["call"], v["kind"], v["account"], v["trunk"] = info.Call, string(info.Kind), info.Account, info.Trunk
	v["dialled"], v["transferred"] = info.Dialled, info.ByTransfer
	v["context"], v["exten"], v["digits"], v["result"], v["returned"] = info.Context, info.Dialled, "", "", ""
	v["language"] = c.Language
	return v
}
