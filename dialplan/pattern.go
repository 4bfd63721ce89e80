package dialplan

import (
	"fmt"
	"math/bits"
	"strings"
)

// The pattern language of extensions. A name that begins with "_" is a pattern; each element matches one character:
//
//	X  0–9        [2-57a-f]  a set with ranges        .  one or more of anything, only at the end
//	Z  1–9        -          ignored                  !  nothing or more of anything, only at the end
//	N  2–9        other      itself
//
// Among the patterns that match a number the best is found position by position: the smaller set wins, then ".", then
// "!". Sets of one size are ordered by their first differing character, so that the order is total.
type pattern struct {
	elems []charset
	tail  byte // '.', '!' or 0
}

// charset is a set of ASCII characters.
type charset [2]uint64

func (c *charset) add(b byte)     { c[b>>6] |= 1 << (b & 63) }
func (c charset) has(b byte) bool { return b < 128 && c[b>>6]&(1<<(b&63)) != 0 }
func (c charset) size() int       { return bits.OnesCount64(c[0]) + bits.OnesCount64(c[1]) }
func (c charset) first() byte {
	if c[0] != 0 {
		return byte(bits.TrailingZeros64(c[0]))
	}
	return byte(64 + bits.TrailingZeros64(c[1]))
}

// less orders sets as the search does: the smaller first, then the one that holds the lowest character the other lacks.
func (c charset) less(d charset) bool {
	if a, b := c.size(), d.size(); a != b {
		return a < b
	}
	for i := range c {
		if diff := c[i] ^ d[i]; diff != 0 {
			return c[i]&(1<<bits.TrailingZeros64(diff)) != 0
		}
	}
	return false
}

func rangeSet(from, to byte) (c charset) {
	for b := from; b <= to; b++ {
		c.add(b)
	}
	return c
}

// isPattern tells whether an extension's name is a pattern.
func isPattern(name string) bool { return strings.HasPrefix(name, "_") }

// patternError is a fault of a pattern at a byte of its name.
type patternError struct {
	at     int
	format string // of the pattern and args
	args   []any
}

func broken(at int, format string, args ...any) *patternError { return &patternError{at, format, args} }

// parsePattern reads a pattern with its leading "_".
func parsePattern(name string) (pattern, *patternError) {
	var p pattern
	for i := 1; i < len(name); i++ {
		c := name[i]
		if p.tail != 0 {
			return p, broken(i, "pattern '%s': '%c' must be the end of a pattern", p.tail)
		}
		switch {
		case c == '-':
		case c == '.' || c == '!':
			p.tail = c
		case c == '[':
			set, end, err := parseSet(name, i)
			if err != nil {
				return p, err
			}
			p.elems = append(p.elems, set)
			i = end
		case c == ']' || c <= ' ' || c >= 127:
			return p, broken(i, "pattern '%s': %q has no meaning in a pattern", rune(c))
		default:
			p.elems = append(p.elems, element(c))
		}
	}
	if len(p.elems) == 0 && p.tail == 0 {
		return p, broken(0, "pattern '%s': a pattern that matches nothing")
	}
	return p, nil
}

func element(c byte) charset {
	switch c {
	case 'X', 'x':
		return rangeSet('0', '9')
	case 'Z', 'z':
		return rangeSet('1', '9')
	case 'N', 'n':
		return rangeSet('2', '9')
	default:
		return rangeSet(c, c)
	}
}

// parseSet reads "[…]" that begins at i and returns the index of its bracket.
func parseSet(name string, i int) (set charset, end int, err *patternError) {
	close := strings.IndexByte(name[i:], ']')
	if close < 0 {
		return set, 0, broken(i, "pattern '%s': '[' without ']'")
	}
	end = i + close
	for j := i + 1; j < end; j++ {
		c := name[j]
		switch {
		case c <= ' ' || c >= 127:
			return set, 0, broken(j, "pattern '%s': %q has no meaning in a set", rune(c))
		case c == '-':
			return set, 0, broken(j, "pattern '%s': a range needs a character on both sides")
		case j+2 < end && name[j+1] == '-':
			if name[j+2] < c {
				return set, 0, broken(j, "pattern '%s': the range %s runs backwards", name[j:j+3])
			}
			for b := c; b <= name[j+2] && b < 127; b++ {
				set.add(b)
			}
			j += 2
		default:
			set.add(c)
		}
	}
	if set.size() == 0 {
		return set, 0, broken(i, "pattern '%s': an empty set")
	}
	return set, end, nil
}

