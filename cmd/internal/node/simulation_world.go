package node

import (
	"context"
	"errors"
	"slices"
	"time"

	"ringway/acd"
	"ringway/console"
	"ringway/dialplan/sim"
	"ringway/store"
)

// look takes a copy of the running queues: one moment for who works, who waits, and all that the next decision depends on.
func (p *plans) look(ctx context.Context, s *simulation) error {
	asNow := s.asked.Agents == "now" || s.asked.Agents == ""
	if !asNow && !s.asked.Behind {
		return nil
	}
	by := time.Duration(0)
	if s.later {
		by = s.asked.At.Sub(p.n.clock.Now())
	}
	copied, err := p.n.router.Copy(ctx, by)
	if errors.Is(err, acd.ErrStopped) {
		if s.asked.Behind {
			return console.WrongFields{{Location: "body.behind", Message: "the queues do not run, so nobody waits in them: simulate without those who wait now"}}
		}
		return console.WrongFields{{Location: "body.agents", Message: "the queues do not run, so nobody is at work now: take all or none"}}
	}
	if err != nil {
		return err
	}
	if s.seen = p.n.clock.Now(); !s.later {
		s.asked.At = s.seen // not before what the copy has been through
	}
	s.now, s.line = copied, waitingNow(copied.Snapshot())
	return nil
}

// waits is somebody who waits in a queue already.
type waits struct {
	acd.VisitView
	queue string
}

// waitingNow is everybody who waits in a queue, the longest wait first.
func waitingNow(snap acd.Snapshot) []waits {
	var out []waits
	for _, q := range snap.Queues {
		for _, v := range q.Waiting {
			out = append(out, waits{v, q.Name})
		}
	}
	slices.SortStableFunc(out, func(a, b waits) int { return a.Enter.Compare(b.Enter) })
	return out
}

// world is who works and who waits when the call begins. Whoever is said to be at work comes in one step, after the phones are
// there: the engine brings callers and agents together as it would have, not in the order of names.
func (s *simulation) world() sim.World {
	w := sim.World{Spec: s.c.Spec, State: s.now, Alone: !s.asked.Behind, Phone: func(agent string) sim.Phone { return s.caller.Phone(agent) }, Record: s.record,
		Placed: func(visit string, ahead int) { s.ahead[visit] = ahead }}
	joined, said := s.asked.Joined, append(slices.Clone(s.asked.Joined), s.asked.Away...)
	r := acd.Restore{Anew: said}
	if s.asked.Agents == "all" || s.asked.Agents == "none" {
		r.Anew = nil
		for _, p := range s.c.Spec.People {
			r.Anew = append(r.Anew, p.ID)
			if s.asked.Agents == "all" && !slices.Contains(said, p.ID) {
				joined = append(joined, p.ID)
			}
		}
	}
	for _, v := range s.line { // without them, only those stay whose calls somebody is about to take
		if w.Alone && !slices.ContainsFunc(v.Offered, func(id string) bool { return !slices.Contains(r.Anew, id) }) {
			w.Before = append(w.Before, acd.Leave{Visit: v.ID})
		}
	}
	for _, id := range joined {
		r.Agents = append(r.Agents, store.AgentSaved{Agent: id, State: store.Available, Queues: s.c.Spec.QueueNames()})
		s.ringable(&w, id)
	}
	w.Before = append(w.Before, r)
	return w
}

// ringable lets the phones of a person ring.
func (s *simulation) ringable(w *sim.World, id string) {
	if p := s.c.Spec.Person(id); p != nil {
		for _, ph := range p.Phones {
			w.Before = append(w.Before, acd.Phone{Account: ph.Account, Registered: true})
		}
	}
}
