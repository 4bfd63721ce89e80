package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"ringway/store"
)

// log is a run of one node; each event gets the next number.
type log struct {
	boot string
	seq  uint64
	out  []store.Record
}

func (l *log) add(second int, e store.Event) {
	l.seq++
	e.Node, e.Boot, e.Seq, e.At = "n1", l.boot, l.seq, at(second)
	l.out = append(l.out, store.Record{Event: &e})
}

// interrupted is the log of a run that was killed while three calls were up: one talks, one waits while a phone rings, one
// is in the menu.
func interrupted() []store.Record {
	l := &log{boot: "b1"}
	l.add(0, store.Event{Kind: store.NodeStart})
	for _, c := range []string{"talks", "waits", "menu"} {
		l.add(1, store.Event{Kind: store.CallStart, Call: c, State: "customer"})
		l.add(1, store.Event{Kind: store.LegStart, Call: c, Leg: c + "-a", State: "in"})
		l.add(2, store.Event{Kind: store.CallAnswer, Call: c})
		l.out = append(l.out, store.Record{Call: &store.Call{ID: c, Kind: store.Customer, Start: at(1), Answer: at(2)}},
			store.Record{Leg: &store.Leg{ID: c + "-a", Call: c, Direction: store.In, Start: at(1), Answer: at(2)}})
	}
	for _, c := range []string{"talks", "waits"} {
		v, o := "v-"+c, "v-"+c+".1"
		l.add(3, store.Event{Kind: store.VisitEnter, Call: c, Visit: v, Queue: "support"})
		l.add(4, store.Event{Kind: store.OfferStart, Call: c, Visit: v, Offer: o, Queue: "support", Agent: "mei"})
		l.add(5, store.Event{Kind: store.OfferRinging, Call: c, Visit: v, Offer: o, Queue: "support", Agent: "mei"})
		l.out = append(l.out, store.Record{Visit: &store.Visit{ID: v, Call: c, Queue: "support", Enter: at(3)}},
			store.Record{Offer: &store.Offer{ID: o, Visit: v, Call: c, Queue: "support", Agent: "mei", Start: at(4)}})
	}
	l.add(9, store.Event{Kind: store.OfferEnd, Call: "talks", Visit: "v-talks", Offer: "v-talks.1", Queue: "support", Agent: "mei", State: "answered"})
	l.add(9, store.Event{Kind: store.VisitConnect, Call: "talks", Visit: "v-talks", Offer: "v-talks.1", Queue: "support", Agent: "mei"})
	return l.out
}

func crash(t *testing.T, k Keeper) {
	ctx := context.Background()
	save(t, k, interrupted()...)
	got := ok(k.CloseCrashed(ctx, at(60)))(t)
	equal(t, "recovery", got, store.Recovery{Calls: 3, Legs: 3, Visits: 2, Offers: 2})
	events := ok(k.Events(ctx, at(-1), at(1000)))(t)

	talks, waits, menu := ok(k.Story(ctx, "talks"))(t), ok(k.Story(ctx, "waits"))(t), ok(k.Story(ctx, "menu"))(t)
	for _, s := range []store.CallStory{talks, waits, menu} {
		if s.Call.Cause != "crashed" || s.Call.Disposition != store.DispositionAnswered || s.Legs[0].End.IsZero() {
			t.Errorf("call %s is %+v", s.Call.ID, s.Call)
		}
		if last := s.Events[len(s.Events)-1]; last.Kind != store.CallEnd || !last.At.Equal(s.Call.End) {
			t.Errorf("call %s ends with %+v", s.Call.ID, last)
		}
	}
	equal(t, "ends at the last event", []any{talks.Call.End, waits.Call.End, menu.Call.End}, []any{at(9), at(5), at(2)})
	equal(t, "conversation", []any{talks.Visits[0].Result, talks.Visits[0].Connect, talks.Visits[0].End, talks.Offers[0].Outcome},
		[]any{store.Connected, at(9), at(9), store.Answered})
	equal(t, "waiting caller", []any{waits.Visits[0].Result, waits.Visits[0].Leave, waits.Offers[0].Outcome},
		[]any{store.Restart, at(5), store.CallerLeft})

	kinds := map[store.EventKind]int{}
	for _, e := range events {
		kinds[e.Kind]++
	}
	equal(t, "closing events", []int{kinds[store.CallEnd], kinds[store.LegEnd], kinds[store.VisitLeave], kinds[store.VisitEnd], kinds[store.OfferEnd]},
		[]int{3, 3, 1, 1, 2})
	again := ok(k.CloseCrashed(ctx, at(90)))(t)
	equal(t, "second recovery", again, store.Recovery{})
	equal(t, "events after the second", len(ok(k.Events(ctx, at(-1), at(1000)))(t)), len(events))
}

