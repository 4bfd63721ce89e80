package report_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"ringway/store/report"
	"ringway/store/sqlite"
	"ringway/store/storetest"
)

// BenchmarkDaily makes the report of a day with 50,000 calls and 300 agents from a database: as the day after sees it, with
// the books packed, and from the events alone.
func BenchmarkDaily(b *testing.B) {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, filepath.Join(b.TempDir(), "r.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	traffic := storetest.Traffic{Dice: rand.New(rand.NewPCG(1, 1)), Start: storetest.T0, Agents: 300, Episodes: 100, Loners: 26_000}
	records, calls := traffic.Records(), map[string]bool{}
	for group := range slices.Chunk(records, 2000) {
		for _, r := range group {
			if r.Call != nil && r.Call.Parent == "" {
				calls[r.Call.ID] = true
			}
		}
		if err := db.Save(ctx, group); err != nil {
			b.Fatal(err)
		}
	}
	now := storetest.T0.Add(48 * time.Hour)
	daily := func(b *testing.B) {
		for b.Loop() {
			if _, err := report.Daily(ctx, db, report.DailyOptions{Date: "2026-03-02", Now: now}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(calls)), "calls")
		b.ReportMetric(float64(len(records)), "records")
	}
	b.Run("events", daily)
	if err := db.Pack(ctx, storetest.T0, now); err != nil {
		b.Fatal(err)
	}
	b.Run("packed", daily)
}
