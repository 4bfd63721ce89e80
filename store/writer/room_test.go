package writer_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/writer"
)

// parts are the rows of one queue call, answered at the second offer.
func parts(i int) []store.Record {
	var out []store.Record
	id, t := fmt.Sprint("c", i), time.Unix(int64(i), 0)
	for _, end := range []time.Time{{}, t} {
		out = append(out, store.Record{Call: &store.Call{ID: id, End: end}})
		for _, leg := range []string{"a", "b", "c"} {
			out = append(out, store.Record{Leg: &store.Leg{ID: id + leg, Call: id, End: end}})
		}
		for _, offer := range []string{".1", ".2"} {
			out = append(out, store.Record{Offer: &store.Offer{ID: id + offer, Call: id, End: end}})
		}
		out = append(out, store.Record{Visit: &store.Visit{ID: id, Call: id, Leave: t, End: end}})
	}
	return out
}

// Whatever waits beside them, 50,000 calls with all their rows do while nothing can be written.
func TestFiftyThousandCallsWaitWithAllTheirParts(t *testing.T) {
	w := writer.New(&keeper{down: errors.New("disk full")}, writer.Options{Node: "n", Boot: "b", RetryMin: time.Hour})
	defer func() { _ = w.Close(t.Context()) }() // what waits is lost
	for i := range 50_000 {
		for _, r := range parts(i) {
			w.Record(r)
			w.Record(event())
		}
	}
	h := w.Health()
	if h.Lost.CDRs != 0 || h.Waiting.CDRs != 700_000 || h.Waiting.Events < 200_000 || h.Waiting.Events+h.Lost.Events != 700_000 {
		t.Errorf("waiting %+v, lost %+v", h.Waiting, h.Lost)
	}
}

func TestCallsTakeTheRoomOfWhatIsWorthLess(t *testing.T) {
	k := &keeper{down: errors.New("disk full")}
	w := writer.New(k, writer.Options{Node: "n", Boot: "b", Events: 6, CDRs: 4, State: 2, Decisions: 1, Batch: 1, RetryMin: time.Hour})
	w.Record(event())
	for w.Health().Error == "" { // its one record is in flight
		time.Sleep(time.Millisecond)
	}
	for range 6 {
		w.Record(event())
	}
	w.Record(store.Record{Decision: &store.Decision{ID: "d"}})
	w.Record(store.Record{Agent: &store.AgentSaved{Agent: "a"}})
	want := []struct {
		calls     int
		lost, now writer.Counts
	}{
		{5, writer.Counts{}, writer.Counts{Events: 7, Decisions: 1, State: 1, CDRs: 5}},
		{3, writer.Counts{Events: 3}, writer.Counts{Events: 4, Decisions: 1, State: 1, CDRs: 8}},
		{4, writer.Counts{Events: 6, Decisions: 1}, writer.Counts{Events: 1, State: 1, CDRs: 12}},
		{1, writer.Counts{Events: 6, Decisions: 1, State: 1}, writer.Counts{Events: 1, CDRs: 13}},
		{2, writer.Counts{Events: 6, Decisions: 1, State: 1, CDRs: 2}, writer.Counts{Events: 1, CDRs: 13}},
	}
	n := 0
	for i, step := range want {
		for range step.calls {
			n++
			w.Record(call(n))
		}
		if h := w.Health(); h.Lost != step.lost || h.Waiting != step.now {
			t.Errorf("after step %d: lost %+v, waiting %+v; want %+v, %+v", i, h.Lost, h.Waiting, step.lost, step.now)
		}
	}
	w.Record(event())
	if h := w.Health(); h.Lost.Events != 7 || h.Lost.CDRs != 2 {
		t.Errorf("an event where calls fill all: lost %+v", h.Lost)
	}
	k.set(nil)
	closes(t, w)
	var kept []string
	for _, s := range k.saved() {
		if strings.HasPrefix(s, "call") {
			kept = append(kept, s)
		}
	}
	if len(kept) != 13 || !strings.HasSuffix(kept[12], fmt.Sprint(n)) {
		t.Errorf("kept %v", kept)
	}
}
