package report_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"ringway/store"
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
	records, calls := home(traffic.Records()), map[string]bool{}
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
		began, n := cpu(b), 0
		for b.Loop() {
			n++
			if _, err := report.Daily(ctx, db, report.DailyOptions{Date: "2026-03-02", Now: now}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64((cpu(b)-began).Milliseconds())/float64(n), "cpu-ms/op")
		b.ReportMetric(float64(len(calls)), "calls")
		b.ReportMetric(float64(len(records)), "records")
	}
	b.Run("events", daily)
	if err := db.Pack(ctx, storetest.T0, now); err != nil {
		b.Fatal(err)
	}
	b.Run("packed", daily)
}

// home sends all agents home when the traffic is over.
func home(records []store.Record) []store.Record {
	agents := map[string]bool{}
	var last store.Event
	for _, r := range records {
		if r.Event != nil {
			agents[r.Event.Agent], last = true, *r.Event
		}
	}
	for _, id := range slices.Sorted(maps.Keys(agents)) {
		last.Seq++
		e := store.Event{Node: last.Node, Boot: last.Boot, Seq: last.Seq, At: last.At, Kind: store.AgentState, Agent: id, State: string(store.Offline)}
		if id != "" {
			records = append(records, store.Record{Event: &e})
		}
	}
	return records
}

// BenchmarkMonth makes the reports of thirty days with 10,000 calls.
func BenchmarkMonth(b *testing.B) {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, filepath.Join(b.TempDir(), "r.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	first, now := storetest.T0, storetest.T0.Add(31*24*time.Hour)
	for day := range 30 {
		traffic := storetest.Traffic{Dice: rand.New(rand.NewPCG(uint64(day), 1)), Start: first.Add(time.Duration(day) * 24 * time.Hour), Agents: 10, Episodes: 20, Loners: 170}
		records := traffic.Records()
		for i := range records { // each day's calls have names of their own
			name := fmt.Sprintf("d%d-", day)
			if e := records[i].Event; e != nil {
				e.Boot = name + e.Boot
				for _, id := range []*string{&e.Call, &e.Leg, &e.Visit, &e.Offer} {
					if *id != "" {
						*id = name + *id
					}
				}
				if p := e.Data[store.DataParent]; p != "" {
					e.Data[store.DataParent] = name + p
				}
			} else if c := records[i].Call; c != nil {
				if c.ID = name + c.ID; c.Parent != "" {
					c.Parent = name + c.Parent
				}
			}
		}
		if err := db.Save(ctx, records); err != nil {
			b.Fatal(err)
		}
	}
	if err := db.Pack(ctx, first, now); err != nil {
		b.Fatal(err)
	}
	m := &report.Maker{Sources: report.Sources{Ledger: db, Calls: db}, Now: func() time.Time { return now }}
	for _, kind := range []string{"daily", "queues", "agents", "heatmap", "intervals"} {
		b.Run(kind, func(b *testing.B) {
			began, n := cpu(b), 0
			for b.Loop() {
				n++
				if _, err := m.Make(ctx, report.Query{Kind: kind, From: "2026-03-02", To: "2026-03-31"}, report.Viewer{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((cpu(b)-began).Milliseconds())/float64(n), "cpu-ms/op")
		})
	}
}
