package memory

import (
	"time"

	"ringway/store"
)

// visited says whether a call has one visit that has all that is asked for.
func (d *DB) visited(call string, f store.VisitFilter) bool {
	return f == store.VisitFilter{} || exists(d.visits, func(v store.Visit) bool { return v.Call == call && visitFits(v, f) })
}

func visitFits(v store.Visit, f store.VisitFilter) bool {
	same := func(want, have string) bool { return want == "" || want == have || (want == "-" && have == "") }
	left := !v.Leave.IsZero()
	switch {
	case !in(v.Enter, f.Entered), !in(v.Leave, f.Left), !in(v.Connect, f.Connected), f.ByTransfer && !v.ByTransfer,
		!same(f.Queue, v.Queue), !same(f.Agent, v.Agent), !same(f.Language, v.Language), !same(f.Region, v.Region):
		return false
	}
	switch f.Result {
	case "":
		return true
	case store.StillWaiting:
		return !left
	case store.AnyFlowOut:
		return left && v.Result != store.Connected && v.Result != store.Abandoned
	}
	return left && v.Result == f.Result
}

// offered says whether a call has one offer that has all that is asked for.
func (d *DB) offered(call string, f store.OfferFilter) bool {
	return f == store.OfferFilter{} || exists(d.offers, func(o store.Offer) bool {
		return o.Call == call && in(o.Start, f.Begun) && (f.Agent == "" || f.Agent == o.Agent) && (f.Outcome == "" || f.Outcome == o.Outcome)
	})
}

// in says whether an instant lies in a span; a zero one lies in none that has an edge.
func in(t time.Time, w store.Within) bool {
	if w == (store.Within{}) {
		return true
	}
	return !t.IsZero() && within(t, w.From, w.To)
}
