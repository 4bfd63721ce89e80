package transport

import (
	"net"
	"net/netip"
	"strings"
	"sync"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Addresses decide which of our addresses a peer is shown in Via, Contact and SDP: phones in the office see the machine's
// own, apps outside see the advertised one (semantics §2).
type Addresses struct {
	Advertised netip.Addr     // shown outside LocalNets; invalid: the machine's own address everywhere
	LocalNets  []netip.Prefix // destinations that see the machine's own address; loopback always does
}

// shows says whether a destination is shown the advertised address.
func (a Addresses) shows(to netip.Addr) bool {
	if !a.Advertised.IsValid() || to.IsLoopback() || a.Advertised.Is4() != to.Is4() {
		return false
	}
	for _, n := range a.LocalNets {
		if n.Contains(to) {
			return false
		}
	}
	return true
}

// routes asks the kernel which source address it would take, for sockets bound to all addresses, and remembers the answers.
type routes struct {
	mu    sync.Mutex // guards what follows
	known map[netip.Addr]netip.Addr
}

const maxRoutes = 4096

// source returns our address towards to; the unspecified address when there is no route.
func (r *routes) source(to netip.Addr) netip.Addr {
	r.mu.Lock()
	a, ok := r.known[to]
	r.mu.Unlock()
	if ok {
		return a
	}
	a = netip.IPv4Unspecified()
	if c, err := net.Dial("udp", netip.AddrPortFrom(to, 9).String()); err == nil { // sends nothing
		if u, ok := c.LocalAddr().(*net.UDPAddr); ok {
			a = u.AddrPort().Addr().Unmap()
		}
		c.Close()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.known) >= maxRoutes {
		clear(r.known) // routes change; forgetting all now and then is also how we notice
	}
	r.known[to] = a
	return a
}

// Shown returns the address that we show to the far side of f. The port is a listener's, also for connections we opened.
func (l *Layer) Shown(f Flow) netip.AddrPort {
	to := f.Remote.Addr().Unmap()
	addr, port := f.Local.Addr().Unmap(), l.listeningPort(f)
	switch {
	case l.addresses.shows(to):
		addr = l.addresses.Advertised
	case addr.IsUnspecified() || !addr.IsValid():
		addr = l.routes.source(to)
	}
	return netip.AddrPortFrom(addr, port)
}

// listeningPort returns the port of the flow's socket, or of a listener where the flow's own is ephemeral.
func (l *Layer) listeningPort(f Flow) uint16 {
	for _, s := range l.bound {
		if s.Proto == f.Proto && s.Addr.Port() == f.Local.Port() {
			return s.Addr.Port()
		}
	}
	for _, s := range l.bound {
		if s.Proto == f.Proto && s.Addr.Addr().Is4() == f.Remote.Addr().Is4() {
			return s.Addr.Port()
		}
	}
	return f.Local.Port()
}

// Via returns a Via for a request sent on f: our shown address, rport, no branch yet.
func (l *Layer) Via(f Flow) *sipmsg.ViaHeader {
	a := l.Shown(f)
	return &sipmsg.ViaHeader{
		ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: f.Proto.Upper(),
		Host: a.Addr().String(), Port: int(a.Port()), // sipgo adds the brackets of IPv6 itself
		Params: sipmsg.HeaderParams{{K: "rport"}},
	}
}

// Contact returns the URI under which the far side of f reaches us; user may be empty.
func (l *Layer) Contact(f Flow, user string) sipmsg.Uri {
	a := l.Shown(f)
	host := a.Addr().String()
	if strings.Contains(host, ":") {
		host = "[" + host + "]" // in URIs sipgo keeps them
	}
	u := sipmsg.Uri{Scheme: "sip", User: user, Host: host, Port: int(a.Port())}
	if f.Proto != UDP {
		u.UriParams = sipmsg.HeaderParams{{K: "transport", V: string(f.Proto)}}
	}
	return u
}

// allowedDestination refuses what no single peer can be: broadcast, multicast, unspecified, port 0 (RFC 4475 bcast).
func allowedDestination(a netip.AddrPort) bool {
	ip := a.Addr()
	return a.Port() != 0 && ip.IsValid() && !ip.IsUnspecified() && !ip.IsMulticast() && ip != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}
