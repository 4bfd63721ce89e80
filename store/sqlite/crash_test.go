package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/ledger"
	"ringway/store/sqlite"
	"ringway/store/storetest"
)

// The books of a quarter of an hour say of a crashed run what the books of the whole day say.
func TestAQuarterBeforeOrAfterTheEndsOfCrashedCalls(t *testing.T) {
	ctx := context.Background()
	at := func(minute int) time.Time { return storetest.T0.Add(time.Duration(minute) * time.Minute) }
	db := open(t, filepath.Join(t.TempDir(), "r.db"), sqlite.Options{})
	var records []store.Record
	add := func(minute int, e store.Event) {
		e.Node, e.Boot, e.Seq, e.At = "n1", "b1", uint64(len(records)+1), at(minute)
		records = append(records, store.Record{Event: &e})
	}
	begin := func(minute int, call string) {
		add(minute, store.Event{Kind: store.CallStart, Call: call, State: "customer"})
		records = append(records, store.Record{Call: &store.Call{ID: call, Kind: store.Customer, Start: at(minute)}})
	}
	add(0, store.Event{Kind: store.NodeStart})
	add(1, store.Event{Kind: store.AgentState, Agent: "ken", State: "available"})
	begin(5, "z") // is closed after the other one, at an earlier instant
	add(6, store.Event{Kind: store.VisitEnter, Call: "z", Visit: "v", Queue: "help"})
	add(7, store.Event{Kind: store.VisitConnect, Call: "z", Visit: "v", Queue: "help", Agent: "mei"})
	add(7, store.Event{Kind: store.AgentState, Agent: "mei", State: "talk", Call: "z", Queue: "help"})
	begin(70, "a") // the last that is heard of the run
	if err := db.Save(ctx, records); err != nil {
		t.Fatal(err)
	}
	if r, err := db.CloseCrashed(ctx, at(80)); err != nil || r.Calls != 2 {
		t.Fatalf("closed: %+v, %v", r, err)
	}
	if err := db.Save(ctx, []store.Record{{Event: &store.Event{Node: "n1", Boot: "b2", Seq: 1, At: at(80), Kind: store.NodeStart}}}); err != nil {
		t.Fatal(err)
	}
	for minute := 0; minute < 90; minute += 15 {
		s := ledger.Span{From: at(minute), To: at(minute + 15)}
		b, err := db.Books(ctx, ledger.Request{From: s.From, To: s.To, Until: at(600)})
		if err != nil {
			t.Fatal(err)
		}
		talk, available := time.Duration(0), time.Duration(0)
		for _, a := range b.AgentTallies(s) {
			talk, available = talk+a.Time[store.Talk], available+a.Time[store.Available]
		}
		if q := b.QueueTallies(s)[0]; talk != q.Time[ledger.Talk] {
			t.Errorf("minute %d: talk is %s for the agents, %s for the queues", minute, talk, q.Time[ledger.Talk])
		}
		if want := s.Overlap(at(1), at(70)); available != want {
			t.Errorf("minute %d: available %s, want %s", minute, available, want)
		}
	}
}
