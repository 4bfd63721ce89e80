package node

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ringway/acd"
	"ringway/config"
	"ringway/console"
	"ringway/dialplan/sim"
	"ringway/store"
	"ringway/store/report"
)

// Bounds of a simulation.
const (
	simulationTime   = 3 * time.Second  // on the real clock
	simulatedPatient = 30 * time.Minute // a caller who is not told when to give up
	maxSimulated     = 1000             // steps told
	maxDecisions     = 100
)

// Simulate lets a virtual caller live through the plan on a virtual clock, with the real interpreter and the real queue engine.
// It works on copies: nothing of it touches the switch.
func (p *plans) Simulate(ctx context.Context, r console.SimulateRequest) (console.Simulated, error) {
	ctx, cancel := context.WithTimeout(ctx, simulationTime)
	defer cancel()
	leave, err := p.enter(ctx)
	if err != nil {
		return console.Simulated{}, err
	}
	defer leave()
	c, err := p.compiled(r.Files)
	if err != nil {
		return console.Simulated{}, err
	}
	caller, err := virtualCaller(c, r)
	if err != nil {
		return console.Simulated{}, err
	}
	w := sim.World{Spec: c.Spec}
	if w.Before, err = p.atWork(ctx, c, r); err != nil {
		return console.Simulated{}, err
	}
	var decisions []store.Decision
	more := false
	w.Record = func(rec store.Record) {
		switch {
		case rec.Decision == nil:
		case len(decisions) < maxDecisions:
			decisions = append(decisions, *rec.Decision)
		default:
			more = true
		}
	}
	if r.At.IsZero() {
		r.At = p.n.clock.Now()
	}
	rep := sim.Run(ctx, sim.Options{Plan: c.Plan, Start: r.At, Queues: w.Queues()}, caller)
	if ctx.Err() != nil {
		return console.Simulated{}, fmt.Errorf("%w: the simulation took longer than %s", console.ErrDraft, simulationTime)
	}
	out := told(c, r.At, rep)
	out.Context, out.Kind = caller.Context, string(caller.Kind)
	words := report.Words{Name: nameOf(c), Zone: zoneOf(c)}
	for _, d := range decisions {
		out.Decisions = append(out.Decisions, decided(words, r.At, d))
	}
	out.Truncated = out.Truncated || more
	return out, nil
}

// virtualCaller is who calls.
func virtualCaller(c *config.Config, r console.SimulateRequest) (sim.Caller, error) {
	v := sim.Caller{Number: r.Number, Dialled: r.Exten, Digits: r.Digits, HangUp: seconds(r.HangUp), Phones: map[string]sim.Phone{}, Kind: store.Customer}
	if v.HangUp == 0 {
		v.HangUp = simulatedPatient
	}
	for _, k := range r.Press {
		v.Press = append(v.Press, sim.Press{After: seconds(k.After), Keys: k.Keys})
	}
	for name, a := range r.Phones {
		v.Phones[name] = sim.Phone{Outcome: store.OfferOutcome(a.Outcome), Answer: seconds(a.Answer), Talk: seconds(a.Talk)}
	}
	switch {
	case r.Account != "":
		a, ok := c.Settings.Accounts[r.Account]
		if !ok {
			return v, fmt.Errorf("%w account %q", console.ErrUnknown, r.Account)
		}
		v.Account, v.Context, v.Name = r.Account, a.Context, a.Name
		if v.Kind = a.Kind; v.Kind == "" {
			v.Kind = store.Internal
		}
		if v.Number == "" {
			v.Number = a.Number
		}
	case r.Trunk != "":
		t, ok := c.Settings.Trunks[r.Trunk]
		if !ok {
			return v, fmt.Errorf("%w trunk %q", console.ErrUnknown, r.Trunk)
		}
		v.Trunk, v.Context = r.Trunk, t.Context
	default:
		domain, err := appDomain(c, r.App.Domain)
		if err != nil {
			return v, fmt.Errorf("%w app domain: %w", console.ErrUnknown, err)
		}
		v.Context, v.Name = c.Settings.AppDomains[domain].Context, r.App.Name
		v.Claims = store.Claims{Customer: r.App.Customer, Name: r.App.Name, Language: r.App.Language, Region: r.App.Region, Zone: r.App.Zone,
			Booking: r.App.Booking, Priority: seconds(r.App.Priority)}
	}
	return v, nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// atWork are the inputs that bring the engine to who is at work.
func (p *plans) atWork(ctx context.Context, c *config.Config, r console.SimulateRequest) ([]acd.Input, error) {
	var out []acd.Input
	ringable := func(id string) {
		if person := c.Spec.Person(id); person != nil {
			for _, ph := range person.Phones {
				out = append(out, acd.Phone{Account: ph.Account, Registered: true})
			}
		}
	}
	if r.Agents == "now" || r.Agents == "" {
		snap, err := p.n.router.Snapshot(ctx)
		if err != nil {
			return nil, err
		}
		var restore acd.Restore
		var busy []acd.Input
		for _, a := range snap.Agents {
			restore.Agents = append(restore.Agents, store.AgentSaved{Agent: a.ID, State: a.State, Reason: a.Reason, Since: a.Since,
				IdleSince: a.IdleSince, Queues: a.Queues, Account: a.Desk})
			if talking(a.State) {
				busy = append(busy, acd.LegUp{Agent: a.ID, Leg: "now " + a.ID, Call: "now " + a.ID})
			}
		}
		out = append(out, restore)
		for _, a := range snap.Agents {
			if a.Reachable {
				ringable(a.ID)
			}
		}
		out = append(out, busy...)
	}
	joined := r.Joined
	if r.Agents == "all" {
		for _, person := range c.Spec.People {
			joined = append(joined, person.ID)
		}
	}
	for _, id := range joined {
		if c.Spec.Person(id) == nil {
			return nil, fmt.Errorf("%w person %q", console.ErrUnknown, id)
		}
		ringable(id)
		out = append(out, acd.Command{Agent: id, Verb: acd.Join})
	}
	return out, nil
}

// talking are states in which an agent has a call.
func talking(s store.AgentBucket) bool {
	return slices.Contains([]store.AgentBucket{store.Reserved, store.Ringing, store.Talk, store.Hold, store.Consult, store.Outbound}, s)
}

func nameOf(c *config.Config) func(string) string {
	return func(id string) string {
		if p := c.Spec.Person(id); p != nil {
			return p.Name
		}
		return ""
	}
}
