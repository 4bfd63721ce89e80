package stream

import (
	"context"
	"testing"
	"time"

	"ringway/store"
)

// A fault in waking readers costs that wake-up: the next event reaches them.
func TestReadersAreWokenAfterAFault(t *testing.T) {
	h := New(Options{Boot: "b", Pause: time.Microsecond})
	defer h.Close()
	r, err := h.Open(store.EventPlace{Boot: "b"}, Filter{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	post := func(seq uint64) { h.Post(store.Event{Node: "n", Boot: "b", Seq: seq, Kind: store.NodeStart}) }
	h.subs.Lock()
	h.waiters[nil] = struct{}{} // whoever wakes this one meets a fault
	h.subs.Unlock()
	post(1)
	for deadline := time.Now().Add(30 * time.Second); len(h.wake) > 0 && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
	}
	h.subs.Lock()
	delete(h.waiters, nil)
	h.subs.Unlock()
	post(2)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for seen := uint64(0); seen < 2; {
		items, err := r.Next(ctx, 10)
		if err != nil {
			t.Fatalf("after event %d: %v", seen, err)
		}
		seen = items[len(items)-1].ID.Seq
	}
}
