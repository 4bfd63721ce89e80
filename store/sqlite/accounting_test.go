package sqlite_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/sqlite"
	"ringway/store/storetest"
)

// told is one row of agent_segments, in minutes after storetest.T0.
type told struct {
	bucket   string
	from, to float64
}

func segmentsOf(t *testing.T, path, agent string) []told {
	t.Helper()
	raw, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	rows, err := raw.Query("SELECT bucket, started, ended FROM agent_segments WHERE agent = ? ORDER BY started", agent)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []told
	for rows.Next() {
		var s told
		var from, to int64
		if err := rows.Scan(&s.bucket, &from, &to); err != nil {
			t.Fatal(err)
		}
		minutes := func(us int64) float64 { return time.UnixMicro(us).Sub(storetest.T0).Minutes() }
		s.from, s.to = minutes(from), minutes(to)
		out = append(out, s)
	}
	return out
}

func states(agent string, at map[int]store.AgentBucket) []store.Record {
	var out []store.Record
	for minute, state := range at {
		out = append(out, store.Record{Event: &store.Event{Node: "n1", Boot: "b1", Seq: uint64(minute + 1), Kind: store.AgentState,
			At: storetest.T0.Add(time.Duration(minute) * time.Minute), Agent: agent, State: string(state)}})
	}
	return out
}

func TestALongSegmentStaysWhole(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "r.db")
	db := open(t, path, sqlite.Options{})
	if err := db.Save(ctx, states("mei", map[int]store.AgentBucket{0: store.Available, 295: store.NotReady})); err != nil {
		t.Fatal(err)
	}
	for minute := 10; minute <= 400; minute += 10 { // as a switch does: every ten minutes, two hours back
		now := storetest.T0.Add(time.Duration(minute) * time.Minute)
		if err := db.Account(ctx, now.Add(-2*time.Hour).Truncate(10*time.Minute), now); err != nil {
			t.Fatal(err)
		}
	}
	got := segmentsOf(t, path, "mei")
	if len(got) != 2 || got[0] != (told{"available", 0, 295}) || got[1] != (told{"not_ready", 295, 400}) {
		t.Errorf("segments are %v", got)
	}
	if until, err := db.Accounted(ctx); err != nil || !until.Equal(storetest.T0.Add(400*time.Minute)) {
		t.Errorf("accounted until %s, %v", until, err)
	}
}

func TestSpansThatTouchLeaveNoSeam(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "r.db")
	db := open(t, path, sqlite.Options{})
	if until, err := db.Accounted(ctx); err != nil || !until.IsZero() {
		t.Errorf("an empty database is accounted until %s, %v", until, err)
	}
	if err := db.Save(ctx, states("mei", map[int]store.AgentBucket{0: store.Available, 60: store.NotReady, 61: store.Available, 200: store.Offline})); err != nil {
		t.Fatal(err)
	}
	if until, err := db.Accounted(ctx); err != nil || !until.Equal(storetest.T0) {
		t.Errorf("nothing is accounted, so from the first event on: %s, %v", until, err)
	}
	for minute := 0; minute < 300; minute += 60 {
		from := storetest.T0.Add(time.Duration(minute) * time.Minute)
		if err := db.Account(ctx, from, from.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	want := []told{{"available", 0, 60}, {"not_ready", 60, 61}, {"available", 61, 200}, {"offline", 200, 300}}
	got := segmentsOf(t, path, "mei")
	if len(got) != len(want) {
		t.Fatalf("segments are %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("segment %d is %v, want %v", i, got[i], want[i])
		}
	}
}
