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
	return d.with(name+"_from", edgeText(s.From), name+"_to", edgeText(s.To))
}

// edgeText is an edge of a span in a query.
func edgeText(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

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
		"offers_answered": offered.with("outcome", string(store.Answered)).Encode(),
		"flow_out_within": entered.with("result", FlowOut, "within", "yes").Encode(),
		"wait_answered":   answered.sharing(ledger.WaitShare), "wait_abandoned": abandoned.sharing(ledger.WaitShare),
		"longest_wait": entered.sharing(ledger.WaitShare), "oldest_waiting": subject.span("during", s).sharing(ledger.WaitShare),
		"talk_handled": connected.sharing(ledger.TalkShare), "handling": connected.sharing(ledger.HandlingShare),
	}
	for _, share := range []ledger.Share{ledger.QueueTime, ledger.RingTime, ledger.TalkTime, ledger.HoldTime, ledger.WrapUpTime} {
		out[string(share)] = subject.span("during", s).sharing(share)
	}
	for _, r := range []store.VisitResult{store.TimedOut, store.Full, store.Empty, store.Key, store.Withdrawn, store.Closed, store.Restart} {
		out["flow_out_"+string(r)] = entered.with("result", string(r)).Encode()
	}
	return handedOn(out, connected)
}

// sharing is the query whose list tells what each row has in a sum.
func (d drill) sharing(s ledger.Share) string { return d.with("share", string(s)).Encode() }

// longestOf are the drills of what is the longest of several.
func longestOf(drills map[string]string, figures []ledger.Figure) map[string]string {
	out := map[string]string{}
	for _, f := range figures {
		if f.Call != "" {
			out[f.Name] = drills[f.Name]
		}
	}
	return out
}

// longestOnes are the figures that are the longest of several: behind each is one call.
func longestOnes(drills map[string]string, figures []ledger.Figure) {
	for _, f := range figures {
		if f.Call != "" && drills[f.Name] != "" {
			drills[f.Name] += "&" + newDrill("call", f.Call).Encode()
		}
	}
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
	return workDrills(s, repeat, newDrill("served_by", agent), newDrill("offered_agent", agent), newDrill("placed_by", agent))
}

// teamDrills are those behind the counts of several agents: a team, those of none by a dash, all by an asterisk.
func teamDrills(s ledger.Span, team string, repeat time.Duration) map[string]string {
	of := newDrill("team", team)
	return workDrills(s, repeat, of, of, of.with("placed_by", store.Anyone))
}

// workDrills are the queries behind the counts of those whom the subjects ask for.
func workDrills(s ledger.Span, repeat time.Duration, served, offered, placed drill) map[string]string {
	served, offered, placed = served.span("connected", s), offered.span("offered", s), placed.span("answered", s)
	out := map[string]string{"handled_in": served.Encode(), "handled_by_transfer": served.with("by_transfer", "yes").Encode(),
		"answered_within": served.with("within", "yes").Encode(), "repeat_calls": served.with(againWithin(repeat)...).Encode(),
		"handled_out":      placed.with("kind", string(store.Outgoing)).Encode(),
		"handled_internal": placed.with("kind", string(store.Internal)).Encode(),
		"offers":           offered.Encode(), "rona": offered.with("outcome", string(store.RONA)).Encode()}
	for _, o := range []store.OfferOutcome{store.Answered, store.Declined, store.Busy, store.NoAnswer, store.OfferUnreachable, store.MediaFailed,
		store.CallerLeft, store.LostRace, store.ReservationLapsed} {
		out["offers_"+string(o)] = offered.with("outcome", string(o)).Encode()
	}
	out["handled_identified"] = served.with("identified", "yes").Encode()
	out["rated"] = served.sharing(ledger.RatingShare)
	out["ratings"] = out["rated"]
	for part, share := range map[string]ledger.Share{"talk": ledger.TalkShare, "hold": ledger.HoldShare, "wrap_up": ledger.WrapUpShare} {
		out[part+"_handled"] = served.sharing(share)
		out["longest_"+part] = out[part+"_handled"]
	}
	out["handling"] = served.sharing(ledger.HandlingShare)
	return handedOn(out, served)
}

// callDrills are the queries behind the counts of customers' calls; repeat is the window of repeat calls.
func callDrills(s ledger.Span, repeat time.Duration) map[string]string {
	all := newDrill("from", edgeText(s.From), "to", edgeText(s.To), "kind", string(store.Customer))
	out := map[string]string{"calls": all.Encode(), "calls_up": all.with("open", "true").Encode(),
		"calls_queued": all.with("result", string(store.AnyVisit)).Encode(), "calls_reached": all.with("result", string(store.Connected)).Encode(),
		"calls_identified": all.with("identified", "yes").Encode(), "repeat_calls": all.with(againWithin(repeat)...).Encode()}
	for _, d := range []store.Disposition{store.DispositionAnswered, store.DispositionNoAnswer, store.DispositionBusy, store.DispositionFailed, store.DispositionCanceled} {
		out["calls_"+string(d)] = all.with("disposition", string(d)).Encode()
	}
	reached := all.with("result", string(store.Connected), "identified", "yes")
	out["reached_identified"], out["reached_repeats"] = reached.Encode(), reached.with(againWithin(repeat)...).Encode()
	up := newDrill("kind", string(store.Customer)).span("up", s)
	out[string(ledger.CallTime)] = up.sharing(ledger.CallTime)
	for _, b := range ledger.CallBuckets {
		share := ledger.CallTimeIn(b)
		out[string(share)] = up.sharing(share)
	}
	return out
}
