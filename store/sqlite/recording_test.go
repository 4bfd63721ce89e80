package sqlite

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
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
	exec := func(text string, args ...any) { // in words of their own: the tables go on growing
		t.Helper()
		if _, err := db.ExecContext(ctx, text, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO offers (id, visit, call, queue, agent, started, outcome, status) VALUES ('v1.2', 'v1', 'c1', 'help', 'mei', 1, 'answered', 200)`)
	for leg, offer := range map[string]string{"by-queue": "v1.2", "by-plan": "", "unknown-offer": "v9.1"} {
		exec(`INSERT INTO legs (id, call, direction, account, trunk, agent, offer, sip_id, remote, user_agent, status, cause, codec, packets, lost, late,
			jitter_ms, rtt_ms) VALUES (?, 'c1', 'out', '', '', 'mei', ?, '', '', '', 200, '', '', 0, 0, 0, 0, 0)`, leg, offer)
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
