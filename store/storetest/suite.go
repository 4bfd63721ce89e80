// Package storetest is the suite that every keeper of records passes. Only tests import it.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"ringway/store"
)

// Keeper is what a backend can do.
type Keeper interface {
	Save(ctx context.Context, records []store.Record) error
	Call(ctx context.Context, id string) (store.Call, error)
	Story(ctx context.Context, id string) (store.CallStory, error)
	Calls(ctx context.Context, q store.CallQuery) (store.CallPage, error)
	CalledBack(ctx context.Context, since time.Time) ([]store.CalledBack, error)
	Decisions(ctx context.Context, q store.DecisionQuery) ([]store.Decision, error)
	Events(ctx context.Context, from, to time.Time) ([]store.Event, error)
	Window(ctx context.Context, from, to time.Time) ([]store.Event, error)
	EventsAfter(ctx context.Context, p store.EventPlace, limit int) ([]store.Event, error)
	LastEvent(ctx context.Context, boot string) (store.Event, error)
	StateAt(ctx context.Context, agent string, at time.Time) (store.Event, error)
	Restore(ctx context.Context) (store.Saved, error)
	CloseCrashed(ctx context.Context, now time.Time) (store.Recovery, error)
	Outcomes(ctx context.Context, call string) ([]store.CallOutcome, error)
	OutcomesBetween(ctx context.Context, from, to time.Time) ([]store.CallOutcome, error)
	Notes(ctx context.Context, call string) ([]store.CallNote, error)
	Recording(ctx context.Context, id string) (store.Recording, error)
	Recordings(ctx context.Context, q store.RecordingQuery) ([]store.Recording, error)
	PastCalls(ctx context.Context, customer, but string, limit int) ([]store.PastCall, error)
	Prune(ctx context.Context, then time.Time) error
	Forget(ctx context.Context, customer string) (store.Forgotten, error)
	Close() error
}

// T0 is the instant of the suite's clock.
var T0 = time.Date(2026, 3, 2, 9, 0, 0, 123456000, time.UTC)

func at(seconds int) time.Time { return T0.Add(time.Duration(seconds) * time.Second) }

// Run runs the suite. open returns a fresh, empty keeper whose clock is now; it closes it by t.Cleanup.
func Run(t *testing.T, open func(t *testing.T, now func() time.Time) Keeper) {
	now := func() time.Time { return T0 }
	for name, test := range map[string]func(*testing.T, Keeper){
		"every record comes back as it was":                  roundTrip,
		"saving twice changes nothing":                       idempotent,
		"a completed row is never made incomplete":           completed,
		"calls are listed by filter, newest first, in pages": listing,
		"live state is restored":                             restored,
		"a call's story has its consults":                    consulted,
		"a start knows what ranks compare":                   remembered,
		"what expired is pruned, and calls are not":          pruned,
		"a forgotten customer is nobody any more":            forgotten,
		"a call's last word counts, and is in its history":   outcomes,
		"calls that answer a customer's are found":           calledBack,
		"a recording's row outlives its sound":               recordings,
		"a window holds what its accounts need":              window,
		"the stream of events goes on from any place":        stream,
		"a crash is closed at the last event, once":          crash,
		"a call known by its events alone is closed too":     orphan,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t, now)) })
	}
}

func save(t *testing.T, k Keeper, records ...store.Record) {
	t.Helper()
	if err := k.Save(context.Background(), records); err != nil {
		t.Fatalf("save: %v", err)
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s\n got %+v\nwant %+v", what, got, want)
	}
}

