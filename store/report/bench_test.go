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

// BenchmarkDaily makes the report of a day with 300 agents from a database.
func BenchmarkDaily(b *testing.B) {
	db, err := sqlite.Open(context.Background(), filepath.Join(b.TempDir(), "r.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	traffic := storetest.Traffic{Dice: rand.New(rand.NewPCG(1, 1)), Start: storetest.T0, Agents: 300, Episodes: 100, Loners: 5000}
	records := traffic.Records()
	for group := range slices.Chunk(records, 2000) {
		if err := db.Save(context.Background(), group); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, err := report.Daily(context.Background(), db, report.DailyOptions{Date: "2026-03-02", Now: storetest.T0.Add(48 * time.Hour)}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(records)), "records")
}
