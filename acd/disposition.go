package acd

import (
	"strings"

	"ringway/config/diag"
	"ringway/store"
)

// Bounds of what queues.yaml may list.
const (
	maxDispositions = 64 // of one level
	maxReasons      = 32
	maxLabel        = 80
)

// Dispositions are what a queue's calls can be about, in two levels.
type Dispositions struct {
	Required bool // wrap-up may not be ended early without one
	Items    []Choice
}

// Choice is a code for the records with its words for people.
type Choice struct {
	Code, Label string
	Items       []Choice // of the second level
}

// Find is the choice of a code.
func (d Dispositions) Find(code string) (Choice, bool) { return find(d.Items, code) }

func find(items []Choice, code string) (Choice, bool) {
	for _, c := range items {
		if c.Code == code {
			return c, true
		}
	}
	return Choice{}, false
}

// Label is how people call a disposition; codes that are no longer listed are their own.
func (d Dispositions) Label(code, sub string) string {
	c, ok := d.Find(code)
	label := code
	if ok {
		label = c.Label
	}
	if sub == "" {
		return label
	}
	if second, ok := find(c.Items, sub); ok {
		sub = second.Label
	}
	return label + ": " + sub
}

// knows tells whether the queue has the disposition.
func (d Dispositions) knows(code, sub string) bool {
	c, ok := d.Find(code)
	if !ok || sub == "" {
		return ok
	}
	_, ok = find(c.Items, sub)
	return ok
}

// complete tells whether both levels are said, where there are two.
func (d Dispositions) complete(code, sub string) bool {
	c, ok := d.Find(code)
	return ok && (sub != "" || len(c.Items) == 0)
}

// dispositions reads {required: true, items: [{code, label, items: [{code, label}]}]}.
func dispositions(n diag.Node) Dispositions {
	m := n.Mapping()
	d := Dispositions{Required: m.Field("required").Bool(false)}
	items := m.Field("items")
	d.Items = choices(items, maxDispositions, 2)
	if d.Required && len(d.Items) == 0 {
		n.Errorf(CodeChoice, "list them under items", "dispositions are required and there are none")
	}
	m.Done()
	return d
}

// choices reads a list of codes with labels; levels is how deep it may go.
func choices(n diag.Node, most, levels int) []Choice {
	items := n.Sequence()
	if len(items) > most {
		n.Errorf(CodeChoice, "", "a list has at most %d entries", most)
		items = items[:most]
	}
	var out []Choice
	for _, item := range items {
		c, ok := choice(item, levels)
		if !ok {
			continue
		}
		if _, twice := find(out, c.Code); twice {
			item.Errorf(CodeDuplicate, "", "code '%s' is used twice in this list", c.Code)
			continue
		}
		out = append(out, c)
	}
	return out
}

// choice reads one entry: a mapping, or a code alone.
func choice(n diag.Node, levels int) (Choice, bool) {
	if n.Kind() != diag.KindMapping {
		c := Choice{Code: n.String("")}
		c.Label = words(c.Code)
		return c, okCode(n, c.Code)
	}
	m := n.Mapping()
	code := m.Require("code")
	c := Choice{Code: code.String("")}
	c.Label = m.Field("label").String(words(c.Code))
	if len(c.Label) > maxLabel {
		m.Field("label").Errorf(CodeChoice, "", "a label has at most %d bytes", maxLabel)
	}
	if levels > 1 {
		c.Items = choices(m.Field("items"), maxDispositions, levels-1)
	}
	m.Done()
	return c, code.Present() && okCode(code, c.Code)
}

// okCode tells whether a code can stand on record; events carry it.
func okCode(n diag.Node, code string) bool {
	if !store.IsReason(code) || code == store.NoDisposition {
		n.Errorf(CodeChoice, "use up to 32 of a–z, 0–9, _ and -, and not '"+store.NoDisposition+"'", "'%s' cannot be a code", code)
		return false
	}
	return true
}

// words makes a label of a code.
func words(code string) string {
	s := strings.NewReplacer("_", " ", "-", " ").Replace(code)
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// defaultReasons are why agents pause where queues.yaml does not list reasons.
var defaultReasons = []Choice{{Code: "break", Label: "Break"}, {Code: "lunch", Label: "Lunch"}, {Code: "training", Label: "Training"},
	{Code: "meeting", Label: "Meeting"}, {Code: "paperwork", Label: "Paperwork"}}

func pauseReasons(n diag.Node) []Choice {
	if !n.Present() {
		return defaultReasons
	}
	return choices(n, maxReasons, 1)
}
