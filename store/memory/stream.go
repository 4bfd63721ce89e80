package memory

import (
	"cmp"
	"context"
	"fmt"

	"ringway/store"
)

// EventsAfter returns up to limit events that follow a place, in the order of the stream, or store.ErrNotFound where no run
// of that name is on record.
func (d *DB) EventsAfter(_ context.Context, p store.EventPlace, limit int) ([]store.Event, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	boot, known := d.boots[p.Boot]
	if !known && p.Boot != "" {
		return nil, fmt.Errorf("run %q: %w", p.Boot, store.ErrNotFound)
	}
	found := pick(d.events, func(e store.Event) bool {
		n := d.boots[e.Boot]
		return n > boot || n == boot && e.Seq > p.Seq
	}, d.compareStream)
	return found[:min(limit, len(found))], nil
}

// LastEvent returns the last event of a run, or store.ErrNotFound where none is on record.
func (d *DB) LastEvent(_ context.Context, boot string) (store.Event, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	found := pick(d.events, func(e store.Event) bool { return e.Boot == boot }, d.compareStream)
	if len(found) == 0 {
		return store.Event{}, fmt.Errorf("events of run %q: %w", boot, store.ErrNotFound)
	}
	return found[len(found)-1], nil
}

func (d *DB) compareStream(a, b store.Event) int {
	return cmp.Or(cmp.Compare(d.boots[a.Boot], d.boots[b.Boot]), cmp.Compare(a.Seq, b.Seq))
}
