package ledger

import (
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
			q.AnswerW.add(v.Wait(until))
		case store.Abandoned:
			q.AbandonW.add(v.Wait(until))
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
		q.Oldest.add(end.Sub(v.Enter))
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
	{"offered", "answered + abandoned + flow_out + waiting, of visits that entered in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.Offered()) }},
	{"answered", "visits entered in the span and connected to an agent", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.Answered) }},
	{"abandoned", "visits entered in the span whose caller disconnected while waiting", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.Abandoned) }},
	{"short_abandoned", "abandoned with a wait below the queue's threshold", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.Short) }},
	{"flow_out", "visits entered in the span that left by timeout, full, empty, key, withdrawn, closed or restart", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.FlowOut) }},
	{"flow_out_timeout", "flow_out by timeout", Count, flowOut(store.TimedOut)},
	{"flow_out_full", "flow_out by full", Count, flowOut(store.Full)},
	{"flow_out_empty", "flow_out by empty", Count, flowOut(store.Empty)},
	{"flow_out_key", "flow_out by key", Count, flowOut(store.Key)},
	{"flow_out_withdrawn", "flow_out by withdrawn", Count, flowOut(store.Withdrawn)},
	{"flow_out_closed", "flow_out by closed", Count, flowOut(store.Closed)},
	{"flow_out_restart", "flow_out by restart", Count, flowOut(store.Restart)},
	{"waiting", "visits entered in the span that still wait", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.Waiting) }},
	{"by_transfer", "visits entered in the span by a transfer", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.ByTransfer) }},
	{"offered_by_end", "answered + abandoned + flow_out, of visits that stopped waiting in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Ended.Offered()) }},
	{"answered_by_end", "visits connected in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Ended.Answered) }},
	{"abandoned_by_end", "visits abandoned in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Ended.Abandoned) }},
	{"flow_out_by_end", "visits that flowed out in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Ended.FlowOut) }},
	{"abandon_rate", "abandoned / offered", Percent, func(q *QueueTally) (float64, bool) { return percent(q.Arrived.Abandoned, q.Arrived.Offered()) }},
	{"answered_within", "answered with a wait of at most the queue's T", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.AnsweredWithin) }},
	{"abandoned_within", "abandoned with a wait of at most the queue's T", Count, func(q *QueueTally) (float64, bool) { return count(q.Arrived.AbandonedWithin) }},
	{"asa", "Σ wait of answered / answered", Seconds, func(q *QueueTally) (float64, bool) { return mean(q.AnswerW.Sum, q.Arrived.Answered) }},
	{"average_abandon_time", "Σ wait of abandoned / abandoned", Seconds, func(q *QueueTally) (float64, bool) { return mean(q.AbandonW.Sum, q.Arrived.Abandoned) }},
	{"longest_wait", "longest wait of answered and abandoned", Seconds, func(q *QueueTally) (float64, bool) { return length(max(q.AnswerW.Longest, q.AbandonW.Longest)) }},
	{"oldest_waiting", "longest wait of those who wait at the end of the span", Seconds, func(q *QueueTally) (float64, bool) { return length(q.Oldest.Longest) }},
	{"queue_time", "Σ waiting while no phone rings, in the span", Seconds, queueTime(Queue)},
	{"ring_time", "Σ waiting while a phone rings, in the span", Seconds, queueTime(Ringing)},
	{"talk_time", "Σ connected and not on hold, in the span", Seconds, queueTime(Talk)},
	{"hold_time", "Σ on hold by the agent after connect, consulting included, in the span", Seconds, queueTime(Hold, Consult)},
	{"wrap_up_time", "Σ end of the conversation to agent done, in the span", Seconds, func(q *QueueTally) (float64, bool) { return length(q.Wrap) }},
	{"handled", "conversations begun in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Work.Handled) }},
	{"aht", "Σ (talk + hold + wrap-up) of conversations begun in the span / handled", Seconds, func(q *QueueTally) (float64, bool) { return mean(q.Work.sum(), q.Work.Handled) }},
	{"average_talk", "Σ talk of conversations begun in the span / handled", Seconds, func(q *QueueTally) (float64, bool) { return mean(q.Work.Talk.Sum, q.Work.Handled) }},
	{"transfers_blind", "conversations begun in the span and handed on unannounced", Count, func(q *QueueTally) (float64, bool) { return count(q.Work.TransferBlind) }},
	{"transfers_attended", "conversations begun in the span and handed on after a consult", Count, func(q *QueueTally) (float64, bool) { return count(q.Work.TransferAtt) }},
	{"offers", "offers to agents begun in the span", Count, func(q *QueueTally) (float64, bool) { return count(q.Offers.Made) }},
	{"rona", "offers − still open − answered − caller left − lost race", Count, func(q *QueueTally) (float64, bool) { return count(q.Offers.RONA()) }},
	{"answer_rate", "answered offers / offers", Percent, func(q *QueueTally) (float64, bool) { return percent(q.Offers.By[store.Answered], q.Offers.Made) }},
}

// Figures computes all formulas of a queue, the service levels last.
func (q *QueueTally) Figures() []Figure {
	return append(figures(queueFormulas, q), ServiceLevels(q.Arrived)...)
}
