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
	answered, abandoned := entered.with("result", string(store.Connected)), entered.with("result", string(store.Abandoned))
	offered := subject.span("offered", s)
	out := map[string]string{
		"offered": entered.Encode(), "by_transfer": entered.with("by_transfer", "yes").Encode(),
		"answered": answered.Encode(), "answered_within": answered.with("within", "yes").Encode(),
		"abandoned": abandoned.Encode(), "abandoned_within": abandoned.with("within", "yes").Encode(),
		"short_abandoned": abandoned.with("short", "yes").Encode(),
		"flow_out":        entered.with("result", FlowOut).Encode(),
		"waiting":         entered.with("result", Waiting).Encode(),
		"offered_by_end":  left.Encode(), "answered_by_end": left.with("result", string(store.Connected)).Encode(),
		"abandoned_by_end": left.with("result", string(store.Abandoned)).Encode(),
		"flow_out_by_end":  left.with("result", FlowOut).Encode(),
		"handled":          connected.Encode(),
		"offers":           offered.Encode(), "rona": offered.with("outcome", string(store.RONA)).Encode(),
	}
	for _, r := range []store.VisitResult{store.TimedOut, store.Full, store.Empty, store.Key, store.Withdrawn, store.Closed, store.Restart} {
		out["flow_out_"+string(r)] = entered.with("result", string(r)).Encode()
	}
	return handedOn(out, connected)
}

// handedOn adds the conversations that ended in a transfer.
func handedOn(drills map[string]string, connected drill) map[string]string {
	drills["transfers_blind"] = connected.with("end_reason", store.TransferBlind).Encode()
	drills["transfers_attended"] = connected.with("end_reason", store.TransferAttended).Encode()
	return drills
}

// Results of visits in drills, beside those of store.VisitResult.
const (
	FlowOut = string(store.AnyFlowOut)
	Waiting = string(store.StillWaiting)
)

// againWithin is the condition of repeat calls.
func againWithin(window time.Duration) []string {
	return []string{"again_within", ledger.Request{Repeat: window}.Window().String()}
}

// agentDrills are the queries behind an agent's counts; repeat is the window of repeat calls.
func agentDrills(s ledger.Span, agent string, repeat time.Duration) map[string]string {
	served := newDrill("served_by", agent).span("connected", s)
	offered := newDrill("offered_agent", agent).span("offered", s)
	placed := newDrill("placed_by", agent).span("answered", s)
	out := map[string]string{"handled_in": served.Encode(), "handled_by_transfer": served.with("by_transfer", "yes").Encode(),
		"answered_within": served.with("within", "yes").Encode(), "repeat_calls": served.with(againWithin(repeat)...).Encode(),
		"handled_out":      placed.with("kind", string(store.Outgoing)).Encode(),
		"handled_internal": placed.with("kind", string(store.Internal)).Encode(),
		"offers":           offered.Encode(), "rona": offered.with("outcome", string(store.RONA)).Encode()}
	for _, o := range []store.OfferOutcome{store.Answered, store.Declined, store.Busy, store.NoAnswer, store.OfferUnreachable, store.MediaFailed,
		store.CallerLeft, store.LostRace, store.ReservationLapsed} {
		out["offers_"+string(o)] = offered.with("outcome", string(o)).Encode()
	}
	return handedOn(out, served)
}

// callDrills are the queries behind the counts of customers' calls; repeat is the window of repeat calls.
func callDrills(s ledger.Span, repeat time.Duration) map[string]string {
	all := newDrill("from", s.From.UTC().Format(time.RFC3339Nano), "to", s.To.UTC().Format(time.RFC3339Nano), "kind", string(store.Customer))
	out := map[string]string{"calls": all.Encode(), "calls_up": all.with("open", "true").Encode(),
		"calls_queued": all.with("result", string(store.AnyVisit)).Encode(), "calls_reached": all.with("result", string(store.Connected)).Encode(),
		"calls_identified": all.with("identified", "yes").Encode(), "repeat_calls": all.with(againWithin(repeat)...).Encode()}
	for _, d := range []store.Disposition{store.DispositionAnswered, store.DispositionNoAnswer, store.DispositionBusy, store.DispositionFailed, store.DispositionCanceled} {
		out["calls_"+string(d)] = all.with("disposition", string(d)).Encode()
	}
	return out
}
