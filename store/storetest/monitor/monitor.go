// Package monitor watches the queue invariants I1 to I8 in the stream of records of a running switch:
//
//	I1 each call, leg, visit and offer is in exactly one state and goes only where its life allows
//	I2 an agent has at most one live offer; busy ⇔ a dialog exists
//	I3 no offer starts after the caller left, and one in flight is withdrawn within 200 ms
//	I4 among equal callers the longest-waiting first
//	I5 among equal agents the longest-idle first
//	I6 no ready agent idles more than a second while a caller waits who wants her
//	I7 wrap-up, pause and rest are honoured
//	I8 offered = answered + abandoned + flow-out + waiting
//
// It shares no code with acd or store/ledger and reads events and the rows of visits and offers only, so that it can't
// share their mistakes. Only tests import it.
//
// Two kinds of goroutine write the stream: the queue router (visit, offer and agent events, in the order of its steps) and one
// loop per call (call and leg events, in its order). What compares one with the other allows Options.Slack.
package monitor

import (
	"fmt"
	"sort"
	"strings"
	"sync"
	"time"

	"ringway/store"
)

// Queue is what a queue promises, in the words of queues.yaml.
type Queue struct {
	WrapUp, DeclinedRest, DeclinedCaller, BusyRest time.Duration
	RingAll                                        bool
}

// Options of a Monitor. The zero value checks what needs no knowledge of the configuration.
type Options struct {
	Queues map[string]Queue                                     // by name
	Twins  map[string]string                                    // agent → name of a group of people who differ in nothing: I5
	Wants  func(agent string, visit store.Visit, step int) bool // I6: whether the queue wants her at that step; nil: unchecked

	Slack    time.Duration // between the clocks of two goroutines; 0: 250 ms
	Withdraw time.Duration // I3; 0: 200 ms
	Idle     time.Duration // I6; 0: 1 s
}

// Violation is one broken invariant.
type Violation struct {
	Invariant string // "I1" … "I8"
	At        time.Time
	Text      string
	Over      time.Duration // how much longer than allowed something took; 0 for what is wrong at any speed
}

// String is the violation in one line.
func (v Violation) String() string {
	return fmt.Sprintf("%s at %s: %s", v.Invariant, v.At.UTC().Format("15:04:05.000000"), v.Text)
}

// Monitor reads records as they come. Observe may be called from many goroutines and never waits for anything but its lock.
type Monitor struct {
	o Options

	mu     sync.Mutex // guards what follows
	calls  map[string]*call
	visits map[string]*visit
	offers map[string]*offer
	agents map[string]*agent
	seen   map[string]bool // pairs that I6 reported
	now    time.Time       // of the router's last event
	last   time.Time       // of any event
	found  []Violation
}

// maxFound bounds what a broken switch can make a test print.
const maxFound = 200

// New makes a monitor.
func New(o Options) *Monitor {
	if o.Slack <= 0 {
		o.Slack = 250 * time.Millisecond
	}
	if o.Withdraw <= 0 {
		o.Withdraw = 200 * time.Millisecond
	}
	if o.Idle <= 0 {
		o.Idle = time.Second
	}
	return &Monitor{o: o, calls: map[string]*call{}, visits: map[string]*visit{}, offers: map[string]*offer{}, agents: map[string]*agent{},
		seen: map[string]bool{}}
}

// Observe reads one record.
func (m *Monitor) Observe(r store.Record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case r.Event != nil:
		m.event(r.Event)
	case r.Visit != nil:
		if v := m.visits[r.Visit.ID]; v != nil {
			v.row = *r.Visit
		} else {
			m.report("I1", r.Visit.Enter, "visit %s has a row and no beginning", r.Visit.ID)
		}
	case r.Offer != nil:
		m.offerRow(r.Offer)
	}
}

// event tells each part of the switch's life what concerns it.
func (m *Monitor) event(e *store.Event) {
	if e.At.After(m.last) {
		m.last = e.At
	}
	subject, _, _ := strings.Cut(string(e.Kind), ".")
	switch subject {
	case "call":
		m.callEvent(e)
	case "leg":
		m.legEvent(e)
	case "visit", "offer", "agent":
		m.idling(e.At)
		if e.At.After(m.now) {
			m.now = e.At
		}
		switch subject {
		case "visit":
			m.visitEvent(e)
		case "offer":
			m.offerEvent(e)
		default:
			m.agentEvent(e)
		}
	}
}

func (m *Monitor) report(invariant string, at time.Time, format string, args ...any) {
	m.late(invariant, at, 0, format, args...)
}

// late reports what took longer than it may, which on a machine that has no time for anybody says nothing about the switch.
func (m *Monitor) late(invariant string, at time.Time, over time.Duration, format string, args ...any) {
	if len(m.found) < maxFound {
		m.found = append(m.found, Violation{Invariant: invariant, At: at, Text: fmt.Sprintf(format, args...), Over: over})
	}
}

// Violations are those found so far, in their order.
func (m *Monitor) Violations() []Violation {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Violation(nil), m.found...)
}

// Finish closes the books when everything is over: what is still alive then is a violation, and sums are compared. It
// returns all violations.
func (m *Monitor) Finish() []Violation {
	m.mu.Lock()
	m.idling(m.last)
	m.leftOver()
	m.busyMeansDialog()
	m.balance()
	m.mu.Unlock()
	return m.Violations()
}

// leftOver reports what has not ended.
func (m *Monitor) leftOver() {
	for _, id := range sortedKeys(m.calls) {
		c := m.calls[id]
		if !c.ended {
			m.report("I1", m.last, "call %s never ended", id)
		}
		for _, leg := range sortedKeys(c.legs) {
			if c.legs[leg].end.IsZero() {
				m.report("I1", m.last, "leg %s of call %s never ended", leg, id)
			}
		}
	}
	for _, id := range sortedKeys(m.visits) {
		if v := m.visits[id]; v.state != over {
			m.report("I1", m.last, "visit %s is %s for ever", id, v.state)
		}
	}
	for _, id := range sortedKeys(m.agents) {
		if a := m.agents[id]; a.offer != nil {
			m.report("I2", m.last, "%s keeps the offer %s for ever", id, a.offer.id)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
