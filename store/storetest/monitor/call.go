package monitor

import (
	"time"

	"ringway/store"
)

// call is one call and its dialogs:
//
//	started → answered → ended         started → ended
type call struct {
	started, answered, ended bool
	caller                   string    // the caller's leg
	left                     time.Time // when the caller's leg ended
	visit                    *visit    // the open one
	legs                     map[string]*leg
}

// leg is one dialog, from its INVITE to its end.
type leg struct {
	agent              string // whose it is, as long as she is logged in
	offered            bool   // by a queue
	start, answer, end time.Time
}

func (m *Monitor) call(id string) *call {
	c := m.calls[id]
	if c == nil {
		c = &call{legs: map[string]*leg{}}
		m.calls[id] = c
	}
	return c
}

func (m *Monitor) callEvent(e *store.Event) {
	c := m.call(e.Call)
	switch e.Kind {
	case store.CallStart:
		if c.started {
			m.report("I1", e.At, "call %s starts twice", e.Call)
		}
		c.started = true
	case store.CallAnswer:
		if !c.started || c.answered || c.ended {
			m.report("I1", e.At, "call %s is answered out of turn (started %t, answered %t, ended %t)", e.Call, c.started, c.answered, c.ended)
		}
		c.answered = true
	case store.CallEnd:
		if !c.started || c.ended {
			m.report("I1", e.At, "call %s ends out of turn (started %t, ended %t)", e.Call, c.started, c.ended)
		}
		c.ended = true
	}
}

func (m *Monitor) legEvent(e *store.Event) {
	c := m.call(e.Call)
	l := c.legs[e.Leg]
	if e.Kind == store.LegStart {
		if l != nil || c.ended {
			m.report("I1", e.At, "leg %s of call %s starts out of turn", e.Leg, e.Call)
		}
		l = &leg{agent: e.Agent, offered: e.Offer != "", start: e.At}
		c.legs[e.Leg] = l
		if e.Agent != "" && !l.offered && m.agent(e.Agent).state == store.Offline {
			l.agent = ""
		}
		if e.State == string(store.In) && c.caller == "" {
			c.caller = e.Leg
		}
		if a := m.agents[l.agent]; a != nil {
			a.dialogs++
		}
		return
	}
	if l == nil || !l.end.IsZero() {
		m.report("I1", e.At, "%s of leg %s of call %s, which is not up", e.Kind, e.Leg, e.Call)
		return
	}
	switch e.Kind {
	case store.LegAnswer:
		l.answer = e.At
	case store.LegEnd:
		l.end = e.At
		if a := m.agents[l.agent]; a != nil {
			a.dialogs, a.gone = max(0, a.dialogs-1), e.At
		}
		if e.Leg == c.caller {
			c.left = e.At
		}
	}
}
