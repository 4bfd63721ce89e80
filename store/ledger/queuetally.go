package ledger

import (
	"slices"
	"sort"
	"time"

	"ringway/store"
)

// QueueTally is all that is counted about one queue in a span.
type QueueTally struct {
	Queue    string
	Span     Span
	Arrived  Visits // entered in the span
	Ended    Visits // stopped waiting in the span
	Offers   Offers // begun in the span
	Work     Work   // conversations begun in the span
	AnswerW  durations
	AbandonW durations
	Oldest   durations // of those who still wait at the end of the span

	Time map[CallBucket]time.Duration // of the queue's visits, cut at the span
	Wrap time.Duration                // after-call work for this queue, cut at the span
}

// Grouping says under which name of a tally a visit counts.
type Grouping func(v Visit) string

// Groupings of the reports.
var (
	ByQueue    Grouping = func(v Visit) string { return v.Queue }
	ByLanguage Grouping = func(v Visit) string { return v.Language }
	ByRegion   Grouping = func(v Visit) string { return v.Region }
)

// QueueTallies tallies every queue that had a visit in the span, by name; the first tally, named "", is all of them together.
func (b *Books) QueueTallies(s Span) []QueueTally { return b.Tally([]Span{s}, ByQueue)[0] }

// Tally tallies visits by a grouping in each of several spans, in one walk through the books. The spans follow each other
// and do not overlap. Of each, the first tally, named "", is all groups together; a group whose name is empty is named Unnamed.
func (b *Books) Tally(spans []Span, by Grouping) [][]QueueTally {
	t := make(tallySpans, len(spans))
	for i, s := range spans {
		t[i] = newTallies[QueueTally](func(name string) QueueTally {
			return QueueTally{Queue: name, Span: s, Time: map[CallBucket]time.Duration{}}
		})
		t[i].get("")
	}
	handled, visits := b.handlings(), make(map[string]Visit, len(b.Visits))
	for _, v := range b.Elsewhere {
		visits[v.ID] = v
	}
	for _, v := range b.Visits {
		visits[v.ID] = v
		end := b.endOf(v)
		for i := firstTouched(spans, v.Enter); i < len(spans) && !end.Before(spans[i].From); i++ {
			t.post(i, by(v), func(q *QueueTally) { q.visit(v, handled[v.ID], b.Until) })
		}
	}
	group := func(visit, queue string) string {
		v := visits[visit]
		v.Queue = queue
		return by(v)
	}
	for _, o := range b.Offers {
		if i := firstTouched(spans, o.Start); i < len(spans) && spans[i].Holds(o.Start) {
			t.post(i, group(o.Visit, o.Queue), func(q *QueueTally) { q.Offers.add(o) })
		}
	}
	for _, c := range b.Calls {
		if c.Visit != "" {
			overlaps(spans, c.Start, c.End, func(i int, d time.Duration) {
				t.post(i, group(c.Visit, c.Queue), func(q *QueueTally) { q.Time[c.Bucket] += d })
			})
		}
	}
	for _, a := range b.Agents {
		if a.Bucket == store.WrapUp && a.Queue != "" {
			overlaps(spans, a.Start, a.End, func(i int, d time.Duration) {
				t.post(i, group(a.Visit, a.Queue), func(q *QueueTally) { q.Wrap += d })
			})
		}
	}
	out := make([][]QueueTally, len(spans))
	for i := range t {
		out[i] = t[i].sorted()
	}
	return out
}

// Unnamed is the group of visits of which nothing is known, as of callers without a language.
const Unnamed = "–"

type tallySpans []*tallies[QueueTally]

// post books into one group of one span, and into the account of all.
func (t tallySpans) post(i int, group string, post func(*QueueTally)) {
	if group == "" {
		group = Unnamed
	}
	t[i].each(group, post)
}

// firstTouched is the first of some consecutive spans that ends after an instant.
func firstTouched(spans []Span, at time.Time) int {
	return sort.Search(len(spans), func(i int) bool { return at.Before(spans[i].To) })
}

