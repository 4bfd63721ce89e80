package codecs

import "strings"

// Set is an ordered list of codecs, most wanted first. It is immutable.
type Set struct {
	list []Codec
}

// NewSet keeps the order in which the codecs are given.
func NewSet(list ...Codec) *Set { return &Set{list: append([]Codec(nil), list...)} }

// All lists the codecs in order; the slice is the caller's own.
func (s *Set) All() []Codec { return append([]Codec(nil), s.list...) }

// Lookup finds a codec by encoding name, clock rate and channels, as an rtpmap gives them; channels 0 means 1.
func (s *Set) Lookup(name string, clock, channels int) (Codec, bool) {
	for _, c := range s.list {
		f := c.Format()
		if strings.EqualFold(f.Name, name) && f.ClockRate == clock && max(f.Channels, 1) == max(channels, 1) {
			return c, true
		}
	}
	return nil, false
}

// Named returns the codecs whose encoding names are listed, in the order of names, and the names that none has.
func (s *Set) Named(names []string) (*Set, []string) {
	var out []Codec
	var missing []string
next:
	for _, n := range names {
		for _, c := range s.list {
			if strings.EqualFold(c.Format().Name, n) {
				out = append(out, c)
				continue next
			}
		}
		missing = append(missing, n)
	}
	return NewSet(out...), missing
}
