package ledger

import (
	"math"
	"strings"
	"time"
)

// Unit is what a figure's number means.
type Unit string

// Units of figures.
const (
	Count   Unit = "count"
	Seconds Unit = "seconds"
	Percent Unit = "percent" // 0 … 100
	Clock   Unit = "clock"   // an instant, as Unix seconds
	Number  Unit = "number"  // any other
)

// Figure is one number with the formula that gave it. Known is false where the formula has no value, for instance a rate
// of nothing.
type Figure struct {
	Name    string
	Formula string
	Unit    Unit
	Value   float64
	Known   bool
	// Provisional says that days to come may still change it.
	Provisional bool
	// Over and Under are what a rate or a mean divides by what, by the names of figures and parts.
	Over, Under []Term
	Call        string // whose it is, where it is the longest of several
	Inner       bool   // a part of others that is no figure of its own
}

// Term is one named part of a sum.
type Term struct {
	Name  string // of a figure, or of a part
	Minus bool
}

// formula is a named way to a number: a value, or one sum of named parts over another. The parts are formulas of the same
// table, so that what a report shows behind a rate is what the rate was computed of.
type formula[T any] struct {
	name, text  string
	unit        Unit
	value       func(*T) (float64, bool) // nil: over / under
	over, under []Term
	inner       bool               // a part of others that is no figure of its own
	of          func(*T) durations // where it is the longest of several
}

func plain[T any](name, text string, unit Unit, value func(*T) (float64, bool)) formula[T] {
	return formula[T]{name: name, text: text, unit: unit, value: value}
}

// part is what only other formulas need.
func part[T any](name, text string, unit Unit, value func(*T) (float64, bool)) formula[T] {
	return formula[T]{name: name, text: text, unit: unit, value: value, inner: true}
}

// divided is one sum over another, each written like "answered + abandoned − short_abandoned".
func divided[T any](name, text string, unit Unit, over, under string) formula[T] {
	return formula[T]{name: name, text: text, unit: unit, over: terms(over), under: terms(under)}
}

// longest is the longest of several, which knows whose it is.
func longest[T any](name, text string, of func(*T) durations) formula[T] {
	return formula[T]{name: name, text: text, unit: Seconds, of: of,
		value: func(t *T) (float64, bool) { return length(of(t).Longest) }}
}

// terms reads a sum.
func terms(sum string) (out []Term) {
	minus := false
	for _, word := range strings.Fields(sum) {
		switch word {
		case "+", "−":
			minus = word == "−"
		default:
			out = append(out, Term{word, minus})
		}
	}
	return out
}

// sheet is a table of formulas about one subject, by their names.
type sheet[T any] struct {
	formulas []formula[T]
	at       map[string]int
}

func newSheet[T any](formulas ...formula[T]) sheet[T] {
	s := sheet[T]{formulas, map[string]int{}}
	for i, f := range formulas {
		s.at[f.name] = i
	}
	return s
}

// figures computes the formulas in their order: those that stand in reports, or the parts that do not.
func (s sheet[T]) figures(t *T, inner bool) []Figure {
	out := make([]Figure, 0, len(s.formulas))
	for _, f := range s.formulas {
		if f.inner != inner {
			continue
		}
		g := Figure{Name: f.name, Formula: f.text, Unit: f.unit, Over: f.over, Under: f.under, Inner: inner}
		g.Value, g.Known = s.value(f, t)
		if f.of != nil {
			g.Call = f.of(t).Of
		}
		out = append(out, g)
	}
	return out
}

func (s sheet[T]) value(f formula[T], t *T) (float64, bool) {
	if f.value != nil {
		return f.value(t)
	}
	over, under := s.sum(f.over, t), s.sum(f.under, t)
	switch {
	case under <= 0:
		return 0, false
	case f.unit == Percent:
		return 100 * over / under, true
	}
	return over / under, true
}

// sum adds up parts. A test holds that there is a formula for each.
func (s sheet[T]) sum(parts []Term, t *T) (sum float64) {
	for _, p := range parts {
		v, _ := s.value(s.formulas[s.at[p.Name]], t)
		if p.Minus {
			v = -v
		}
		sum += v
	}
	return math.Round(sum*1e6) / 1e6 // lengths are in whole microseconds
}

func count(n int) (float64, bool) { return float64(n), true }

func length(d time.Duration) (float64, bool) { return d.Seconds(), true }

func clock(t time.Time) (float64, bool) {
	if t.IsZero() {
		return 0, false
	}
	return float64(t.UnixMicro()) / 1e6, true
}
