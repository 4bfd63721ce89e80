package board

import (
	"context"
	"time"

	"ringway/store"
	"ringway/store/ledger"
)

// counts are today's visits. They belong to the board's goroutine.
type counts struct {
	day     ledger.Span
	madeUp  *time.Time              // until when it never was
	known   map[string]bool         // visits that entered today: what comes twice counts once
	waiting map[string]ledger.Visit // whenever they entered
	left    map[string]*ledger.QueueTally
	states  map[string]string // queue of each busy agent
}

func newCounts(day ledger.Span) *counts {
	return &counts{day: day, known: map[string]bool{}, waiting: map[string]ledger.Visit{}, left: map[string]*ledger.QueueTally{}, states: map[string]string{}}
}

// mark notes until when the day never was.
func (c *counts) mark(ctx context.Context, ask func(context.Context, time.Time) ([]ledger.Span, error), now time.Time) error {
	all, err := ask(ctx, now)
	for _, s := range all {
		if s.Overlap(c.day.From, c.day.To) > 0 {
			at := s.To.UTC()
			c.madeUp = &at
		}
	}
	return err
}

// take begins with the books of the day.
func (c *counts) take(b *ledger.Books) {
	for _, s := range b.Agents { // in the order of time
		c.states[s.Agent] = s.Queue
	}
	for _, v := range b.Visits {
		if c.day.Holds(v.Enter) {
			c.known[v.ID] = true
		}
		if v.Leave.IsZero() {
			c.waiting[v.ID] = v
		} else {
			c.over(v)
		}
	}
}

// over counts a visit that stopped waiting.
func (c *counts) over(v ledger.Visit) {
	if !c.day.Holds(v.Enter) {
		return
	}
	t := c.left[v.Queue]
	if t == nil {
		t = &ledger.QueueTally{Queue: v.Queue, Span: c.day}
		c.left[v.Queue] = t
	}
	t.Post(v, v.Leave)
}

// post follows one event, and says whether the board changes by it.
func (c *counts) post(e *store.Event) bool {
	switch e.Kind {
	case store.VisitEnter:
		if c.known[e.Visit] {
			return false
		}
		if c.day.Holds(e.At) {
			c.known[e.Visit] = true
		}
		c.waiting[e.Visit] = ledger.Entered(e)
		return true
	case store.VisitConnect, store.VisitLeave:
		v, waits := c.waiting[e.Visit]
		if !waits {
			return false
		}
		delete(c.waiting, e.Visit)
		if v.Leave, v.Result = e.At, store.VisitResult(e.State); e.Kind == store.VisitConnect {
			v.Connect, v.Result, v.Agent = e.At, store.Connected, e.Agent
		}
		c.over(v)
		return true
	case store.AgentState:
		c.states[e.Agent] = e.Queue
		return true
	case store.AgentQueue, store.PlanApply:
		return true
	}
	return false
}

// next begins another day: who waits goes on waiting, and is not offered again.
func (c *counts) next(day ledger.Span) {
	c.day, c.known, c.left = day, map[string]bool{}, map[string]*ledger.QueueTally{}
}

// tally is a queue's account up to now, those who wait included; of all queues where the name is empty.
func (c *counts) tally(queue string, now time.Time) (ledger.QueueTally, Figures) {
	t := ledger.QueueTally{Queue: queue, Span: c.day}
	for name, left := range c.left {
		if queue == "" || name == queue {
			t.Merge(*left)
		}
	}
	var f Figures
	for _, v := range c.waiting {
		if queue != "" && v.Queue != queue {
			continue
		}
		f.Waiting++
		if f.LongestWaitSince == nil || v.Enter.Before(*f.LongestWaitSince) {
			since := v.Enter.UTC()
			f.LongestWaitSince = &since
		}
		t.Post(v, now)
	}
	return t, f
}

// figures are a queue's in the board's words.
func (c *counts) figures(queue, level string, now time.Time) Figures {
	t, f := c.tally(queue, now)
	f.Offered, f.Answered, f.Abandoned, f.FlowOut = t.Arrived.Offered(), t.Arrived.Answered, t.Arrived.Abandoned, t.Arrived.FlowOut
	f.ServiceLevelFormula = level
	for _, g := range t.Figures() {
		switch {
		case g.Name == "longest_wait":
			f.LongestWait = g.Value
		case !g.Known:
		case g.Name == level:
			f.ServiceLevel = &g.Value
		case g.Name == "asa":
			f.ASA = &g.Value
		case g.Name == "abandon_rate":
			f.AbandonRate = &g.Value
		}
	}
	return f
}
