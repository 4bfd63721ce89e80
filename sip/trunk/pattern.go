package trunk

import (
	"fmt"
	"strings"
)

// pattern is a compiled Permission.Pattern: one set of characters for each position, then a tail.
type pattern struct {
	sets []string // the characters that may stand there
	tail byte     // '.': one or more of anything, '!': any, 0: the end
}

const digits = "0123456789"

func parsePattern(s string) (pattern, error) {
	var p pattern
	if !strings.HasPrefix(s, "_") {
		for _, c := range s {
			p.sets = append(p.sets, string(c))
		}
		if s == "" {
			return p, fmt.Errorf("empty pattern")
		}
		return p, nil
	}
	for rest := s[1:]; rest != ""; {
		c := rest[0]
		rest = rest[1:]
		if p.tail != 0 {
			return p, fmt.Errorf("pattern %q: %q must be its end", s, p.tail)
		}
		switch c {
		case 'X', 'x':
			p.sets = append(p.sets, digits)
		case 'Z', 'z':
			p.sets = append(p.sets, digits[1:])
		case 'N', 'n':
			p.sets = append(p.sets, digits[2:])
		case '.', '!':
			p.tail = c
		case '-':
		case '[':
			inside, after, ok := strings.Cut(rest, "]")
			if !ok || inside == "" {
				return p, fmt.Errorf("pattern %q: '[' without ']'", s)
			}
			p.sets, rest = append(p.sets, expand(inside)), after
		default:
			p.sets = append(p.sets, string(c))
		}
	}
	if len(p.sets) == 0 && p.tail == 0 {
		return p, fmt.Errorf("pattern %q matches nothing", s)
	}
	return p, nil
}

// expand writes the ranges of a set out: "2-4a" is "234a".
func expand(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if i+2 < len(s) && s[i+1] == '-' && s[i] <= s[i+2] {
			for c := int(s[i]); c <= int(s[i+2]); c++ {
				b.WriteByte(byte(c))
			}
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func (p pattern) matches(number string) bool {
	if len(number) < len(p.sets) {
		return false
	}
	for i, set := range p.sets {
		if strings.IndexByte(set, number[i]) < 0 {
			return false
		}
	}
	switch left := len(number) - len(p.sets); p.tail {
	case '.':
		return left > 0
	case '!':
		return true
	default:
		return left == 0
	}
}
