package sqlite_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/memory"
	"ringway/store/sqlite"
	"ringway/store/storetest"
)

// indexing takes all calls into the tables of finds after each group, so that what comes later comes late.
type indexing struct{ *sqlite.DB }

func (x indexing) Save(ctx context.Context, records []store.Record) error {
	if err := x.DB.Save(ctx, records); err != nil {
		return err
	}
	return x.Index(ctx, storetest.T0.Add(24*time.Hour))
}

func TestAnIndexedDatabasePassesTheSuite(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) storetest.Keeper {
		return indexing{open(t, filepath.Join(t.TempDir(), "r.db"), sqlite.Options{Now: now})}
	})
}

// Whatever the order in which the records of calls come, and whenever calls are indexed, and after a restart, the same are found.
func TestCallsAreFoundOnEitherSideOfTheIndex(t *testing.T) {
	ctx := context.Background()
	at := func(s int) time.Time { return storetest.T0.Add(time.Duration(s) * time.Second) }
	var records []store.Record
	for i := range 12 {
		id := fmt.Sprintf("c%02d", i)
		c := store.Call{ID: id, Kind: store.Customer, Customer: []string{"k0", "k1", ""}[i*i%7%3], Agent: fmt.Sprint("a", i%2), Start: at(i / 2 * 20), CallerNumber: fmt.Sprint(700000 + i%3), Dialled: "help", CallerName: "Lin " + id}
		ended := c
		ended.Answer, ended.End, ended.Disposition, ended.Kind = at(i*10+15), at(i*10+60), store.DispositionAnswered, []store.CallKind{store.Customer, store.Internal, store.Customer, store.Outgoing}[i%4]
		if i%3 == 0 {
			ended.Disposition = store.DispositionFailed
		}
		records = append(records, store.Record{Call: &c}, store.Record{Call: &ended},
			store.Record{Visit: &store.Visit{ID: "v" + id, Call: id, Queue: fmt.Sprint("q", i%2), Enter: at(i * 10)}},
			store.Record{Visit: &store.Visit{ID: "w" + id, Call: id, Queue: "q2", Language: "ja", Enter: at(i*10 + 20), ByTransfer: true}},
			store.Record{Visit: &store.Visit{ID: "w" + id, Call: id, Queue: "q2", Language: "ja", Enter: at(i*10 + 20), ByTransfer: true,
				ServiceLevel: time.Duration(8+i%3*2) * time.Second, ShortAbandon: time.Duration(9+i%4) * time.Second, EndReason: []string{"", store.TransferBlind}[i%2],
				Connect: at(i*10 + 30), Leave: at(i*10 + 30), Result: []store.VisitResult{store.Connected, store.Abandoned, store.Full}[i%3], Agent: fmt.Sprint("a", i%4)}},
			store.Record{Offer: &store.Offer{ID: "o" + id, Call: id, Visit: "w" + id, Queue: "q2", Agent: fmt.Sprint("a", i%4), Start: at(i*10 + 25)}},
			store.Record{Offer: &store.Offer{ID: "o" + id, Call: id, Visit: "w" + id, Queue: "q2", Agent: fmt.Sprint("a", i%4), Start: at(i*10 + 25), End: at(i*10 + 30),
				Outcome: []store.OfferOutcome{store.Answered, store.Declined}[i%2]}},
			store.Record{Offer: &store.Offer{ID: "p" + id, Call: id, Visit: "v" + id, Queue: fmt.Sprint("q", i%2), Agent: fmt.Sprint("a", i%4), Start: at(i*10 + 26)}},
			store.Record{Leg: &store.Leg{ID: "l" + id, Call: id, Agent: fmt.Sprint("a", i%4), Start: at(i*10 + 5), End: at(i*10 + 60)}})
	}
	for i := range 9 { // somebody who calls again and again, of whom nothing else is on record
		c := store.Call{ID: fmt.Sprintf("d%d", i), Kind: store.Customer, Customer: "k3", Start: at(i * 14), End: at(i*14 + 30)}
		records = append(records, store.Record{Call: &c})
	}
	queries := []store.CallQuery{{Queue: "q1"}, {Agent: "a2"}, {Agent: "a3", Queue: "q1"}, {Kind: store.Internal}, {Disposition: store.DispositionFailed},
		{Search: "0002"}, {Search: "lin c0"}, {Search: "help", From: at(20), To: at(70)}, {Search: "c05"}, {Queue: "q0", Limit: 2},
		{Visit: store.VisitFilter{Entered: store.Within{From: at(40), To: at(90)}}},
		{Visit: store.VisitFilter{Entered: store.Within{From: at(40), To: at(90)}, Queue: "q1"}},
		{Visit: store.VisitFilter{Left: store.Within{From: at(40), To: at(90)}, ByTransfer: true, Result: store.AnyFlowOut}},
		{Visit: store.VisitFilter{Connected: store.Within{From: at(40)}, Agent: "a2"}, Limit: 1},
		{Visit: store.VisitFilter{Result: store.StillWaiting}, Limit: 5},
		{Visit: store.VisitFilter{Language: "-", Entered: store.Within{To: at(50)}}, Kind: store.Internal},
		{Offer: store.OfferFilter{Begun: store.Within{From: at(50), To: at(120)}, Agent: "a1"}},
		{Offer: store.OfferFilter{Outcome: store.Declined}, Visit: store.VisitFilter{Queue: "q2", Result: store.Full}},
		{Visit: store.VisitFilter{Left: store.Within{To: at(100)}, Within: true}},
		{Visit: store.VisitFilter{Short: true}, Limit: 1},
		{Visit: store.VisitFilter{EndReason: store.TransferBlind, Connected: store.Within{From: at(10)}}},
		{Visit: store.VisitFilter{Result: store.AnyVisit}, From: at(20), To: at(90), Limit: 3},
		{Offer: store.OfferFilter{Begun: store.Within{From: at(50), To: at(120)}, Queue: "q1"}},
		{Offer: store.OfferFilter{Outcome: store.RONA, Language: "ja"}, Limit: 2},
		{Offer: store.OfferFilter{Language: "-", Begun: store.Within{To: at(90)}}},
		{Placed: "a1", Kind: store.Internal, Answered: store.Within{From: at(20), To: at(120)}, Limit: 1},
		{Placed: "a0"}, {Placed: "a1", Kind: store.Outgoing},
		{Identified: true, From: at(20)}, {Again: 25 * time.Second}, {Again: 60 * time.Second, Limit: 1}, {Again: time.Hour, From: at(20), To: at(60)},
		{Again: 60 * time.Second, Visit: store.VisitFilter{Entered: store.Within{To: at(80)}, Queue: "q2"}, Limit: 1},
		{Again: time.Hour, Offer: store.OfferFilter{Outcome: store.Answered}, Customer: "k1"}}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		r.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		path, last := filepath.Join(t.TempDir(), "r.db"), 40+r.IntN(210)
		d, m := open(t, path, sqlite.Options{}), memory.New()
		for group := range slices.Chunk(records, 1+r.IntN(8)) {
			for _, k := range []storetest.Keeper{d, m} {
				if err := k.Save(ctx, group); err != nil {
					t.Fatal(err)
				}
			}
			if r.IntN(3) == 0 {
				if err := d.Index(ctx, at(r.IntN(last))); err != nil {
					t.Fatal(err)
				}
			}
			if r.IntN(6) == 0 {
				if err := d.Close(); err != nil {
					t.Fatal(err)
				}
				d = open(t, path, sqlite.Options{})
			}
		}
		for _, q := range queries {
			got, err := turned(d, q)
			want, err2 := turned(m, q)
			if err != nil || err2 != nil || len(got) == 0 || !slices.Equal(got, want) {
				t.Errorf("seed %d: %+v found %v, want %v (%v, %v)", seed, q, got, want, err, err2)
			}
		}
	}
}

// turned are all calls that a query finds, page by page.
func turned(k storetest.Keeper, q store.CallQuery) (all []string, err error) {
	for {
		p, err := k.Calls(context.Background(), q)
		if err != nil {
			return nil, err
		}
		for _, c := range p.Calls {
			all = append(all, c.ID)
		}
		if q.Cursor = p.Next; q.Cursor == "" {
			return all, nil
		}
	}
}