// overlaps gives the pieces of [start, end) that lie in consecutive spans.
func overlaps(spans []Span, start, end time.Time, piece func(i int, d time.Duration)) {
	for i := firstTouched(spans, start); i < len(spans) && spans[i].From.Before(end); i++ {
		if d := spans[i].Overlap(start, end); d > 0 {
			piece(i, d)
		}
	}
}

// endOf is when a visit let go of its queue.
func (b *Books) endOf(v Visit) time.Time {
	switch {
	case !v.End.IsZero():
		return v.End
	case !v.Leave.IsZero() && v.Connect.IsZero():
		return v.Leave
	}
	return b.Until
}

func (q *QueueTally) visit(v Visit, h *handling, until time.Time) {
	if q.Span.Holds(v.Enter) {
		q.Arrived.add(v)
		switch v.Result {
		case store.Connected:
			q.AnswerW.add(v.Wait(until), v.Call)
		case store.Abandoned:
			q.AbandonW.add(v.Wait(until), v.Call)
		}
	}
	if q.Span.Holds(v.Leave) {
		q.Ended.add(v)
	}
	if q.Span.Holds(v.Connect) {
		q.Work.add(v, h)
	}
	end := earlier(q.Span.To, until)
	if v.Enter.Before(end) && (v.Leave.IsZero() || !v.Leave.Before(end)) {
		q.Oldest.add(end.Sub(v.Enter), v.Call)
	}
}

// Post counts one more visit as Tally does, without the work of it; it has stopped waiting, or waits until then.
func (q *QueueTally) Post(v Visit, then time.Time) { q.visit(v, nil, then) }

// Copy is a tally that can be posted to alone.
func (q *QueueTally) Copy() QueueTally {
	out := QueueTally{Queue: q.Queue, Span: q.Span}
	out.Merge(*q)
	return out
}

func flowOut(r store.VisitResult) func(*QueueTally) (float64, bool) {
	return func(q *QueueTally) (float64, bool) { return count(q.Arrived.FlowOutBy[r]) }
}

func queueTime(b ...CallBucket) func(*QueueTally) (float64, bool) {
	return func(q *QueueTally) (float64, bool) {
		var sum time.Duration
		for _, x := range b {
			sum += q.Time[x]
		}
		return length(sum)
	}
}

