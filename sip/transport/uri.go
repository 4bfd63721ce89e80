package transport

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// A SIP URI, RFC 3261 §19.1.1:
//
//	sip:user;in=user:password@host:5060;transport=tcp?Header=value
//	    ╰──── may hold ; ? & ────╯ ╰ [IPv6] in brackets only
//
// The first "@" ends the user part; parameters of the URI begin after the host (RFC 4475 semiuri).

// ParseURI reads a URI strictly: no spaces, brackets or quotes around it, complete %-escapes, an IPv6 host in brackets only.
// URIs other than sip and sips are kept uninterpreted.
func ParseURI(s string) (sipmsg.Uri, error) {
	var u sipmsg.Uri
	if err := checkURIChars(s); err != nil {
		return u, err
	}
	colon := strings.IndexByte(s, ':')
	if colon <= 0 || !isScheme(s[:colon]) {
		return u, errors.New("URI without scheme")
	}
	u.Scheme = lower(s[:colon])
	if u.Scheme != "sip" && u.Scheme != "sips" {
		return foreignURI(u.Scheme, s, s[colon+1:])
	}
	rest := s[colon+1:]
	if at := strings.IndexByte(rest, '@'); at >= 0 {
		u.User, u.Password, _ = strings.Cut(rest[:at], ":")
		if u.User == "" {
			return u, errors.New("URI with an empty user")
		}
		rest = rest[at+1:]
	}
	rest, headers, found := strings.Cut(rest, "?")
	if found {
		if err := splitParams(headers, '&', &u.Headers); err != nil {
			return u, err
		}
	}
	hostport, params, found := strings.Cut(rest, ";")
	if found {
		u.UriParams = make(sipmsg.HeaderParams, 0, 2)
		if err := splitParams(params, ';', &u.UriParams); err != nil {
			return u, err
		}
		lowerKnown(u.UriParams)
	}
	var err error
	u.Host, u.Port, err = splitHostPort(hostport)
	return u, err
}

// foreignURI is one of another scheme than ours.
func foreignURI(scheme, s, rest string) (sipmsg.Uri, error) {
	var u sipmsg.Uri
	if len(s) < 3 || rest == "" {
		return sipmsg.Uri{Scheme: scheme}, errors.New("empty URI")
	}
	if err := sipmsg.ParseUri(s, &u); err != nil {
		u = sipmsg.Uri{Scheme: scheme, Host: rest} // sipgo knows no schemes like soap.beep; written again it is the same
	}
	return u, nil
}

// checkURIChars refuses what no URI may hold, and incomplete escapes.
func checkURIChars(s string) error {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c <= ' ' || c >= 0x7f:
			return errors.New("space or non-ASCII character in URI")
		case c == '<' || c == '>' || c == '"' || c == '\\' || c == '^' || c == '{' || c == '}' || c == '|':
			return errors.New("character not allowed in URI")
		case c == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])):
			return errors.New("incomplete escape in URI")
		}
	}
	return nil
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func isScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		letter := 'a' <= c && c <= 'z'
		if !letter && (i == 0 || !('0' <= s[i] && s[i] <= '9' || s[i] == '+' || s[i] == '-' || s[i] == '.')) {
			return false
		}
	}
	return s != ""
}

// splitHostPort reads host[:port] or [IPv6][:port]; the brackets stay on the host, as sipgo keeps them in URIs.
func splitHostPort(s string) (host string, port int, err error) {
	host = s
	digits, hasPort := "", false
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return "", 0, errors.New("IPv6 address without closing bracket")
		}
		if a, err := netip.ParseAddr(s[1:end]); err != nil || !a.Is6() || a.Zone() != "" {
			return "", 0, errors.New("bad IPv6 address")
		}
		host = s[:end+1]
		if tail := s[end+1:]; tail != "" {
			if tail[0] != ':' {
				return "", 0, errors.New("characters after IPv6 address")
			}
			digits, hasPort = tail[1:], true
		}
	} else {
		host, digits, hasPort = strings.Cut(s, ":")
		if !isHostname(host) {
			return "", 0, errors.New("bad host")
		}
	}
	if !hasPort {
		return host, 0, nil
	}
	n, err := number(digits, 65535)
	return host, int(n), err
}

func isHostname(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_') {
			return false
		}
	}
	return s != ""
}

// splitParams reads name[=value] pairs. Empty and repeated names are errors.
func splitParams(s string, sep byte, into *sipmsg.HeaderParams) error {
	for more := true; more; {
		var p string
		p, s, more = cutByte(s, sep)
		k, v, _ := strings.Cut(p, "=")
		if k == "" {
			return errors.New("empty parameter in URI")
		}
		if into.Has(k) {
			return errors.New("repeated parameter in URI")
		}
		*into = append(*into, sipmsg.HeaderKV{K: k, V: v})
	}
	return nil
}

func cutByte(s string, sep byte) (before, after string, found bool) {
	if i := strings.IndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// lowerKnown lowers the names of parameters that code looks up, since sipgo compares case-sensitively.
func lowerKnown(p sipmsg.HeaderParams) {
	for i := range p {
		switch k := lower(p[i].K); k {
		case "transport", "lr", "maddr", "user", "method", "ttl", "ob", "gr":
			p[i].K = k
		}
	}
}

// lower is strings.ToLower for ASCII that returns its argument when there is nothing to do.
func lower(s string) string {
	for i := 0; i < len(s); i++ {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return strings.ToLower(s)
		}
	}
	return s
}

// number reads 1*DIGIT up to max; the digits may have leading zeros (RFC 4475 wsinv: "0068").
func number(s string, max uint64) (uint64, error) {
	if s == "" || len(s) > 20 {
		return 0, errors.New("not a number")
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, errors.New("not a number")
		}
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n > max {
		return 0, errors.New("number too large")
	}
	return n, nil
}
