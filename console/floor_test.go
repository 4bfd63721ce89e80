package console

import (
	"context"
	"fmt"
	"testing"
	"time"

	"ringway/console/desk"
	"ringway/store"
)

// floor is a switch of a test: two agents, one queue with a caller, one call that is up, and what was done to them.
type floor struct {
	callers
	idle
	done []string
}

func (f *floor) Agents(context.Context) []AgentView {
	return []AgentView{{ID: "ken", Name: "Ken Sato", Team: "tokyo", State: "talk", Queues: []string{"help"}},
		{ID: "mei", Name: "Mei Lin", Team: "taipei", State: "available", Queues: []string{"help"}}}
}

func (f *floor) Agent(_ context.Context, c AgentCommand) (AgentView, error) {
	switch {
	case c.Queue == "nowhere":
		return AgentView{}, fmt.Errorf("%w queue %q", ErrUnknown, c.Queue)
	case c.Verb == "leave":
		return AgentView{}, fmt.Errorf("%s: is in no queue", c.Agent)
	}
	f.done = append(f.done, c.Verb+" "+c.Agent+" "+c.Queue+c.Reason)
	return AgentView{ID: c.Agent, State: "not_ready", Queues: []string{}}, nil
}

func (f *floor) Calls(context.Context) []LiveCall {
	at := func(s int) time.Time { return time.Date(2026, 6, 1, 8, 59, s, 0, time.UTC) }
	return []LiveCall{{ID: "c-ken", Agent: "ken", Start: at(1)}, {ID: "c-mei", Agent: "mei", Start: at(2)}, {ID: "c-wait", Start: at(3)},
		{ID: "c-out", Agent: "carrier", By: "ken", Parent: "c-ken", Start: at(4)}}
}

func (f *floor) Queues(context.Context) ([]QueueView, error) {
	at := time.Date(2026, 6, 1, 8, 59, 0, 0, time.UTC)
	return []QueueView{{Name: "flights"}, {Name: "help", Number: "700", Waiting: 1, Longest: &at, Joined: 2, Free: 1,
		Callers: []WaitingView{{ID: "v1", Call: "c-wait", Queue: "help", Entered: at, Agents: []string{}}}}}, nil
}

func (f *floor) Withdraw(_ context.Context, visit string) error { return f.visit("withdraw", visit) }

func (f *floor) Prioritise(_ context.Context, visit string, head time.Duration) error {
	return f.visit("prioritise "+head.String(), visit)
}

func (f *floor) visit(verb, id string) error {
	if id != "v1" {
		return fmt.Errorf("%w visit %q", ErrUnknown, id)
	}
	f.done = append(f.done, verb+" "+id)
	return nil
}

func (f *floor) HandOn(_ context.Context, agent, call, to string, queue bool) error {
	if to == "999" {
		return desk.Refusal{Code: "cannot_transfer", Words: "no such number"}
	}
	f.done = append(f.done, fmt.Sprintf("hand on %s %s %s %t", agent, call, to, queue))
	return nil
}

// Legs are those of a call whose first leg is on record already.
func (f *floor) Legs(call string) []store.Leg {
	if call != "of-now" {
		return nil
	}
	return []store.Leg{{ID: "l2", Direction: store.Out, Agent: "mei", Account: "mei", Start: delivered.Add(2 * time.Second)}, {ID: "l1", Direction: store.In, Start: delivered}}
}

func (f *floor) HangUp(_ context.Context, call string) error {
	f.done = append(f.done, "hangup "+call)
	return nil
}

func (f *floor) Mint(_ context.Context, r MintRequest) (Credential, error) {
	if r.Domain == "elsewhere" {
		return Credential{}, fmt.Errorf("%w app domain", ErrUnknown)
	}
	f.done = append(f.done, fmt.Sprintf("mint %s %s %s", r.Subject, r.Lifetime, r.Claims.Priority))
	return Credential{AOR: "sip:" + r.Subject + "@app.wayfare.example", Password: "pw"}, nil
}

func (f *floor) Trunks(context.Context) []TrunkView { return []TrunkView{{Name: "carrier"}} }

// busy opens an office on a floor, with some calls on record.
func busy(t *testing.T, change ...func(*Options)) (*office, *floor) {
	t.Helper()
	f := &floor{}
	o := opened(t, append([]func(*Options){func(opts *Options) {
		opts.Switch, opts.Queues, opts.Live, opts.Trunks, opts.Callbacks = f, f, f, f, &f.callers
	}}, change...)...)
	at := func(s int) time.Time { return time.Date(2026, 6, 1, 8, 0, s, 0, time.UTC) }
	add := func(id, agent string, start int) []store.Record {
		return []store.Record{
			{Event: &store.Event{Node: "n", Boot: "b", Seq: uint64(start), At: at(start), Kind: store.CallStart, Call: id, State: "customer"}},
			{Event: &store.Event{Node: "n", Boot: "b", Seq: uint64(start + 1), At: at(start + 9), Kind: store.CallEnd, Call: id, State: "answered"}},
			{Call: &store.Call{ID: id, Kind: store.Customer, Customer: "c-7", CallerNumber: "+886955000111", CallerName: "Lin <b>Yi</b>", Start: at(start),
				End: at(start + 9), Disposition: store.DispositionAnswered}},
			{Visit: &store.Visit{ID: "v-" + id, Call: id, Queue: "help", Enter: at(start + 1), Leave: at(start + 4), Agent: agent, Result: store.Connected}},
			{Leg: &store.Leg{ID: "l-" + id, Call: id, Direction: store.Out, Agent: agent, Start: at(start + 2)}},
			{Offer: &store.Offer{ID: "v-" + id + ".1", Visit: "v-" + id, Call: id, Queue: "help", Agent: agent, Start: at(start + 2), Outcome: store.Answered}},
			{Decision: &store.Decision{ID: "v-" + id + ".1", At: at(start + 2), Call: id, Visit: "v-" + id, Queue: "help", Chosen: some([]string{agent}), Eligible: 1}},
		}
	}
	var all []store.Record
	for i, c := range []struct{ id, agent string }{{"of-ken", "ken"}, {"of-mei", "mei"}, {"of-nobody", ""}} {
		all = append(all, add(c.id, c.agent, 10*i)...)
	}
	if err := o.db.Save(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	return o, f
}
