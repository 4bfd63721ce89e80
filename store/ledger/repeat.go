package ledger

import (
	"time"

	"ringway/store"
)

// RepeatWindow is how soon after a call another one of the same customer counts as a repeat of it.
const RepeatWindow = 7 * 24 * time.Hour

// Figures that later days may still change, and for how long.
const (
	repeatCalls         = "repeat_calls"
	firstCallResolution = "first_call_resolution"
)

var windows = map[string]time.Duration{repeatCalls: RepeatWindow, firstCallResolution: RepeatWindow}

// Windowed says whether days to come may change a figure.
func Windowed(figure string) bool { return windows[figure] > 0 }

// provisional marks the figures of a span whose window was still open when the books were closed.
func provisional(all []Figure, s Span, until time.Time) []Figure {
	for i, f := range all {
		all[i].Provisional = windows[f.Name] > 0 && until.Before(s.To.Add(windows[f.Name]))
	}
	return all
}

// returned says of each customer's call with a known customer whether the same customer called again within RepeatWindow.
// What the customer wanted is not known: any later call counts, answered or not.
func (b *Books) returned() map[string]bool {
	last := map[string][]Call{} // by customer, the calls of one instant
	returned := map[string]bool{}
	for _, c := range b.Rows { // by start
		if c.Kind != store.Customer || c.Parent != "" || c.Customer == "" {
			continue
		}
		returned[c.ID] = false
		before := last[c.Customer]
		if len(before) > 0 && before[0].Start.Equal(c.Start) {
			last[c.Customer] = append(before, c)
			continue
		}
		for _, p := range before {
			returned[p.ID] = c.Start.Sub(p.Start) <= RepeatWindow
		}
		last[c.Customer] = []Call{c}
	}
	return returned
}

// Repeats counts calls, or conversations, by whether the customer called again.
type Repeats struct{ Known, Again int }

func (r *Repeats) add(returned map[string]bool, call string) {
	again, known := returned[call]
	if known {
		r.Known++
	}
	if again {
		r.Again++
	}
}

// resolved is the share without a repeat.
func (r Repeats) resolved() (float64, bool) { return percent(r.Known-r.Again, r.Known) }
