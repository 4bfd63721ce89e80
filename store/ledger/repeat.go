package ledger

import (
	"strconv"
	"strings"
	"time"

	"ringway/store"
)

// RepeatWindow is how soon after a call another one of the same customer counts as a repeat of it.
const RepeatWindow = 7 * 24 * time.Hour

// Figures that later days may still change, and for how long.
const (
	repeatCalls         = "repeat_calls"
	firstCallResolution = "first_call_resolution"
	reachedRepeats      = "reached_repeats"
)

// Windowed says whether days to come may change a figure.
func Windowed(figure string) bool {
	return figure == repeatCalls || figure == firstCallResolution || figure == reachedRepeats
}

// horizon is a span, until when its books were kept, and the window of repeats.
type horizon struct {
	span   Span
	until  time.Time
	window time.Duration
}

// provisional marks the figures whose window was still open when the books were closed, and puts the window into words.
func provisional(all []Figure, h horizon) []Figure {
	for i, f := range all {
		if Windowed(f.Name) {
			all[i].Provisional = h.until.Before(h.span.To.Add(h.window))
			all[i].Formula = strings.ReplaceAll(f.Formula, "{window}", WindowText(h.window))
		}
	}
	return all
}

// WindowText is a window of repeats in words.
func WindowText(window time.Duration) string {
	const day = 24 * time.Hour
	if window <= 0 {
		window = RepeatWindow
	}
	if window%day == 0 {
		return strconv.Itoa(int(window/day)) + " days"
	}
	return window.String()
}

// returned says of each customer's call with a known customer whether the same customer called again within the window.
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
			returned[p.ID] = c.Start.Sub(p.Start) <= b.window()
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
