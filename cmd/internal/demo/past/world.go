package past

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"ringway/acd"
	"ringway/store"
)

// Node is whose records a made-up history is: no switch is called so.
const Node = "demo-history"

// Options of a history. Spec, From and To are required.
type Options struct {
	Spec     *acd.Spec
	From, To time.Time
	Calls    int    // 0: 10,000
	Seed     uint64 // the same seed, the same history
	Version  string // of the configuration
	// Save takes some records in their order; they are not changed afterwards.
	Save func([]store.Record) error
}

// batch is how many records are saved at once.
const batch = 4000

// world is the sample company on a virtual clock.
type world struct {
	o      Options
	dice   *rand.Rand
	now    time.Time
	state  *acd.State
	agenda agenda
	wake   int              // number of the tick that is due, so that an older one does nothing
	calls  map[string]*call // by visit
	people []*worker
	places map[string]int // how many work in each zone
	states map[string]store.AgentBucket
	out    []store.Record
	seq    uint64
	err    error
}

// Make makes a history. It returns how many calls it has.
func Make(o Options) (int, error) {
	if o.Calls == 0 {
		o.Calls = 10_000
	}
	w := &world{o: o, dice: rand.New(rand.NewPCG(o.Seed, 0x52696e67776179)), now: o.From, state: acd.NewState(o.Seed), calls: map[string]*call{}, places: map[string]int{},
		states: map[string]store.AgentBucket{}}
	w.event(store.Event{Kind: store.NodeStart, Reason: store.MadeUp})
	w.input(acd.Apply{Spec: o.Spec})
	for _, p := range o.Spec.People {
		if p.Robot && len(p.Phones) > 0 {
			w.hire(p)
		}
	}
	if err := w.callers(); err != nil {
		return 0, err
	}
	for w.err == nil {
		m, ok := w.agenda.next()
		if !ok || m.at.After(o.To) {
			break
		}
		w.now = m.at
		m.do()
	}
	w.end()
	return o.Calls, w.err
}

// callers plans who calls when: as many as wanted, within the span.
func (w *world) callers() error {
	all, err := population(w.dice)
	if err != nil {
		return err
	}
	days := int(w.o.To.Sub(w.o.From) / (24 * time.Hour))
	for n := range w.o.Calls {
		who := all[w.dice.IntN(len(all))]
		at := callTime(w.dice, who, w.o.From, days)
		for at.Before(w.o.From) || !at.Before(w.o.To.Add(-closingTime)) {
			at = callTime(w.dice, who, w.o.From, days)
		}
		w.agenda.plan(at, func() { w.arrive(n, who) })
	}
	return nil
}

// closingTime is before the end of the history: nobody calls any more, and nobody works on.
const closingTime = 30 * time.Minute

// end sends everybody home.
func (w *world) end() {
	w.now = w.o.To
	for _, v := range w.waiting() {
		w.leave(v)
	}
	for _, p := range w.people {
		w.input(acd.Command{Agent: p.ID, Verb: acd.LeaveVerb})
	}
	w.event(store.Event{Kind: store.NodeStop})
	w.flush(0)
}

// waiting are the visits of calls that are up, in order.
func (w *world) waiting() []string {
	var out []string
	for v, c := range w.calls {
		if c.row.End.IsZero() {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

// after plans something.
func (w *world) after(d time.Duration, do func()) { w.agenda.plan(w.now.Add(d), do) }

// between is a time of so many to so many seconds.
func (w *world) between(low, high int) time.Duration {
	return time.Duration(low)*time.Second + time.Duration(w.dice.IntN((high-low)*1000+1))*time.Millisecond
}

func (w *world) chance(percent int) bool { return w.dice.IntN(100) < percent }

// input feeds the step and does what it says.
func (w *world) input(in acd.Input) {
	for _, out := range acd.Step(w.now, w.state, in) {
		switch o := out.(type) {
		case acd.OfferOut:
			for _, a := range o.Offers {
				w.ring(o, a)
			}
		case acd.Result:
			w.result(o)
		case acd.Record:
			w.keep(o.Record)
		case acd.Wake:
			w.wake++
			if mine := w.wake; !o.At.IsZero() {
				w.agenda.plan(latest(w.now, o.At), func() {
					if mine == w.wake {
						w.input(acd.Tick{})
					}
				})
			}
		}
	}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// keep takes a record of the step. What is live of the real switch's agents is not touched.
func (w *world) keep(r store.Record) {
	switch {
	case r.Agent != nil:
		return
	case r.Event != nil:
		w.event(*r.Event)
		if r.Event.Kind == store.AgentState {
			w.stands(r.Event.Agent, store.AgentBucket(r.Event.State))
		}
		return
	}
	w.record(r)
}

// event numbers an event.
func (w *world) event(e store.Event) {
	w.seq++
	e.Node, e.Boot, e.Seq = Node, fmt.Sprintf("seed-%d", w.o.Seed), w.seq
	if e.At.IsZero() {
		e.At = w.now
	}
	w.record(store.Record{Event: &e})
}

func (w *world) record(r store.Record) {
	w.out = append(w.out, r)
	w.flush(batch)
}

// flush saves when there are enough.
func (w *world) flush(enough int) {
	if w.err == nil && len(w.out) > 0 && len(w.out) >= enough {
		w.err = w.o.Save(w.out)
		w.out = nil
	}
}
