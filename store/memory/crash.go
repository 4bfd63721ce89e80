package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"ringway/store"
	"ringway/store/ledger"
)

// Recover is CloseCrashed by the keeper's own clock.
func (d *DB) Recover(ctx context.Context) (store.Recovery, error) {
	return d.CloseCrashed(ctx, d.now())
}

// CloseCrashed closes what an unclean stop left open, as a database does on a start.
func (d *DB) CloseCrashed(_ context.Context, now time.Time) (store.Recovery, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var r store.Recovery
	open := d.openCalls(&r)
	closer := &ledger.Closer{Last: d.lastSeq}
	for _, id := range open {
		events := pick(d.events, func(e store.Event) bool { return e.Call == id }, compareEvents)
		closing, err := closer.Interrupted(id, events)
		if err != nil {
			return r, err
		}
		for _, e := range closing {
			d.putEvent(e)
		}
		for _, e := range append(events, closing...) {
			d.completeRow(e)
		}
	}
	d.closeRows(now)
	return r, nil
}

// lastSeq is the highest number on record in one run of a node.
func (d *DB) lastSeq(node, boot string) (uint64, error) {
	last := uint64(0)
	for id := range d.events {
		if id.node == node && id.boot == boot {
			last = max(last, id.seq)
		}
	}
	return last, nil
}

func visitOpen(v store.Visit) bool {
	return v.Leave.IsZero() || (v.End.IsZero() && !v.Connect.IsZero())
}

func (d *DB) openCalls(r *store.Recovery) []string {
	var ids []string
	seen := map[string]bool{}
	add := func(n *int, id string) {
		*n++
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, c := range d.calls {
		if c.End.IsZero() {
			add(&r.Calls, c.ID)
		}
	}
	for _, l := range d.legs {
		if l.End.IsZero() {
			add(&r.Legs, l.Call)
		}
	}
	for _, v := range d.visits {
		if visitOpen(v) {
			add(&r.Visits, v.Call)
		}
	}
	for _, o := range d.offers {
		if o.End.IsZero() {
			add(&r.Offers, o.Call)
		}
	}
	for _, e := range d.events {
		if _, known := d.calls[e.Call]; e.Kind == store.CallStart && !known {
			d.calls[e.Call] = store.Call{ID: e.Call, Node: e.Node, Kind: store.CallKind(e.State), Start: e.At, Agent: e.Agent,
				Parent: e.Data[store.DataParent], Customer: e.Data[store.DataCustomer]}
			ids = append(ids, e.Call)
		}
	}
	slices.Sort(ids) // the same numbers for the same crash
	return ids
}

// completeRow closes the row that an event says is over; a row that is closed already stays as it is.
func (d *DB) completeRow(e store.Event) {
	switch e.Kind {
	case store.CallBecame:
		if c, ok := d.calls[e.Call]; ok && c.End.IsZero() {
			c.Kind = store.CallKind(e.State)
			d.calls[e.Call] = c
		}
	case store.CallAnswer:
		if c, ok := d.calls[e.Call]; ok && c.End.IsZero() && c.Answer.IsZero() {
			c.Answer = e.At
			d.calls[e.Call] = c
		}
	case store.CallEnd:
		if c, ok := d.calls[e.Call]; ok && c.End.IsZero() {
			c.End, c.Disposition, c.Cause, c.EndedBy = e.At, store.Disposition(e.State), e.Reason, "switch"
			d.calls[e.Call] = c
		}
	case store.LegEnd:
		if l, ok := d.legs[e.Leg]; ok && l.End.IsZero() {
			l.End, l.Cause = e.At, e.Reason
			d.legs[e.Leg] = l
		}
	case store.OfferEnd:
		if o, ok := d.offers[e.Offer]; ok && o.End.IsZero() {
			o.End, o.Outcome = e.At, store.OfferOutcome(e.State)
			d.offers[e.Offer] = o
		}
	case store.VisitConnect, store.VisitLeave, store.VisitEnd:
		if v, ok := d.visits[e.Visit]; ok {
			d.visits[e.Visit] = completeVisit(v, e)
		}
	}
}

func completeVisit(v store.Visit, e store.Event) store.Visit {
	switch {
	case e.Kind == store.VisitConnect && v.Leave.IsZero():
		v.Connect, v.Leave, v.Result, v.Agent, v.Offer = e.At, e.At, store.Connected, e.Agent, e.Offer
	case e.Kind == store.VisitLeave && v.Leave.IsZero():
		v.Leave, v.Result = e.At, store.VisitResult(e.State)
	case e.Kind == store.VisitEnd && v.End.IsZero():
		v.End, v.EndReason = e.At, e.Reason
	}
	return v
}

// closeRows closes rows that no event of theirs could close, at the last instant they know themselves.
func (d *DB) closeRows(now time.Time) {
	last := func(times ...time.Time) time.Time { return cmp.Or(append(times, now)...) }
	for id, c := range d.calls {
		if c.End.IsZero() {
			c.End, c.Cause, c.EndedBy, c.Disposition = last(c.Answer, c.Start), ledger.Crashed, "switch", store.DispositionFailed
			if !c.Answer.IsZero() {
				c.Disposition = store.DispositionAnswered
			}
			d.calls[id] = c
		}
	}
	for id, l := range d.legs {
		if l.End.IsZero() {
			l.End, l.Cause = last(l.Answer, l.Ringing, l.Start), ledger.Crashed
			d.legs[id] = l
		}
	}
	for id, o := range d.offers {
		if o.End.IsZero() {
			o.End, o.Outcome = last(o.Ringing, o.Start), store.CallerLeft
			d.offers[id] = o
		}
	}
	for id, v := range d.visits {
		switch {
		case v.Leave.IsZero():
			v.Leave, v.Result = last(v.Enter), store.Restart
		case visitOpen(v):
			v.End = v.Connect
		}
		d.visits[id] = v
	}
}
