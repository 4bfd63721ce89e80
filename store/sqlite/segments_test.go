package sqlite_test

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"ringway/store/ledger"
	"ringway/store/sqlite"
	"ringway/store/storetest"
)

func TestSegmentTablesHoldWhatTheLedgerSays(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "r.db")
	db := open(t, path, sqlite.Options{})
	traffic := storetest.Traffic{Dice: rand.New(rand.NewPCG(3, 3)), Start: storetest.T0, Agents: 3, Episodes: 10, Loners: 10}
	if err := db.Save(ctx, traffic.Records()); err != nil {
		t.Fatal(err)
	}
	from, to := storetest.T0, storetest.T0.Add(5*time.Hour)
	for range 2 { // again changes nothing
		if err := db.Account(ctx, from, to); err != nil {
			t.Fatal(err)
		}
	}
	events, err := db.Events(ctx, from.Add(-time.Hour), to)
	if err != nil {
		t.Fatal(err)
	}
	books := ledger.Build(events, to)
	var agents, calls time.Duration
	for _, s := range books.Agents {
		agents += s.End.Sub(s.Start)
	}
	n := 0
	for _, s := range books.Calls {
		if !s.End.Before(from) {
			calls, n = calls+s.End.Sub(s.Start), n+1
		}
	}
	raw, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for table, want := range map[string]struct {
		rows int
		sum  time.Duration
	}{"agent_segments": {len(books.Agents), agents}, "call_segments": {n, calls}} {
		var rows int
		var sum int64
		if err := raw.QueryRow("SELECT COUNT(*), SUM(ended - started) FROM "+table).Scan(&rows, &sum); err != nil {
			t.Fatal(err)
		}
		if rows != want.rows || sum != want.sum.Microseconds() {
			t.Errorf("%s has %d rows of %d µs, the ledger %d of %d", table, rows, sum, want.rows, want.sum.Microseconds())
		}
	}
}
