package acd

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ringway/store"
)

const plainQueue = "queues:\n  q: {members: \"true\", wrap_up: 0s, rank: %s, max_wait: 10h}\n"

func plainPeople(n int) string {
	var b strings.Builder
	b.WriteString("people:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - {id: p%d, phones: [a%d]}\n", i, i)
	}
	return b.String()
}

func plainDesk(t testing.TB, rank string, people int) *desk {
	d := newDesk(t, "", "")
	d.step(Apply{mustLoad(t, fmt.Sprintf(plainQueue, rank), plainPeople(people))})
	for i := range people {
		d.step(Phone{Account: fmt.Sprintf("a%d", i), Registered: true})
		d.step(Command{Agent: fmt.Sprintf("p%d", i), Verb: Join})
	}
	return d
}

// offered returns the agents and offers that outputs ask to ring.
func offered(out []Output) (agents, offers []string) {
	for _, o := range out {
		if o, ok := o.(OfferOut); ok {
			for _, f := range o.Offers {
				agents, offers = append(agents, f.Agent), append(offers, f.ID)
			}
		}
	}
	return agents, offers
}

// TestLoadSpreadsEvenly (I5): among equals the longest idle first.
func TestLoadSpreadsEvenly(t *testing.T) {
	d := plainDesk(t, "longest_idle", 6)
	calls := map[string]int{}
	for i := range 600 {
		d.now = d.now.Add(time.Second)
		v := fmt.Sprintf("v%d", i)
		agents, offers := offered(d.step(Enter{Visit: v, Call: "c" + v, Queue: "q"}))
		calls[agents[0]]++
		d.step(OfferResult{Offer: offers[0], Outcome: store.Answered, Leg: "l" + v})
		d.now = d.now.Add(time.Second)
		d.step(LegDown{Leg: "l" + v})
	}
	for agent, n := range calls {
		if n != 100 {
			t.Errorf("%s took %d of 600 calls", agent, n)
		}
	}
}

// TestLongestWaitingFirst (I4): among equals the callers are served in the order in which they came, misses included.
func TestLongestWaitingFirst(t *testing.T) {
	d := plainDesk(t, "longest_idle", 0)
	for i := range 50 {
		d.now = d.now.Add(time.Millisecond)
		d.step(Enter{Visit: fmt.Sprintf("v%02d", i), Call: fmt.Sprintf("c%d", i), Queue: "q"})
	}
	d.step(Apply{mustLoad(t, fmt.Sprintf(plainQueue, "longest_idle"), plainPeople(1))})
	d.step(Phone{Account: "a0", Registered: true})
	_, offers := offered(d.step(Command{Agent: "p0", Verb: Join}))
	for i := range 50 {
		want := fmt.Sprintf("v%02d.", i)
		if len(offers) != 1 || !strings.HasPrefix(offers[0], want) {
			t.Fatalf("offer %v, want %s", offers, want)
		}
		if i%3 == 0 { // no answer: the same caller again, as soon as she acts
			d.step(OfferResult{Offer: offers[0], Outcome: store.NoAnswer})
			_, offers = offered(d.step(Command{Agent: "p0", Verb: Resume}))
			if len(offers) != 1 || !strings.HasPrefix(offers[0], want) {
				t.Fatalf("the caller lost the place: %v, want %s", offers, want)
			}
		}
		leg := fmt.Sprintf("l%d", i)
		d.step(OfferResult{Offer: offers[0], Outcome: store.Answered, Leg: leg})
		_, offers = offered(d.step(LegDown{Leg: leg}))
	}
}

// TestReloadOfTheSameChangesNothing: not one event, and every state, place and figure stays.
func TestReloadOfTheSameChangesNothing(t *testing.T) {
	d := plainDesk(t, "fewest_calls", 4)
	for i := range 7 {
		v := fmt.Sprintf("v%d", i)
		_, offers := offered(d.step(Enter{Visit: v, Call: "c" + v, Queue: "q"}))
		if i < 2 {
			d.step(OfferResult{Offer: offers[0], Outcome: store.Answered, Leg: "l" + v})
		}
	}
	d.step(Command{Agent: "p3", Verb: Pause, Reason: "lunch"})
	before := fmt.Sprint(d.states(), d.s.Snapshot())
	for range 60 {
		if out := d.step(Apply{d.s.spec}); len(out) > 0 {
			t.Fatalf("%#v", out)
		}
	}
	if after := fmt.Sprint(d.states(), d.s.Snapshot()); after != before {
		t.Errorf("\n%s\n%s", before, after)
	}
}

