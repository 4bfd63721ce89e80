package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"ringway/store"
)

// recordings: their rows are completed once, found by what people look for, and a deletion is the last word.
func recordings(t *testing.T, k Keeper) {
	ctx := context.Background()
	runs := store.Recording{ID: "r1", Call: "c1", Leg: "l2", Agent: "mei", Queue: "support", Visit: "v1", Customer: "k9", Start: at(10), File: "2026/03/02/r1.wav",
		State: store.RecordingRuns}
	done := runs
	done.End, done.Duration, done.Bytes, done.State = at(70), 60*time.Second, 1_920_044, store.RecordingDone
	other := store.Recording{ID: "r2", Call: "c2", Start: at(20), State: store.RecordingRuns}
	save(t, k, store.Record{Recording: &runs}, store.Record{Recording: &done}, store.Record{Recording: &runs}, store.Record{Recording: &other})
	equal(t, "recording", ok(k.Recording(ctx, "r1"))(t), done)
	for what, q := range map[string]store.RecordingQuery{"call": {Call: "c1"}, "customer": {Customer: "k9"}, "state": {State: store.RecordingDone},
		"before": {Before: at(11)}, "first": {Limit: 1}} {
		equal(t, "by "+what, ok(k.Recordings(ctx, q))(t), []store.Recording{done})
	}
	equal(t, "all", ok(k.Recordings(ctx, store.RecordingQuery{}))(t), []store.Recording{done, other})
	equal(t, "the next page", ok(k.Recordings(ctx, store.RecordingQuery{After: done}))(t), []store.Recording{other})
	if found := ok(k.Recordings(ctx, store.RecordingQuery{After: other}))(t); len(found) > 0 {
		t.Errorf("behind the last: %+v", found)
	}
	deleted := done
	deleted.State, deleted.Reason, deleted.Bytes = store.RecordingDeleted, "retention", 0
	save(t, k, store.Record{Recording: &deleted}, store.Record{Recording: &done})
	equal(t, "deleted", ok(k.Recording(ctx, "r1"))(t), deleted)
	equal(t, "with sound", ok(k.Recordings(ctx, store.RecordingQuery{Sound: true}))(t), []store.Recording{other})
	if _, err := k.Recording(ctx, "r3"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a recording that is not there: %v", err)
	}
}
