package trace

import (
	"regexp"
	"strings"
)

// digestParts are the parameters of digest headers that are secret, or let somebody try secrets out (RFC 7616).
var digestParts = regexp.MustCompile(`(?i)(\b(?:response|nonce|cnonce|nextnonce|rspauth|opaque)\s*=\s*)("[^"\r\n]*"|[^,\s]*)`)

// bodyParts are secrets of bodies: SDES keys (RFC 4568), ICE passwords, digits typed by INFO.
var bodyParts = regexp.MustCompile(`(?im)(^a=crypto:[^\r\n]*?inline:|^a=ice-pwd:|^Signal\s*=\s*)([^\s|]+)`)

// secretHeaders hold digests; claims are signed, and personal.
var secretHeaders = []string{"authorization", "proxy-authorization", "www-authenticate", "proxy-authenticate", "authentication-info",
	"proxy-authentication-info"}

const claimsHeader = "x-ringway-claims"

// Masked is a message without its secrets, of the same length.
func Masked(text string) string {
	head, body, found := strings.Cut(text, "\r\n\r\n")
	var b strings.Builder
	b.Grow(len(text))
	name, typed := "", false
	for i, line := range strings.SplitAfter(head, "\n") {
		if i > 0 && line != "" && line[0] != ' ' && line[0] != '\t' { // a folded line belongs to the header before it
			name, _, _ = strings.Cut(line, ":")
			name = strings.ToLower(strings.TrimSpace(name))
			typed = typed || (name == "content-type" || name == "c") && strings.Contains(strings.ToLower(line), "application/dtmf")
		}
		switch {
		case i == 0:
			b.WriteString(line)
		case name == claimsHeader:
			b.WriteString(value(line))
		case among(name):
			b.WriteString(credentials(line))
		default:
			b.WriteString(line)
		}
	}
	if !found {
		return b.String()
	}
	b.WriteString("\r\n\r\n")
	if typed && !strings.Contains(strings.ToLower(body), "signal") {
		b.WriteString(blank(body))
		return b.String()
	}
	b.WriteString(bodyParts.ReplaceAllStringFunc(body, func(s string) string {
		m := bodyParts.FindStringSubmatch(s)
		return m[1] + blank(m[2])
	}))
	return b.String()
}

func among(name string) bool {
	for _, h := range secretHeaders {
		if h == name {
			return true
		}
	}
	return false
}

// credentials masks the parameters of a digest, and all of anything else.
func credentials(line string) string {
	out := digestParts.ReplaceAllStringFunc(line, func(s string) string {
		m := digestParts.FindStringSubmatch(s)
		return m[1] + blank(m[2])
	})
	for _, scheme := range []string{"basic ", "bearer "} {
		if i := strings.Index(strings.ToLower(out), scheme); i >= 0 {
			return out[:i+len(scheme)] + blank(out[i+len(scheme):])
		}
	}
	return out
}

// value masks what follows the colon of a header, or a whole folded line.
func value(line string) string {
	i := strings.IndexByte(line, ':') + 1
	if line[0] == ' ' || line[0] == '\t' {
		i = 0
	}
	return line[:i] + blank(line[i:])
}

// blank puts an x in the place of every character but quotes and white space.
func blank(s string) string {
	out := []byte(s)
	for i, c := range out {
		if c != '"' && c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			out[i] = 'x'
		}
	}
	return string(out)
}
