package sqlite

import (
	"context"
	"fmt"

	"ringway/store"
)

// what was deleted does not come back: the end of a recording may be saved after its deletion.
var recordings = table{name: "recordings", keys: 1, guard: completed + " AND (%[1]s.state <> 'deleted' OR excluded.state = 'deleted')",
	columns: columns("id call leg agent queue visit customer started ended duration bytes file state reason")}

func recordingPlaces(r *store.Recording) []any {
	return []any{&r.ID, &r.Call, &r.Leg, &r.Agent, &r.Queue, &r.Visit, &r.Customer, instant{&r.Start}, instant{&r.End}, &r.Duration, &r.Bytes, &r.File,
		&r.State, &r.Reason}
}

// Recording finds a recording, or store.ErrNotFound.
func (d *DB) Recording(ctx context.Context, id string) (store.Recording, error) {
	r, err := one(query(ctx, d.read, recordingPlaces, recordings.selects("WHERE id = ?"), id))
	if err == nil && r.ID == "" {
		err = fmt.Errorf("recording %q: %w", id, store.ErrNotFound)
	}
	return r, err
}

// Recordings lists recordings, oldest first.
func (d *DB) Recordings(ctx context.Context, q store.RecordingQuery) ([]store.Recording, error) {
	var f filter
	f.text("call", q.Call)
	f.text("customer", q.Customer)
	f.text("state", string(q.State))
	if !q.Before.IsZero() {
		f.add("started < ?", q.Before.UnixMicro())
	}
	if q.Sound {
		f.add("state <> 'deleted'")
	}
	if q.After.ID != "" {
		f.add("(started, id) > (?, ?)", q.After.Start.UnixMicro(), q.After.ID)
	}
	return query(ctx, d.read, recordingPlaces, recordings.selects(f.clause()+"ORDER BY started, id LIMIT ?"), append(f.args, pageSize(q.Limit))...)
}
