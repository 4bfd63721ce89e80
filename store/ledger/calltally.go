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
	{"calls", "customers' calls started in the span", Count, func(t *CallTally) (float64, bool) { return count(t.Started) }},
	{"calls_answered", "calls with disposition answered", Count, callsBy(store.DispositionAnswered)},
	{"calls_no_answer", "calls with disposition no_answer", Count, callsBy(store.DispositionNoAnswer)},
	{"calls_busy", "calls with disposition busy", Count, callsBy(store.DispositionBusy)},
	{"calls_failed", "calls with disposition failed", Count, callsBy(store.DispositionFailed)},
	{"calls_canceled", "calls with disposition canceled", Count, callsBy(store.DispositionCanceled)},
	{"calls_up", "calls still up", Count, func(t *CallTally) (float64, bool) { return count(t.Up) }},
	{"calls_queued", "calls that entered a queue", Count, func(t *CallTally) (float64, bool) { return count(t.Queued) }},
	{"calls_reached", "calls that were connected to an agent by a queue", Count, func(t *CallTally) (float64, bool) { return count(t.Reached) }},
	{"calls_identified", "calls whose customer is known", Count, func(t *CallTally) (float64, bool) { return count(t.Repeats.Known) }},
	{repeatCalls, "calls_identified whose customer called again within {window}", Count, func(t *CallTally) (float64, bool) { return count(t.Repeats.Again) }},
	{firstCallResolution, "calls_reached without a repeat / calls_reached, where the customer is known", Percent, func(t *CallTally) (float64, bool) { return t.Solved.resolved() }},
	{"call_time", "Σ call length in the span", Seconds, func(t *CallTally) (float64, bool) { return length(t.Total) }},
	{"call_time_setup", "call_time before our answer", Seconds, callTime(Setup)},
	{"call_time_ivr", "call_time with the dialplan", Seconds, callTime(IVR)},
	{"call_time_queue", "call_time waiting while no phone rings", Seconds, callTime(Queue)},
	{"call_time_ringing", "call_time waiting while a phone rings", Seconds, callTime(Ringing)},
	{"call_time_talk", "call_time in conversation", Seconds, callTime(Talk)},
	{"call_time_hold", "call_time on hold", Seconds, callTime(Hold)},
	{"call_time_consult", "call_time on hold while the agent consults", Seconds, callTime(Consult)},
	{"call_time_after", "call_time after the conversation", Seconds, callTime(After)},
}

// Figures computes all formulas of customers' calls.
func (t *CallTally) Figures() []Figure {
	return provisional(figures(callFormulas, t), horizon{t.Span, t.Until, t.Window})
}
