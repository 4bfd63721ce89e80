package ledger

import (
	"time"

	"ringway/store"
)

// Crashed is the cause of a call that a crash of the switch ended.
const Crashed = "crashed"

// closingSeq is where the numbers of closing events begin, far above any that a run counts itself, so that records of the
// run which are replayed later keep their own numbers.
const closingSeq = uint64(1) << 62

// Interrupted returns the events that close one call which a crash left open, all at its last event: offers (the caller
// left: no agent is blamed), visits (flow-out by restart, or the end of the conversation), legs and the call. It returns
// nothing for a call that has ended. events are all events of the call.
func Interrupted(call string, events []store.Event) []store.Event {
	if len(events) == 0 {
		return nil
	}
	sorted := arrange(events, time.Unix(1<<40, 0))
	b := newCallBook()
	for i := range sorted {
		b.post(&sorted[i])
	}
	c := b.calls[call]
	if c == nil || c.ended {
		return nil
	}
	last := sorted[len(sorted)-1]
	k := closer{at: last, seq: closingSeq}
	for _, e := range sorted {
		if e.Node == last.Node && e.Boot == last.Boot && e.Seq >= k.seq {
			k.seq = e.Seq + 1
		}
	}
	k.close(b, c, sorted)
	return k.out
}

type closer struct {
	at  store.Event
	seq uint64
	out []store.Event
}

func (k *closer) emit(e store.Event) {
	e.Node, e.Boot, e.At, e.Call, e.Seq = k.at.Node, k.at.Boot, k.at.At, k.at.Call, k.seq
	k.seq++
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
