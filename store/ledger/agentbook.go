package ledger

import (
	"maps"
	"slices"
	"time"

	"ringway/store"
)

// agentBook turns agent.state events into segments.
//
// Nobody is logged in at a switch that does not run: a state lasts until the agent's next one or until the end of the run
// it was reported in, whichever comes first; from there she is offline. A run ends with node.stop; without one, with its last
// event, once another run of the same node has begun. A call that a crash ended is over at its own last event, which may be
// long before that; who was busy with it is offline from there: what she did until the crash nobody knows, and no call has it.
type agentBook struct {
	ends     map[run]time.Time // of runs that are over
	agents   map[string]*agentAccount
	contacts map[contact]string // the visit on which an agent last met a call
}

type run struct{ node, boot string }

type contact struct{ agent, call string }

type agentAccount struct {
	current  AgentSegment // End is zero
	run      run
	segments []AgentSegment
}

func newAgentBook(sorted []store.Event) *agentBook {
	return &agentBook{ends: runEnds(sorted), agents: map[string]*agentAccount{}, contacts: map[contact]string{}}
}

// runEnds says when each run that is over ended.
func runEnds(sorted []store.Event) map[run]time.Time {
	last, stopped, latest := map[run]time.Time{}, map[run]time.Time{}, map[string]run{}
	for _, e := range sorted {
		r := run{e.Node, e.Boot}
		if _, known := last[r]; !known {
			latest[e.Node] = r
		}
		last[r] = e.At
		if e.Kind == store.NodeStop {
			stopped[r] = e.At
		}
	}
	ends := map[run]time.Time{}
	for r, at := range last {
		if stop, ok := stopped[r]; ok {
			ends[r] = stop
		} else if latest[r.node] != r {
			ends[r] = at
		}
	}
	return ends
}

func (b *agentBook) post(e *store.Event) {
	switch e.Kind {
	case store.VisitConnect:
		b.contacts[contact{e.Agent, e.Call}] = e.Visit
	case store.AgentState:
		b.enter(e)
	case store.CallEnd:
		if e.Reason == Crashed {
			b.cutOff(e)
		}
	}
}

// cutOff ends what agents did in a call that a crash ended. Work after it is theirs and not the call's.
func (b *agentBook) cutOff(e *store.Event) {
	for _, a := range b.agents {
		if a.current.Call == e.Call && a.current.Bucket != store.WrapUp {
			b.leave(a, e.At)
			a.current = AgentSegment{Agent: a.current.Agent, Bucket: store.Offline, Start: e.At}
		}
	}
}

func (b *agentBook) enter(e *store.Event) {
	a := b.agents[e.Agent]
	if a == nil {
		a = &agentAccount{}
		b.agents[e.Agent] = a
	} else {
		b.leave(a, e.At)
	}
	a.run = run{e.Node, e.Boot}
	a.current = AgentSegment{Agent: e.Agent, Bucket: store.AgentBucket(e.State), Reason: e.Reason,
		Queue: e.Queue, Call: e.Call, Visit: e.Visit, Start: e.At}
}

// leave ends the current state at an instant, or before it where the run ended.
func (b *agentBook) leave(a *agentAccount, at time.Time) {
	s := a.current
	s.End = at
	if s.Visit == "" && s.Call != "" && s.Queue != "" {
		s.Visit = b.contacts[contact{s.Agent, s.Call}]
	}
	if end, over := b.ends[a.run]; over && end.Before(at) && s.Bucket != store.Offline {
		s.End = end
		if s.End.Before(s.Start) {
			s.End = s.Start
		}
		a.add(s)
		s = AgentSegment{Agent: s.Agent, Bucket: store.Offline, Start: s.End, End: at}
	}
	a.add(s)
}

// add appends a segment that has a length.
func (a *agentAccount) add(s AgentSegment) {
	if s.End.After(s.Start) {
		a.segments = append(a.segments, s)
	}
}

func (b *agentBook) finish(until time.Time) []AgentSegment {
	var all []AgentSegment
	for _, name := range slices.Sorted(maps.Keys(b.agents)) {
		a := b.agents[name]
		b.leave(a, until)
		all = append(all, a.segments...)
	}
	return all
}