// squash drops the dashes that patterns and numbers ignore.
func squash(s string) string {
	if strings.IndexByte(s, '-') < 0 {
		return s
	}
	return strings.ReplaceAll(s, "-", "")
}

// matches tells whether the squashed number s fits the whole pattern.
func (p pattern) matches(s string) bool {
	if len(s) < len(p.elems) || p.tail == 0 && len(s) != len(p.elems) || p.tail == '.' && len(s) == len(p.elems) {
		return false
	}
	for i, e := range p.elems {
		if !e.has(s[i]) {
			return false
		}
	}
	return true
}

// compare orders patterns best first; 0 means that they match the same numbers.
func (p pattern) compare(q pattern) int {
	for i := 0; i < len(p.elems) && i < len(q.elems); i++ {
		switch {
		case p.elems[i].less(q.elems[i]):
			return -1
		case q.elems[i].less(p.elems[i]):
			return 1
		}
	}
	switch {
	case len(p.elems) > len(q.elems):
		if q.tail == 0 {
			return 1
		}
		return -1
	case len(p.elems) < len(q.elems):
		if p.tail == 0 {
			return -1
		}
		return 1
	}
	return strings.IndexByte("\x00.!", p.tail) - strings.IndexByte("\x00.!", q.tail)
}

// coveredBy tells whether each number that p matches is matched by one of others. It follows p position by position and
// splits each set by which of the others are still alive; a budget bounds the work, and when it is spent the answer is no.
func (p pattern) coveredBy(others []pattern) bool {
	budget := 20_000
	return p.covered(others, 0, &budget)
}

func (p pattern) covered(alive []pattern, at int, budget *int) bool {
	if *budget -= len(alive) + 1; *budget < 0 || len(alive) == 0 {
		return false
	}
	if at == len(p.elems) {
		return p.endCovered(alive, at)
	}
	for _, q := range alive {
		if q.swallows(p, at) {
			return true
		}
	}
	seen := map[string]bool{}
	for b := byte(0); b < 128; b++ {
		if !p.elems[at].has(b) {
			continue
		}
		var left []pattern
		var key strings.Builder
		for i, q := range alive {
			if at >= len(q.elems) && q.tail != 0 || at < len(q.elems) && q.elems[at].has(b) {
				left = append(left, q)
				fmt.Fprintf(&key, "%d,", i)
			}
		}
		if seen[key.String()] {
			continue
		}
		seen[key.String()] = true
		if !p.covered(left, at+1, budget) {
			return false
		}
	}
	return true
}

// swallows tells whether the tail of q, reached at position at, takes all that p still has there.
func (q pattern) swallows(p pattern, at int) bool {
	return q.tail != 0 && len(q.elems) <= at && at < len(p.elems)
}

func (p pattern) endCovered(alive []pattern, at int) bool {
	for _, q := range alive {
		switch {
		case p.tail == 0 && (len(q.elems) == at && q.tail != '.' || len(q.elems) < at && q.tail != 0),
			p.tail == '.' && q.tail != 0 && len(q.elems) <= at,
			p.tail == '!' && (q.tail == '!' && len(q.elems) <= at || q.tail == '.' && len(q.elems) < at):
			return true
		}
	}
	return false
}

// literal is the pattern that matches one name.
func literal(name string) pattern {
	var p pattern
	for _, b := range []byte(squash(name)) {
		p.elems = append(p.elems, rangeSet(b&127, b&127))
	}
	return p
}
