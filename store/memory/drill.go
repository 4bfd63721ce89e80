package memory

import (
	"ringway/store"
)

// visited says whether a call has one visit that has all that is asked for.
func (d *DB) visited(call string, q store.CallQuery) bool {
	f := q.Visit
	return f == store.VisitFilter{} || exists(d.visits, func(v store.Visit) bool { return v.Call == call && f.Fits(v) && q.Members.Has(v.Agent) })
}

// offered says whether a call has one offer that has all that is asked for.
func (d *DB) offered(call string, q store.CallQuery) bool {
	f := q.Offer
	return f == store.OfferFilter{} || exists(d.offers, func(o store.Offer) bool {
		return o.Call == call && f.Fits(o, d.visits[o.Visit]) && q.Members.Has(o.Agent)
	})
}

// placed says whether a call was placed by whom is asked for.
func placed(c store.Call, q store.CallQuery) bool {
	switch q.Placed {
	case "":
		return true
	case store.Anyone:
		return c.Agent != "" && q.Members.Has(c.Agent)
	}
	return c.Agent == q.Placed
}

// returned says whether the customer of a call called again soon enough after it.
func (d *DB) returned(c store.Call, q store.CallQuery) bool {
	switch {
	case q.Again == 0 && !q.Identified:
		return true
	case !identified(c):
		return false
	}
	return q.Again == 0 || exists(d.calls, func(n store.Call) bool {
		after := n.Start.Sub(c.Start)
		return identified(n) && n.Customer == c.Customer && after > 0 && after <= q.Again
	})
}

// identified says whether a call is a customer's own, of whom is known who it is.
func identified(c store.Call) bool {
	return c.Kind == store.Customer && c.Parent == "" && c.Customer != ""
}
