package sqlite

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"ringway/store"
)

// Recordings of a database from before they knew their visit get it from the offer behind their leg.
func TestOldRecordingsLearnTheirVisit(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "r.db")
	db, err := sql.Open("sqlite3", dsn(path, nil))
	if err != nil {
		t.Fatal(err)
	}
	p, err := provider(db)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(ctx, 14); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	exec := func(text string, args ...any) {
		t.Helper()
		plain(args)
		if _, err := db.ExecContext(ctx, text, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(offers.insert(), offerPlaces(&store.Offer{ID: "v1.2", Visit: "v1", Call: "c1", Queue: "help", Agent: "mei", Start: at})...)
	for leg, offer := range map[string]string{"by-queue": "v1.2", "by-plan": "", "unknown-offer": "v9.1"} {
		exec(legs.insert(), legPlaces(&store.Leg{ID: leg, Call: "c1", Offer: offer, Start: at})...)
	}
	want := map[string]string{"by-queue": "v1", "by-plan": "", "unknown-offer": "", "unknown-leg": ""}
	for leg := range want {
		queue := "help"
		if leg == "by-plan" {
			queue = ""
		}
		exec(`INSERT INTO recordings (id, call, leg, agent, queue, customer, started, ended, duration, bytes, file, state, reason)
			VALUES (?, 'c1', ?, 'mei', ?, '', 1, 2, 1, 1, '', 'done', '')`, "r-"+leg, leg, queue)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	d, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // the test has read what it wants
	for leg, visit := range want {
		if r, err := d.Recording(ctx, "r-"+leg); err != nil || r.Visit != visit {
			t.Errorf("%s: visit %q, want %q; %v", leg, r.Visit, visit, err)
		}
	}
}
