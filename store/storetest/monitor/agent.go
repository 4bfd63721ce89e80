package monitor

import (
	"slices"
	"strconv"
	"time"

	"ringway/store"
)

// agent is what the events say of one person.
type agent struct {
	id      string
	state   store.AgentBucket
	since   time.Time
	idle    time.Time // since when she is free, as longest idle counts
	keep    bool      // the offer that ended was no fault of hers: idle time goes on
	joined  map[string]time.Time
	rest    time.Time // until when she is left alone after a miss
	wrap    time.Time // until when her wrap-up lasts
	offer   *offer    // live, or answered and not over
	dialogs int       // legs of offers that are up
	gone    time.Time // when the last of them ended
	busy    []span
}

// span is a stretch of time in which an agent was busy with one call.
type span struct {
	state    store.AgentBucket
	call     string
	from, to time.Time
}

// busyStates are those that a dialog makes.
var busyStates = []store.AgentBucket{store.Talk, store.Hold, store.Consult, store.Outbound}

func (m *Monitor) agent(id string) *agent {
	a := m.agents[id]
	if a == nil {
		a = &agent{id: id, state: store.Offline, joined: map[string]time.Time{}}
		m.agents[id] = a
	}
	return a
}

func (m *Monitor) agentEvent(e *store.Event) {
	a := m.agent(e.Agent)
	switch {
	case e.Kind == store.AgentQueue && e.State == "join":
		a.joined[e.Queue] = e.At
	case e.Kind == store.AgentQueue:
		delete(a.joined, e.Queue)
	case e.Kind == store.AgentState:
		m.enters(a, e)
	case e.Kind == store.AgentWrapUp && e.State == "ended":
		a.wrap = e.At
	case e.Kind == store.AgentWrapUp:
		if ms, err := strconv.Atoi(e.Data[store.DataMS]); err == nil {
			a.wrap = a.wrap.Add(time.Duration(ms) * time.Millisecond)
		}
	}
}

// enters moves an agent to a state.
func (m *Monitor) enters(a *agent, e *store.Event) {
	if n := len(a.busy); n > 0 && a.busy[n-1].to.IsZero() {
		a.busy[n-1].to = e.At
	}
	state := store.AgentBucket(e.State)
	if slices.Contains(busyStates, state) {
		a.busy = append(a.busy, span{state: state, call: e.Call, from: e.At})
	}
	switch state {
	case store.Offline:
		m.forgetOwn(a)
	case store.Available:
		if !a.keep || a.idle.IsZero() {
			a.idle = e.At
		}
		a.keep = false
		if a.offer != nil {
			m.report("I2", e.At, "%s is available while she has the offer %s", a.id, a.offer.id)
		}
	case store.WrapUp:
		if a.state != store.WrapUp && !a.wrap.After(e.At) {
			a.wrap = e.At.Add(m.o.Queues[e.Queue].WrapUp)
		}
	}
	a.state, a.since = state, e.At
}

// forgetOwn takes a person's own dialogs out of account, since of who is not logged in nobody says that she is busy.
func (m *Monitor) forgetOwn(a *agent) {
	for _, c := range m.calls {
		for _, l := range c.legs {
			if l.agent == a.id && !l.offered && l.end.IsZero() {
				l.agent = ""
				a.dialogs = max(0, a.dialogs-1)
			}
		}
	}
}

// honoured is I7: an offer finds her available, joined, rested, and done with the call before.
func (m *Monitor) honoured(a *agent, e *store.Event) {
	const grain = time.Millisecond // of timers
	switch {
	case a.state != store.Available:
		m.report("I7", e.At, "%s is offered %s while she is %s", a.id, e.Offer, a.state)
	case a.wrap.Sub(e.At) > grain:
		m.report("I7", e.At, "%s is offered %s, %s before her wrap-up ends", a.id, e.Offer, a.wrap.Sub(e.At))
	case a.rest.Sub(e.At) > grain:
		m.report("I7", e.At, "%s is offered %s, %s before her rest ends", a.id, e.Offer, a.rest.Sub(e.At))
	case a.joined[e.Queue].IsZero():
		m.report("I7", e.At, "%s is offered %s of queue %s, which she has not joined", a.id, e.Offer, e.Queue)
	}
}

