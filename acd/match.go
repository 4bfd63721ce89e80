package acd

import (
	"slices"
	"strconv"

	"ringway/store"
)

// Bounds of a decision.
const (
	maxRanks   = 20 // best ranks in the record
	maxRingAll = 50 // phones that one caller makes ring at once
)

// scratch is memory that decisions use again and again.
type scratch struct {
	set, rest bitset
	picks     []candidate
}

// decide chooses the agent for one waiting caller, or all of them where the queue rings all, writes the record and makes
// the offers. False means that nobody could be chosen.
func (s *State) decide(v *visit) bool {
	s.deciding = v
	chosen := s.choose(v)
	s.deciding = nil
	return chosen
}

func (s *State) choose(v *visit) bool {
	s.survivors(v, s.scratch.set)
	n := s.scratch.set.count()
	if n == 0 {
		if v.explain {
			v.explain = false
			s.recordDecision(v, nil, 0)
		}
		return false
	}
	best := s.rank(v, s.scratch.set)
	chosen := best[:1]
	if v.queue.RingAll {
		chosen = best[:min(len(best), maxRingAll)]
	}
	id := s.recordDecision(v, best, len(chosen))
	s.unawait(v)
	v.state = visitOffered
	out := OfferOut{Visit: v.id, Call: v.call, Queue: v.queue.Name, RingTime: v.queue.RingTime}
	for i, c := range chosen {
		o := s.reserve(v, c.agent, offerID(id, i))
		mode := RingMode
		if o.preview {
			mode = PreviewMode
		}
		out.Offers = append(out.Offers, AgentOffer{ID: o.id, Agent: c.agent.id(), Accounts: s.rungPhones(c.agent), Mode: mode})
	}
	s.emit(out)
	return true
}

// survivors are the agents whom no rule takes out: wanted, joined, free, on shift where required, and not one who
// declined this caller.
func (s *State) survivors(v *visit, set bitset) {
	set.copyFrom(v.class.set())
	set.and(v.queue.joined)
	set.and(s.free)
	if v.queue.RequireShift {
		set.and(s.onShift)
	}
	for _, b := range v.bans {
		if a := s.byID[b.agent]; a != nil && b.until.After(s.now) {
			set.put(a.index, false)
		}
	}
}

// recordDecision writes why: one set of agents per rule, the best ranks with each value. It returns the identifier.
func (s *State) recordDecision(v *visit, best []candidate, chosen int) string {
	v.decisions++
	q := v.queue
	d := store.Decision{ID: v.id + "." + strconv.Itoa(v.decisions), At: s.now, Call: v.call, Visit: v.id, Queue: q.Name, Step: v.step,
		PlanVersion: s.spec.Version, Waited: s.now.Sub(v.enter), Caller: v.caller.profile, RankNames: rankNames(q.Rank)}
	d.Eligible = s.scratch.set.count()
	for _, c := range best[:chosen] {
		d.Chosen = append(d.Chosen, c.agent.id())
	}
	for _, c := range best[:min(len(best), maxRanks)] {
		d.Ranks = append(d.Ranks, store.Rank{Agent: c.agent.id(), Step: c.step, Robot: c.agent.person.Robot, Values: s.rankValues(v, c)})
	}
	s.removals(v, &d)
	trim(&d)
	s.record(store.Record{Decision: &d})
	return d.ID
}

