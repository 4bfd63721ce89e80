package report_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/report"
	"ringway/store/sqlite"
	"ringway/store/storetest"
	"ringway/store/storetest/sqlcheck"
)

// check makes the daily report of a database and compares every figure with plain SQL.
func check(t *testing.T, path string, db *sqlite.DB, o report.DailyOptions) *report.Report {
	t.Helper()
	r, err := report.Daily(context.Background(), db, o)
	if err != nil {
		t.Fatal(err)
	}
	var sheets []sqlcheck.Sheet
	for _, s := range r.Sheets {
		figures := map[string]*float64{}
		for _, f := range s.Figures {
			figures[f.Name] = f.Value
		}
		sheets = append(sheets, sqlcheck.Sheet{Kind: s.Kind, Name: s.Name, Figures: figures})
	}
	differences, err := sqlcheck.Differences(context.Background(), path, sqlcheck.Span{From: r.From, To: r.To, Until: o.Now}, sheets)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		t.Error(d)
	}
	return r
}

func TestEveryFigureIsWhatPlainSQLSays(t *testing.T) {
	for seed := range uint64(12) {
		path := filepath.Join(t.TempDir(), "r.db")
		db, err := sqlite.Open(context.Background(), path, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		// midnight in Taipei falls into the middle of the traffic
		start := time.Date(2026, 3, 2, 15, 20, 0, 0, time.UTC)
		traffic := storetest.Traffic{Dice: rand.New(rand.NewPCG(seed, 1)), Start: start, Agents: 6, Episodes: 12, Loners: 40, HandsOn: seed%2 == 1}
		if seed%3 == 2 {
			traffic.Crash = start.Add(time.Duration(20+seed) * time.Minute)
		}
		records := traffic.Records()
		rand.New(rand.NewPCG(seed, 2)).Shuffle(len(records), func(i, j int) { // rows and events come late and in any order
			if records[i].Event != nil && records[j].Event != nil {
				records[i], records[j] = records[j], records[i]
			}
		})
		for group := range slices.Chunk(records, 100) {
			if err := db.Save(context.Background(), group); err != nil {
				t.Fatal(err)
			}
		}
		if !traffic.Crash.IsZero() {
			closed, err := db.CloseCrashed(context.Background(), traffic.Crash)
			if err != nil || closed.Calls == 0 {
				t.Fatalf("nothing was up at the crash: %+v %v", closed, err)
			}
		}
		zone := time.FixedZone("Taipei", 8*3600)
		for _, o := range []report.DailyOptions{
			{Date: "2026-03-02", Zone: zone, Now: start.Add(48 * time.Hour)},
			{Date: "2026-03-03", Zone: zone, Now: start.Add(48 * time.Hour)},
			{Date: "2026-03-03", Zone: zone, Now: start.Add(65 * time.Minute)}, // in the middle of things
			{Date: "2026-03-02", Zone: zone, Now: start.Add(20 * time.Minute)},
		} {
			r := check(t, path, db, o)
			if t.Failed() {
				t.Fatalf("seed %d, %s as of %s", seed, r.Date, o.Now)
			}
		}
		if seed%2 == 0 {
			packedAgrees(t, path, db, start)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// packedAgrees checks the same when the books are packed, and when late events come on top.
func packedAgrees(t *testing.T, path string, db *sqlite.DB, start time.Time) {
	t.Helper()
	ctx, zone := context.Background(), time.FixedZone("Taipei", 8*3600)
	late := callers(map[time.Time]string{start.Add(31 * time.Minute): "k3", start.Add(32 * time.Minute): ""})
	for round := range 2 {
		for _, now := range []time.Time{start.Add(40 * time.Minute), start.Add(48 * time.Hour)} { // in steps, as a switch does it
			if err := db.Pack(ctx, start, now); err != nil {
				t.Fatal(err)
			}
		}
		for _, o := range []report.DailyOptions{
			{Date: "2026-03-02", Zone: zone, Now: start.Add(48 * time.Hour)},
			{Date: "2026-03-03", Zone: zone, Now: start.Add(48 * time.Hour)},
			{Date: "2026-03-03", Zone: zone, Now: start.Add(65 * time.Minute)},
			{Date: "2026-03-02", Zone: zone, Now: start.Add(20 * time.Minute)},
		} {
			if r := check(t, path, db, o); t.Failed() {
				t.Fatalf("packed, round %d: %s as of %s", round, r.Date, o.Now)
			}
		}
		if err := db.Save(ctx, late); err != nil { // of another node's spool
			t.Fatal(err)
		}
		if r := check(t, path, db, report.DailyOptions{Date: "2026-03-02", Zone: zone, Now: start.Add(48 * time.Hour)}); t.Failed() {
			t.Fatalf("after late events: %s", r.Date)
		}
	}
}

func TestAnEmptyDayHasAReport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	db, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Save(context.Background(), []store.Record{}); err != nil {
		t.Fatal(err)
	}
	r := check(t, path, db, report.DailyOptions{Date: "2026-03-02", Now: storetest.T0})
	if len(r.Sheets) != 2 {
		t.Errorf("%d sheets", len(r.Sheets))
	}
}
