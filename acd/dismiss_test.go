package acd

import (
	"testing"
	"testing/synctest"

	"ringway/store"
)

func TestDismissEndsTheWaitingAndRefusesTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &ledger{}
		r := startRouter(t, sink)
		defer r.Stop()
		r.Post(Phone{Account: "mei", Registered: true})
		if _, err := r.Do(t.Context(), Command{Account: "mei", Verb: Join}); err != nil {
			t.Fatal(err)
		}
		enter := func(call string) *Ticket {
			ticket, err := r.Enter(EnterOptions{Call: call, Queue: "700"})
			if err != nil {
				t.Fatal(err)
			}
			return ticket
		}
		talking, ringing := enter("c1"), (*Ticket)(nil)
		r.Post(LegUp{Account: "mei", Leg: "l1", Call: "c1"})
		talking.Report((<-talking.Events()).Offer.Offers[0].ID, store.Answered, 200)
		r.Post(Phone{Account: "ken", Registered: true})
		if _, err := r.Do(t.Context(), Command{Account: "ken", Verb: Join}); err != nil {
			t.Fatal(err)
		}
		ringing = enter("c2")
		offer := (<-ringing.Events()).Offer.Offers[0].ID
		ringing.Ringing(offer)
		waiting := enter("c3")
		r.Dismiss(store.Restart)
		late := enter("c4")
		for call, ticket := range map[string]*Ticket{"c3": waiting, "c4": late} {
			if e := <-ticket.Events(); e.Result != store.Restart {
				t.Errorf("%s: %+v", call, e)
			}
		}
		if e := <-ringing.Events(); e.Cancel == nil || e.Cancel.Offer != offer || e.Cancel.Reason != store.CallerLeft {
			t.Errorf("the phone that rings: %+v", e)
		}
		if e := <-ringing.Events(); e.Result != store.Restart {
			t.Errorf("who is being rung for: %+v", e)
		}
		waiting.Leave(store.Abandoned) // the call's end comes later and changes nothing
		if got := stateOf(t, r, "mei"); got != store.Talk {
			t.Errorf("who talks is %s", got)
		}
		if n := sink.events(store.VisitLeave); n != 3 {
			t.Errorf("%d visits left", n)
		}
	})
}
