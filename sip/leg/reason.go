package leg

import (
	"strconv"
	"strings"
)

// ReasonOf is what the Reason headers of a message say together, "" where there is none.
func ReasonOf(m Message) string {
	var all []string
	for h := range Headers(m, "Reason") {
		all = append(all, h.Value())
	}
	return strings.Join(all, ", ")
}

// maxReason bounds the text that is kept of a Reason header, in bytes.
const maxReason = 120

// ParseReason reads a Reason header (RFC 3326):
//
//	Reason: Q.850;cause=16;text="Terminated", SIP;cause=200;text="Call completed elsewhere"
//
// Unknown protocols and broken values are left out: the header only informs. The text goes on to other legs, so it is cut
// to what is printable and short.
func ParseReason(value string) (status, q850 int, text string) {
	for _, part := range splitOutsideQuotes(value, ',') {
		fields := splitOutsideQuotes(part, ';')
		protocol := strings.TrimSpace(fields[0])
		cause, words := 0, ""
		for _, f := range fields[1:] {
			k, v, _ := strings.Cut(strings.TrimSpace(f), "=")
			v = strings.Trim(strings.TrimSpace(v), `"`)
			switch strings.ToLower(strings.TrimSpace(k)) {
			case "cause":
				if n, err := strconv.Atoi(v); err == nil && n > 0 && n < 1000 {
					cause = n
				}
			case "text":
				words = v
			}
		}
		switch {
		case strings.EqualFold(protocol, "SIP"):
			status = cause
		case strings.EqualFold(protocol, "Q.850"):
			q850 = cause
		default:
			continue
		}
		if text == "" {
			text = printable(words)
		}
	}
	return status, q850, text
}

// printable keeps what may stand in a header, up to maxReason, in memory of its own.
func printable(s string) string {
	s = strings.ToValidUTF8(s[:min(len(s), maxReason)], "")
	return strings.Clone(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s))
}

// quotable makes a text fit between the quotes of a parameter.
var quotable = strings.NewReplacer(`"`, "'", `\`, "/", "\r", " ", "\n", " ")

// FormatReason is the value of a Reason header for a cause, or "" where there is nothing to say.
func FormatReason(c Cause) string {
	var parts []string
	text := ""
	if c.Text != "" {
		text = `;text="` + quotable.Replace(c.Text) + `"`
	}
	if c.Q850 > 0 {
		parts = append(parts, "Q.850;cause="+strconv.Itoa(c.Q850)+text)
	}
	if c.Status > 0 && (c.Q850 == 0 || c.Status == 200) {
		parts = append(parts, "SIP;cause="+strconv.Itoa(c.Status)+text)
	}
	return strings.Join(parts, ", ")
}

// splitOutsideQuotes cuts s at sep, but not inside a quoted string. It yields at least one part.
func splitOutsideQuotes(s string, sep byte) []string {
	var out []string
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == sep && !quoted:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[min(start, len(s)):])
}
