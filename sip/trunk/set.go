package trunk

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"
)

// Options of a Set; the zero value works.
type Options struct {
	Previous *Set             // the Set that this one replaces: calls, addresses and health go on
	Resolver Resolver         // nil takes net.DefaultResolver
	Now      func() time.Time // nil takes time.Now
}

// Set is all trunks of one configuration. It is immutable and may be used from any goroutine.
type Set struct {
	byName   map[string]*Trunk
	prefixes map[netip.Prefix]*Trunk
	lengths  []int // of prefixes, longest first
	resolver Resolver
	now      func() time.Time
}

// Trunk is one carrier.
type Trunk struct {
	Spec
	targets []target
	rules   []rule
	state   *state
}

type rule struct {
	Permission
	pattern pattern
}

// NewSet compiles specs; all that is wrong with them is returned at once.
func NewSet(specs []Spec, o Options) (*Set, error) {
	s := &Set{byName: map[string]*Trunk{}, prefixes: map[netip.Prefix]*Trunk{}, resolver: o.Resolver, now: o.Now}
	if s.resolver == nil {
		s.resolver = net.DefaultResolver
	}
	if s.now == nil {
		s.now = time.Now
	}
	var wrong []error
	for _, spec := range specs {
		if s.byName[spec.Name] != nil {
			wrong = append(wrong, fmt.Errorf("trunk %s is defined twice", spec.Name))
			continue
		}
		t, err := compile(spec)
		wrong = append(wrong, err)
		s.byName[spec.Name] = t
		for _, p := range spec.Match {
			p = canonical(p)
			if other := s.prefixes[p]; other != nil {
				wrong = append(wrong, fmt.Errorf("trunks %s and %s both match %s", other.Name, spec.Name, p))
			}
			s.prefixes[p] = t
			if !slices.Contains(s.lengths, p.Bits()) {
				s.lengths = append(s.lengths, p.Bits())
			}
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	slices.SortFunc(s.lengths, func(a, b int) int { return b - a })
	for name, t := range s.byName {
		if o.Previous != nil && o.Previous.byName[name] != nil {
			t.state = o.Previous.byName[name].state
		} else {
			t.state = newState()
		}
		t.state.adopt(t.targets)
	}
	return s, nil
}

func compile(spec Spec) (*Trunk, error) {
	t := &Trunk{Spec: spec}
	var wrong []error
	for _, text := range spec.Targets {
		one, err := parseTarget(text)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("trunk %s: %w", spec.Name, err))
			continue
		}
		t.targets = append(t.targets, one)
	}
	for _, p := range spec.Dial {
		compiled, err := parsePattern(p.Pattern)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("trunk %s: %w", spec.Name, err))
			continue
		}
		t.rules = append(t.rules, rule{p, compiled})
	}
	return t, errors.Join(wrong...)
}

// canonical masks a prefix and unmaps one of IPv4 inside IPv6.
func canonical(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked()
}

// Match finds the trunk that a source address belongs to: the one with the longest matching prefix.
func (s *Set) Match(from netip.Addr) (*Trunk, bool) {
	if s == nil {
		return nil, false
	}
	from = from.Unmap().WithZone("")
	for _, bits := range s.lengths {
		p, err := from.Prefix(bits)
		if err != nil {
			continue
		}
		if t := s.prefixes[p]; t != nil {
			return t, true
		}
	}
	return nil, false
}

// Get finds a trunk by name.
func (s *Set) Get(name string) (*Trunk, bool) {
	if s == nil {
		return nil, false
	}
	t, ok := s.byName[name]
	return t, ok
}

// Names lists the trunks, sorted.
func (s *Set) Names() []string {
	if s == nil {
		return nil
	}
	names := make([]string, 0, len(s.byName))
	for n := range s.byName {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
