package schema

import (
	"ringway/dialplan"
	"ringway/dialplan/apps"
)

// step is where steps refer to each other.
const step = "#/$defs/step"

func dialplanFile(n Names) *Schema {
	include := &Schema{AnyOf: []*Schema{text().offer(n.Contexts), object(merge(timeFields(), map[string]*Schema{"context": text().offer(n.Contexts)}), "context")}}
	context := object(map[string]*Schema{
		"include":    list(include).doc("contexts that are searched next"),
		"extensions": named(steps()).doc("a number, a name or a _PATTERN → its steps"),
	})
	return object(map[string]*Schema{
		"globals":  named(&Schema{}).doc("variables set when a call begins"),
		"contexts": named(context).doc("named groups of extensions"),
	}).with("step", stepSchema(n))
}

func steps() *Schema { return list(&Schema{Ref: step}) }

func merge(a, b map[string]*Schema) map[string]*Schema {
	for k, v := range b {
		a[k] = v
	}
	return a
}

// timeFields are those of a time rule.
func timeFields() map[string]*Schema {
	return map[string]*Schema{"hours": list(text()).doc("09:00-18:00"), "days": list(text()).doc("mon-fri"), "monthdays": list(text()).doc("1-15"),
		"months": list(text()).doc("nov-feb"), "dates": list(text()).doc("2026-12-25"), "zone": text().doc("IANA time zone")}
}

// place is where a branch goes.
func place(n Names) *Schema {
	return &Schema{AnyOf: []*Schema{text(), object(map[string]*Schema{"context": text().offer(n.Contexts), "exten": text(), "label": text()})}}
}

// stepSchema is the name of an application, or a mapping with one application and what belongs to every step.
func stepSchema(n Names) *Schema {
	fields := map[string]*Schema{
		"label": text().doc("a name to go to"), "when": text().doc("a condition without which the step is skipped"),
		"if": text().doc("a condition"), "then": steps(), "else": steps(),
		"goto":    place(n),
		"goto_if": object(map[string]*Schema{"when": text(), "then": place(n), "else": place(n)}, "when"),
		"goto_if_time": object(merge(timeFields(), map[string]*Schema{
			"then": place(n), "else": place(n)})),
		"gosub": {AnyOf: []*Schema{place(n), object(map[string]*Schema{"to": place(n), "args": named(&Schema{})}, "to")}},
	}
	fields["return"] = text()
	for _, c := range dialplan.Controls() {
		if f := fields[c.Name]; f != nil {
			f.doc(c.Doc)
		}
	}
	results := map[string]*Schema{}
	var alone []string
	for _, a := range apps.All() {
		fields[a.Name] = application(a, n)
		alone = append(alone, a.Name)
		for _, r := range a.Results {
			results[r] = place(n)
		}
	}
	fields["on"] = object(results).doc("where to go on, by result")
	return &Schema{AnyOf: []*Schema{{Enum: anys(append(alone, "return"))}, {Type: "object", Properties: fields, Additional: false}}}
}

// application is its main argument, or a mapping of its arguments.
func application(a dialplan.App, n Names) *Schema {
	fields := map[string]*Schema{}
	var main *Schema
	var required []string
	for _, arg := range a.Args {
		s := argument(a.Name, arg, n).doc(arg.Doc)
		if arg.Default != "" {
			s.Default = arg.Default
		}
		fields[arg.Name] = s
		if arg.Name == a.Main {
			main = s
		}
		if arg.Required {
			required = append(required, arg.Name)
		}
	}
	switch {
	case main == nil && len(fields) == 0:
		return (&Schema{Type: "null"}).doc(a.Doc)
	case main == nil:
		return object(fields, required...).doc(a.Doc)
	case main.Additional != nil:
		return (&Schema{AnyOf: []*Schema{main}}).doc(a.Doc)
	}
	return (&Schema{AnyOf: []*Schema{main, object(fields, required...)}}).doc(a.Doc)
}

// fixed are the words that an argument takes, by "application.argument".
var fixed = map[string][]string{
	"hangup.cause": {"normal", "busy", "congestion", "unallocated", "rejected"},
	"queue.answer": {"first", "on_connect"},
}

func argument(app string, a dialplan.Arg, n Names) *Schema {
	if w := fixed[app+"."+a.Name]; w != nil {
		return oneOf("", w...)
	}
	switch a.Type {
	case dialplan.NumberArg:
		return text()
	case dialplan.DurationArg:
		return duration("")
	case dialplan.YesNoArg:
		return boolean()
	case dialplan.PromptsArg:
		return list(text().offer(n.Prompts))
	case dialplan.QueueArg:
		return text().offer(n.Queues)
	case dialplan.TrunkArg:
		return text().offer(n.Trunks)
	case dialplan.AccountsArg:
		return list(text().offer(n.Accounts))
	case dialplan.FieldsArg:
		return named(text())
	case dialplan.LevelsArg:
		return named(whole(1, 5))
	case dialplan.VarsArg:
		return named(&Schema{})
	}
	return text()
}
