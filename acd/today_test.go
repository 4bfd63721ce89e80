package acd

import (
	"testing"
	"time"

	"ringway/store"
)

// TestASnapshotTellsWhatRanksCompare: with it, and a Restore, a simulation chooses as the live queues would.
func TestASnapshotTellsWhatRanksCompare(t *testing.T) {
	spec := mustLoad(t, "queues:\n  q: {members: \"true\", wrap_up: 10s, rank: [calls, turn]}\n", plainPeople(2))
	d := newDesk(t, "", "")
	d.step(Apply{spec})
	d.step(Phone{Account: "a0", Registered: true})
	d.step(Command{Agent: "p0", Verb: Join})
	_, offers := offered(d.step(Enter{Visit: "v", Call: "c", Queue: "q"}))
	d.step(OfferResult{Offer: offers[0], Outcome: store.Answered, Leg: "l"})
	d.step(Command{Agent: "p0", Verb: Pause, Reason: "lunch"})
	now := d.s.Snapshot()
	if a := now.Agents[0]; a.State != store.Talk || a.Serving != "q" || a.Calls != 1 || a.Pause != "lunch" || a.Reason != "" || now.Queues[0].Last != "p0" {
		t.Errorf("%+v %+v", a, now.Queues[0])
	}
	d.now = d.now.Add(20 * time.Second)
	d.step(LegDown{Leg: "l"})
	if a := d.s.Snapshot().Agents[0]; a.Talked != 20*time.Second || a.Serving != "" {
		t.Errorf("%+v", a)
	}

	copied := NewState(1)
	Step(epoch, copied, Apply{spec})
	Step(epoch, copied, Restore{Today: []Today{{Agent: "p0", Calls: 1, Talk: 20 * time.Second}, {Agent: "gone"}}, Turns: []Turn{{Queue: "q", Agent: "p0"}, {Queue: "gone"}}})
	snap := copied.Snapshot()
	if a := snap.Agents[0]; a.Calls != 1 || a.Talked != 20*time.Second || snap.Queues[0].Last != "p0" || copied.queues[0].lastIndex != 0 {
		t.Errorf("%+v %+v", a, snap.Queues[0])
	}
}