// removals counts every person under the first rule that takes her out.
func (s *State) removals(v *visit, d *store.Decision) {
	q, left, out := v.queue, newBitset(len(s.agents)), s.scratch.rest
	left.copyFrom(s.everyone)
	keep := func(rule store.RemovalRule, detail string, set bitset) {
		left.take(out, set)
		if n := out.count(); n > 0 {
			d.Removed = append(d.Removed, s.removal(rule, detail, out, n))
		}
	}
	drop := func(rule store.RemovalRule, buckets ...store.AgentBucket) {
		set := newBitset(len(s.agents))
		for _, b := range buckets {
			set.or(s.buckets[b])
		}
		for i := range set {
			set[i] = ^set[i]
		}
		keep(rule, "", set)
	}
	keep(store.NotMember, q.Members.source(), q.members)
	keep(store.NotJoined, "", q.joined)
	keep(store.NotWanted, q.wantSource(v.step), v.class.set())
	if q.RequireShift {
		keep(store.OffShift, "require_shift", s.onShift)
	}
	drop(store.StateNotReady, store.NotReady)
	drop(store.StateNoReply, store.NotResponding)
	drop(store.StateLost, store.Unreachable)
	drop(store.StateWrapUp, store.WrapUp)
	drop(store.StateBusy, store.Talk, store.Hold, store.Consult, store.Outbound)
	drop(store.StateOffered, store.Reserved, store.Ringing)
	keep(store.StateRested, "declined_rest "+q.Misses.DeclinedRest.String()+", busy_rest "+q.Misses.BusyRest.String(), s.free)
	keep(store.DeclinedThis, "declined_caller "+q.Misses.DeclinedCaller.String(), s.scratch.set)
}

func (s *State) removal(rule store.RemovalRule, detail string, set bitset, n int) store.Removal {
	r := store.Removal{Rule: rule, Detail: clip(detail, 160), Count: n}
	set.each(func(i int) bool {
		r.Agents = append(r.Agents, s.agents[i].id())
		return len(r.Agents) < maxNamed
	})
	return r
}

// Bounds of the record: it stays below 4 KB when written as JSON.
const (
	maxNamed    = 40
	maxDecision = 3600
)

// trim shortens the longest list of agents until the record fits; the counts stay exact.
func trim(d *store.Decision) {
	size := decisionSize(d)
	for size > maxDecision {
		longest := -1
		for i, r := range d.Removed {
			if len(r.Agents) > 1 && (longest < 0 || len(r.Agents) > len(d.Removed[longest].Agents)) {
				longest = i
			}
		}
		if longest < 0 {
			break
		}
		agents := d.Removed[longest].Agents
		size -= len(agents[len(agents)-1]) + 3
		d.Removed[longest].Agents = agents[:len(agents)-1]
	}
	for size > maxDecision && len(d.Ranks) > 1 {
		size -= rankSize(d.Ranks[len(d.Ranks)-1])
		d.Ranks = d.Ranks[:len(d.Ranks)-1]
	}
	for size > maxDecision && len(d.Chosen) > 1 {
		size -= len(d.Chosen[len(d.Chosen)-1]) + 3
		d.Chosen = d.Chosen[:len(d.Chosen)-1]
	}
}

// decisionSize is about what the record takes as JSON.
func decisionSize(d *store.Decision) int {
	n := 420 + len(d.ID) + len(d.Call) + len(d.Visit) + len(d.Queue) + len(d.PlanVersion) + len(d.Caller.Language) + len(d.Caller.Region) + len(d.Caller.Zone)
	for name := range d.Caller.Skills {
		n += len(name) + 8
	}
	for _, list := range [][]string{d.Chosen, d.RankNames} {
		for _, s := range list {
			n += len(s) + 3
		}
	}
	for _, r := range d.Removed {
		n += 60 + len(r.Rule) + len(r.Detail) + len(r.Detail)/4
		for _, a := range r.Agents {
			n += len(a) + 3
		}
	}
	for _, r := range d.Ranks {
		n += rankSize(r)
	}
	return n
}

func rankSize(r store.Rank) int {
	n := 36 + len(r.Agent)
	for _, v := range r.Values {
		n += len(v) + 3
	}
	return n
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}

func (p *Predicate) source() string {
	if p == nil {
		return ""
	}
	return p.Source
}

func (q *Queue) wantSource(step int) string {
	need, want := q.Need.source(), q.Steps[step].Want.source()
	if need != "" && want != "" {
		return need + " and " + want
	}
	return need + want
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