// ok unwraps a result, or fails the test.
func ok[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Full returns one record of each kind with every field set, all of one call c1.
func Full() []store.Record {
	return []store.Record{
		{Event: &store.Event{Node: "n1", Boot: "b1", Seq: 1, At: at(0), Kind: store.CallStart, Call: "c1", State: "customer",
			Data: map[string]string{"customer": "k9"}}},
		{Call: &store.Call{ID: "c1", Parent: "c0", Returns: "c9", Node: "n1", Kind: store.Customer, SIPID: "x@example.org", CallerName: "Ann",
			CallerNumber: "+41445551234", Customer: "k9", Booking: "B7", Language: "zh-TW", Region: "TW", Zone: "Asia/Taipei",
			Account: "a", Trunk: "t", Agent: "ken", Context: "from-app", Dialled: "700", PlanVersion: "v1", Start: at(0), Answer: at(1), End: at(99),
			Disposition: store.DispositionAnswered, Cause: "normal", Status: 200, Q850: 16, EndedBy: "caller", FailedStep: "a.yaml:1:2",
			LastStep: "b.yaml:3:4", Codec: "opus"}},
		{Leg: &store.Leg{ID: "l1", Call: "c1", Direction: store.Out, Account: "mei", Trunk: "t", Agent: "mei", Offer: "v1.1",
			SIPID: "y@example.org", Remote: "192.0.2.1:5060", UserAgent: "baresip", Start: at(5), Ringing: at(6), Answer: at(9),
			End: at(98), Status: 200, Cause: "normal", Codec: "pcmu",
			Quality: store.Quality{Packets: 4500, Lost: 3, Late: 2, JitterMS: 1.5, RTTMS: 20.25}}},
		{Visit: &store.Visit{ID: "v1", Call: "c1", Queue: "support", ByTransfer: true, Language: "zh-TW", Region: "TW",
			Zone: "Asia/Taipei", Priority: 30 * time.Second, Enter: at(2), Connect: at(9), Leave: at(9), End: at(98),
			Result: store.Connected, Agent: "mei", Offer: "v1.1", Steps: 2, Offers: 1, EndReason: store.TransferBlind, ServiceLevel: 2500 * time.Millisecond, ShortAbandon: time.Second}},
		{Offer: &store.Offer{ID: "v1.1", Visit: "v1", Call: "c1", Queue: "support", Agent: "mei", Start: at(5), Ringing: at(6),
			End: at(9), Outcome: store.Answered, Status: 200}},
		{Decision: &store.Decision{ID: "v1.1", At: at(5), Call: "c1", Visit: "v1", Queue: "support", Step: 1, PlanVersion: "v1",
			Waited: 3 * time.Second, Caller: store.Profile{Language: "zh-TW", Skills: map[string]int{"flights": 2}, Priority: time.Second},
			Chosen: []string{"mei"}, Removed: []store.Removal{{Rule: store.StateBusy, Agents: []string{"ken"}, Count: 1}},
			Ranks: []store.Rank{{Agent: "mei", Values: []string{"5", "4"}}}, Eligible: 1, RankNames: []string{"language", "skills"}}},
		{Binding: &store.BindingChange{Binding: store.Binding{AOR: "sip:mei@example.org", Contact: "sip:mei@192.0.2.1", InstanceID: "<urn:x>",
			RegID: 1, Q: 0.5, CallID: "r", CSeq: 7, Path: []string{"<sip:p>"}, UserAgent: "baresip", Transport: "udp",
			Received: "192.0.2.1:5060", Local: "192.0.2.9:5060", Expires: at(600), Updated: at(0), Credential: at(900), Session: "s1"}}},
		{Agent: &store.AgentSaved{Agent: "mei", State: store.Available, Reason: "r", Since: at(0), IdleSince: at(-5),
			Queues: []string{"sales", "support"}, Account: "mei", AtDesk: true,
			Work: store.AgentWork{Call: "c1", Queue: "sales", Until: at(9), Extended: time.Minute, Code: "refund", Sub: "late"}}},
		{Session: &store.AppSession{Session: "s1", Subject: "u1", Domain: "app.example.org", Key: "k1", Expires: at(900),
			Claims: store.Claims{Customer: "k9", Name: "Ann", Language: "en", Priority: time.Minute}}},
	}
}

func roundTrip(t *testing.T, k Keeper) {
	ctx, all := context.Background(), Full()
	save(t, k, all...)
	s := ok(k.Story(ctx, "c1"))(t)
	equal(t, "story", s, store.CallStory{Call: *all[1].Call, Legs: []store.Leg{*all[2].Leg}, Visits: []store.Visit{*all[3].Visit},
		Offers: []store.Offer{*all[4].Offer}, Decisions: []store.Decision{*all[5].Decision}, Events: []store.Event{*all[0].Event}})
	r := ok(k.Restore(ctx))(t)
	equal(t, "restored", r, store.Saved{Bindings: []store.Binding{all[6].Binding.Binding}, Agents: []store.AgentSaved{*all[7].Agent},
		Sessions: []store.AppSession{*all[8].Session}, Served: []store.Conversation{{Agent: "mei", Connect: at(9), End: at(98)}},
		Turns: []store.Turn{{Queue: "support", Agent: "mei"}}})
	if _, err := k.Story(ctx, "c2"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("story of an unknown call: %v", err)
	}
}

func idempotent(t *testing.T, k Keeper) {
	ctx := context.Background()
	save(t, k, Full()...)
	before := ok(k.Story(ctx, "c1"))(t)
	save(t, k, Full()...)
	save(t, k, append(Full(), Full()...)...)
	equal(t, "story", ok(k.Story(ctx, "c1"))(t), before)
	equal(t, "events", len(ok(k.Events(ctx, at(-1), at(1)))(t)), 1)
}

func completed(t *testing.T, k Keeper) {
	ctx, all := context.Background(), Full()
	save(t, k, all...)
	start := *all[1].Call
	start.End, start.Disposition = time.Time{}, ""
	visit := *all[3].Visit
	visit.Connect, visit.Leave, visit.End = time.Time{}, time.Time{}, time.Time{}
	save(t, k, store.Record{Call: &start}, store.Record{Visit: &visit})
	s := ok(k.Story(ctx, "c1"))(t)
	equal(t, "call", s.Call, *all[1].Call)
	equal(t, "visit", s.Visits, []store.Visit{*all[3].Visit})
}

func listing(t *testing.T, k Keeper) {
	ctx := context.Background()
	for i := range 25 {
		c := &store.Call{ID: fmt.Sprintf("c%02d", i), Kind: store.Customer, Start: at(i / 2), End: at(100), CallerNumber: fmt.Sprint(7000 + i)}
		if i%5 == 0 {
			c.Kind, c.Customer = store.Internal, "k1"
			save(t, k, store.Record{Visit: &store.Visit{ID: "v" + c.ID, Call: c.ID, Queue: "support", Enter: at(i)}},
				store.Record{Leg: &store.Leg{ID: "l" + c.ID, Call: c.ID, Agent: "mei", Start: at(i)}})
		}
		save(t, k, store.Record{Call: c})
	}
	ids := func(q store.CallQuery) (all []string) {
		for {
			p := ok(k.Calls(ctx, q))(t)
			for _, c := range p.Calls {
				all = append(all, c.ID)
			}
			if q.Cursor = p.Next; q.Cursor == "" {
				return all
			}
		}
	}
	all := ids(store.CallQuery{Limit: 7})
	if len(all) != 25 || all[0] != "c24" || all[24] != "c00" {
		t.Errorf("pages of 7 gave %v", all)
	}
	fifths := []string{"c20", "c15", "c10", "c05", "c00"}
	equal(t, "kind", ids(store.CallQuery{Kind: store.Internal}), fifths)
	equal(t, "queue", ids(store.CallQuery{Queue: "support", Limit: 2}), fifths)
	equal(t, "agent", ids(store.CallQuery{Agent: "mei"}), fifths)
	equal(t, "customer and span", ids(store.CallQuery{Customer: "k1", From: at(5), To: at(10)}), []string{"c15", "c10"})
	equal(t, "number", ids(store.CallQuery{Search: "7013"}), []string{"c13"})
	equal(t, "end of a number", ids(store.CallQuery{Search: "013"}), []string(nil))
	equal(t, "customer's id", ids(store.CallQuery{Search: "k1", Limit: 2}), fifths)
	equal(t, "seen", ids(store.CallQuery{Seen: []string{"mei"}, Kind: store.Internal}), fifths)
	equal(t, "not seen", ids(store.CallQuery{Seen: []string{}, Kind: store.Internal}), []string(nil))
	equal(t, "seen by all", len(ids(store.CallQuery{Seen: []string{}})), 20)
	named := store.Call{ID: "named", Kind: store.Outgoing, Start: at(200), End: at(210), CallerNumber: "+886955123456", CallerName: "Lin Yi", Dialled: "+442079460018",
		Disposition: store.DispositionBusy}
	save(t, k, store.Record{Call: &store.Call{ID: "named", Kind: store.Customer, Start: at(200), CallerNumber: "+886955123456"}}, store.Record{Call: &named})
	for search, want := range map[string][]string{"123456": {"named"}, "0018": {"named"}, "018": nil, "lin": {"named"}, "LIN Y": {"named"}, "yi": nil, "%": nil, "' OR 1=1 --": nil} {
		equal(t, "search "+search, ids(store.CallQuery{Search: search}), want)
	}
	equal(t, "kind after it changed", ids(store.CallQuery{Kind: store.Outgoing}), []string{"named"})
	equal(t, "disposition", ids(store.CallQuery{Disposition: store.DispositionBusy}), []string{"named"})
	for _, wrong := range []string{"x", "x.c", "1.", "99999999999999999999.c"} {
		if _, err := k.Calls(ctx, store.CallQuery{Cursor: wrong}); !errors.Is(err, store.ErrCursor) {
			t.Errorf("cursor %q: %v", wrong, err)
		}
	}
}

func restored(t *testing.T, k Keeper) {
	ctx := context.Background()
	bind := func(contact string, updated, expires int, removed bool) store.Record {
		return store.Record{Binding: &store.BindingChange{Removed: removed, Binding: store.Binding{AOR: "sip:a@example.org",
			Contact: contact, Updated: at(updated), Expires: at(expires)}}}
	}
	save(t, k, bind("sip:1", 0, 60, false), bind("sip:2", 0, -1, false), bind("sip:3", 0, 60, false), bind("sip:3", 1, 60, true),
		bind("sip:4", 5, 90, false), bind("sip:4", 2, 30, false), bind("sip:4", 3, 30, true))
	save(t, k, store.Record{Session: &store.AppSession{Session: "old", Expires: at(-1)}})
	r := ok(k.Restore(ctx))(t)
	if len(r.Bindings) != 2 || r.Bindings[0].Contact != "sip:1" || r.Bindings[1].Contact != "sip:4" || !r.Bindings[1].Expires.Equal(at(90)) {
		t.Errorf("bindings %+v", r.Bindings)
	}
	equal(t, "expired sessions", len(r.Sessions), 0)
}

// remembered: a start knows the conversations of the last day, and who was offered a call last in each queue.
func remembered(t *testing.T, k Keeper) {
	visit := func(id, agent string, hour int, over bool) store.Record {
		v := store.Visit{ID: id, Call: "c-" + id, Queue: "help", Enter: at(3600*hour - 9), Connect: at(3600 * hour), Leave: at(3600 * hour), Agent: agent}
		if over {
			v.End = at(3600*hour + 60)
		}
		return store.Record{Visit: &v}
	}
	offer := func(id, visit, queue, agent string, hour int) store.Record {
		return store.Record{Offer: &store.Offer{ID: id, Visit: visit, Call: "c-" + visit, Queue: queue, Agent: agent, Start: at(3600 * hour)}}
	}
	waits := store.Record{Visit: &store.Visit{ID: "w", Call: "c-w", Queue: "flights", Enter: at(-60)}}
	save(t, k, visit("b", "ken", -2, true), visit("a", "mei", -20, true), visit("c", "mei", -1, false), visit("old", "mei", -31, true), waits,
		offer("a.1", "a", "help", "mei", -20), offer("b.1", "b", "help", "ken", -2), offer("b.2", "b", "help", "wei", -2), offer("w.1", "w", "flights", "amy", 0),
		offer("old.1", "old", "hotels", "mei", -31))
	r := ok(k.Restore(context.Background()))(t)
	equal(t, "served", r.Served, []store.Conversation{{Agent: "mei", Connect: at(-72000), End: at(-71940)}, {Agent: "ken", Connect: at(-7200), End: at(-7140)}})
	equal(t, "turns", r.Turns, []store.Turn{{Queue: "flights", Agent: "amy"}, {Queue: "help", Agent: "wei"}})
}
