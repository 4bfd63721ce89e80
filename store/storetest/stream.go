package storetest

import (
	"context"
	"errors"
	"testing"

	"ringway/store"
)

// stream reads two runs; the first one crashed in the middle of calls, so its closing events follow its own.
func stream(t *testing.T, k Keeper) {
	ctx := context.Background()
	if got := ok(k.EventsAfter(ctx, store.EventPlace{}, 10))(t); len(got) > 0 {
		t.Errorf("an empty record has the events %+v", got)
	}
	save(t, k, interrupted()...)
	ok(k.CloseCrashed(ctx, at(60)))(t)
	l := &log{boot: "a2"} // by name before the first run
	l.add(-100, store.Event{Kind: store.NodeStart})
	l.add(-90, store.Event{Kind: store.NodeStop})
	save(t, k, l.out...)

	all := ok(k.EventsAfter(ctx, store.EventPlace{}, 1000))(t)
	if n := len(all); n < 4 || all[0].Boot != "b1" || all[0].Seq != 1 || all[n-3].Seq < store.ClosingSeq || all[n-1].Place() != l.place() {
		t.Fatalf("the stream is %+v", all)
	}
	for i, e := range all {
		rest := ok(k.EventsAfter(ctx, e.Place(), 3))(t)
		equal(t, "what follows "+e.Place().String(), rest, append([]store.Event(nil), all[i+1:min(i+4, len(all))]...))
	}
	between := ok(k.EventsAfter(ctx, store.EventPlace{Boot: "b1", Seq: 1 << 40}, 1))(t)
	equal(t, "after the last number of its own", between[0].Seq, store.ClosingSeq)
	equal(t, "last of a run", ok(k.LastEvent(ctx, "a2"))(t), all[len(all)-1])
	if _, err := k.EventsAfter(ctx, store.EventPlace{Boot: "zz", Seq: 1}, 1); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("events of a run that never was: %v", err)
	}
	if _, err := k.LastEvent(ctx, "zz"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the last event of a run that never was: %v", err)
	}
}

// place is where the log ends.
func (l *log) place() store.EventPlace { return store.EventPlace{Boot: l.boot, Seq: l.seq} }
