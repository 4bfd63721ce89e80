package ledger

import (
	"time"

	"ringway/store"
)

// Crashed is the cause of a call that a crash of the switch ended.
const Crashed = "crashed"

// Closer writes the ends that a crash left out. Use one for all calls.
type Closer struct {
	// Last says the highest number on record in one run of a node.
	Last func(node, boot string) (uint64, error)

	next map[run]uint64
}

// Interrupted returns the events that close one call which a crash left open, all at its last event: offers (the caller
// left: no agent is blamed), visits (flow-out by restart, or the end of the conversation), legs and the call. It returns
// nothing for a call that has ended. events are all events of the call.
func (x *Closer) Interrupted(call string, events []store.Event) ([]store.Event, error) {
	if len(events) == 0 {
		return nil, nil
	}
	sorted := arrange(events, time.Unix(1<<40, 0))
	b := newCallBook()
	for i := range sorted {
		b.post(&sorted[i])
	}
	c := b.calls[call]
	if c == nil || c.ended {
		return nil, nil
	}
	k := closer{at: sorted[len(sorted)-1]}
	k.close(b, c, sorted)
	return k.out, x.number(k.out)
}

// number gives closing events numbers of their own.
func (x *Closer) number(events []store.Event) error {
	r := run{events[0].Node, events[0].Boot}
	next, known := x.next[r]
	if !known {
		last, err := x.Last(r.node, r.boot)
		if err != nil {
			return err
		}
		next = max(store.ClosingSeq, last+1)
	}
	for i := range events {
		events[i].Seq = next
		next++
	}
	if x.next == nil {
		x.next = map[run]uint64{}
	}
	x.next[r] = next
	return nil
}

type closer struct {
	at  store.Event
	out []store.Event
}

func (k *closer) emit(e store.Event) {
	e.Node, e.Boot, e.At, e.Call = k.at.Node, k.at.Boot, k.at.At, k.at.Call
	k.out = append(k.out, e)
}

// close walks the events, so that its order is theirs.
func (k *closer) close(b *callBook, c *callAccount, sorted []store.Event) {
	for _, e := range sorted {
		if o := b.offers[e.Offer]; o != nil && e.Kind == store.OfferStart && o.End.IsZero() {
			k.emit(store.Event{Kind: store.OfferEnd, Visit: o.Visit, Offer: o.ID, Queue: o.Queue, Agent: o.Agent,
				State: string(store.CallerLeft), Reason: Crashed})
		}
	}
	for _, e := range sorted {
		v := b.visits[e.Visit]
		if v == nil || e.Kind != store.VisitEnter {
			continue
		}
		switch {
		case v.Leave.IsZero():
			k.emit(store.Event{Kind: store.VisitLeave, Visit: v.ID, Queue: v.Queue, State: string(store.Restart), Reason: Crashed})
		case !v.Connect.IsZero() && v.End.IsZero():
			k.emit(store.Event{Kind: store.VisitEnd, Visit: v.ID, Queue: v.Queue, Agent: v.Agent, Reason: Crashed})
		}
	}
	ended := map[string]bool{}
	for _, e := range sorted {
		if e.Kind == store.LegEnd {
			ended[e.Leg] = true
		}
	}
	for _, e := range sorted {
		if e.Kind == store.LegStart && !ended[e.Leg] {
			k.emit(store.Event{Kind: store.LegEnd, Leg: e.Leg, Agent: e.Agent, Offer: e.Offer, State: "0", Reason: Crashed})
		}
	}
	disposition := store.DispositionFailed
	if !c.call.Answer.IsZero() {
		disposition = store.DispositionAnswered
	}
	k.emit(store.Event{Kind: store.CallEnd, State: string(disposition), Reason: Crashed})
}
