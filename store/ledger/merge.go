package ledger

import (
	"time"

	"ringway/store"
)

// The tallies of pieces that follow each other add up to the tally of the whole. Each Merge takes the next piece, whose span
// begins where the receiver's ends.

// Merge adds the next piece of the same queue.
func (q *QueueTally) Merge(next QueueTally) {
	q.Span.To = next.Span.To
	q.Arrived.merge(next.Arrived)
	q.Ended.merge(next.Ended)
	q.Offers.merge(next.Offers)
	q.Work.merge(next.Work)
	q.AnswerW.merge(next.AnswerW)
	q.AbandonW.merge(next.AbandonW)
	q.Oldest = next.Oldest // of those who wait at the end of the span
	q.Wrap += next.Wrap
	addTimes(&q.Time, next.Time)
}

// Merge adds the next piece of the same agent.
func (a *AgentTally) Merge(next AgentTally) {
	before, after := a.LoggedIn(), next.LoggedIn()
	switch {
	case after > 0:
		a.Logout = next.Logout
	case before > 0 && a.Logout.IsZero() && !next.Until.Before(a.Span.To):
		a.Logout = a.Span.To // she left at the very end of the piece
	}
	if a.Login.IsZero() {
		a.Login = next.Login
	}
	a.Span.To = next.Span.To
	addTimes(&a.Time, next.Time)
	addTimes(&a.NotReady, next.NotReady)
	a.Offers.merge(next.Offers)
	a.Work.merge(next.Work)
	a.Within += next.Within
	a.Out += next.Out
	a.Internal += next.Internal
	a.Repeats.merge(next.Repeats)
	a.Ratings.Given += next.Ratings.Given
	a.Ratings.Sum += next.Ratings.Sum
}

// Merge adds the next piece.
func (t *CallTally) Merge(next CallTally) {
	t.Span.To = next.Span.To
	t.Started += next.Started
	t.Up += next.Up
	t.Queued += next.Queued
	t.Reached += next.Reached
	t.Total += next.Total
	if t.By == nil {
		t.By = map[store.Disposition]int{}
	}
	for d, n := range next.By {
		t.By[d] += n
	}
	addTimes(&t.Time, next.Time)
	t.Repeats.merge(next.Repeats)
	t.Solved.merge(next.Solved)
}

func (c *Visits) merge(o Visits) {
	c.Answered += o.Answered
	c.AnsweredWithin += o.AnsweredWithin
	c.Abandoned += o.Abandoned
	c.AbandonedWithin += o.AbandonedWithin
	c.Short += o.Short
	c.ShortWithin += o.ShortWithin
	c.FlowOut += o.FlowOut
	c.FlowOutWithin += o.FlowOutWithin
	c.Waiting += o.Waiting
	c.ByTransfer += o.ByTransfer
	if c.FlowOutBy == nil && len(o.FlowOutBy) > 0 {
		c.FlowOutBy = map[store.VisitResult]int{}
	}
	for r, n := range o.FlowOutBy {
		c.FlowOutBy[r] += n
	}
}

func (c *Offers) merge(o Offers) {
	c.Made += o.Made
	c.Open += o.Open
	if c.By == nil && len(o.By) > 0 {
		c.By = map[store.OfferOutcome]int{}
	}
	for r, n := range o.By {
		c.By[r] += n
	}
}

func (w *Work) merge(o Work) {
	w.Handled += o.Handled
	w.ByTransfer += o.ByTransfer
	w.TransferBlind += o.TransferBlind
	w.TransferAtt += o.TransferAtt
	w.Talk.merge(o.Talk)
	w.Hold.merge(o.Hold)
	w.Wrap.merge(o.Wrap)
}

func (d *durations) merge(o durations) {
	d.Sum += o.Sum
	d.longest(o.Longest, o.Of)
}

func (r *Repeats) merge(o Repeats) {
	r.Known += o.Known
	r.Again += o.Again
}

func addTimes[K comparable](to *map[K]time.Duration, from map[K]time.Duration) {
	if *to == nil {
		*to = map[K]time.Duration{}
	}
	for k, d := range from {
		(*to)[k] += d
	}
}
