package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"ringway/store"
)

// run is the events of one run of a switch by their numbers.
type run struct {
	boot   string
	events []store.Event
}

// putStream takes an event into its run; runs stand in the order in which they came.
func (d *DB) putStream(e store.Event) {
	at := d.runOf(e.Boot)
	if at < 0 {
		d.runs = append(d.runs, run{boot: e.Boot})
		at = len(d.runs) - 1
	}
	r := &d.runs[at]
	r.events = slices.Insert(r.events, r.after(e.Seq), e) // nearly always at the end
}

func (d *DB) runOf(boot string) int {
	return slices.IndexFunc(d.runs, func(r run) bool { return r.boot == boot })
}

// after is the place of the first event whose number is higher.
func (r *run) after(seq uint64) int {
	i, _ := slices.BinarySearchFunc(r.events, seq, func(e store.Event, seq uint64) int {
		return cmp.Or(cmp.Compare(e.Seq, seq), -1)
	})
	return i
}

// EventsAfter returns up to limit events that follow a place, in the order of the stream, or store.ErrNotFound where no run
// of that name is on record.
func (d *DB) EventsAfter(_ context.Context, p store.EventPlace, limit int) ([]store.Event, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := d.runOf(p.Boot)
	if at < 0 && p.Boot != "" {
		return nil, fmt.Errorf("run %q: %w", p.Boot, store.ErrNotFound)
	}
	var out []store.Event
	for i := max(at, 0); i < len(d.runs) && len(out) < limit; i++ {
		rest := d.runs[i].events
		if i == at {
			rest = rest[d.runs[i].after(p.Seq):]
		}
		out = append(out, rest[:min(limit-len(out), len(rest))]...)
	}
	return out, nil
}

// LastEvent returns the last event of a run, or store.ErrNotFound where none is on record.
func (d *DB) LastEvent(_ context.Context, boot string) (store.Event, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := d.runOf(boot)
	if at < 0 || len(d.runs[at].events) == 0 {
		return store.Event{}, fmt.Errorf("events of run %q: %w", boot, store.ErrNotFound)
	}
	return d.runs[at].events[len(d.runs[at].events)-1], nil
}
