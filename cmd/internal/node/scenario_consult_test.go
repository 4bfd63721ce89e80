package node

import (
	"slices"
	"testing"

	"ringway/sip/siptest"
	"ringway/store"
)

// held puts a call on hold, or takes it back.
func held(t *testing.T, c *siptest.Call, direction string) {
	t.Helper()
	if res := c.Reinvite(direction); res.StatusCode != 200 {
		t.Fatalf("%s: %s", direction, res.StartLine())
	}
}

// An agent holds her customer, asks a colleague and comes back: the call to the colleague is a consult of the customer's, on record
// and in the figures, and her next call is none. The time of the consult is the agent's as the caller's.
func TestAConsultBelongsToTheCustomersCall(t *testing.T) {
	o := openOffice(t)
	zh1, zh2 := o.agent("zh1"), o.phone("zh2")
	customer, in := o.talk(o.customer("zh-TW"), "help", zh1)
	held(t, in, "sendonly")
	o.want("zh1", store.Hold)
	ask := zh1.Invite("202")
	asked := zh2.ExpectCall()
	o.want("zh1", store.Consult)
	asked.Answer()
	ask.Expect(200)
	live := o.n.Calls(t.Context()) // oldest first
	if len(live) != 2 || live[0].Parent != "" || live[1].Parent != live[0].ID {
		t.Errorf("while she asks, these are up: %+v", live)
	}
	ask.Bye()
	asked.ExpectBye()
	consult := o.over(ask)
	o.want("zh1", store.Hold)
	held(t, in, "sendrecv")
	o.want("zh1", store.Talk)
	customer.Bye()
	in.ExpectBye()
	parent := o.over(customer)
	o.want("zh1", store.Available)
	alone := zh1.Invite("202")
	zh2.ExpectCall().Answer()
	alone.Expect(200)
	alone.Bye()
	if own := o.over(alone); consult.Parent != parent.ID || parent.Parent != "" || own.Parent != "" {
		t.Errorf("the consult's parent is %q, want %s; the customer's call has %q, a call afterwards %q", consult.Parent, parent.ID, parent.Parent, own.Parent)
	}
	o.silent()
	if err := o.n.records.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	db := o.reader()
	defer db.Close()
	story, err := db.Story(t.Context(), parent.ID)
	if err != nil || len(story.Consults) != 1 || story.Consults[0].ID != consult.ID || story.Consults[0].Dialled != "202" {
		t.Errorf("the story of the customer's call has the consults %+v, %v", story.Consults, err)
	}
	if story, err = db.Story(t.Context(), consult.ID); err != nil || story.Call.Parent != parent.ID ||
		!slices.ContainsFunc(story.Events, func(e store.Event) bool { return e.Kind == store.CallStart && e.Data[store.DataParent] == parent.ID }) {
		t.Errorf("the story of the consult is %+v, %v", story.Call, err)
	}
}
