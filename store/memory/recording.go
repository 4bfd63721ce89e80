package memory

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"ringway/store"
)

func (d *DB) putRecording(r store.Recording) {
	old := d.recordings[r.ID]
	if (r.End.IsZero() && !old.End.IsZero()) || (old.State == store.RecordingDeleted && r.State != store.RecordingDeleted) {
		return
	}
	d.recordings[r.ID] = r
}

// Recording finds a recording, or store.ErrNotFound.
func (d *DB) Recording(_ context.Context, id string) (store.Recording, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, ok := d.recordings[id]
	if !ok {
		return r, fmt.Errorf("recording %q: %w", id, store.ErrNotFound)
	}
	return r, nil
}

// Recordings lists recordings, oldest first.
func (d *DB) Recordings(_ context.Context, q store.RecordingQuery) ([]store.Recording, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	order := func(a, b store.Recording) int { return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID)) }
	out := pick(d.recordings, func(r store.Recording) bool {
		return (q.After.ID == "" || order(r, q.After) > 0) && (q.Call == "" || q.Call == r.Call) && (q.Customer == "" || q.Customer == r.Customer) && (q.State == "" || q.State == r.State) &&
			(q.Before.IsZero() || r.Start.Before(q.Before)) && (!q.Sound || r.State != store.RecordingDeleted)
	}, order)
	limit := min(q.Limit, 1000)
	if limit <= 0 {
		limit = 100
	}
	return out[:min(limit, len(out))], nil
}
