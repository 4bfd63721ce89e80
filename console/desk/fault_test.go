package desk

import (
	"context"
	"errors"
	"testing"
	"time"

	"ringway/store"
)

// A fault at one agent's desk is told to her and costs the others nothing; a card that can't be read for is shown without what
// databases know.
func TestAFaultCostsOneDesk(t *testing.T) {
	o := openOffice(t)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	mei, ken := o.ready("mei", "t"), o.ready("ken", "t")
	if err := o.hub.ask(ctx, func() error { panic("a fault of ours") }); !errors.Is(err, ErrFault) {
		t.Errorf("an act that ends in a fault: %v", err)
	}
	if err := o.hub.ask(ctx, func() error {
		o.hub.seats["mei"].tabs["none"] = nil // what is sent to her desks from now on ends in a fault
		o.hub.all()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	o.ok(o.hub.NotReady(ctx, "ken", "tea"))
	o.see(ken, "what he did", func(s *State) bool { return s.Agent.Reason == "tea" })
	if err := o.hub.ask(ctx, func() error { delete(o.hub.seats["mei"].tabs, "none"); return nil }); err != nil {
		t.Fatal(err)
	}
	o.ok(o.hub.NotReady(ctx, "mei", "lunch"))
	o.see(mei, "what she did", func(s *State) bool { return s.Agent.Reason == "lunch" })
	o.ok(o.hub.Ready(ctx, "mei"))

	o.mu.Lock()
	o.broken = true
	o.mu.Unlock()
	_, out := o.customer("c1", "help", Call{Number: "+886", Claims: store.Claims{Customer: "k1", Name: "Ann Wu"}})
	o.present(out)
	o.see(mei, "the card", func(s *State) bool { return s.Offer != nil && s.Offer.Card.Customer.Name == "Ann Wu" })
	for range 2 * loaders { // none of them is gone
		o.hub.jobs <- job{key: cardKey{"mei", "c1"}, customer: "k1", up: true}
	}
	for len(o.hub.jobs) > 0 {
		select {
		case <-ctx.Done():
			t.Fatal("nobody reads for cards any more")
		case <-time.After(time.Millisecond):
		}
	}
}
