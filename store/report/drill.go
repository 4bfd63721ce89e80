package report

import (
	"net/url"
	"time"

	"ringway/store"
	"ringway/store/ledger"
)

// A drill is the query of GET /calls whose answer is the calls behind a number. visitsOf and the others give the query of a
// row's subject; a column adds what it counts.

// drill builds a query.
type drill struct{ url.Values }

func newDrill(pairs ...string) drill {
	d := drill{url.Values{}}
	return d.with(pairs...)
}

// with is a copy with more conditions; empty values are none.
func (d drill) with(pairs ...string) drill {
	out := drill{url.Values{}}
	for k, v := range d.Values {
		out.Values[k] = v
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out.Set(pairs[i], pairs[i+1])
		}
	}
	return out
}

func (d drill) span(name string, s ledger.Span) drill {
	return d.with(name+"_from", s.From.UTC().Format(time.RFC3339Nano), name+"_to", s.To.UTC().Format(time.RFC3339Nano))
}

// queueDrills are the queries behind a queue's counts; subject narrows them to a queue, language or region.
func queueDrills(s ledger.Span, subject drill) map[string]string {
	entered, left, connected := subject.span("entered", s), subject.span("left", s), subject.span("connected", s)
	out := map[string]string{
		"offered": entered.Encode(), "by_transfer": entered.with("by_transfer", "yes").Encode(),
		"answered":       entered.with("result", string(store.Connected)).Encode(),
		"abandoned":      entered.with("result", string(store.Abandoned)).Encode(),
		"flow_out":       entered.with("result", FlowOut).Encode(),
		"waiting":        entered.with("result", Waiting).Encode(),
		"offered_by_end": left.Encode(), "answered_by_end": left.with("result", string(store.Connected)).Encode(),
		"abandoned_by_end": left.with("result", string(store.Abandoned)).Encode(),
		"flow_out_by_end":  left.with("result", FlowOut).Encode(),
		"handled":          connected.Encode(),
	}
	for _, r := range []store.VisitResult{store.TimedOut, store.Full, store.Empty, store.Key, store.Withdrawn, store.Closed, store.Restart} {
		out["flow_out_"+string(r)] = entered.with("result", string(r)).Encode()
	}
	return out
}

// Results of visits in drills, beside those of store.VisitResult.
const (
	FlowOut = string(store.AnyFlowOut)
	Waiting = string(store.StillWaiting)
)

// agentDrills are the queries behind an agent's counts.
func agentDrills(s ledger.Span, agent string) map[string]string {
	served := newDrill("served_by", agent).span("connected", s)
	offered := newDrill("offered_agent", agent).span("offered", s)
	out := map[string]string{"handled_in": served.Encode(), "handled_by_transfer": served.with("by_transfer", "yes").Encode(), "offers": offered.Encode()}
	for _, o := range []store.OfferOutcome{store.Answered, store.Declined, store.Busy, store.NoAnswer, store.OfferUnreachable, store.MediaFailed,
		store.CallerLeft, store.LostRace, store.ReservationLapsed} {
		out["offers_"+string(o)] = offered.with("outcome", string(o)).Encode()
	}
	return out
}

// callDrills are the queries behind the counts of customers' calls.
func callDrills(s ledger.Span) map[string]string {
	all := newDrill("from", s.From.UTC().Format(time.RFC3339Nano), "to", s.To.UTC().Format(time.RFC3339Nano), "kind", string(store.Customer))
	out := map[string]string{"calls": all.Encode(), "calls_up": all.with("open", "true").Encode()}
	for _, d := range []store.Disposition{store.DispositionAnswered, store.DispositionNoAnswer, store.DispositionBusy, store.DispositionFailed, store.DispositionCanceled} {
		out["calls_"+string(d)] = all.with("disposition", string(d)).Encode()
	}
	return out
}
