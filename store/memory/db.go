package memory

import (
	"context"
	"sync"
	"time"

	"ringway/store"
)

// DB keeps records in memory. Its methods may be called from any goroutine; what it returns are copies of the records,
// whose maps and slices must not be changed.
type DB struct {
	now func() time.Time

	mu        sync.Mutex // guards everything below
	events    map[identity]store.Event
	runs      []run
	calls     map[string]store.Call
	legs      map[string]store.Leg
	visits    map[string]store.Visit
	offers    map[string]store.Offer
	decisions map[string]store.Decision
	bindings  map[place]store.Binding
	agents    map[string]store.AgentSaved
	sessions  map[string]store.AppSession
	outcomes  map[callAgent]store.CallOutcome
	notes     map[callAgent]store.CallNote

	recordings map[string]store.Recording
}

type identity struct {
	node, boot string
	seq        uint64
}

type place struct{ aor, contact string }

// New returns an empty keeper.
func New() *DB { return NewWithClock(time.Now) }

// NewWithClock returns an empty keeper that goes by another clock.
func NewWithClock(now func() time.Time) *DB {
	return &DB{now: now,
		events: map[identity]store.Event{}, calls: map[string]store.Call{}, legs: map[string]store.Leg{},
		visits: map[string]store.Visit{}, offers: map[string]store.Offer{}, decisions: map[string]store.Decision{},
		bindings: map[place]store.Binding{}, agents: map[string]store.AgentSaved{}, sessions: map[string]store.AppSession{},
		outcomes: map[callAgent]store.CallOutcome{}, notes: map[callAgent]store.CallNote{}, recordings: map[string]store.Recording{}}
}

// Save keeps all records. Saving a record twice changes nothing.
func (d *DB) Save(ctx context.Context, records []store.Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range records {
		d.put(r)
	}
	return nil
}

// Close does nothing; the keeper needs no end.
func (d *DB) Close() error { return nil }

func (d *DB) put(r store.Record) {
	switch {
	case r.Event != nil:
		d.putEvent(*r.Event)
	case r.Call != nil:
		if d.calls[r.Call.ID].End.IsZero() || !r.Call.End.IsZero() {
			d.calls[r.Call.ID] = *r.Call
		}
	case r.Leg != nil:
		if d.legs[r.Leg.ID].End.IsZero() || !r.Leg.End.IsZero() {
			d.legs[r.Leg.ID] = *r.Leg
		}
	case r.Visit != nil:
		old := d.visits[r.Visit.ID]
		if (old.End.IsZero() || !r.Visit.End.IsZero()) && (old.Leave.IsZero() || !r.Visit.Leave.IsZero()) {
			d.visits[r.Visit.ID] = *r.Visit
		}
	case r.Offer != nil:
		if d.offers[r.Offer.ID].End.IsZero() || !r.Offer.End.IsZero() {
			d.offers[r.Offer.ID] = *r.Offer
		}
	case r.Decision != nil:
		d.decisions[r.Decision.ID] = *r.Decision
	case r.Binding != nil:
		d.putBinding(*r.Binding)
	case r.Agent != nil:
		d.agents[r.Agent.Agent] = *r.Agent
	case r.Session != nil:
		d.sessions[r.Session.Session+"\x00"+r.Session.Subject+"\x00"+r.Session.Domain] = *r.Session
	case r.Outcome != nil:
		d.putOutcome(*r.Outcome)
	case r.Note != nil:
		d.putNote(*r.Note)
	case r.Recording != nil:
		d.putRecording(*r.Recording)
	}
}

func (d *DB) putEvent(e store.Event) {
	id := identity{e.Node, e.Boot, e.Seq}
	if _, known := d.events[id]; !known {
		e.At = e.At.Truncate(time.Microsecond)
		d.events[id] = e
		d.putStream(e)
	}
}

func (d *DB) putBinding(b store.BindingChange) {
	at := place{b.AOR, b.Contact}
	old, known := d.bindings[at]
	if known && old.Updated.After(b.Updated) {
		return
	}
	if b.Removed {
		delete(d.bindings, at)
		return
	}
	if b.InstanceID != "" && b.RegID > 0 {
		for k, o := range d.bindings {
			if k.aor == b.AOR && k != at && o.InstanceID == b.InstanceID && o.RegID == b.RegID && !o.Updated.After(b.Updated) {
				delete(d.bindings, k)
			}
		}
	}
	d.bindings[at] = b.Binding
}
