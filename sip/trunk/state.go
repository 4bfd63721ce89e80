package trunk

import (
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"ringway/sip/transport"
)

// Hop is one address of a trunk.
type Hop struct {
	Proto transport.Proto
	Addr  netip.AddrPort
}

// state is what changes of a trunk; it outlives a reload.
type state struct {
	calls atomic.Int64

	mu      sync.Mutex // a leaf; guards all below
	targets []target
	hops    map[target][]Hop // resolved addresses by target
	health  map[Hop]health
	fault   Fault
	days    map[rulesName]day
}

// rulesName is a rule of dialling, however many calls a day it allows.
type rulesName struct{ from, pattern string }

// day is what a rule has let through since its first call of the last 24 hours.
type day struct {
	since time.Time
	calls int
}

// spend takes one of a rule's calls of the day; false when all are used up.
func (s *state) spend(p Permission, now time.Time) bool {
	if p.PerDay <= 0 {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name := rulesName{p.From, p.Pattern}
	d := s.days[name]
	if d.since.IsZero() || now.Sub(d.since) >= 24*time.Hour {
		d = day{since: now}
	}
	if d.calls >= p.PerDay {
		return false
	}
	d.calls++
	s.days[name] = d
	return true
}

// Fault is what went wrong last with reaching a trunk; the zero value: nothing yet.
type Fault struct {
	At   time.Time
	Text string
}

// failed notes what went wrong.
func (s *state) failed(at time.Time, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = Fault{at, text}
}

// health is what OPTIONS told of one hop.
//
//	unknown ──ok──▶ up ◀────ok──── down
//	   └──────── two failures running ──▲
type health struct {
	failures int
	down     bool
	asked    time.Time // when the last OPTIONS left
	waiting  bool
}

// failuresToDown is how many OPTIONS may stay without an answer before a hop is tried last.
const failuresToDown = 2

func newState() *state {
	return &state{hops: map[target][]Hop{}, health: map[Hop]health{}, days: map[rulesName]day{}}
}

// adopt takes over the targets of a new configuration: addresses are known at once, names when Run resolved them.
func (s *state) adopt(targets []target) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.targets = targets
	kept := map[target][]Hop{}
	for _, t := range targets {
		if t.addr.IsValid() {
			kept[t] = []Hop{{t.proto, netip.AddrPortFrom(t.addr, t.port)}}
		} else if known, ok := s.hops[t]; ok {
			kept[t] = known
		}
	}
	s.hops = kept
	s.forgetLocked()
}

// resolved sets the addresses of a target; none keeps those known before, as a name server that fails takes no trunk down.
func (s *state) resolved(t target, hops []Hop) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(hops) > 0 && slices.Contains(s.targets, t) {
		s.hops[t] = hops
		s.forgetLocked()
	}
}

// forgetLocked drops the health of hops that are no longer a target's.
func (s *state) forgetLocked() {
	for h := range s.health {
		found := false
		for _, list := range s.hops {
			found = found || slices.Contains(list, h)
		}
		if !found {
			delete(s.health, h)
		}
	}
}

// list returns the hops in the order of the configuration, each once; those that do not answer come last, as a last resort.
func (s *state) list() []Hop {
	s.mu.Lock()
	defer s.mu.Unlock()
	var up, down []Hop
	for _, t := range s.targets {
		for _, h := range s.hops[t] {
			switch {
			case slices.Contains(up, h) || slices.Contains(down, h):
			case s.health[h].down:
				down = append(down, h)
			default:
				up = append(up, h)
			}
		}
	}
	return append(up, down...)
}

// due takes the hops that are to be asked now.
func (s *state) due(now time.Time, every time.Duration) []Hop {
	var out []Hop
	for _, h := range s.list() {
		s.mu.Lock()
		v := s.health[h]
		if !v.waiting && (v.asked.IsZero() || now.Sub(v.asked) >= every) {
			v.asked, v.waiting = now, true
			s.health[h] = v
			out = append(out, h)
		}
		s.mu.Unlock()
	}
	return out
}

// probed takes the result of one OPTIONS; changed tells that the hop went up or down.
func (s *state) probed(h Hop, answered bool) (changed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, known := s.health[h]
	if !known {
		return false
	}
	was := v.down
	v.waiting = false
	if answered {
		v.failures, v.down = 0, false
	} else {
		v.failures++
		v.down = v.failures >= failuresToDown
	}
	s.health[h] = v
	return v.down != was
}
