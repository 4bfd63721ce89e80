package memory

import (
	"ringway/store"
)

// visited says whether a call has one visit that has all that is asked for.
func (d *DB) visited(call string, f store.VisitFilter) bool {
	return f == store.VisitFilter{} || exists(d.visits, func(v store.Visit) bool { return v.Call == call && f.Fits(v) })
}

// offered says whether a call has one offer that has all that is asked for.
func (d *DB) offered(call string, f store.OfferFilter) bool {
	return f == store.OfferFilter{} || exists(d.offers, func(o store.Offer) bool { return o.Call == call && f.Fits(o, d.visits[o.Visit]) })
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
