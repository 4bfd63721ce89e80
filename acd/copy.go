package acd

import (
	"maps"
	"slices"
	"time"

	"ringway/store"
)

// Copy is the state as it stands, moved by a while: fed the same it does the same, and the original knows nothing of it. Both share
// what never changes: specifications, people, callers.
func (s *State) Copy(by time.Duration) *State {
	c := copier{by: by, to: NewState(s.seed), agents: map[*agent]*agent{}, queues: map[*queue]*queue{}, visits: map[*visit]*visit{}, offers: map[*offer]*offer{}}
	to := c.to
	to.now, to.spec, to.closing, to.ignored = c.at(s.now), s.spec, s.closing, s.ignored
	to.phones, to.eval.agent.now = maps.Clone(s.phones), to.now
	to.offsets = make([]zoneOffset, len(s.offsets))
	for _, a := range s.agents {
		to.agents = append(to.agents, c.agent(a))
		to.byID[a.id()] = c.agent(a)
	}
	for account, a := range s.desks {
		to.desks[account] = c.agent(a)
	}
	for _, q := range s.queues {
		to.queues = append(to.queues, c.queue(q))
		to.named[q.Name] = c.queue(q)
	}
	for id, v := range s.visits {
		to.visits[id] = c.visit(v)
	}
	for id, o := range s.offers {
		to.offers[id] = c.offer(o)
	}
	c.derive(s)
	return to
}

// copier copies what refers to each other, each thing once.
type copier struct {
	by     time.Duration
	to     *State
	agents map[*agent]*agent
	queues map[*queue]*queue
	visits map[*visit]*visit
	offers map[*offer]*offer
}

func (c *copier) at(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(c.by)
}

func (c *copier) agent(a *agent) *agent {
	if b := c.agents[a]; a == nil || b != nil {
		return b
	}
	b := new(*a)
	c.agents[a] = b
	b.joined, b.legs, b.offer = nil, nil, c.offer(a.offer)
	for _, q := range a.joined {
		b.joined = append(b.joined, c.queue(q))
	}
	for _, l := range a.legs {
		m := new(*l)
		m.agent, m.up, m.heldAt = b, c.at(l.up), c.at(l.heldAt)
		b.legs = append(b.legs, m)
		c.to.legs[m.id] = m
	}
	for _, t := range []*time.Time{&b.pageUntil, &b.wrap.until, &b.wrap.since, &b.restUntil, &b.dyingUntil, &b.since, &b.idleSince} {
		*t = c.at(*t)
	}
	b.timer = timer{fire: b}
	return b
}

func (c *copier) queue(q *queue) *queue {
	if r := c.queues[q]; r != nil {
		return r
	}
	r := new(*q)
	c.queues[q] = r
	r.line, r.classes, r.active = nil, nil, nil
	for _, v := range q.line {
		r.line = append(r.line, c.visit(v))
	}
	return r
}

func (c *copier) visit(v *visit) *visit {
	if w := c.visits[v]; w != nil {
		return w
	}
	w := new(*v)
	c.visits[v] = w
	w.queue, w.class, w.served, w.offers, w.bans = c.queue(v.queue), nil, c.offer(v.served), nil, slices.Clone(v.bans)
	for _, o := range v.offers {
		w.offers = append(w.offers, c.offer(o))
	}
	for i := range w.bans {
		w.bans[i].until = c.at(w.bans[i].until)
	}
	for _, t := range []*time.Time{&w.enter, &w.claim, &w.announceAt, &w.connect} {
		*t = c.at(*t)
	}
	w.timer = timer{fire: w}
	return w
}

func (c *copier) offer(o *offer) *offer {
	if p := c.offers[o]; o == nil || p != nil {
		return p
	}
	p := new(*o)
	c.offers[o] = p
	p.visit, p.agent, p.queue = c.visit(o.visit), c.agent(o.agent), c.queue(o.queue)
	for _, t := range []*time.Time{&p.start, &p.ringing, &p.connect, &p.deadline} {
		*t = c.at(*t)
	}
	p.timer = timer{fire: p}
	return p
}

// derive computes the sets anew, and sets the timers as they were, those of one instant in their order.
func (c *copier) derive(from *State) {
	to := c.to
	to.rebuildSets()
	for i, a := range to.agents {
		to.free.put(i, to.mayServe(a))
	}
	for _, q := range to.queues {
		to.reclassify(q)
	}
	for _, t := range slices.Clone(to.timers.heap) {
		to.timers.remove(t)
	}
	to.timers.seq = from.timers.seq
	for i, t := range from.timers.heap {
		mine := &to.clock
		switch owner := t.fire.(type) {
		case *agent:
			mine = &c.agents[owner].timer
		case *visit:
			mine = &c.visits[owner].timer
		case *offer:
			mine = &c.offers[owner].timer
		}
		mine.at, mine.seq, mine.index = c.at(t.at), t.seq, i+1
		to.timers.heap = append(to.timers.heap, mine)
	}
	if c.by != 0 {
		to.setClock() // the hours are others
	}
}

// Spec is the specification in force.
func (s *State) Spec() *Spec { return s.spec }

// Tie is what keeps an agent busy: a phone of hers that rings for a visit (Offer), a dialog (Leg), or a conversation whose dialog is
// not known yet (Visit alone).
type Tie struct {
	Agent, Visit, Offer, Leg string
	Since                    time.Time
	Ring                     time.Duration // of an offer, in all
}

// Ties lists them by agent: what somebody who plays the phones has to bring to an end.
func (s *State) Ties() []Tie {
	var out []Tie
	for _, a := range s.agents {
		o, known := a.offer, false
		for _, l := range a.legs {
			if !l.spent {
				out = append(out, Tie{Agent: a.id(), Leg: l.id, Since: l.up})
				known = known || o != nil && l.call == o.visit.call
			}
		}
		switch {
		case o != nil && o.state < offerConnected:
			since := o.ringing
			if since.IsZero() {
				since = o.start
			}
			out = append(out, Tie{Agent: a.id(), Visit: o.visit.id, Offer: o.id, Since: since, Ring: o.queue.RingTime})
		case o != nil && !known:
			out = append(out, Tie{Agent: a.id(), Visit: o.visit.id, Since: o.connect})
		}
	}
	return out
}

// anew takes an agent out of all that she does, as if she had not come to work. Whoever she was being rung for waits on.
func (s *State) anew(a *agent) {
	if o := a.offer; o != nil {
		v := o.visit
		if o.state == offerConnected {
			delete(s.visits, v.id)
			v.state, v.offers = visitOver, nil
			s.release(o)
		} else {
			s.finishOffer(o, store.CallerLeft, 0)
			s.again(v)
		}
	}
	for _, l := range slices.Clone(a.legs) {
		s.dropLeg(l)
	}
	s.giveBackDesk(a)
	for _, q := range a.joined {
		q.joined.put(a.index, false)
	}
	*a = agent{person: a.person, index: a.index, removed: a.removed, figures: a.figures, bucket: a.bucket, reason: a.reason, since: a.since,
		idleSince: s.now, dirty: a.dirty, timer: a.timer}
	s.touch(a)
}