// queueFormulas are a queue's figures in the order of the report.
var queueFormulas = []formula[QueueTally]{
	plain("offered", "answered + abandoned + flow_out + waiting, of visits that entered in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.Offered()) }),
	plain("answered", "visits entered in the span and connected to an agent", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.Answered) }),
	plain("abandoned", "visits entered in the span whose caller disconnected while waiting", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.Abandoned) }),
	plain("short_abandoned", "abandoned with a wait below the queue's threshold", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.Short) }),
	plain("flow_out", "visits entered in the span that left by timeout, full, empty, key, withdrawn, closed or restart", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.FlowOut) }),
	plain("flow_out_timeout", "flow_out by timeout", Count, flowOut(store.TimedOut)),
	plain("flow_out_full", "flow_out by full", Count, flowOut(store.Full)),
	plain("flow_out_empty", "flow_out by empty", Count, flowOut(store.Empty)),
	plain("flow_out_key", "flow_out by key", Count, flowOut(store.Key)),
	plain("flow_out_withdrawn", "flow_out by withdrawn", Count, flowOut(store.Withdrawn)),
	plain("flow_out_closed", "flow_out by closed", Count, flowOut(store.Closed)),
	plain("flow_out_restart", "flow_out by restart", Count, flowOut(store.Restart)),
	plain("waiting", "visits entered in the span that still wait", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.Waiting) }),
	plain("by_transfer", "visits entered in the span by a transfer", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.ByTransfer) }),
	plain("offered_by_end", "answered + abandoned + flow_out, of visits that stopped waiting in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Ended.Offered()) }),
	plain("answered_by_end", "visits connected in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Ended.Answered) }),
	plain("abandoned_by_end", "visits abandoned in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Ended.Abandoned) }),
	plain("flow_out_by_end", "visits that flowed out in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Ended.FlowOut) }),
	divided[QueueTally]("abandon_rate", "abandoned / offered", Percent, "abandoned", "offered"),
	plain("answered_within", "answered with a wait of at most the queue's T", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.AnsweredWithin) }),
	plain("abandoned_within", "abandoned with a wait of at most the queue's T", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.AbandonedWithin) }),
	divided[QueueTally]("asa", "Σ wait of answered / answered", Seconds, "wait_answered", "answered"),
	divided[QueueTally]("average_abandon_time", "Σ wait of abandoned / abandoned", Seconds, "wait_abandoned", "abandoned"),
	longest("longest_wait", "longest wait of answered and abandoned", func(q *QueueTally) durations { return q.AnswerW.longer(q.AbandonW) }),
	longest("oldest_waiting", "longest wait of those who wait at the end of the span", func(q *QueueTally) durations { return q.Oldest }),
	plain("queue_time", "Σ waiting while no phone rings, in the span", Seconds, queueTime(Queue)),
	plain("ring_time", "Σ waiting while a phone rings, in the span", Seconds, queueTime(Ringing)),
	plain("talk_time", "Σ connected and not on hold, in the span", Seconds, queueTime(Talk)),
	plain("hold_time", "Σ on hold by the agent after connect, consulting included, in the span", Seconds, queueTime(Hold, Consult)),
	plain("wrap_up_time", "Σ end of the conversation to agent done, in the span", Seconds, func(q *QueueTally) (float64, bool) { return length(q.Wrap) }),
	plain("handled", "conversations begun in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Work.Handled) }),
	divided[QueueTally]("aht", "Σ (talk + hold + wrap-up) of conversations begun in the span / handled", Seconds, "handling", "handled"),
	divided[QueueTally]("average_talk", "Σ talk of conversations begun in the span / handled", Seconds, "talk_handled", "handled"),
	plain("transfers_blind", "conversations begun in the span and handed on unannounced", Count, func(q *QueueTally) (float64, bool) { return count(q.Work.TransferBlind) }),
	plain("transfers_attended", "conversations begun in the span and handed on after a consult", Count, func(q *QueueTally) (float64, bool) { return count(q.Work.TransferAtt) }),
	plain("offers", "offers to agents begun in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Offers.Made) }),
	plain("rona", "offers − still open − answered − caller left − lost race", Count, func(q *QueueTally) (float64, bool) { return count(q.Offers.RONA()) }),
	divided[QueueTally]("answer_rate", "answered offers / offers", Percent, "offers_answered", "offers"),

	part("wait_answered", "Σ wait of answered", Seconds, func(q *QueueTally) (float64, bool) { return length(q.AnswerW.Sum) }),
	part("wait_abandoned", "Σ wait of abandoned", Seconds, func(q *QueueTally) (float64, bool) { return length(q.AbandonW.Sum) }),
	part("talk_handled", "Σ talk of conversations begun in the span", Seconds, func(q *QueueTally) (float64, bool) { return length(q.Work.Talk.Sum) }),
	part("handling", "Σ (talk + hold + wrap-up) of conversations begun in the span", Seconds, func(q *QueueTally) (float64, bool) { return length(q.Work.sum()) }),
	part("offers_answered", "offers that ended answered", Count, func(q *QueueTally) (float64, bool) { return count(q.Offers.By[store.Answered]) }),
	part("flow_out_within", "flow_out with a wait of at most the queue's T", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.FlowOutWithin) }),
}

// queueSheet is all of a queue's formulas, the service levels last.
var queueSheet = newSheet(slices.Concat(queueFormulas, serviceLevels)...)

// Figures computes all formulas of a queue, the service levels last.
func (q *QueueTally) Figures() []Figure { return queueSheet.figures(q, false) }

// Parts computes what only other formulas need.
func (q *QueueTally) Parts() []Figure { return queueSheet.figures(q, true) }
