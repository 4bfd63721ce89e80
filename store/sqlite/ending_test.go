package sqlite_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/sqlite"
	"ringway/store/storetest"
)

// However the records of a call, a leg and a visit are ordered, repeated and grouped, their rows are those that saving them one
// by one makes.
func TestGroupsSaveWhatSingleRecordsDo(t *testing.T) {
	at := func(s int) time.Time { return storetest.T0.Add(time.Duration(s) * time.Second) }
	var records []store.Record
	for _, id := range []string{"x", "y"} { // one identifier for rows of all tables
		start := store.Call{ID: id, Kind: store.Customer, Start: at(0), Dialled: "700"}
		end, corrected, moved := start, start, start
		end.End, end.Cause = at(9), "normal"
		corrected.End, corrected.Cause, corrected.Parent = at(8), "timeout", "p"
		moved.Start, moved.End, moved.Customer = at(1), at(9), "k1"
		leg, visit := store.Leg{ID: id, Call: id, Start: at(0)}, store.Visit{ID: id, Call: id, Queue: "q", Enter: at(1)}
		legEnd, left, connected := leg, visit, visit
		legEnd.End, legEnd.Agent = at(9), "mei"
		left.Leave, left.Result = at(4), store.Abandoned
		connected.Connect, connected.Leave, connected.End, connected.Result = at(3), at(3), at(9), store.Connected
		for _, c := range []*store.Call{&start, &end, &corrected, &moved} {
			records = append(records, store.Record{Call: c})
		}
		for _, l := range []*store.Leg{&leg, &legEnd} {
			records = append(records, store.Record{Leg: l})
		}
		for _, v := range []*store.Visit{&visit, &left, &connected} {
			records = append(records, store.Record{Visit: v})
		}
	}
	for i := range 90 {
		records = append(records, store.Record{Event: &store.Event{Node: "n", Boot: "b", Seq: uint64(i), At: at(i), Kind: store.UserEvent, Call: "x",
			Data: map[string]string{"i": fmt.Sprint(i)}}})
	}
	ctx := context.Background()
	for seed := range uint64(15) {
		r := rand.New(rand.NewPCG(seed, 1))
		order := append(slices.Clone(records), records[:5]...)
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		one, groups := open(t, filepath.Join(t.TempDir(), "r.db"), sqlite.Options{}), open(t, filepath.Join(t.TempDir(), "r.db"), sqlite.Options{})
		size := []int{3, 20, len(order)}[seed%3]
		for i := range order {
			if err := one.Save(ctx, order[i:i+1]); err != nil {
				t.Fatal(err)
			}
		}
		for group := range slices.Chunk(order, size) {
			if err := groups.Save(ctx, group); err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range []string{"x", "y"} {
			want, err := one.Story(ctx, id)
			got, err2 := groups.Story(ctx, id)
			if err != nil || err2 != nil || !reflect.DeepEqual(got, want) || id == "x" && len(got.Events) != 90 {
				t.Errorf("seed %d, groups of %d:\n got %+v\nwant %+v (%v, %v)", seed, size, got, want, err, err2)
			}
		}
	}
}
