package node

import (
	"context"
	"errors"
	"slices"

	"ringway/acd"
	"ringway/console"
	"ringway/dialplan/sim"
	"ringway/store"
)

// look takes what the simulation needs of the running queues: one moment for who works and who waits.
func (p *plans) look(ctx context.Context, s *simulation) error {
	asNow := s.asked.Agents == "now" || s.asked.Agents == ""
	if !asNow && !s.asked.Behind {
		return nil
	}
	snap, err := p.n.router.Snapshot(ctx)
	if errors.Is(err, acd.ErrStopped) {
		if s.asked.Behind {
			return console.WrongFields{{Location: "body.behind", Message: "the queues do not run, so nobody waits in them: simulate without those who wait now"}}
		}
		return console.WrongFields{{Location: "body.agents", Message: "the queues do not run, so nobody is at work now: take all or none"}}
	}
	if err != nil {
		return err
	}
	s.now = &snap
	if s.asked.Behind {
		s.line = waitingNow(snap)
	}
	return nil
}

// waitingNow is everybody who waits in a queue, as long as she does.
func waitingNow(snap acd.Snapshot) []sim.Ahead {
	var out []sim.Ahead
	for _, q := range snap.Queues {
		for _, v := range q.Waiting {
			profile := v.Caller
			profile.Priority = v.Priority
			out = append(out, sim.Ahead{Visit: "now " + v.ID, Queue: q.Name, Waited: snap.At.Sub(v.Enter), Profile: profile})
		}
	}
	slices.SortStableFunc(out, func(a, b sim.Ahead) int { return int(b.Waited - a.Waited) })
	return out
}

// world is who works and who waits when the call begins. Everybody comes to work in one step, after the phones and the
// conversations are there: the engine brings callers and agents together as it would have, not in the order of names.
func (s *simulation) world() sim.World {
	w := sim.World{Spec: s.c.Spec, Ahead: s.line, Phone: func(agent string) sim.Phone { return s.caller.Phone(agent) }, Record: s.record,
		Placed: func(visit string, ahead int) { s.ahead[visit] = ahead }}
	var r acd.Restore
	said := append(slices.Clone(s.asked.Joined), s.asked.Away...)
	if s.now != nil && s.asked.Agents != "all" && s.asked.Agents != "none" {
		for _, a := range s.now.Agents {
			if !slices.Contains(said, a.ID) {
				r.Agents = append(r.Agents, s.asNow(&w, a))
			}
		}
	}
	if s.now != nil {
		r.Today, r.Turns = done(*s.now)
	}
	if s.later {
		r.Today = nil // today's figures are nothing to another day's ranks
	}
	joined := s.asked.Joined
	if s.asked.Agents == "all" {
		for _, p := range s.c.Spec.People {
			if !slices.Contains(said, p.ID) {
				joined = append(joined, p.ID)
			}
		}
	}
	for _, id := range joined {
		r.Agents = append(r.Agents, store.AgentSaved{Agent: id, State: store.Available, Queues: s.c.Spec.QueueNames()})
		s.ringable(&w, id, "")
	}
	w.Before = append(w.Before, r)
	return w
}

// asNow brings one agent to what she does now. Who talks goes on for as long as her phone talks, and then has the wrap-up of
// that queue; who is being rung is free: those who wait now have her rung again.
func (s *simulation) asNow(w *sim.World, a acd.AgentView) store.AgentSaved {
	saved := store.AgentSaved{Agent: a.ID, State: a.State, Reason: a.Reason, Since: a.Since, IdleSince: a.IdleSince, Queues: a.Queues, Account: a.Desk}
	if a.Reachable {
		s.ringable(w, a.ID, a.Desk)
	}
	rung := a.State == store.Reserved || a.State == store.Ringing
	talks := slices.Contains([]store.AgentBucket{store.Talk, store.Hold, store.Consult, store.Outbound}, a.State)
	if rung || talks { // restored as it is, it would be wrap-up
		if saved.State = store.Available; a.Pause != "" {
			saved.State, saved.Reason = store.NotReady, a.Pause // she paused meanwhile
		}
	}
	if talks || rung && !s.asked.Behind {
		leg := "now " + a.ID
		w.Before = append(w.Before, acd.LegUp{Agent: a.ID, Leg: leg, Call: leg, Queue: a.Serving})
		w.Later = append(w.Later, sim.Later{After: s.caller.Phone(a.ID).Talk, Input: acd.LegDown{Leg: leg}})
	}
	return saved
}

// ringable lets the phones of a person ring: her hot desk's instead of her own.
func (s *simulation) ringable(w *sim.World, id, desk string) {
	if desk != "" {
		w.Before = append(w.Before, acd.Phone{Account: desk, Registered: true})
		return
	}
	if p := s.c.Spec.Person(id); p != nil {
		for _, ph := range p.Phones {
			w.Before = append(w.Before, acd.Phone{Account: ph.Account, Registered: true})
		}
	}
}

// done is what some ranks compare: calls and talk of today, and whose turn it is.
func done(snap acd.Snapshot) ([]acd.Today, []acd.Turn) {
	var today []acd.Today
	for _, a := range snap.Agents {
		if a.Calls > 0 || a.Talked > 0 {
			today = append(today, acd.Today{Agent: a.ID, Calls: a.Calls, Talk: a.Talked})
		}
	}
	var turns []acd.Turn
	for _, q := range snap.Queues {
		if q.Last != "" {
			turns = append(turns, acd.Turn{Queue: q.Name, Agent: q.Last})
		}
	}
	return today, turns
}
