package revise

import (
	"fmt"
	"slices"
	"strings"
)

// Difference is one value that differs inside a thing.
type Difference struct {
	Kind     Kind
	Key      string // where it stands, as ring.time; "" where the thing itself is the value
	Item     int    // of the list that stands there, from 1; 0 for a value
	From, To string // as it is written; "" for nothing
}

// String tells it in words.
func (d Difference) String() string {
	what := d.Key
	if d.Item > 0 {
		if what = strings.TrimSuffix(what, "s"); what == "" {
			what = "item"
		}
		what = fmt.Sprintf("%s %d", what, d.Item)
	}
	switch {
	case d.Kind == Added && d.Item > 0:
		return fmt.Sprintf("%s added: %s", what, orNothing(d.To))
	case d.Kind == Removed && d.Item > 0:
		return fmt.Sprintf("%s removed: %s", what, orNothing(d.From))
	case d.Kind == Added:
		return fmt.Sprintf("%s: %s added", what, orNothing(d.To))
	case d.Kind == Removed:
		return fmt.Sprintf("%s: %s removed", what, orNothing(d.From))
	case what == "":
		return fmt.Sprintf("%s → %s", orNothing(d.From), orNothing(d.To))
	}
	return fmt.Sprintf("%s: %s → %s", what, orNothing(d.From), orNothing(d.To))
}

func orNothing(value string) string {
	if value == "" {
		return "nothing"
	}
	return value
}

// differences are what differs between two values.
func differences(key string, a, b any) []Difference {
	ma, okA := a.(map[string]any)
	mb, okB := b.(map[string]any)
	if okA && okB {
		var out []Difference
		for _, k := range names(ma, mb) {
			path := k
			if key != "" {
				path = key + "." + k
			}
			x, was := ma[k]
			y, is := mb[k]
			switch {
			case !was:
				out = append(out, Difference{Kind: Added, Key: path, To: short(y)})
			case !is:
				out = append(out, Difference{Kind: Removed, Key: path, From: short(x)})
			default:
				out = append(out, differences(path, x, y)...)
			}
		}
		return out
	}
	la, okA := a.([]any)
	lb, okB := b.([]any)
	if okA && okB {
		return listDifferences(key, la, lb)
	}
	if text(a) != text(b) {
		return []Difference{{Kind: Changed, Key: key, From: short(a), To: short(b)}}
	}
	return nil
}

// listDifferences tells what came and went; steps by their number.
func listDifferences(key string, a, b []any) []Difference {
	left, right := make([]string, len(a)), make([]string, len(b))
	for i, v := range a {
		left[i] = text(v)
	}
	for i, v := range b {
		right[i] = text(v)
	}
	if slices.Equal(left, right) {
		return nil
	}
	var out []Difference
	rows := compare(left, right)
	for i := 0; i < len(rows); i++ {
		r := rows[i]
		switch {
		case r.sign == '-' && i+1 < len(rows) && rows[i+1].sign == '+':
			out = append(out, Difference{Kind: Changed, Key: key, Item: r.a + 1, From: cut(r.text), To: cut(rows[i+1].text)})
			i++
		case r.sign == '-':
			out = append(out, Difference{Kind: Removed, Key: key, Item: r.a + 1, From: cut(r.text)})
		case r.sign == '+':
			out = append(out, Difference{Kind: Added, Key: key, Item: r.b + 1, To: cut(r.text)})
		}
	}
	return out
}
