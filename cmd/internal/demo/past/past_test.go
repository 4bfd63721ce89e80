package past_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"ringway/acd"
	"ringway/cmd/internal/demo/past"
	"ringway/config/diag"
	"ringway/store"
	"ringway/store/ledger"
	"ringway/store/report"
	"ringway/store/sqlite"
)

// company is the starter configuration's.
func company(t testing.TB) *acd.Spec {
	t.Helper()
	read := func(name string) acd.File {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "config", "defaults", "starter", name))
		if err != nil {
			t.Fatal(err)
		}
		return acd.File{Name: name, Text: text}
	}
	var l diag.List
	spec := acd.LoadSpec(read("queues.yaml"), read("people.yaml"), &l)
	if l.HasErrors() {
		t.Fatal(l.Err())
	}
	return spec
}

var (
	from = time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)
	to   = from.AddDate(0, 0, 30)
)

func made(t testing.TB, calls int, seed uint64) []store.Record {
	t.Helper()
	var out []store.Record
	n, err := past.Make(past.Options{Spec: company(t), From: from, To: to, Calls: calls, Seed: seed, Save: func(r []store.Record) error {
		out = append(out, r...)
		return nil
	}})
	if err != nil || n != calls {
		t.Fatal(n, err)
	}
	return out
}

func TestTheSameSeedMakesTheSameHistory(t *testing.T) {
	a, b := made(t, 300, 7), made(t, 300, 7)
	if !reflect.DeepEqual(a, b) {
		t.Error("two histories of one seed differ")
	}
	if c := made(t, 300, 8); reflect.DeepEqual(a, c) {
		t.Error("another seed makes the same history")
	}
}

func TestAHistoryIsWhole(t *testing.T) {
	var events []store.Event
	calls := map[string]store.Call{}
	for _, r := range made(t, 10000, 1) {
		switch {
		case r.Event != nil:
			if r.Event.Node != past.Node || r.Event.At.Before(from) || r.Event.At.After(to) {
				t.Fatalf("an event that is not of the history: %+v", r.Event)
			}
			events = append(events, *r.Event)
		case r.Call != nil:
			calls[r.Call.ID] = *r.Call
		case r.Agent != nil || r.Binding != nil || r.Session != nil:
			t.Fatal("the history touches what is live")
		}
	}
	for _, c := range calls {
		if c.End.IsZero() || c.Node != past.Node {
			t.Errorf("call %s never ended, or is not marked", c.ID)
		}
	}
	books := ledger.Build(events, to.Add(time.Hour))
	all := books.QueueTallies(ledger.Span{From: from, To: to})[0]
	if len(calls) != 10000 || all.Arrived.Answered < 1000 || all.Arrived.Abandoned < 50 || all.Arrived.Waiting > 0 || all.Work.TransferBlind < 10 {
		t.Errorf("%d calls: %+v", len(calls), all.Arrived)
	}
	if rate := 100 * all.Arrived.Abandoned / all.Arrived.Offered(); rate > 15 {
		t.Errorf("%d %% of the callers gave up: no company would show that", rate)
	}
	silent := 0
	for _, s := range books.Agents {
		if s.Bucket != store.NotResponding {
			continue
		}
		if silent++; s.End.Sub(s.Start) > 5*time.Minute {
			t.Errorf("%s stood there for %s after she let a call ring, from %s", s.Agent, s.End.Sub(s.Start), s.Start)
		}
	}
	if silent == 0 {
		t.Error("nobody let a call ring")
	}
	last := books.QueueTallies(ledger.Span{From: to.Add(-3 * time.Hour), To: to})[0].Arrived
	if last.Answered < 3*last.Abandoned {
		t.Errorf("nobody works on the last day: %+v", last)
	}
	for _, a := range books.AgentTallies(ledger.Span{From: from, To: to.Add(time.Hour)}) {
		if a.Logout.IsZero() || a.Work.Handled == 0 || a.Time[store.NotReady] == 0 {
			t.Errorf("%s handled %d, never left: %t", a.Agent, a.Work.Handled, a.Logout.IsZero())
		}
	}
	if len(books.AgentTallies(ledger.Span{From: from, To: to.Add(time.Hour)})) != 6 {
		t.Error("not every robot worked")
	}
}

// BenchmarkHistory makes thirty days with 10,000 calls and writes them to a database.
func BenchmarkHistory(b *testing.B) {
	for b.Loop() {
		db, err := sqlite.Open(context.Background(), filepath.Join(b.TempDir(), "p.db"), sqlite.Options{})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		if _, err := past.Make(past.Options{Spec: company(b), From: from, To: to, Seed: 1, Save: func(r []store.Record) error {
			n += len(r)
			return db.Save(context.Background(), r)
		}}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n), "records")
		var _ report.Ledger = db
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
