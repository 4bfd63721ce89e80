package ledger

import "time"

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
}

// formula is a named way to a number.
type formula[T any] struct {
	name, text string
	unit       Unit
	value      func(*T) (float64, bool)
}

// figures computes all formulas of a table in its order.
func figures[T any](table []formula[T], t *T) []Figure {
	out := make([]Figure, 0, len(table))
	for _, f := range table {
		v, known := f.value(t)
		out = append(out, Figure{Name: f.name, Formula: f.text, Unit: f.unit, Value: v, Known: known})
	}
	return out
}

func count(n int) (float64, bool) { return float64(n), true }

func length(d time.Duration) (float64, bool) { return d.Seconds(), true }

func mean(sum time.Duration, n int) (float64, bool) {
	if n == 0 {
		return 0, false
	}
	return sum.Seconds() / float64(n), true
}

func percent[N int | time.Duration](part, whole N) (float64, bool) {
	if whole <= 0 {
		return 0, false
	}
	return 100 * float64(part) / float64(whole), true
}

func clock(t time.Time) (float64, bool) {
	if t.IsZero() {
		return 0, false
	}
	return float64(t.UnixMicro()) / 1e6, true
}
