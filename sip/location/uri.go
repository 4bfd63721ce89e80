package location

import "strings"

// parts are the pieces of a SIP URI that comparison needs, as given.
//
//	sip:user:password@host:port;params?headers
type parts struct {
	scheme, user, password, host, port, params, headers string
}

// SameURI compares two SIP URIs as RFC 3261 §19.1.4 wants it: scheme, user and password exactly (escapes undone), host
// without case, an absent port unlike 5060; parameters that stand in both must agree, and user, ttl, method, maddr and
// transport must not stand in one only. Other schemes are compared byte by byte.
func SameURI(a, b string) bool {
	if a == b {
		return true
	}
	x, okA := split(a)
	y, okB := split(b)
	if !okA || !okB {
		return false
	}
	return x.scheme == y.scheme && sameText(x.user, y.user) && sameText(x.password, y.password) &&
		strings.EqualFold(x.host, y.host) && x.port == y.port &&
		sameParams(x.params, y.params) && sameHeaders(x.headers, y.headers)
}

func split(uri string) (parts, bool) {
	var p parts
	scheme, rest, ok := strings.Cut(uri, ":")
	p.scheme = strings.ToLower(scheme)
	if !ok || (p.scheme != "sip" && p.scheme != "sips") {
		return p, false
	}
	// The user part may hold ';', '?' and '/', so it is cut off first; a host part holds no '@'.
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		p.user, p.password, _ = strings.Cut(rest[:at], ":")
		rest = rest[at+1:]
	}
	rest, p.headers, _ = strings.Cut(rest, "?")
	rest, p.params, _ = strings.Cut(rest, ";")
	p.host = rest
	if colon := strings.LastIndexByte(rest, ':'); colon > strings.LastIndexByte(rest, ']') {
		p.host, p.port = rest[:colon], rest[colon+1:]
	}
	return p, p.host != ""
}

func sameText(a, b string) bool {
	if a == b {
		return true
	}
	x, okA := unescape(a)
	y, okB := unescape(b)
	return okA && okB && x == y
}

// decisive are the parameters that make URIs differ when only one of them has it.
var decisive = []string{"user", "ttl", "method", "maddr", "transport"}

func sameParams(a, b string) bool {
	for _, name := range decisive {
		_, inA := param(a, name)
		_, inB := param(b, name)
		if inA != inB {
			return false
		}
	}
	for a != "" {
		var one string
		one, a, _ = strings.Cut(a, ";")
		name, value, _ := strings.Cut(one, "=")
		if other, both := param(b, name); both && !sameFold(value, other) {
			return false
		}
	}
	return true
}

func sameFold(a, b string) bool {
	x, okA := unescape(a)
	y, okB := unescape(b)
	return okA && okB && strings.EqualFold(x, y)
}

// param finds a parameter by name, without case, in "a=1;b;c=2".
func param(list, name string) (value string, found bool) {
	for list != "" {
		var one string
		one, list, _ = strings.Cut(list, ";")
		key, v, _ := strings.Cut(one, "=")
		if strings.EqualFold(key, name) {
			return v, true
		}
	}
	return "", false
}

// sameHeaders compares the header components: all must be in both, in any order.
func sameHeaders(a, b string) bool {
	if a == b {
		return true
	}
	if strings.Count(a, "&") != strings.Count(b, "&") {
		return false
	}
	rest := strings.Split(b, "&")
next:
	for _, h := range strings.Split(a, "&") {
		for i, o := range rest {
			if sameFold(h, o) {
				rest = append(rest[:i], rest[i+1:]...)
				continue next
			}
		}
		return false
	}
	return true
}