// ready is since when an agent could be offered a caller of a visit; zero when she can't.
func (a *agent) ready(v *visit, slack time.Duration, now time.Time) time.Time {
	joined := a.joined[v.queue]
	if a.state != store.Available || a.offer != nil || a.dialogs > 0 || joined.IsZero() || a.rest.After(now) || v.bans[a.id].After(now) {
		return time.Time{}
	}
	since := later(later(a.since, joined), later(a.rest, v.bans[a.id]))
	if !a.gone.IsZero() { // dialogs on their way down
		since = later(since, a.gone.Add(slack))
	}
	return since
}

// longestIdleFirst is I5: no twin who was ready was idle longer.
func (m *Monitor) longestIdleFirst(v *visit, a *agent, e *store.Event) {
	group := m.o.Twins[a.id]
	if group == "" {
		return
	}
	for _, b := range m.agents {
		if b == a || m.o.Twins[b.id] != group || !b.idle.Before(a.idle) {
			continue
		}
		if since := b.ready(v, m.o.Slack, e.At); !since.IsZero() && since.Before(e.At) {
			m.report("I5", e.At, "%s is offered visit %s, though her twin %s is idle %s longer", a.id, v.id, b.id, a.idle.Sub(b.idle))
		}
	}
}

// idling is I6: no ready agent and waiting caller who want each other were left over for more than a second before at.
func (m *Monitor) idling(at time.Time) {
	if m.o.Wants == nil {
		return
	}
	for _, v := range m.visits {
		if v.state != waiting || at.Sub(v.since) <= m.o.Idle {
			continue
		}
		for _, a := range m.agents {
			key := v.id + " " + a.id
			since := a.ready(v, m.o.Slack, at)
			if since.IsZero() || m.seen[key] || !m.o.Wants(a.id, v.row, v.step) {
				continue
			}
			since = later(since, v.since)
			if v.step == 0 || !m.o.Wants(a.id, v.row, v.step-1) {
				since = later(since, v.stepAt)
			}
			if idle := at.Sub(since); idle > m.o.Idle+m.o.Slack {
				m.seen[key] = true
				m.late("I6", at, idle-m.o.Idle-m.o.Slack, "%s is ready and visit %s of queue %s waits for %s", a.id, v.id, v.queue, idle)
			}
		}
	}
}

// busyMeansDialog is the second half of I2, over the whole run: while an agent is busy with a call a dialog of it is up, and
// while a dialog of hers is answered she is busy.
func (m *Monitor) busyMeansDialog() {
	for _, id := range sortedKeys(m.agents) {
		for _, s := range m.agents[id].busy {
			if s.to.IsZero() {
				s.to = m.last
			}
			m.hasDialog(id, s)
		}
	}
	for _, id := range sortedKeys(m.calls) {
		for _, key := range sortedKeys(m.calls[id].legs) {
			if l := m.calls[id].legs[key]; l.agent != "" && !l.answer.IsZero() {
				m.isBusy(m.agents[l.agent], id, l)
			}
		}
	}
}

// hasDialog looks for a dialog that lasted as long as a stretch of being busy, give and take the slack at both ends.
func (m *Monitor) hasDialog(id string, s span) {
	least := s.to.Sub(s.from)
	for _, l := range m.call(s.call).legs {
		if l.agent != id && l.agent != "" {
			continue
		}
		end := l.end
		if end.IsZero() {
			end = m.last
		}
		least = min(least, max(l.start.Sub(s.from), s.to.Sub(end)))
	}
	if over := least - m.o.Slack; over > 0 {
		m.late("I2", s.from, over, "%s is in %s for %s without a dialog of call %s", id, s.state, s.to.Sub(s.from), s.call)
	}
}

// isBusy looks for stretches of an answered dialog in which its agent was not busy, longer than the slack.
func (m *Monitor) isBusy(a *agent, call string, l *leg) {
	end := l.end
	if end.IsZero() {
		end = m.last
	}
	var gap time.Duration
	at := l.answer
	if a != nil {
		for _, s := range a.busy {
			if s.from.After(at) {
				gap = max(gap, minTime(s.from, end).Sub(at))
			}
			if s.to.IsZero() {
				at = end
			}
			at = later(at, s.to)
		}
	}
	gap = max(gap, end.Sub(at))
	if over := gap - m.o.Slack; over > 0 {
		m.late("I2", l.answer, over, "a dialog of %s in call %s is up for %s, and for %s of it she is not busy", l.agent, call, end.Sub(l.answer), gap)
	}
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
