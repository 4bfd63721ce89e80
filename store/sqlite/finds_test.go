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

// indexing takes all calls into call_finds after each group, so that what comes later comes late.
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
		c := store.Call{ID: id, Kind: store.Customer, Start: at(i * 10), CallerNumber: fmt.Sprint(700000 + i%3), Dialled: "help", CallerName: "Lin " + id}
		ended := c
		ended.End, ended.Disposition, ended.Kind = at(i*10+60), store.DispositionAnswered, []store.CallKind{store.Customer, store.Internal}[i%2]
		if i%3 == 0 {
			ended.Disposition = store.DispositionFailed
		}
		records = append(records, store.Record{Call: &c}, store.Record{Call: &ended},
			store.Record{Visit: &store.Visit{ID: "v" + id, Call: id, Queue: fmt.Sprint("q", i%2), Enter: at(i * 10)}},
			store.Record{Leg: &store.Leg{ID: "l" + id, Call: id, Agent: fmt.Sprint("a", i%4), Start: at(i*10 + 5), End: at(i*10 + 60)}})
	}
	queries := []store.CallQuery{{Queue: "q1"}, {Agent: "a2"}, {Agent: "a3", Queue: "q1"}, {Kind: store.Internal}, {Disposition: store.DispositionFailed},
		{Search: "0002"}, {Search: "lin c0"}, {Search: "help", From: at(20), To: at(70)}, {Search: "c05"}, {Queue: "q0", Limit: 2}}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		r.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		path := filepath.Join(t.TempDir(), "r.db")
		d, m := open(t, path, sqlite.Options{}), memory.New()
		for group := range slices.Chunk(records, 1+r.IntN(8)) {
			for _, k := range []storetest.Keeper{d, m} {
				if err := k.Save(ctx, group); err != nil {
					t.Fatal(err)
				}
			}
			if r.IntN(3) == 0 {
				if err := d.Index(ctx, at(r.IntN(250))); err != nil {
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
			got, err := d.Calls(ctx, q)
			want, err2 := m.Calls(ctx, q)
			if err != nil || err2 != nil || len(got.Calls) == 0 || fmt.Sprint(ids(got)) != fmt.Sprint(ids(want)) {
				t.Errorf("seed %d: %+v found %v, want %v (%v, %v)", seed, q, ids(got), ids(want), err, err2)
			}
		}
	}
}

func ids(p store.CallPage) (all []string) {
	for _, c := range p.Calls {
		all = append(all, c.ID)
	}
	return all
}
