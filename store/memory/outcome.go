package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"ringway/store"
)

type callAgent struct{ call, agent string }

func (d *DB) putOutcome(o store.CallOutcome) {
	at := callAgent{o.Call, o.Agent}
	if !d.outcomes[at].At.After(o.At) {
		d.outcomes[at] = o
	}
}

func (d *DB) putNote(n store.CallNote) {
	at := callAgent{n.Call, n.Agent}
	if !d.notes[at].At.After(n.At) {
		d.notes[at] = n
	}
}

// Outcomes lists what agents said of a call, the latest last.
func (d *DB) Outcomes(_ context.Context, call string) ([]store.CallOutcome, error) {
	return d.pickOutcomes(func(o store.CallOutcome) bool { return o.Call == call }), nil
}

// OutcomesOf lists what agents said of some calls, the latest last.
func (d *DB) OutcomesOf(_ context.Context, calls []string) ([]store.CallOutcome, error) {
	return d.pickOutcomes(func(o store.CallOutcome) bool { return slices.Contains(calls, o.Call) }), nil
}

// OutcomesBetween lists what agents said of calls in [from, to), in the order of time.
func (d *DB) OutcomesBetween(_ context.Context, from, to time.Time) ([]store.CallOutcome, error) {
	return d.pickOutcomes(func(o store.CallOutcome) bool { return within(o.At, from, to) }), nil
}

func (d *DB) pickOutcomes(want func(store.CallOutcome) bool) []store.CallOutcome {
	d.mu.Lock()
	defer d.mu.Unlock()
	return pick(d.outcomes, want, func(a, b store.CallOutcome) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Call, b.Call), strings.Compare(a.Agent, b.Agent))
	})
}

// Notes lists what agents wrote of a call, the latest last.
func (d *DB) Notes(_ context.Context, call string) ([]store.CallNote, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return pick(d.notes, func(n store.CallNote) bool { return n.Call == call },
		func(a, b store.CallNote) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Agent, b.Agent)) }), nil
}

// PastCalls lists the last calls of a customer but one, newest first.
func (d *DB) PastCalls(_ context.Context, customer, but string, limit int) ([]store.PastCall, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	found := pick(d.calls, func(c store.Call) bool {
		return c.Customer == customer && customer != "" && c.ID != but && c.Kind == store.Customer
	}, func(a, b store.Call) int { return b.Start.Compare(a.Start) })
	var out []store.PastCall
	for _, c := range found[:min(limit, len(found))] {
		p := store.PastCall{Call: c.ID, Start: c.Start}
		if !c.End.IsZero() {
			p.Duration = c.End.Sub(c.Start)
		}
		var last store.Visit
		for _, v := range d.visits {
			if v.Call == c.ID && !v.Connect.IsZero() && v.Connect.After(last.Connect) {
				last = v
			}
		}
		if !last.Connect.IsZero() {
			p.Queue, p.Agent = last.Queue, last.Agent
			if !last.End.IsZero() {
				p.Duration = last.End.Sub(last.Connect)
			}
			at := callAgent{c.ID, last.Agent}
			p.Code, p.Sub, p.Note = d.outcomes[at].Code, d.outcomes[at].Sub, d.notes[at].Text
		}
		out = append(out, p)
	}
	return out, nil
}
