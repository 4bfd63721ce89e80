package acd

import (
	"testing"
	"time"

	"ringway/store"
)

// TestWhoWaitedLongestComesFirstWhenAgentAndCallerComeTogether (I4): an agent whose wrap-up ends in the very step in which a
// caller arrives takes the one who waited longer.
func TestWhoWaitedLongestComesFirstWhenAgentAndCallerComeTogether(t *testing.T) {
	d := newDesk(t, "", "")
	d.step(Apply{mustLoad(t, "queues:\n  q: {members: \"true\", wrap_up: 10s, max_wait: 1h}\n", plainPeople(1))})
	d.step(Phone{Account: "a0", Registered: true})
	d.step(Command{Agent: "p0", Verb: Join})
	_, offers := offered(d.step(Enter{Visit: "first", Call: "c1", Queue: "q"}))
	d.step(OfferResult{Offer: offers[0], Outcome: store.Answered, Leg: "l1"})
	d.step(LegDown{Leg: "l1"})
	d.step(Enter{Visit: "second", Call: "c2", Queue: "q"})
	d.now = d.now.Add(10 * time.Second) // the switch is busy: the Tick comes behind the next caller
	var rung []string
	for _, o := range d.step(Enter{Visit: "third", Call: "c3", Queue: "q"}) {
		if o, ok := o.(OfferOut); ok {
			rung = append(rung, o.Visit)
		}
	}
	if len(rung) != 1 || rung[0] != "second" {
		t.Errorf("rung for %v, want second", rung)
	}
}
