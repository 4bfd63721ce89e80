package diag

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Text returns a scalar with the places of its runes, whatever type YAML would give it: 700, yes and +41 stay as
// written. Nothing is the empty text; a list or a mapping is a finding.
func (n Node) Text() Text {
	switch n.Kind() {
	case KindAbsent:
		return Text{start: n.Pos()}
	case KindScalar:
		y := n.value()
		return Text{Value: y.Value, start: n.doc.pos(y), runes: n.doc.source.align(y)}
	default:
		n.wrong("text")
		return Text{start: n.Pos()}
	}
}

// String returns a scalar as it is written, def when there is none.
func (n Node) String(def string) string {
	if !n.Present() {
		return def
	}
	return n.Text().Value
}

// Strings returns a list of scalars; a single scalar is a list of one.
func (n Node) Strings() []string {
	var out []string
	for _, i := range n.Items() {
		if i.Kind() == KindAbsent {
			i.wrong("text")
			continue
		}
		out = append(out, i.Text().Value)
	}
	return out
}

// Int returns a whole number, def when there is none.
func (n Node) Int(def int) int {
	if !n.Present() {
		return def
	}
	s := n.Text().Value
	v, err := strconv.Atoi(s)
	if err != nil && n.Kind() == KindScalar {
		n.Errorf(CodeType, "", "'%s' is not a whole number", s)
	}
	if err != nil {
		return def
	}
	return v
}

// IntBetween is Int within bounds; a number outside of them is a finding.
func (n Node) IntBetween(def, low, high int) int {
	v := n.Int(def)
	if n.Present() && (v < low || v > high) {
		n.Errorf(CodeValue, "", "%d is not between %d and %d", v, low, high)
		return def
	}
	return v
}

// Float returns a number, def when there is none.
func (n Node) Float(def float64) float64 {
	if !n.Present() {
		return def
	}
	s := n.Text().Value
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		if n.Kind() == KindScalar {
			n.Errorf(CodeType, "", "'%s' is not a number", s)
		}
		return def
	}
	return v
}

// Bool returns true or false, def when there is none; yes, no, on and off are accepted.
func (n Node) Bool(def bool) bool {
	if !n.Present() {
		return def
	}
	switch s := strings.ToLower(n.Text().Value); s {
	case "true", "yes", "on":
		return true
	case "false", "no", "off":
		return false
	default:
		if n.Kind() == KindScalar {
			n.Errorf(CodeType, "write true or false", "'%s' is neither true nor false", s)
		}
		return def
	}
}

// Duration returns a time span such as 20s, 1m30s or 500ms, def when there is none. A bare number other than 0 is a
// finding, since its unit would be a guess; so is a negative span.
func (n Node) Duration(def time.Duration) time.Duration {
	if !n.Present() {
		return def
	}
	if n.Kind() != KindScalar {
		n.wrong("a duration such as 20s")
		return def
	}
	s := n.Text().Value
	d, err := ParseDuration(s)
	if err != nil {
		hint := "write it like 20s, 1m30s or 500ms"
		if _, e := strconv.ParseFloat(s, 64); e == nil && !strings.HasPrefix(s, "-") {
			hint = "write the unit: " + s + "s"
		}
		n.Errorf(CodeType, hint, "'%s' is not a duration", s)
		return def
	}
	return d
}

// ParseDuration reads a span that is not negative, with units d (24 h), h, m, s, ms.
func ParseDuration(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		v, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(v) * 24 * time.Hour, err
	}
	d, err := time.ParseDuration(s)
	if err == nil && d < 0 {
		return 0, strconv.ErrRange
	}
	return d, err
}

// OneOf returns a word out of a known set, def when there is none; another word is a finding with a suggestion.
func (n Node) OneOf(def string, allowed ...string) string {
	if !n.Present() {
		return def
	}
	s := n.Text().Value
	if slices.Contains(allowed, s) {
		return s
	}
	if n.Kind() == KindScalar {
		hint := Suggest(s, allowed)
		if hint == "" {
			hint = "allowed: " + join(allowed)
		}
		n.Errorf(CodeValue, hint, "'%s' is not allowed here", s)
	}
	return def
}

// Quoted tells whether a scalar is written in quotes or as a block, so that it is text whatever it looks like.
func (n Node) Quoted() bool {
	const quotes = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	return n.Kind() == KindScalar && n.value().Style&quotes != 0
}
