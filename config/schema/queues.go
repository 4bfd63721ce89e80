package schema

import "ringway/acd"

func queues(n Names) *Schema {
	second := choice(nil)
	return object(map[string]*Schema{
		"queues":        named(queue(n)).doc("who waits, who may help, and how the search widens"),
		"pause_reasons": sequence(choice(nil)).doc("why agents pause, as desks list them"),
	}).with("choice", second)
}

// with adds a definition that others refer to.
func (s *Schema) with(name string, def *Schema) *Schema {
	if s.Defs == nil {
		s.Defs = map[string]*Schema{}
	}
	s.Defs[name] = def
	return s
}

// choice is a code with a label, or a code alone; items is the second level.
func choice(items *Schema) *Schema {
	fields := map[string]*Schema{"code": text().doc("for the records: a–z, 0–9, _ and -"), "label": text().doc("for people")}
	if items != nil {
		fields["items"] = sequence(items).doc("the second level")
	}
	return &Schema{AnyOf: []*Schema{{Type: []string{"string", "number"}}, object(fields, "code")}}
}

func queue(n Names) *Schema {
	rank := &Schema{AnyOf: []*Schema{
		{Enum: anys(acd.StrategyNames())},
		{Type: "array", Items: &Schema{AnyOf: []*Schema{
			{Enum: anys(acd.KeyNames())},
			object(map[string]*Schema{"expr": text().doc("a number over agent and caller"), "desc": boolean().doc("the larger value is better")}, "expr"),
		}}},
		{Type: "null"},
	}}
	return object(map[string]*Schema{
		"number":            text().doc("what agents dial after *45 to join it"),
		"members":           text().doc("who may serve it: a condition over the person"),
		"need":              text().doc("a condition beside every step's want"),
		"rank":              rank.doc("who comes first among those who may help"),
		"ring":              oneOf("one", "one", "all").doc("how many agents ring at once"),
		"offer":             oneOf("ring", "ring", "preview").doc("ring with card, or let the agent look first"),
		"steps":             sequence(object(map[string]*Schema{"after": duration("0s").doc("waited so long"), "want": text().doc("who is considered from then on")}, "want")).doc("how the search widens"),
		"ring_time":         duration("20s").doc("how long one agent is rung"),
		"wrap_up":           duration("30s").doc("work after a call"),
		"wrap_up_extension": duration("5m").doc("by how much an agent may lengthen it in all"),
		"dispositions": object(map[string]*Schema{"required": boolean().doc("wrap-up can't be ended early without one"),
			"items": sequence(choice(&Schema{Ref: "#/$defs/choice"}))}).doc("what calls can be about, in two levels"),
		"max_wait":      duration("").doc("longest wait; 0: no limit"),
		"max_length":    whole(0, 1_000_000).doc("callers at once; 0: no limit"),
		"join_empty":    oneOf("allow", "allow", "refuse").doc("may a caller enter when nobody has joined"),
		"leave_empty":   oneOf("stay", "stay", "leave").doc("what callers do when nobody is joined any more"),
		"require_shift": boolean().doc("only those whose shift it is"),
		"service_level": duration("20s").doc("answered within it counts"),
		"short_abandon": duration("5s").doc("who gives up sooner does not count"),
		"music":         text().offer(n.Music).doc("what waiting callers hear"),
		"announce": object(map[string]*Schema{"position": boolean().doc("tell the place in the line"), "every": duration("").doc("how often"),
			"file": text().offer(n.Prompts).doc("a prompt")}).doc("what is said to waiting callers"),
		"targets": object(map[string]*Schema{"service_level": percent().doc("at least"), "abandon_rate": percent().doc("at most"),
			"longest_wait": duration("").doc("at most"), "waiting": whole(0, 1_000_000).doc("callers at most")}).doc("what the wallboard colours"),
		"exit_keys": text().doc("keys with which a caller leaves the queue"),
		"recording": oneOf("off", "off", "on", "announced").doc("of conversations; announced: the caller is told before"),
		"misses": object(map[string]*Schema{"declined_rest": duration("10s").doc("no offers for so long after a decline"),
			"declined_caller": duration("60s").doc("not this caller for so long"), "busy_rest": duration("5s").doc("no offers for so long after busy")}).
			doc("what follows an offer that failed"),
	})
}

func people(n Names) *Schema {
	level := &Schema{Type: "integer"}
	low, high := 1, 5
	level.Minimum, level.Maximum = &low, &high
	phone := &Schema{AnyOf: []*Schema{text().offer(n.Accounts),
		object(map[string]*Schema{"account": text().offer(n.Accounts).doc("of ringway.yaml"), "auto_answer": boolean().doc("the phone answers by itself after Accept at a desk")}, "account")}}
	return object(map[string]*Schema{
		"teams":         named(object(map[string]*Schema{"name": text()})).doc("the teams that people belong to"),
		"region_groups": named(list(text())).doc("names for groups of countries (ISO 3166)"),
		"people": sequence(object(map[string]*Schema{
			"id":        text().doc("identifies her in records: never changed"),
			"name":      text(),
			"team":      text(),
			"teams":     list(text()).doc("that a manager manages, beside her own"),
			"role":      oneOf("agent", "agent", "manager", "admin"),
			"login":     text().doc("how she logs in; her id where it is not written"),
			"pin":       text().offer([]string{"env:NAME", "file:secrets/NAME"}).doc("with which she takes any phone as her desk"),
			"languages": named(level).doc("BCP 47 tag → level from 1 to 5"),
			"skills":    named(level).doc("name → level from 1 to 5"),
			"regions":   list(text()).doc("countries and region groups that she serves"),
			"zone":      text().doc("IANA time zone"),
			"robot":     boolean().doc("ranks after every human"),
			"phones":    list(phone),
			"shifts":    list(object(map[string]*Schema{"days": list(text()).doc("mon-fri"), "hours": text().doc("09:00-18:00")}, "days", "hours")),
			"days_off":  list(text()).doc("2026-12-25"),
		}, "id")),
	})
}
