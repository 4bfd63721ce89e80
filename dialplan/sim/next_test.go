package sim_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"ringway/acd"
	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/dialplan/sim"
	"ringway/store"
)

const nextQueues = `
queues:
  help:
    members: "true"
    rank: [%s]
    ring_time: 10s
    wrap_up: 20s
    wrap_up_extension: 5m
    max_wait: 10m
    misses: {declined_rest: 30s, busy_rest: 15s, declined_caller: 2m}
    steps: [{after: 0s, want: "speaks(agent, caller.language) >= 3"}, {after: 20s, want: "true"}]
  other: {members: "id in ['p0', 'p1', 'p2']", wrap_up: 10s}
`

const nextPeople = `
people:
  - {id: p0, languages: {en: 5}, phones: [a0]}
  - {id: p1, languages: {en: 4, zh: 2}, phones: [a1]}
  - {id: p2, languages: {zh: 5}, phones: [a2]}
  - {id: p3, languages: {zh: 3, en: 3}, phones: [a3]}
  - {id: p4, languages: {en: 5}, robot: true, phones: [a4]}
`

// traffic makes queues live through a random hour, as the phones and desks of a company would drive them.
type traffic struct {
	dice   *rand.Rand
	now    time.Time
	state  *acd.State
	serial int
	live   []acd.AgentOffer
	visits []string
}

func (w *traffic) step(in acd.Input) []acd.Output {
	out := acd.Step(w.now, w.state, in)
	for _, o := range out {
		if o, ok := o.(acd.OfferOut); ok {
			w.live = append(w.live, o.Offers...)
		}
	}
	return out
}

func (w *traffic) act() {
	w.serial++
	w.now = w.now.Add(time.Duration(w.dice.IntN(6000)) * time.Millisecond)
	id := fmt.Sprint("p", w.dice.IntN(5))
	queue := []string{"help", "help", "other"}[w.dice.IntN(3)]
	switch n := w.dice.IntN(20); {
	case n < 3:
		v := fmt.Sprint("v", w.serial)
		w.visits = append(w.visits, v)
		w.step(acd.Enter{Visit: v, Call: "c" + v, Queue: queue, Profile: store.Profile{Language: []string{"en", "zh", "ja"}[w.dice.IntN(3)]}})
	case n < 9 && len(w.live) > 0:
		i := w.dice.IntN(len(w.live))
		o := w.live[i]
		w.live = append(w.live[:i], w.live[i+1:]...)
		outcome := []store.OfferOutcome{store.Answered, store.Answered, store.Answered, store.Declined, store.Declined, store.Busy, store.NoAnswer}[w.dice.IntN(7)]
		w.step(acd.OfferResult{Offer: o.ID, Outcome: outcome, Leg: "l" + o.ID})
	case n < 13:
		for _, t := range w.state.Ties() {
			if t.Leg != "" && w.dice.IntN(2) == 0 {
				w.step(acd.LegDown{Leg: t.Leg})
			}
		}
	case n < 16:
		w.step(acd.Command{Agent: id, Verb: []acd.Verb{acd.ExtendWrapUp, acd.EndWrapUp, acd.Resume, acd.Resume, acd.Resume, acd.Pause}[w.dice.IntN(6)], By: time.Minute, Reason: "tea"})
	case n < 17 && len(w.visits) > 0:
		w.step(acd.Leave{Visit: w.visits[w.dice.IntN(len(w.visits))]})
	case n < 18:
		w.step(acd.LegUp{Agent: id, Leg: fmt.Sprint("own", w.serial), Call: "own", Outgoing: true})
	default:
		w.step(acd.Phone{Account: "a" + id[1:], Registered: true})
	}
}

// decided is the first decision about a call among some records.
func decided(call string, into *store.Decision) func(store.Record) {
	return func(r store.Record) {
		if d := r.Decision; d != nil && d.Call == call && into.ID == "" {
			*into = *d
			into.ID, into.Call, into.Visit = "decided", "", ""
		}
	}
}

// TestASimulatedCallIsRankedAsTheNextOne: whatever the queues have lived through — who rests after a miss, whose wrap-up was
// extended, whose phone rings, whom the dice favour — the agents of a simulated call are those whom the next real one would get.
func TestASimulatedCallIsRankedAsTheNextOne(t *testing.T) {
	ranked := 0
	for seed := range uint64(150) {
		dice := rand.New(rand.NewPCG(seed, 1))
		rank := []string{"language, idle", "random", "calls, talk", "turn"}[seed%4]
		var l diag.List
		spec := acd.LoadSpec(acd.File{Name: "queues.yaml", Text: fmt.Appendf(nil, nextQueues, rank)}, acd.File{Name: "people.yaml", Text: []byte(nextPeople)}, &l)
		plan := dialplan.Load([]dialplan.File{{Name: "p.yaml", Data: []byte(busyPlan)}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
		if err := l.Err(); err != nil {
			t.Fatal(err)
		}
		w := &traffic{dice: dice, now: start, state: acd.NewState(seed)}
		w.step(acd.Apply{Spec: spec})
		for _, id := range []string{"0", "1", "2", "3", "4"} {
			w.step(acd.Phone{Account: "a" + id, Registered: true})
			w.step(acd.Command{Agent: "p" + id, Verb: acd.Join})
		}
		for range dice.IntN(120) {
			w.act()
		}
		w.now = w.now.Add(time.Duration(dice.IntN(30000)) * time.Millisecond)
		caller := sim.Caller{Context: "c", Dialled: "s", Claims: store.Claims{Language: []string{"en", "zh"}[dice.IntN(2)]}, HangUp: time.Minute}
		var simulated, real store.Decision
		world := sim.World{Spec: spec, State: w.state.Copy(0), Record: decided("sim", &simulated)}
		if r := sim.Run(t.Context(), sim.Options{Plan: plan, Start: w.now, Queues: world.Queues()}, caller); r.Err != nil {
			t.Fatal(r.Err)
		}
		watch := decided("next", &real)
		for _, o := range w.step(acd.Enter{Visit: "next", Call: "next", Queue: "help", Profile: store.Profile{Language: caller.Claims.Language}}) {
			if r, ok := o.(acd.Record); ok {
				watch(r.Record)
			}
		}
		if fmt.Sprint(simulated) != fmt.Sprint(real) {
			t.Fatalf("seed %d: a simulated call is decided\n%+v\nthe next real one\n%+v", seed, simulated, real)
		}
		if len(real.Ranks) > 1 {
			ranked++
		}
	}
	if ranked < 20 {
		t.Errorf("only %d of 150 calls had a choice: the test says little", ranked)
	}
}
