package trunk

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/location"
	"ringway/sip/transport"
)

// Errors of Route; the call answers 404, 403, 484 and 503.
var (
	ErrUnknown   = errors.New("no such trunk")
	ErrForbidden = errors.New("no rule lets this context dial this number")
	ErrNumber    = errors.New("not a number that can be dialled")
	ErrNoHop     = errors.New("no address of the trunk is known")
	ErrFull      = errors.New("all calls of the trunk are taken")
	ErrSpent     = errors.New("the rule's calls of the day are used up")
)

// Route is how one number is reached.
type Route struct {
	Trunk *Trunk
	URI   sipmsg.Uri // Request-URI and To
	Hops  []Hop      // to be tried in order: the next on 503, time-out or a failed connection (RFC 3263 §4.3)
	From  string     // number to be shown as the caller's; empty: the caller's own

	rules []rule // that let it be dialled
	now   func() time.Time
}

// Route finds the way for a number dialled from a context. It does not block.
func (s *Set) Route(name, context, number string) (Route, error) {
	t, ok := s.Get(name)
	if !ok {
		return Route{}, fmt.Errorf("%w: %s", ErrUnknown, name)
	}
	rules := t.permits(context, number)
	if len(rules) == 0 {
		return Route{}, fmt.Errorf("%w: trunk %s, context %s", ErrForbidden, name, context)
	}
	dial, err := t.Format(number)
	if err != nil {
		return Route{}, err
	}
	hops := t.Hops()
	if len(hops) == 0 {
		return Route{}, fmt.Errorf("%w: %s", ErrNoHop, name)
	}
	return Route{Trunk: t, URI: t.uri(dial), Hops: hops, From: t.CallerID, rules: rules, now: s.now}, nil
}

// permits lists the rules by which calls from a context may dial a number. Without one nobody may.
func (t *Trunk) permits(context, number string) (out []rule) {
	for _, r := range t.rules {
		if r.From == context && r.pattern.matches(number) {
			out = append(out, r)
		}
	}
	return out
}

// Format turns a dialled number into the one that the carrier wants. Only what a telephone number is made of passes, so
// that nothing can be smuggled into a URI.
func (t *Trunk) Format(number string) (string, error) {
	if len(number) <= t.Strip || len(number) > 64 {
		return "", ErrNumber
	}
	number = t.Prefix + number[t.Strip:]
	for i := 0; i < len(number); i++ {
		c := number[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && strings.IndexByte("+*#-_.", c) < 0 {
			return "", ErrNumber
		}
	}
	return number, nil
}

func (t *Trunk) uri(number string) sipmsg.Uri {
	first := t.targets[0]
	u := sipmsg.Uri{Scheme: "sip", User: location.EscapeUser(number), Host: first.host}
	if first.addr.Is6() {
		u.Host = "[" + first.host + "]"
	}
	if first.port != 0 && first.port != 5060 {
		u.Port = int(first.port)
	}
	if first.proto != transport.UDP {
		u.UriParams = sipmsg.HeaderParams{{K: "transport", V: string(first.proto)}}
	}
	return u
}

// Hops are the trunk's addresses as known now, those that answer OPTIONS first.
func (t *Trunk) Hops() []Hop { return t.state.list() }

// Reachable tells whether a hop is up as far as OPTIONS told; a trunk that is not qualified always is.
func (t *Trunk) Reachable() bool {
	hops := t.Hops()
	if len(hops) == 0 {
		return false
	}
	t.state.mu.Lock()
	defer t.state.mu.Unlock()
	return !t.state.health[hops[0]].down
}

// Fault is what went wrong last with reaching the trunk: a name that was not found, an OPTIONS without an answer.
func (t *Trunk) Fault() Fault {
	t.state.mu.Lock()
	defer t.state.mu.Unlock()
	return t.state.fault
}

// Acquire takes one of the trunk's calls, and one of the day's of a rule that still has some. The trunk's Release gives back the
// first; the second is spent.
func (r Route) Acquire() error {
	if !r.Trunk.Acquire() {
		return fmt.Errorf("%w: %s", ErrFull, r.Trunk.Name)
	}
	for _, one := range r.rules {
		if r.Trunk.state.spend(one.Permission, r.now()) {
			return nil
		}
	}
	r.Trunk.Release()
	return fmt.Errorf("%w: trunk %s", ErrSpent, r.Trunk.Name)
}

// Acquire takes one of the trunk's calls; false when all are taken. Release gives it back, once.
func (t *Trunk) Acquire() bool {
	if n := t.state.calls.Add(1); t.Calls > 0 && n > int64(t.Calls) {
		t.state.calls.Add(-1)
		return false
	}
	return true
}

// Release ends what Acquire began.
func (t *Trunk) Release() { t.state.calls.Add(-1) }

// InUse is the number of calls.
func (t *Trunk) InUse() int { return int(t.state.calls.Load()) }

// Owns tells whether an address is one that the trunk is reached at: a request from there is a reply to our own doing.
func (t *Trunk) Owns(addr netip.AddrPort) bool {
	for _, h := range t.Hops() {
		if h.Addr == addr {
			return true
		}
	}
	return false
}
