package desk

import (
	"context"
	"testing"

	"ringway/acd"
	"ringway/store"
)

// A customer waits on hold while her agent asks a colleague, and hangs up before that is over.
func TestASecondCallStandsBesideTheCustomers(t *testing.T) {
	o := openOffice(t)
	tab := o.ready("mei", "t")
	ticket, out := o.customer("c1", "help", Call{Number: "+886", Dialled: "help", Claims: store.Claims{Customer: "k1", Name: "Ann Wu"}})
	p := o.present(out)
	o.router.Post(acd.LegUp{Agent: "mei", Leg: "l1", Call: "c1"})
	ticket.Report(out.Offers[0].ID, store.Answered, 200)
	p.Close()
	s := o.see(tab, "the call", func(s *State) bool { return s.Call != nil })
	if s.Call.Beside != nil {
		t.Errorf("a second call: %+v", s.Call.Beside)
	}
	o.mu.Lock()
	o.calls["c2"] = Call{ID: "c2", Kind: "internal", Agent: "mei", Name: "Mei Lin", Number: "201", Dialled: "202", Callee: "Ken Sato"}
	o.mu.Unlock()
	o.router.Post(acd.LegHeld{Leg: "l1", Held: true})
	o.router.Post(acd.LegUp{Agent: "mei", Leg: "l2", Call: "c2", Outgoing: true})
	s = o.see(tab, "the consult", func(s *State) bool { return s.Call != nil && s.Call.Beside != nil })
	if b := s.Call.Beside; s.Call.ID != "c1" || b.ID != "c2" || b.Who != "Ken Sato" || b.Since.IsZero() {
		t.Errorf("%+v beside %+v", s.Call, b)
	}

	o.router.Post(acd.LegDown{Leg: "l1"})
	s = o.see(tab, "the colleague and the wrap-up", func(s *State) bool { return s.Call != nil && s.Call.ID == "c2" && s.WrapUp != nil })
	if c := s.Call.Card; c.Customer.Name != "Ken Sato" || c.Number != "202" || c.Entered != nil || s.Call.Beside != nil || s.WrapUp.Call != "c1" {
		t.Errorf("%+v %+v %+v", c.Customer, s.Call, s.WrapUp)
	}
	ctx := context.Background()
	o.ok(o.hub.Dispose(ctx, "mei", "c1", Choice{Code: "other"}))
	o.ok(o.hub.EndWrapUp(ctx, "mei"))
	o.see(tab, "the colleague alone", func(s *State) bool { return s.Call != nil && s.WrapUp == nil })
}

// Whom the switch was asked to call has a card as if she had called.
func TestACallBackShowsTheCustomer(t *testing.T) {
	o := openOffice(t)
	o.customers["k1"] = Customer{Name: "Ann Wu", Booking: "B-42"}
	tab := o.ready("mei", "t")
	o.router.Post(acd.LegUp{Agent: "mei", Leg: "l1", Call: "c1"})
	o.see(tab, "a dialog whose call is not to be seen yet", func(s *State) bool { return s.Call != nil && s.Call.Card.Customer == nil })
	o.mu.Lock()
	o.calls["c1"] = Call{ID: "c1", Kind: "outgoing", Agent: "mei", Name: "Mei Lin", Number: "201", Dialled: "+886", Callee: "Ann Wu", Claims: store.Claims{Customer: "k1"}}
	o.mu.Unlock()
	o.hub.Touch("mei")
	s := o.see(tab, "the customer", func(s *State) bool {
		return s.Call != nil && s.Call.Card.Customer != nil && s.Call.Card.Customer.Booking != ""
	})
	if c := s.Call.Card; c.Customer.ID != "k1" || c.Customer.Name != "Ann Wu" || c.Number != "+886" {
		t.Errorf("%+v %+v", c, c.Customer)
	}
	o.hub.Forget("k1")
	s = o.see(tab, "a customer forgotten", func(s *State) bool { return s.Call != nil && s.Call.Card.Customer.Name == "" })
	if s.Call.Card.Number != "" {
		t.Errorf("%+v", s.Call.Card)
	}
}
