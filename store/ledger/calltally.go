package ledger

import (
	"time"

	"ringway/store"
)

// CallTally is all that is counted about customers' calls in a span.
type CallTally struct {
	Span    Span
	Started int
	By      map[store.Disposition]int // of those started in the span
	Up      int                       // of those started in the span, still up
	Queued  int                       // of those started in the span, with a visit
	Reached int                       // of those started in the span, with an agent
	Time    map[CallBucket]time.Duration
	Total   time.Duration // Σ call length in the span
	Repeats Repeats       // of those started in the span
	Solved  Repeats       // of those started in the span, with an agent
	Until   time.Time     // of the books
	Window  time.Duration // of repeats
}

// CustomerCalls tallies the calls of customers: what the queue figures count as visits is here counted as calls.
func (b *Books) CustomerCalls(s Span) CallTally {
	t := CallTally{Span: s, Until: b.Until, Window: b.window(), By: map[store.Disposition]int{}, Time: map[CallBucket]time.Duration{}}
	queued, reached, returned := map[string]bool{}, map[string]bool{}, b.returned()
	for _, v := range b.Visits {
		queued[v.Call] = true
		reached[v.Call] = reached[v.Call] || v.Result == store.Connected
	}
	for _, c := range b.Rows {
		if c.Kind != store.Customer || c.Parent != "" {
			continue
		}
		end := c.End
		if end.IsZero() {
			end = b.Until
		}
		t.Total += s.Overlap(c.Start, end)
		if s.Holds(c.Start) {
			t.started(c, queued[c.ID], reached[c.ID])
			t.Repeats.add(returned, c.ID)
			if reached[c.ID] {
				t.Solved.add(returned, c.ID)
			}
		}
	}
	consults := map[string]bool{}
	for _, c := range b.Rows {
		consults[c.ID] = c.Parent != ""
	}
	for _, c := range b.Calls {
		if c.Kind == store.Customer && !consults[c.Call] {
			t.Time[c.Bucket] += s.Overlap(c.Start, c.End)
		}
	}
	return t
}

func (t *CallTally) started(c Call, queued, reached bool) {
	t.Started++
	if c.End.IsZero() {
		t.Up++
	} else {
		t.By[c.Disposition]++
	}
	if queued {
		t.Queued++
	}
	if reached {
		t.Reached++
	}
}

func callsBy(d store.Disposition) func(*CallTally) (float64, bool) {
	return func(t *CallTally) (float64, bool) { return count(t.By[d]) }
}

func callTime(b CallBucket) func(*CallTally) (float64, bool) {
	return func(t *CallTally) (float64, bool) { return length(t.Time[b]) }
}

// callFormulas are the figures of customers' calls in the order of the report.
var callFormulas = []formula[CallTally]{
	plain("calls", "customers' calls started in the span", Count, func(t *CallTally) (float64, bool) { return count(t.Started) }),
	plain("calls_answered", "calls with disposition answered", Count, callsBy(store.DispositionAnswered)),
	plain("calls_no_answer", "calls with disposition no_answer", Count, callsBy(store.DispositionNoAnswer)),
	plain("calls_busy", "calls with disposition busy", Count, callsBy(store.DispositionBusy)),
	plain("calls_failed", "calls with disposition failed", Count, callsBy(store.DispositionFailed)),
	plain("calls_canceled", "calls with disposition canceled", Count, callsBy(store.DispositionCanceled)),
	plain("calls_up", "calls still up", Count, func(t *CallTally) (float64, bool) { return count(t.Up) }),
	plain("calls_queued", "calls that entered a queue", Count, func(t *CallTally) (float64, bool) { return count(t.Queued) }),
	plain("calls_reached", "calls that were connected to an agent by a queue", Count, func(t *CallTally) (float64, bool) { return count(t.Reached) }),
	plain("calls_identified", "calls whose customer is known", Count, func(t *CallTally) (float64, bool) { return count(t.Repeats.Known) }),
	plain(repeatCalls, "calls_identified whose customer called again within {window}", Count, func(t *CallTally) (float64, bool) { return count(t.Repeats.Again) }),
	divided[CallTally](firstCallResolution, "calls_reached without a repeat / calls_reached, where the customer is known", Percent, "reached_identified − reached_repeats", "reached_identified"),
	plain("call_time", "Σ call length in the span", Seconds, func(t *CallTally) (float64, bool) { return length(t.Total) }),
	plain("call_time_setup", "call_time before our answer", Seconds, callTime(Setup)),
	plain("call_time_ivr", "call_time with the dialplan", Seconds, callTime(IVR)),
	plain("call_time_queue", "call_time waiting while no phone rings", Seconds, callTime(Queue)),
	plain("call_time_ringing", "call_time waiting while a phone rings", Seconds, callTime(Ringing)),
	plain("call_time_talk", "call_time in conversation", Seconds, callTime(Talk)),
	plain("call_time_hold", "call_time on hold", Seconds, callTime(Hold)),
	plain("call_time_consult", "call_time on hold while the agent consults", Seconds, callTime(Consult)),
	plain("call_time_after", "call_time after the conversation", Seconds, callTime(After)),

	part("reached_identified", "calls_reached whose customer is known", Count, func(t *CallTally) (float64, bool) { return count(t.Solved.Known) }),
	part(reachedRepeats, "calls_reached whose customer called again within {window}", Count, func(t *CallTally) (float64, bool) { return count(t.Solved.Again) }),
}

var callSheet = newSheet(callFormulas...)

// Figures computes all formulas of customers' calls.
func (t *CallTally) Figures() []Figure { return t.provisional(callSheet.figures(t, false)) }

// Parts computes what only other formulas need.
func (t *CallTally) Parts() []Figure { return t.provisional(callSheet.figures(t, true)) }

func (t *CallTally) provisional(all []Figure) []Figure {
	return provisional(all, horizon{t.Span, t.Until, t.Window})
}
