package node

import (
	"sync"
	"testing"
	"time"

	"ringway/sip/siptest"
	"ringway/store"
)

// witness sees every record of a switch and remembers those of calls.
type witness struct {
	also func(store.Record)

	mu     sync.Mutex // guards what follows
	begun  map[string]int
	ended  map[string][]store.Call
	events []store.Event
	offers []store.Offer
}

func newWitness(also func(store.Record)) *witness {
	return &witness{also: also, begun: map[string]int{}, ended: map[string][]store.Call{}}
}

func (w *witness) observe(r store.Record) {
	w.remember(r)
	if w.also != nil {
		w.also(r)
	}
}

func (w *witness) remember(r store.Record) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case r.Call != nil && r.Call.End.IsZero():
		w.begun[r.Call.ID]++
	case r.Call != nil:
		w.ended[r.Call.ID] = append(w.ended[r.Call.ID], *r.Call)
	case r.Event != nil:
		w.events = append(w.events, *r.Event)
	case r.Offer != nil:
		w.offers = append(w.offers, *r.Offer)
	}
}

// balanced says that each call has exactly one CDR, and each CDR a call.
func (w *witness) balanced(t *testing.T) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, n := range w.begun {
		if n != 1 || len(w.ended[id]) != 1 {
			t.Errorf("call %s began %d times and has %d CDRs", id, n, len(w.ended[id]))
		}
	}
	for id := range w.ended {
		if w.begun[id] == 0 {
			t.Errorf("call %s has a CDR and never began", id)
		}
	}
}

// dispositions counts the CDRs so far.
func (w *witness) dispositions() map[store.Disposition]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[store.Disposition]int{}
	for _, rows := range w.ended {
		for _, c := range rows {
			out[c.Disposition]++
		}
	}
	return out
}

// cdr waits for the CDR of a phone's call.
func (w *witness) cdr(t testing.TB, c *siptest.Call) (row store.Call) {
	t.Helper()
	eventually(t, 10*time.Second, "the CDR of "+c.ID, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, rows := range w.ended {
			if rows[0].SIPID == c.ID {
				row = rows[0]
				return true
			}
		}
		return false
	})
	return row
}

// all are the events of one kind so far.
func (w *witness) all(kind store.EventKind) (out []store.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.events {
		if e.Kind == kind {
			out = append(out, e)
		}
	}
	return out
}
