package acd

import (
	"slices"
	"strconv"
	"time"
)

// class is the callers of one queue who stand at one step and are wanted by the same agents.
//
//	queue ── class (step 0, zh-TW, TW)   set of agents ── callers in order
//	      └─ class (step 1, zh-TW)       set ⊇ …       ── callers in order
//
// Its set is computed when the first such caller comes and again when the rules or the hour change it; then an agent who
// becomes free asks each class for one bit, and a caller who arrives finds her candidates in the words of one set.
type class struct {
	queue  *queue
	caller *caller // any of its callers
	step   int
	wider  []bitset // by step: agents wanted by that step or an earlier one
	visits []*visit // waiting, in the order of their claims
	slot   int      // in queue.active, from 1
}

// Bounds of what is remembered; beyond them it is computed again.
const (
	maxClasses = 4096  // a queue
	maxTerms   = 16384 // a state
)

func (c *class) set() bitset { return c.wider[c.step] }

// first is the first step that wants an agent.
func (c *class) first(i int) int {
	for n, set := range c.wider {
		if set.has(i) {
			return n
		}
	}
	return c.step
}

func (c *class) add(v *visit) {
	c.visits = insert(c.visits, v)
	if c.slot == 0 {
		c.queue.active = append(c.queue.active, c)
		c.slot = len(c.queue.active)
	}
}

func (c *class) remove(v *visit) {
	c.visits = withdraw(c.visits, v)
	if len(c.visits) > 0 || c.slot == 0 {
		return
	}
	active := c.queue.active
	last := active[len(active)-1]
	active[c.slot-1], last.slot = last, c.slot
	c.queue.active = active[:len(active)-1]
	c.slot = 0
}

// classify finds or makes the class of a waiting visit and puts it there.
func (s *State) classify(v *visit) {
	q := v.queue
	key := strconv.Itoa(v.step) + "|" + q.usesUpTo(v.step).projection(v.caller)
	c := q.classes[key]
	if c == nil {
		if len(q.classes) >= maxClasses {
			q.forgetClasses()
		}
		c = &class{queue: q, caller: v.caller, step: v.step}
		q.classes[key] = c
		s.widenSets(c)
	} else if q.timed && len(c.visits) == 0 {
		s.widenSets(c)
	}
	v.class = c
	c.add(v)
}

// forgetClasses drops those without callers.
func (q *queue) forgetClasses() {
	for key, c := range q.classes {
		if c.slot == 0 {
			delete(q.classes, key)
		}
	}
}

// widenSets computes the sets of a class, one a step.
func (s *State) widenSets(c *class) {
	c.wider = c.wider[:0]
	for n := 0; n <= c.step; n++ {
		set := newBitset(len(s.agents))
		set.copyFrom(c.queue.members)
		for _, p := range [2]*Predicate{c.queue.Need, c.queue.Steps[n].Want} {
			if p != nil {
				for _, t := range p.terms {
					set.and(s.termSet(t, c))
				}
			}
		}
		if n > 0 {
			set.or(c.wider[n-1])
		}
		c.wider = append(c.wider, set)
	}
}

// termKey names a decided term: its source, the same in every queue, for one kind of caller.
type termKey struct{ source, caller string }

// termSet is the set of people whom a term admits for a kind of caller. What depends on the agent alone has one set, what
// depends on the call alone is decided once and admits everyone or nobody.
func (s *State) termSet(t *Expression, c *class) bitset {
	key := termKey{t.Source, t.uses.projection(c.caller)}
	if set, ok := s.terms[key]; ok {
		return set
	}
	set := newBitset(len(s.agents))
	if t.uses&(usesAgent|usesTime) == 0 {
		if s.eval.admits(t, blank, c.caller) {
			set.copyFrom(s.everyone)
		}
	} else {
		s.askEach(t, c.caller, set)
	}
	if t.uses&usesTime == 0 {
		if len(s.terms) >= maxTerms {
			clear(s.terms)
		}
		s.terms[key] = set
	}
	return set
}

// askEach runs a term for everyone; people who differ in nothing that it may read are asked once.
func (s *State) askEach(t *Expression, c *caller, set bitset) {
	if t.uses&(usesTime|usesID) != 0 {
		s.everyone.each(func(i int) bool {
			set.put(i, s.eval.admits(t, s.agents[i].person, c))
			return true
		})
		return
	}
	const admitted, refused = 1, 2
	answers := make([]uint8, s.spec.kinds)
	s.everyone.each(func(i int) bool {
		p := s.agents[i].person
		if answers[p.kind] == 0 {
			answers[p.kind] = refused
			if s.eval.admits(t, p, c) {
				answers[p.kind] = admitted
			}
		}
		set.put(i, answers[p.kind] == admitted)
		return true
	})
}

// blank is the agent of terms that read none.
var blank = &Person{location: time.UTC, Languages: map[string]int{}, Skills: map[string]int{}}

// usesUpTo is what the predicates of the steps 0 to n read.
func (q *queue) usesUpTo(n int) fields {
	var f fields
	if q.Need != nil {
		f = q.Need.uses
	}
	for i := 0; i <= n && i < len(q.Steps); i++ {
		if w := q.Steps[i].Want; w != nil {
			f |= w.uses
		}
	}
	return f
}

// bestCaller is the waiting caller with the largest wait + head start over all queues that an agent serves, nil when
// nobody wants her.
func (s *State) bestCaller(a *agent) *visit {
	var best *visit
	for _, q := range a.joined {
		if q.RequireShift && !s.onShift.has(a.index) {
			continue
		}
		for _, c := range q.active {
			if best != nil && !c.visits[0].before(best) || !c.set().has(a.index) {
				continue
			}
			i := slices.IndexFunc(c.visits, func(v *visit) bool { return !v.banned(a.id(), s.now) })
			if i >= 0 && (best == nil || c.visits[i].before(best)) {
				best = c.visits[i]
			}
		}
	}
	return best
}
