package monitor

import (
	"strconv"
	"time"

	"ringway/store"
)

// visitState is where a visit stands:
//
//	waiting ⇄ offered → connected → over         waiting, offered → over
type visitState string

const (
	waiting   visitState = "waiting"
	offered   visitState = "offered"
	connected visitState = "connected"
	over      visitState = "over"
)

// visit is one stay in a queue.
type visit struct {
	id, call, queue string
	state           visitState
	row             store.Visit // as written last
	enter           time.Time
	since           time.Time // waiting without an offer
	step            int
	stepAt          time.Time
	result          store.VisitResult
	offers          int                  // live
	bans            map[string]time.Time // agents who declined her → until when
}

// offer is one reservation.
type offer struct {
	id      string
	agent   *agent
	visit   *visit
	outcome store.OfferOutcome // "" while it is under way
}

func (m *Monitor) visitEvent(e *store.Event) {
	c := m.call(e.Call)
	if e.Kind == store.VisitEnter {
		if m.visits[e.Visit] != nil || c.visit != nil {
			m.report("I1", e.At, "call %s enters %s as visit %s while it is in a queue", e.Call, e.Queue, e.Visit)
		}
		v := &visit{id: e.Visit, call: e.Call, queue: e.Queue, state: waiting, enter: e.At, since: e.At, stepAt: e.At, bans: map[string]time.Time{}}
		v.row = store.Visit{ID: e.Visit, Call: e.Call, Queue: e.Queue, Enter: e.At}
		m.visits[e.Visit], c.visit = v, v
		return
	}
	v := m.visits[e.Visit]
	if v == nil || v.state == over {
		m.report("I1", e.At, "%s of visit %s, which is not open", e.Kind, e.Visit)
		return
	}
	switch e.Kind {
	case store.VisitStep:
		m.stepped(v, e)
	case store.VisitConnect:
		if o := m.offers[e.Offer]; v.state != offered || o == nil || o.outcome != store.Answered || o.agent.id != e.Agent {
			m.report("I1", e.At, "visit %s (%s) is connected to %s by offer %s, which she did not answer", v.id, v.state, e.Agent, e.Offer)
		}
		v.state, v.result = connected, store.Connected
	case store.VisitLeave:
		if v.state == connected || v.offers > 0 || e.State == "" || e.State == string(store.Connected) {
			m.report("I1", e.At, "visit %s (%s, %d offers live) leaves with result %q", v.id, v.state, v.offers, e.State)
		}
		v.state, v.result, c.visit = over, store.VisitResult(e.State), nil
	case store.VisitEnd:
		if v.state != connected {
			m.report("I1", e.At, "the conversation of visit %s ends, which is %s", v.id, v.state)
		}
		v.state, c.visit = over, nil
		if o := m.offers[e.Offer]; o != nil && o.agent.offer == o {
			o.agent.offer = nil
			o.agent.wrap = later(o.agent.wrap, e.At.Add(m.o.Queues[v.queue].WrapUp))
		}
	}
}

func (m *Monitor) stepped(v *visit, e *store.Event) {
	n, err := strconv.Atoi(e.State)
	if err != nil || n <= v.step {
		m.report("I1", e.At, "visit %s goes from step %d to step %q", v.id, v.step, e.State)
	}
	v.step, v.stepAt = n, e.At
}

func (m *Monitor) offerEvent(e *store.Event) {
	o := m.offers[e.Offer]
	switch {
	case e.Kind == store.OfferStart:
		m.offerStarts(e)
	case o == nil || o.outcome != "":
		m.report("I1", e.At, "%s of offer %s, which is not under way", e.Kind, e.Offer)
	case e.Kind == store.OfferEnd:
		m.offerEnds(o, e)
	}
}

// offerStarts holds a new offer against everything that is known of the agent and the callers.
func (m *Monitor) offerStarts(e *store.Event) {
	a, v := m.agent(e.Agent), m.visits[e.Visit]
	o := &offer{id: e.Offer, agent: a, visit: v}
	if m.offers[e.Offer] != nil {
		m.report("I1", e.At, "offer %s starts twice", e.Offer)
	}
	if a.offer != nil {
		m.report("I2", e.At, "%s is offered %s while she has %s", a.id, e.Offer, a.offer.id)
	} else {
		m.honoured(a, e)
	}
	m.offers[e.Offer], a.offer = o, o
	if v == nil || v.state == over || v.state == connected {
		m.report("I3", e.At, "offer %s starts for visit %s, which does not wait", e.Offer, e.Visit)
		o.visit = &visit{id: e.Visit, call: e.Call, queue: e.Queue, state: over, bans: map[string]time.Time{}}
		return
	}
	if c := m.call(v.call); !c.left.IsZero() && e.At.Sub(c.left) > m.o.Slack {
		m.late("I3", e.At, e.At.Sub(c.left)-m.o.Slack, "offer %s starts %s after the caller left", e.Offer, e.At.Sub(c.left))
	}
	m.longestWaitingFirst(v, a, e)
	if !m.o.Queues[v.queue].RingAll {
		m.longestIdleFirst(v, a, e)
	}
	v.state = offered
	v.offers++
}

