package edge

import (
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/call"
	"ringway/sip/location"
	"ringway/sip/transport"
)

// Contacts lists where an account's phones can be reached now, best first; false when there is no such account.
func (e *Edge) Contacts(account string, now time.Time) ([]call.Contact, bool) {
	rules := e.rules.Load()
	if !rules.Known(account) {
		return nil, false
	}
	aor, err := location.UserAOR(account, rules.Realm)
	if err != nil {
		return nil, false
	}
	out := e.App(aor, now)
	if c, ok := e.static(account); ok {
		out = append(out, c)
	}
	return out, true
}

// App lists where an app is registered now under an address of record, best first.
func (e *Edge) App(aor string, now time.Time) (out []call.Contact) {
	for _, b := range e.o.Location.Lookup(aor, now) {
		if c, ok := contact(&b); ok {
			out = append(out, c)
		}
	}
	return out
}

// Registered tells whether an account has a live binding, whatever its static contact does.
func (e *Edge) Registered(account string, now time.Time) bool {
	aor, err := location.UserAOR(account, e.rules.Load().Realm)
	return err == nil && e.o.Location.Registered(aor, now)
}

// contact turns a binding into what a call needs; one whose URI no longer parses is left out.
func contact(b *location.Binding) (c call.Contact, ok bool) {
	uri, err := transport.ParseURI(b.Contact)
	if err != nil {
		return c, false
	}
	uri.Headers = nil // embedded headers are never applied (RFC 4475 §3.3.14)
	c = call.Contact{URI: uri, Flow: b.Target()}
	for _, p := range b.Path {
		r, err := transport.ParseURI(p)
		if err != nil {
			return c, false
		}
		c.Route = append(c.Route, r)
	}
	return c, c.Flow.Remote.IsValid()
}

// PersonOf is the person whose account it is, "" where it is nobody's.
func (e *Edge) PersonOf(account string) string { return e.rules.Load().PersonOf(account) }

// AccountOf is the local account behind a URI, by its name or by the number that others see of it: people who let a phone
// forward its calls know numbers.
func (e *Edge) AccountOf(u sipmsg.Uri) (string, bool) {
	rules := e.rules.Load()
	if u.User == "" || !rules.Ours(u.Host) {
		return "", false
	}
	if rules.Known(u.User) {
		return u.User, true
	}
	return rules.Numbered(u.User)
}