// TestTimeNeverRunsBackwards: a clock that jumps back cannot end or prolong anything.
func TestTimeNeverRunsBackwards(t *testing.T) {
	d := plainDesk(t, "longest_idle", 1)
	d.step(Enter{Visit: "v1", Call: "c1", Queue: "q"})
	d.now = d.now.Add(-time.Hour)
	d.step(Tick{})
	if d.s.Now() != epoch || d.states() != "p0=reserved" {
		t.Error(d.s.Now(), d.states())
	}
}

// TestEverySecondIsInOneBucket: the agent.state events of a day follow each other without a gap or a repetition, and the
// saved state agrees with each.
func TestEverySecondIsInOneBucket(t *testing.T) {
	d := newDesk(t, "", "")
	d.step(Apply{mustLoad(t, fmt.Sprintf(strings.Replace(plainQueue, "0s", "10s", 1), "longest_idle"), plainPeople(1))})
	last := store.Offline
	for _, line := range []string{"phone a0 up", "join p0", "enter v1 q", "ringing v1.1", "result v1.1 answered leg=l1", "hold l1", "up p0 l2 x", "down l2",
		"unhold l1", "down l1", "+10s", "pause p0 reason=tea", "resume p0", "phone a0 down", "phone a0 up", "up p0 l3 y", "down l3", "leave p0"} {
		words := strings.Fields(line)
		if words[0] == "+10s" {
			d.now, words = d.now.Add(10*time.Second), nil
		}
		in := Input(Tick{})
		if words != nil {
			in = d.parse(words)
		}
		var saved *store.AgentSaved
		for _, o := range d.step(in) {
			r, _ := o.(Record)
			if e := r.Event; e != nil && e.Kind == store.AgentState {
				if e.State == string(last) {
					t.Errorf("%s: %s twice", line, last)
				}
				last = store.AgentBucket(e.State)
			}
			if r.Agent != nil {
				saved = r.Agent
			}
		}
		if saved != nil && saved.State != last {
			t.Errorf("%s: saved %s, the event says %s", line, saved.State, last)
		}
	}
	if last != store.Offline {
		t.Error(last)
	}
}

// TestInputsAboutNothingAreCounted: late, repeated and unknown inputs do nothing else.
func TestInputsAboutNothingAreCounted(t *testing.T) {
	d := plainDesk(t, "longest_idle", 1)
	inputs := []Input{Leave{Visit: "x"}, Prioritise{Visit: "x"}, LegUp{Agent: "x", Leg: "l"}, LegUp{Agent: "p0"}, LegHeld{Leg: "x"}, LegDown{Leg: "x"},
		OfferRinging{Offer: "x"}, OfferResult{Offer: "x"}, WrapUpDone{Agent: "x"}, DeskOpen{Agent: "x", Open: true}, DeskOpen{Agent: "p0"}, DeskAnswer{Offer: "x", Act: store.DeskShown},
		WrapUpDone{Agent: "p0"}, Enter{}, Apply{}, nil,
		Restore{Agents: []store.AgentSaved{{Agent: "x"}}}}
	for i, in := range inputs {
		if out := d.step(in); len(out) > 0 || d.s.Ignored() != uint64(i+1) {
			t.Errorf("%#v: %v, %d ignored", in, out, d.s.Ignored())
		}
	}
	for _, in := range []Command{{Agent: "x", Verb: Join}, {Agent: "p0", Verb: "dance"}, {Agent: "p0", Verb: Join, Queue: "x"}, {Agent: "p0", Verb: LeaveVerb, Queue: "x"}} {
		for _, o := range d.step(in) {
			if r, ok := o.(Reply); ok && r.OK() {
				t.Errorf("%+v: %+v", in, r)
			}
		}
	}
}

// TestDecisionOfRingAll: every offer leads back to its decision.
func TestDecisionOfRingAll(t *testing.T) {
	for offer, want := range map[string]string{"v1-7.3": "v1-7.3", "v1-7.3-2": "v1-7.3", offerID("v.1", 0): "v.1", offerID("v.12", 4): "v.12"} {
		if got := store.DecisionOf(offer); got != want {
			t.Errorf("%s → %s", offer, got)
		}
	}
}
