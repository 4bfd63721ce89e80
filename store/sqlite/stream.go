package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"ringway/store"
)

// EventsAfter returns up to limit events that follow a place, in the order of the stream, or store.ErrNotFound where no run
// of that name is on record.
func (d *DB) EventsAfter(ctx context.Context, p store.EventPlace, limit int) ([]store.Event, error) {
	boot, err := d.bootOf(ctx, p.Boot)
	if err != nil {
		return nil, err
	}
	// the rest of the place's own run, then the runs after it: two ranges of the primary key
	found, err := d.stream(ctx, "WHERE e.boot = ? AND e.seq > ? ORDER BY e.seq LIMIT ?", boot, int64(p.Seq), limit)
	if err != nil || len(found) >= limit {
		return found, err
	}
	rest, err := d.stream(ctx, "WHERE e.boot > ? ORDER BY e.boot, e.seq LIMIT ?", boot, limit-len(found))
	return append(found, rest...), err
}

// LastEvent returns the last event of a run, or store.ErrNotFound where none is on record.
func (d *DB) LastEvent(ctx context.Context, boot string) (store.Event, error) {
	id, err := d.bootOf(ctx, boot)
	if err != nil {
		return store.Event{}, err
	}
	found, err := d.stream(ctx, "WHERE e.boot = ? ORDER BY e.seq DESC LIMIT 1", id)
	if err != nil {
		return store.Event{}, err
	}
	if len(found) == 0 {
		return store.Event{}, fmt.Errorf("events of run %q: %w", boot, store.ErrNotFound)
	}
	return found[0], nil
}

// bootOf is the number of a run; 0, before all of them, is the run without a name.
func (d *DB) bootOf(ctx context.Context, boot string) (int64, error) {
	if boot == "" {
		return 0, nil
	}
	var id int64
	err := d.read.QueryRowContext(ctx, "SELECT id FROM boots WHERE boot = ? ORDER BY id LIMIT 1", boot).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("run %q: %w", boot, store.ErrNotFound)
	}
	return id, err
}

func (d *DB) stream(ctx context.Context, rest string, args ...any) ([]store.Event, error) {
	rows, err := d.read.QueryContext(ctx, eventColumns+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("query events: %w", err)
	}
	return readEvents(rows)
}