// longestWaitingFirst is I4: nobody alike who waited longer could have been given this agent. A head start does not widen the
// search, so whoever stands at an earlier step is not alike.
func (m *Monitor) longestWaitingFirst(v *visit, a *agent, e *store.Event) {
	for _, w := range m.visits {
		alike := w.queue == v.queue && w.row.Language == v.row.Language && w.row.Region == v.row.Region && w.row.Zone == v.row.Zone && w.step >= v.step
		if w != v && w.state == waiting && alike && w.claim().Before(v.claim()) && !w.bans[a.id].After(e.At) {
			m.report("I4", e.At, "%s is offered visit %s, though %s is alike and %s ahead of it", a.id, v.id, w.id, v.claim().Sub(w.claim()))
		}
	}
}

// claim is the beginning of the wait with its head start: the earlier, the sooner served.
func (v *visit) claim() time.Time { return v.enter.Add(-v.row.Priority) }

func (m *Monitor) offerEnds(o *offer, e *store.Event) {
	o.outcome = store.OfferOutcome(e.State)
	v, a := o.visit, o.agent
	v.offers = max(0, v.offers-1)
	if o.outcome == store.Answered {
		return // she is reserved until the conversation ends
	}
	if a.offer == o {
		a.offer = nil
	}
	if v.state == offered && v.offers == 0 {
		v.state, v.since = waiting, e.At
	}
	if c := m.call(v.call); !c.left.IsZero() && e.At.Sub(c.left) > m.o.Withdraw {
		m.late("I3", e.At, e.At.Sub(c.left)-m.o.Withdraw, "offer %s is withdrawn %s after the caller left", o.id, e.At.Sub(c.left))
	}
	q := m.o.Queues[v.queue]
	a.keep = false
	switch o.outcome {
	case store.Declined:
		a.rest = later(a.rest, e.At.Add(q.DeclinedRest))
		v.bans[a.id] = e.At.Add(q.DeclinedCaller)
	case store.Busy:
		a.rest = later(a.rest, e.At.Add(q.BusyRest))
	case store.ReservationLapsed:
		a.rest, a.keep = later(a.rest, e.At.Add(q.BusyRest)), true
		m.report("I2", e.At, "nobody freed %s from offer %s before its deadline", a.id, o.id)
	case store.CallerLeft, store.LostRace:
		a.keep = true
	}
}

func (m *Monitor) offerRow(r *store.Offer) {
	if o := m.offers[r.ID]; o == nil || o.outcome != r.Outcome || o.agent.id != r.Agent {
		m.report("I8", r.End, "the row of offer %s says %s by %s; its events do not", r.ID, r.Outcome, r.Agent)
	}
}

// balance is I8: each queue's visits by their events and by their rows.
func (m *Monitor) balance() {
	type sums struct{ offered, answered, abandoned, flowOut, waiting int }
	all := map[string]*sums{}
	for _, id := range sortedKeys(m.visits) {
		v := m.visits[id]
		s := all[v.queue]
		if s == nil {
			s = &sums{}
			all[v.queue] = s
		}
		s.offered++
		switch v.row.Result {
		case "":
			if v.state == waiting || v.state == offered {
				s.waiting++
			}
		case store.Connected:
			s.answered++
		case store.Abandoned:
			s.abandoned++
		default:
			s.flowOut++
		}
		if v.row.Result != v.result {
			m.report("I8", m.last, "the row of visit %s says %q, its events say %q", id, v.row.Result, v.result)
		}
	}
	for _, name := range sortedKeys(all) {
		if s := all[name]; s.offered != s.answered+s.abandoned+s.flowOut+s.waiting {
			m.report("I8", m.last, "queue %s: %d offered, but %d answered, %d abandoned, %d flow-out, %d waiting", name, s.offered, s.answered, s.abandoned, s.flowOut, s.waiting)
		}
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
