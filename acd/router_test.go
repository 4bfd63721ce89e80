package acd

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"ringway/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const routerQueues = `queues:
  support: {number: "700", members: "role == 'agent'", ring_time: 10s, wrap_up: 5s, exit_keys: "1", announce: {every: 20s, file: hold}}
  vip: {number: "701", join_empty: refuse}
`

const routerPeople = `people:
  - {id: mei, phones: [mei]}
  - {id: ken, phones: [ken]}
`

// ledger is a Sink that keeps what it was given.
type ledger struct {
	mu   sync.Mutex
	list []store.Record
	hold chan struct{} // where set, Record waits for it to be closed
}

func (l *ledger) Record(r store.Record) {
	if l.hold != nil {
		<-l.hold
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, r)
}

func (l *ledger) events(kind store.EventKind) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, r := range l.list {
		if r.Event != nil && r.Event.Kind == kind {
			n++
		}
	}
	return n
}

func startRouter(t *testing.T, sink Sink) *Router {
	r := NewRouter(RouterOptions{Sink: sink})
	r.Apply(mustLoad(t, routerQueues, routerPeople))
	return r
}

func stateOf(t *testing.T, r *Router, agent string) store.AgentBucket {
	t.Helper()
	snap, err := r.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range snap.Agents {
		if a.ID == agent {
			return a.State
		}
	}
	return ""
}

func TestRouterCarriesOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &ledger{}
		r := startRouter(t, sink)
		defer r.Stop()
		r.Post(Phone{Account: "mei", Registered: true})
		reply, err := r.Do(t.Context(), Command{Account: "mei", Verb: Join, Queue: "700"})
		if err != nil || reply.Code != Joined || reply.Agent != "mei" {
			t.Fatal(reply, err)
		}
		ticket, err := r.Enter(EnterOptions{Call: "c1", Queue: "700"})
		if err != nil || ticket.Queue().ExitKeys != "1" {
			t.Fatal(err)
		}
		offer := (<-ticket.Events()).Offer
		if offer == nil || offer.Offers[0].Agent != "mei" || offer.RingTime != 10*time.Second || offer.Call != "c1" {
			t.Fatalf("%+v", offer)
		}
		ticket.Ringing(offer.Offers[0].ID)
		if got := stateOf(t, r, "mei"); got != store.Ringing {
			t.Error(got)
		}
		r.Post(LegUp{Account: "mei", Leg: "l1", Call: "c1"})
		ticket.Report(offer.Offers[0].ID, store.Answered, 200)
		if e := <-ticket.Events(); e.Result != store.Connected {
			t.Fatalf("%+v", e)
		}
		if _, open := <-ticket.Events(); open {
			t.Error("events after the result")
		}
		time.Sleep(time.Minute)
		if got := stateOf(t, r, "mei"); got != store.Talk {
			t.Error(got)
		}
		ticket.Leave(store.Abandoned)
		ticket.Leave(store.Abandoned)
		if got := stateOf(t, r, "mei"); got != store.WrapUp {
			t.Error(got)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if got := stateOf(t, r, "mei"); got != store.Available {
			t.Error(got)
		}
		if err := r.Check(t.Context()); err != nil {
			t.Error(err)
		}
		if sink.events(store.VisitEnd) != 1 || sink.events(store.VisitConnect) != 1 || sink.events(store.OfferEnd) != 1 {
			t.Error("records are missing")
		}
	})
}

// What is in the mailbox when the router is stopped is handled: the end of a conversation that a stop of the switch ends is on record.
func TestRouterHandlesWhatCameBeforeStop(t *testing.T) {
	for range 200 {
		sink := &ledger{}
		r := startRouter(t, sink)
		r.Post(Phone{Account: "mei", Registered: true})
		if _, err := r.Do(t.Context(), Command{Account: "mei", Verb: Join, Queue: "700"}); err != nil {
			t.Fatal(err)
		}
		before := sink.events(store.AgentState)
		r.Post(LegUp{Account: "mei", Leg: "l1", Call: "c1"})
		r.Stop()
		if sink.events(store.AgentState) != before+1 {
			t.Fatal("her call is not on record")
		}
	}
}

func TestRouterAnnouncesAndEndsWaitingCallersWhenStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startRouter(t, nil)
		ticket, err := r.Enter(EnterOptions{Call: "c1", Queue: "support"})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(21 * time.Second)
		if e := <-ticket.Events(); e.Announce == nil || e.Announce.File != "hold" || e.Announce.Position != 0 {
			t.Errorf("%+v", e)
		}
		r.Stop()
		if e := <-ticket.Events(); e.Result != store.Restart {
			t.Errorf("%+v", e)
		}
		if _, err := r.Enter(EnterOptions{Queue: "support"}); !errors.Is(err, ErrStopped) {
			t.Error(err)
		}
		if _, err := r.Do(t.Context(), Command{}); !errors.Is(err, ErrStopped) {
			t.Error(err)
		}
		if _, err := r.Snapshot(t.Context()); !errors.Is(err, ErrStopped) {
			t.Error(err)
		}
		if r.Post(Tick{}) {
			t.Error("a stopped router takes inputs")
		}
	})
}

func TestRouterRefusesUnknownAndEmptyQueues(t *testing.T) {
	r := startRouter(t, nil)
	defer r.Stop()
	if _, err := r.Enter(EnterOptions{Queue: "799"}); !errors.Is(err, ErrUnknownQueue) {
		t.Error(err)
	}
	ticket, err := r.Enter(EnterOptions{Queue: "701"})
	if err != nil {
		t.Fatal(err)
	}
	if e := <-ticket.Events(); e.Result != store.Empty {
		t.Errorf("%+v", e)
	}
}

// TestPutNeverBlocks: while the router is stuck, callers are refused first and what frees agents still has room.
func TestPutNeverBlocks(t *testing.T) {
	sink := &ledger{hold: make(chan struct{})}
	r := startRouter(t, sink)
	r.Post(Command{Agent: "mei", Verb: Join}) // its records hold the router
	refused := 0
	for i := range mailboxEnter + 2*batch {
		if _, err := r.Enter(EnterOptions{Call: fmt.Sprint("c", i), Queue: "support"}); errors.Is(err, ErrBusy) {
			refused++
		}
	}
	if refused == 0 {
		t.Error("no caller was refused")
	}
	if !r.Post(LegDown{Leg: "l"}) {
		t.Error("what frees an agent found no room")
	}
	for range mailboxAll + batch {
		r.Post(Tick{})
	}
	if r.Post(Tick{}) || r.Stats().Dropped == 0 {
		t.Error("the mailbox has no bound")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Snapshot(ctx); err == nil {
		t.Error("a snapshot without an answer")
	}
	close(sink.hold)
	r.Stop()
}

// TestPanicCostsOneInput: a broken rank makes each decision for its queue panic; everybody else goes on.
func TestPanicCostsOneInput(t *testing.T) {
	r := NewRouter(RouterOptions{})
	defer r.Stop()
	spec := mustLoad(t, routerQueues, routerPeople)
	spec.Queue("vip").Rank = []RankItem{{Key: "no such key"}}
	r.Apply(spec)
	for _, id := range []string{"mei", "ken"} {
		r.Post(Phone{Account: id, Registered: true})
		r.Post(Command{Agent: id, Verb: Join})
	}
	bad, err := r.Enter(EnterOptions{Call: "c1", Queue: "vip"})
	if err != nil {
		t.Fatal(err)
	}
	if stateOf(t, r, "mei") != store.Available || r.Stats().Faults == 0 {
		t.Error("the panic did not happen, or took an agent along")
	}
	worse, err := r.Enter(EnterOptions{Call: "c3", Queue: "vip"})
	if err != nil {
		t.Fatal(err)
	}
	good, err := r.Enter(EnterOptions{Call: "c2", Queue: "support"})
	if err != nil {
		t.Fatal(err)
	}
	if e := <-good.Events(); e.Offer == nil {
		t.Errorf("%+v", e)
	}
	for _, ticket := range []*Ticket{bad, worse} {
		if e := <-ticket.Events(); e.Result != store.Withdrawn {
			t.Errorf("%+v", e)
		}
	}
}

// TestStuckReaderLosesItsPlace: a call that reads nothing cannot hold the router or an agent.
func TestStuckReaderLosesItsPlace(t *testing.T) {
	r := startRouter(t, nil)
	defer r.Stop()
	r.Post(Phone{Account: "mei", Registered: true})
	r.Post(Command{Agent: "mei", Verb: Join})
	ticket, err := r.Enter(EnterOptions{Call: "c1", Queue: "support"})
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < 2*ticketEvents; i++ {
		r.Post(OfferResult{Offer: fmt.Sprintf("%s.%d", ticket.Visit(), i), Outcome: store.CallerLeft})
	}
	snap, err := r.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for snap.Agents[1].State != store.Available || len(snap.Queues[0].Waiting) > 0 {
		if snap, err = r.Snapshot(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if r.Stats().Dropped == 0 {
		t.Error("the loss was not counted")
	}
}