func orphan(t *testing.T, k Keeper) {
	ctx := context.Background()
	l := &log{boot: "b1"}
	l.add(0, store.Event{Kind: store.CallStart, Call: "c1", State: "internal", Data: map[string]string{"customer": "k1"}})
	l.add(0, store.Event{Kind: store.CallBecame, Call: "c1", State: "outgoing"})
	save(t, k, l.out...)
	ok(k.CloseCrashed(ctx, at(60)))(t)
	c := ok(k.Call(ctx, "c1"))(t)
	equal(t, "call", []any{c.Start, c.End, c.Cause, c.Customer, c.Disposition, c.Kind},
		[]any{at(0), at(0), "crashed", "k1", store.DispositionFailed, store.Outgoing})
}

func window(t *testing.T, k Keeper) {
	ctx := context.Background()
	l := &log{boot: "b1"}
	state := func(second int, agent, state, call string) {
		l.add(second, store.Event{Kind: store.AgentState, Agent: agent, State: state, Call: call})
	}
	l.add(-900, store.Event{Kind: store.NodeStart})
	state(-800, "mei", "available", "")
	state(-700, "ken", "available", "")
	state(-600, "ken", "not_ready", "")
	l.add(-50, store.Event{Kind: store.CallStart, Call: "long", State: "customer"})
	l.add(-40, store.Event{Kind: store.CallStart, Call: "past", State: "customer"})
	l.add(-30, store.Event{Kind: store.CallEnd, Call: "past", State: "answered"})
	state(150, "mei", "wrap_up", "long")
	l.add(150, store.Event{Kind: store.CallEnd, Call: "long", State: "answered"})
	state(180, "mei", "available", "")
	save(t, k, l.out...)
	save(t, k, store.Record{Call: &store.Call{ID: "long", Start: at(-50), End: at(150)}},
		store.Record{Call: &store.Call{ID: "past", Start: at(-40), End: at(-30)}})
	for second, want := range map[int]string{-650: "available", -600: "not_ready", 1000: "not_ready"} {
		equal(t, "ken's state", ok(k.StateAt(ctx, "ken", at(second)))(t).State, want)
	}
	if _, err := k.StateAt(ctx, "ken", at(-701)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a state before the first: %v", err)
	}
	have := map[string]bool{}
	events := ok(k.Window(ctx, at(0), at(100)))(t)
	for _, e := range events {
		have[string(e.Kind)+" "+e.Call+e.Agent+" "+e.At.Sub(T0).String()] = true
	}
	for _, want := range []string{"agent.state mei -13m20s", "agent.state ken -10m0s", "call.start long -50s", "call.end long 2m30s",
		"agent.state longmei 2m30s", "agent.state mei 3m0s"} {
		if !have[want] {
			t.Errorf("the window lacks %s; it has %v", want, have)
		}
	}
	if !slices.IsSortedFunc(events, func(a, b store.Event) int { return a.At.Compare(b.At) }) {
		t.Error("the window is not in order")
	}
}
