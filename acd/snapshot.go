package acd

import (
	"time"

	"ringway/store"
)

// Snapshot is a copy of the live state for desks, wallboards and the command line.
type Snapshot struct {
	At      time.Time
	Version string
	Agents  []AgentView // sorted by id
	Queues  []QueueView // sorted by name
}

// AgentView is one agent.
type AgentView struct {
	ID, Name, Team string
	State          store.AgentBucket
	Reason         string
	Since          time.Time
	IdleSince      time.Time
	Queues         []string
	Call, Offer    string
	Reachable      bool
	Desk           string
}

// QueueView is one queue.
type QueueView struct {
	Name    string
	Joined  int
	Free    int
	Waiting []VisitView // in the order of their claims
}

// VisitView is one waiting caller.
type VisitView struct {
	ID, Call string
	Enter    time.Time
	Priority time.Duration
	Step     int
	Offered  []string // agents being rung
	Caller   store.Profile
}

// Snapshot copies what is known now.
func (s *State) Snapshot() Snapshot {
	snap := Snapshot{At: s.now, Version: s.spec.Version}
	for _, a := range s.agents {
		snap.Agents = append(snap.Agents, s.viewAgent(a))
	}
	for _, q := range s.queues {
		view := QueueView{Name: q.Name, Joined: q.joined.count()}
		set := newBitset(len(s.agents))
		set.copyFrom(q.joined)
		set.and(s.free)
		view.Free = set.count()
		for _, v := range q.line {
			view.Waiting = append(view.Waiting, viewVisit(v))
		}
		snap.Queues = append(snap.Queues, view)
	}
	return snap
}

func (s *State) viewAgent(a *agent) AgentView {
	view := AgentView{ID: a.id(), Name: a.person.Name, Team: a.person.Team, State: a.bucket, Reason: a.reason, Since: a.since,
		IdleSince: a.idleSince, Reachable: s.reachable(a) && !a.lost, Desk: a.desk}
	for _, q := range a.joined {
		view.Queues = append(view.Queues, q.Name)
	}
	if a.offer != nil {
		view.Call, view.Offer = a.offer.visit.call, a.offer.id
	} else if len(a.legs) > 0 {
		view.Call = a.legs[0].call
	}
	return view
}

func viewVisit(v *visit) VisitView {
	view := VisitView{ID: v.id, Call: v.call, Enter: v.enter, Priority: v.enter.Sub(v.claim), Step: v.step, Caller: v.caller.profile}
	for _, o := range v.offers {
		view.Offered = append(view.Offered, o.agent.id())
	}
	return view
}
