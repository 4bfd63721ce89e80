package call

import "ringway/store"

// The kind of a phone's call is known by what its script does; that of a customer's call never changes:
//
//	                   ┌── member command, nobody asked for yet ──▶ service ──┐
//	internal (phone) ──┤                            Dial or queue ◀── internal┘
//	                   └── a trunk is tried ──▶ outgoing

// commanded says that the call gave a command of an agent's: a feature code, as long as it asks for nobody.
func (c *Call) commanded() {
	if c.row.Kind == store.Internal && !c.asked {
		c.becomes(store.Service)
	}
}

// asksFor says that the call wants to reach somebody, through a trunk or in the house.
func (c *Call) asksFor(trunk bool) {
	c.asked = true
	switch {
	case c.row.Kind != store.Internal && c.row.Kind != store.Service:
	case trunk:
		c.becomes(store.Outgoing)
	case c.row.Kind == store.Service:
		c.becomes(store.Internal)
	}
}

// becomes changes the kind in the row and for the ledger.
func (c *Call) becomes(k store.CallKind) {
	if c.row.Kind == k || c.state >= Ending {
		return
	}
	c.row.Kind = k
	c.event(store.Event{Kind: store.CallBecame, State: string(k)})
}
