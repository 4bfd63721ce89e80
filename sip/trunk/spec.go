package trunk

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transport"
)

// Spec is one trunk as configured.
type Spec struct {
	Name     string
	Match    []netip.Prefix // source addresses that are this carrier
	Context  string         // entry context of its calls
	Targets  []string       // "sip:host:port;transport=tcp" or "host", tried in order
	Calls    int            // calls at once, both directions; 0: no bound
	Dial     []Permission   // who may dial what; nothing is allowed that no rule allows
	Strip    int            // leading characters of a dialled number to leave out
	Prefix   string         // put before what is left
	CallerID string         // number shown to the carrier; empty: the caller's own
	Identity bool           // P-Asserted-Identity is believed, and sent
	Qualify  time.Duration  // OPTIONS each so often; 0: never

	Credentials Answerer // answers its challenges; nil: none
}

// Answerer makes the header that answers a 401 or 407 (auth.Client).
type Answerer interface {
	Answer(req *sipmsg.Request, res *sipmsg.Response) (sipmsg.Header, error)
}

// Permission lets calls from a context dial the numbers that match a pattern: a number, or "_" and X (0–9), Z (1–9), N (2–9),
// [sets], and at the end "." (one or more) or "!" (any), as in the dialplan. It is matched against the number as dialled.
type Permission struct {
	From    string // context
	Pattern string
	PerDay  int // calls within 24 hours from the first of them, since the start of the program; 0: no bound
}

// target is a parsed entry of Spec.Targets.
type target struct {
	host  string
	addr  netip.Addr // when host is an address
	port  uint16     // 0: SRV, else 5060
	proto transport.Proto
}

// parseTarget reads "sip:host:port;transport=tcp"; "sip:" may be left out.
func parseTarget(s string) (target, error) {
	t := target{proto: transport.UDP}
	rest := strings.TrimSpace(s)
	switch scheme, after, ok := strings.Cut(rest, ":"); {
	case ok && strings.EqualFold(scheme, "sip"):
		rest = after
	case ok && strings.EqualFold(scheme, "sips"):
		return t, fmt.Errorf("target %q: TLS is not supported", s)
	}
	rest, params, _ := strings.Cut(rest, ";")
	for params != "" {
		var one string
		one, params, _ = strings.Cut(params, ";")
		name, value, _ := strings.Cut(one, "=")
		switch proto := transport.Proto(strings.ToLower(value)); {
		case !strings.EqualFold(name, "transport"):
		case proto != transport.UDP && proto != transport.TCP:
			return t, fmt.Errorf("target %q: transport %q is not supported", s, value)
		default:
			t.proto = proto
		}
	}
	t.host = rest
	if colon := strings.LastIndexByte(rest, ':'); colon > strings.LastIndexByte(rest, ']') && strings.Count(rest, ":") == 1 || colon > 0 && rest[colon-1] == ']' {
		port, err := strconv.ParseUint(rest[colon+1:], 10, 16)
		if err != nil || port == 0 {
			return t, fmt.Errorf("target %q: bad port", s)
		}
		t.host, t.port = rest[:colon], uint16(port)
	}
	t.host = strings.TrimSuffix(strings.TrimPrefix(t.host, "["), "]")
	if t.host == "" || strings.ContainsAny(t.host, " \t\r\n\"<>@;,?/") {
		return t, fmt.Errorf("target %q: bad host", s)
	}
	if a, err := netip.ParseAddr(t.host); err == nil {
		t.addr = a.Unmap()
		if t.port == 0 {
			t.port = 5060
		}
	}
	return t, nil
}
