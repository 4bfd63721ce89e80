package location

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ringway/sip/transport"
	"ringway/store"
)

// Binding is one contact of one address of record.
type Binding struct {
	store.Binding        // as it is kept; Expires is by the injected clock
	Params        string // Contact header parameters but q and expires, as given: ";+sip.instance=…", or empty
	// Flow is the path that the REGISTER came over: requests to the phone go there (RFC 5626). It is zero after a restart.
	Flow transport.Flow
}

// Same tells whether two bindings of one address of record are the same one, so that the later replaces the earlier: by
// (instance, reg-id) where both have them (RFC 5626 §6), else by their contact URIs (RFC 3261 §10.3).
func (b *Binding) Same(o *Binding) bool {
	if b.InstanceID != "" && b.RegID > 0 && o.InstanceID != "" && o.RegID > 0 {
		return b.InstanceID == o.InstanceID && b.RegID == o.RegID
	}
	return SameURI(b.Contact, o.Contact)
}

// Live tells whether the binding still holds at now.
func (b *Binding) Live(now time.Time) bool { return b.Expires.After(now) }

// Target is the flow as the record remembers it: what a request to the phone uses after a restart.
func (b *Binding) Target() transport.Flow {
	if b.Flow.Remote.IsValid() {
		return b.Flow
	}
	f := transport.Flow{Proto: transport.Proto(b.Transport)}
	f.Remote, _ = netip.ParseAddrPort(b.Received) // an empty one stays invalid: the contact itself is the target then
	f.Local, _ = netip.ParseAddrPort(b.Local)
	return f
}

// own copies what points into a received message, so that a binding never pins a whole datagram: into one string, as its
// parts come and go together.
func (b Binding) own() Binding {
	parts := [...]*string{&b.AOR, &b.Contact, &b.InstanceID, &b.CallID, &b.UserAgent, &b.Params, &b.Transport, &b.Received, &b.Local, &b.Session}
	size := 0
	for _, s := range parts {
		size += len(*s)
	}
	var all strings.Builder
	all.Grow(size)
	for _, s := range parts {
		all.WriteString(*s)
	}
	rest := all.String()
	for _, s := range parts {
		n := len(*s)
		*s, rest = rest[:n], rest[n:]
	}
	b.Path = slices.Clone(b.Path)
	for i := range b.Path {
		b.Path[i] = strings.Clone(b.Path[i])
	}
	return b
}

// bestFirst orders bindings by q, then the most recently refreshed, then by contact, so that the order is always the same.
func bestFirst(a, b Binding) int {
	if c := cmp.Compare(b.Q, a.Q); c != 0 {
		return c
	}
	if c := b.Updated.Compare(a.Updated); c != 0 {
		return c
	}
	return strings.Compare(a.Contact, b.Contact)
}
