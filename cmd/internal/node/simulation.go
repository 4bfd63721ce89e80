package node

import (
	"context"
	"fmt"
	"time"

	"ringway/acd"
	"ringway/config"
	"ringway/console"
	"ringway/dialplan/sim"
	"ringway/store"
)

// Bounds of a simulation.
const (
	simulationTime   = 3 * time.Second  // on the real clock
	simulatedPatient = 30 * time.Minute // a caller who is not told when to give up
	maxSimulated     = 1000             // steps told
	maxDecisions     = 100
)

// simulation is one virtual call under way.
type simulation struct {
	c      *config.Config
	asked  console.SimulateRequest
	caller sim.Caller
	now    *acd.State // the running queues, a copy; nil where nobody asked for it
	seen   time.Time  // when it was taken
	line   []waits    // who waits already
	later  bool       // it begins at another time than now

	// Written by the run.
	decisions []store.Decision
	offers    map[string][]store.Offer // by decision
	visits    map[string]store.Visit   // the last row of each
	order     []string                 // the call's own visits
	ahead     map[string]int           // by visit: how many stood before it
	more      bool
}

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
	later := !r.At.IsZero()
	if !later {
		r.At = p.n.clock.Now()
	}
	s := &simulation{c: c, asked: r, later: later, offers: map[string][]store.Offer{}, visits: map[string]store.Visit{}, ahead: map[string]int{}}
	var wrong console.WrongFields
	s.caller, wrong = virtualCaller(c, r)
	wrong = append(wrong, wrongPeople(c, r)...)
	if len(wrong) > 0 {
		return console.Simulated{}, wrong
	}
	if err := p.look(ctx, s); err != nil {
		return console.Simulated{}, err
	}
	report := sim.Run(ctx, sim.Options{Plan: c.Plan, Start: s.asked.At, Queues: s.world().Queues()}, s.caller)
	if ctx.Err() != nil {
		return console.Simulated{}, fmt.Errorf("%w: the simulation took longer than %s", console.ErrDraft, simulationTime)
	}
	return s.told(report), nil
}

// record keeps what the answer tells of.
func (s *simulation) record(rec store.Record) {
	switch {
	case rec.Visit != nil:
		if _, known := s.visits[rec.Visit.ID]; !known && rec.Visit.Call == simulatedCall {
			s.order = append(s.order, rec.Visit.ID)
		}
		s.visits[rec.Visit.ID] = *rec.Visit
	case rec.Offer != nil && rec.Offer.Call == simulatedCall:
		d := store.DecisionOf(rec.Offer.ID)
		s.offers[d] = append(s.offers[d], *rec.Offer)
	case rec.Decision == nil || rec.Decision.Call != simulatedCall:
	case len(s.decisions) < maxDecisions:
		s.decisions = append(s.decisions, *rec.Decision)
	default:
		s.more = true
	}
}

// simulatedCall is the name of a virtual call in its records.
const simulatedCall = "sim"

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func nameOf(c *config.Config) func(string) string {
	return func(id string) string {
		if p := c.Spec.Person(id); p != nil {
			return p.Name
		}
		return ""
	}
}
