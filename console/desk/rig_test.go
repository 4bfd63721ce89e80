package desk

import (
	"context"
	"sync"
	"testing"
	"time"

	"ringway/acd"
	"ringway/config/diag"
	"ringway/store"
)

const queues = `
queues:
  help:
    number: "700"
    members: "role == 'agent'"
    wrap_up: 30s
    dispositions: {required: true, items: [{code: refund, label: Refund, items: [{code: late, label: Too late}]}, other]}
  view: {number: "701", members: "role == 'agent'", offer: preview, ring_time: 20s}
pause_reasons: [tea, {code: lunch, label: Lunch}]
`

const people = `
people:
  - {id: mei, name: Mei Lin, role: agent, phones: [{account: mei, auto_answer: true}]}
  - {id: ken, name: Ken Sato, role: agent, phones: [ken]}
  - {id: boss, role: manager}
`

// office is a hub before a real router, with calls, customers and records that a test writes.
type office struct {
	t      testing.TB
	hub    *Hub
	router *acd.Router
	spec   *acd.Spec

	mu        sync.Mutex // guards what follows
	calls     map[string]Call
	customers map[string]Customer
	past      []store.PastCall
	stories   map[string]store.CallStory
	notes     []store.CallNote
	decisions []store.Decision
	lookup    LookupState
	fields    map[string]string
	slow      chan struct{} // the database answers when it is closed; nil: at once
	hungUp    []string
	broken    bool // customers can't be read: a fault
}

type sink struct{ o *office }

func (s sink) Record(r store.Record) {
	if s.o.hub != nil {
		s.o.hub.Observe(r)
	}
	s.o.mu.Lock()
	defer s.o.mu.Unlock()
	if r.Note != nil {
		s.o.notes = append(s.o.notes, *r.Note)
	}
	if r.Decision != nil {
		s.o.decisions = append(s.o.decisions, *r.Decision)
	}
}

func openOffice(t testing.TB) *office {
	t.Helper()
	var l diag.List
	o := &office{t: t, calls: map[string]Call{}, customers: map[string]Customer{}, stories: map[string]store.CallStory{}}
	o.spec = acd.LoadSpec(acd.File{Name: "queues.yaml", Text: []byte(queues)}, acd.File{Name: "people.yaml", Text: []byte(people)}, &l)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	o.router = acd.NewRouter(acd.RouterOptions{Sink: sink{o}, Seed: 1})
	o.hub = New(Options{Router: o.router, Calls: o, Control: o, Records: o, Customers: o, Lookups: o, Sink: sink{o}, Spec: func() *acd.Spec { return o.spec },
		Why: func(store.Decision, string) string { return "because" }})
	o.router.Apply(o.spec)
	for _, p := range []string{"mei", "ken"} {
		o.router.Post(acd.Phone{Account: p, Registered: true})
	}
	t.Cleanup(func() {
		o.hub.Close()
		o.router.Stop()
	})
	return o
}

func (o *office) Call(id string) (Call, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c, ok := o.calls[id]
	return c, ok
}

func (o *office) PastCalls(ctx context.Context, customer, _ string, _ int) ([]store.PastCall, error) {
	o.mu.Lock()
	past, slow := o.past, o.slow
	o.mu.Unlock()
	if slow != nil {
		select {
		case <-slow:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return past, nil
}

func (o *office) Decisions(_ context.Context, q store.DecisionQuery) (out []store.Decision, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, d := range o.decisions {
		if d.Call == q.Call {
			out = append(out, d)
		}
	}
	return out, nil
}

func (o *office) Notes(context.Context, string) ([]store.CallNote, error) { return nil, nil }

func (o *office) Story(_ context.Context, id string) (store.CallStory, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	s, ok := o.stories[id]
	if !ok {
		return s, store.ErrNotFound
	}
	return s, nil
}

func (o *office) Customer(_ context.Context, id string) (Customer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken {
		panic("a fault of ours")
	}
	return o.customers[id], nil
}

func (o *office) Lookup(string) (LookupState, map[string]string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.lookup, o.fields
}

func (o *office) HoldCall(context.Context, string, string, bool) error { return nil }

func (o *office) HangUpCall(_ context.Context, agent, call string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.hungUp = append(o.hungUp, agent+" "+call)
	return nil
}

func (o *office) TransferToNumber(context.Context, string, string, string) error {
	return Refusal{"cannot_transfer", "nobody there"}
}

func (o *office) TransferToQueue(context.Context, string, string, string) error { return nil }

// open opens a desk, ready to work.
func (o *office) open(agent, tab string) *Tab {
	o.t.Helper()
	t, err := o.hub.Open(context.Background(), agent, tab)
	if err != nil {
		o.t.Fatal(err)
	}
	return t
}

func (o *office) ready(agent, tab string) *Tab {
	o.t.Helper()
	t := o.open(agent, tab)
	o.ok(o.hub.Ready(context.Background(), agent))
	o.see(t, "available", func(s *State) bool { return s.Agent.State == "available" })
	return t
}

func (o *office) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

const patience = 10 * time.Second

// see waits for a state that fits.
func (o *office) see(t *Tab, what string, fits func(*State) bool) *State {
	o.t.Helper()
	deadline := time.After(patience)
	var last *State
	for {
		select {
		case s := <-t.States():
			if last = s; fits(s) {
				return s
			}
		case <-t.Done():
			o.t.Fatalf("the desk ended before it showed: %s", what)
		case <-deadline:
			o.t.Fatalf("the desk never showed: %s; last %+v", what, last)
		}
	}
}

// customer lets somebody wait, and presents the offers that come of it.
func (o *office) customer(id, queue string, c Call) (*acd.Ticket, acd.OfferOut) {
	o.t.Helper()
	c.ID, c.Kind = id, "customer"
	o.mu.Lock()
	o.calls[id] = c
	o.mu.Unlock()
	t, err := o.router.Enter(acd.EnterOptions{Call: id, Queue: queue})
	o.ok(err)
	select {
	case e := <-t.Events():
		if e.Offer == nil {
			o.t.Fatalf("no offer: %+v", e)
		}
		return t, *e.Offer
	case <-time.After(patience):
		o.t.Fatal("nobody was offered the call")
	}
	return nil, acd.OfferOut{}
}

func (o *office) present(out acd.OfferOut) *Presentation {
	f := out.Offers[0]
	return o.hub.Present(Offer{ID: f.ID, Agent: f.Agent, Call: out.Call, Queue: out.Queue, Preview: f.Mode == acd.PreviewMode,
		AnswersItself: f.Accounts[0].AutoAnswer, Ring: out.RingTime})
}

func (o *office) answer(p *Presentation, want store.DeskAct) {
	o.t.Helper()
	select {
	case a := <-p.Answers():
		if a.Act != want {
			o.t.Errorf("the desk answered %s, want %s", a.Act, want)
		}
	case <-time.After(patience):
		o.t.Errorf("the desk never answered %s", want)
	}
}
