package node

import (
	"context"
	"maps"
	"strings"

	"ringway/config"
	"ringway/console/desk"
	"ringway/console/fault"
	"ringway/console/lookup"
	"ringway/console/stream"
	"ringway/sip/call"
	"ringway/store"
)

// startLookups makes the service that looks customers up; it is off until the configuration is applied.
func (n *Node) startLookups() {
	n.lookups = lookup.New(lookup.Options{Now: n.clock.Now, Log: n.log, Deliver: func(call string) { n.hub.Refresh(call) }})
}

// deskLookups are the look-ups as the card on a desk shows them.
type deskLookups struct{ s *lookup.Service }

// Lookup is how far the look-up for a call has come. What a customer has of her own stands under the names that the card has
// for it.
func (d deskLookups) Lookup(call string) (desk.LookupState, map[string]string) {
	r := d.s.Result(call)
	if r.Record == nil {
		return desk.LookupState(r.State), nil
	}
	fields := maps.Clone(r.Record.Fields)
	if fields == nil {
		fields = map[string]string{}
	}
	for k, v := range map[string]string{"name": r.Record.Name, "language": r.Record.Language, "region": r.Record.Region,
		"zone": r.Record.Zone, "booking": r.Record.Booking, "notes": strings.Join(r.Record.Notes, "\n")} {
		if v != "" {
			fields[k] = v
		}
	}
	return desk.LookupState(r.State), fields
}

func lookupSettings(c *config.Config) lookup.Settings {
	m := c.Settings.CRM
	s := lookup.Settings{Source: m.URL, Headers: map[string]string{}, Timeout: m.Timeout, Cache: m.Cache, AllowPrivate: m.AllowPrivate}
	if m.URL != "" {
		s.Address, _ = lookup.Parse(m.URL, m.AllowPrivate) // the check has seen to it; nil is off
	}
	for name, v := range m.Headers {
		s.Headers[name] = c.Secret(v)
	}
	return s
}

// runLookups starts a look-up when a customer's call enters a queue, and forgets it when the call is over. It reads the stream
// of events: nobody who decides about calls waits for it.
func (n *Node) runLookups(ctx context.Context) {
	defer n.wg.Done()
	fault.Loop(ctx, n.log, "starting customer look-ups", n.lookUp)
}

func (n *Node) lookUp(ctx context.Context) {
	s, err := n.events.Subscribe(stream.Filter{Kinds: []string{string(store.VisitEnter), string(store.CallEnd)}})
	if err != nil {
		n.log.Error("no customer is looked up", "err", err)
		return
	}
	defer s.Close()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.Ready():
		}
		events, lost := s.Take()
		for _, e := range events {
			if e.Kind == store.CallEnd {
				n.lookups.End(e.Call)
			} else if c, ok := n.calls.Call(e.Call); ok {
				n.lookups.Start(lookupQuery(&c))
			}
		}
		if lost {
			n.lookups.Keep(func(call string) bool { _, up := n.calls.Call(call); return up })
		}
	}
}

func lookupQuery(c *call.Snapshot) lookup.Query {
	k := c.Caller.Claims
	return lookup.Query{Call: c.ID, Customer: k.Customer, Booking: k.Booking, Language: k.Language, Region: k.Region, Zone: k.Zone,
		Dialled: c.Dialled}
}
