package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/ledger"
	"ringway/store/storetest"
)

// The rows that an older program wrote lack what reports count by; the events tell it.
func TestWhatReportsCountByIsReadFromTheEventsOfOlderRows(t *testing.T) {
	ctx := context.Background()
	d, err := Open(ctx, filepath.Join(t.TempDir(), "r.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // the folder goes with it
	traffic := storetest.Traffic{Dice: rand.New(rand.NewPCG(3, 3)), Start: storetest.T0, Agents: 3, Episodes: 10, Loners: 10, HandsOn: true}
	records := traffic.Records()
	var events []store.Event
	for _, r := range records {
		if r.Event != nil {
			events = append(events, *r.Event)
		}
	}
	books := ledger.Build(events, storetest.T0.Add(48*time.Hour))
	for _, v := range books.Visits {
		records = append(records, store.Record{Visit: &store.Visit{ID: v.ID, Call: v.Call, Queue: v.Queue, Enter: v.Enter, Connect: v.Connect, Leave: v.Leave, End: v.End,
			Result: v.Result, Agent: v.Agent, EndReason: v.EndReason, ServiceLevel: v.ServiceLevel, ShortAbandon: v.ShortAbandon}})
	}
	for _, o := range books.Offers {
		records = append(records, store.Record{Offer: &store.Offer{ID: o.ID, Visit: o.Visit, Call: o.Call, Queue: o.Queue, Agent: o.Agent, Start: o.Start, End: o.End, Outcome: o.Outcome}})
	}
	if err := d.Save(ctx, records); err != nil {
		t.Fatal(err)
	}
	if err := d.Index(ctx, storetest.T0.Add(30*time.Minute)); err != nil { // some are in the tables of finds and some are not
		t.Fatal(err)
	}
	before := everything(t, d)
	p, err := provider(d.write)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.conn.Close(); err != nil { // the one connection that writes
		t.Fatal(err)
	}
	for _, up := range []bool{false, true} {
		if _, err := p.ApplyVersion(ctx, 16, up); err != nil {
			t.Fatal(err)
		}
	}
	after := everything(t, d)
	if len(before) < 100 {
		t.Fatalf("only %d rows to compare", len(before))
	}
	for _, row := range after {
		if !slices.Contains(before, row) {
			t.Errorf("after the migration: %s", row)
		}
	}
	for _, row := range before {
		if !slices.Contains(after, row) {
			t.Errorf("before the migration: %s", row)
		}
	}
}

// everything is what the migration fills, row by row.
func everything(t *testing.T, d *DB) (all []string) {
	t.Helper()
	for _, text := range []string{
		"SELECT 'calls', id, agent, '' FROM calls",
		"SELECT 'visits', id, service_level || ' ' || short_abandon, end_reason FROM visits",
		"SELECT 'visit_finds', visit, entered || ' ' || COALESCE(connected, 0) || ' ' || queue || agent, within || ' ' || short || end_reason FROM visit_finds",
		"SELECT 'offer_finds', offer, queue || agent || outcome, language FROM offer_finds",
		"SELECT 'placed', call, value, '' FROM call_finds WHERE what = 'p'",
		"SELECT 'customer_finds', call, COALESCE(again, ''), '' FROM customer_finds WHERE started IN (SELECT started FROM visit_finds)",
	} {
		rows, err := query(context.Background(), d.read, func(r *[4]string) []any { return []any{&r[0], &r[1], &r[2], &r[3]} }, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			all = append(all, fmt.Sprint(r))
		}
	}
	return all
}
