package node

import (
	"sync"
	"testing"
	"time"

	"ringway/store"
)

// board is where a test reads what its switch put on record, while it happens.
type board struct {
	mu        sync.Mutex               // guards what follows
	changed   chan struct{}            // closed at the next record
	events    map[string][]store.Event // by call; "" holds those of no call
	states    map[string]store.Event   // agent → her last state
	calls     map[string]string        // Call-ID of the caller's leg → call
	rows      map[string]store.Call
	finished  map[string]int // call → rows with an end: CDRs
	legs      map[string]store.Leg
	visits    map[string]store.Visit
	offers    []store.Offer
	decisions []store.Decision
}

func newBoard() *board {
	return &board{changed: make(chan struct{}), events: map[string][]store.Event{}, states: map[string]store.Event{}, calls: map[string]string{},
		rows: map[string]store.Call{}, finished: map[string]int{}, legs: map[string]store.Leg{}, visits: map[string]store.Visit{}}
}

// observe takes records.
func (b *board) observe(batch []store.Record) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range batch {
		b.take(r)
	}
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *board) take(r store.Record) {
	switch {
	case r.Event != nil:
		b.events[r.Event.Call] = append(b.events[r.Event.Call], *r.Event)
		if r.Event.Kind == store.AgentState {
			b.states[r.Event.Agent] = *r.Event
		}
	case r.Call != nil:
		b.calls[r.Call.SIPID], b.rows[r.Call.ID] = r.Call.ID, *r.Call
		if !r.Call.End.IsZero() {
			b.finished[r.Call.ID]++
		}
	case r.Leg != nil:
		b.legs[r.Leg.ID] = *r.Leg
	case r.Visit != nil:
		b.visits[r.Visit.ID] = *r.Visit
	case r.Offer != nil:
		b.offers = append(b.offers, *r.Offer)
	case r.Decision != nil:
		b.decisions = append(b.decisions, *r.Decision)
	}
}

// patience bounds every wait of a test.
const patience = 15 * time.Second

// within waits until the records fulfil a condition, which is asked under the lock; false when the time is over.
func (b *board) within(d time.Duration, fulfilled func() bool) bool {
	limit := time.NewTimer(d)
	defer limit.Stop()
	for {
		b.mu.Lock()
		ok, changed := fulfilled(), b.changed
		b.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-limit.C:
			return false
		}
	}
}

// until waits until the records fulfil a condition, and fails the test when they don't.
func (b *board) until(t *testing.T, what string, fulfilled func() bool) {
	t.Helper()
	if !b.within(patience, fulfilled) {
		t.Fatalf("it never came to this: %s", what)
	}
}

// has tells whether an event of a kind and, where given, a state is on record for a call. The lock is held.
func (b *board) has(sip string, kind store.EventKind, state string) bool {
	for _, e := range b.of(sip) {
		if e.Kind == kind && (state == "" || e.State == state) {
			return true
		}
	}
	return false
}

// of lists the events of a call by the Call-ID of its caller. The lock is held.
func (b *board) of(sip string) []store.Event {
	if id, known := b.calls[sip]; known {
		return b.events[id]
	}
	return nil
}

// is tells whether an agent is in a state. The lock is held.
func (b *board) is(agent string, state store.AgentBucket) bool {
	return b.states[agent].State == string(state)
}

// offersOf lists who was offered a call, in order. The lock is held.
func (b *board) offersOf(sip string) []string {
	var out []string
	for _, e := range b.of(sip) {
		if e.Kind == store.OfferStart {
			out = append(out, e.Agent)
		}
	}
	return out
}
