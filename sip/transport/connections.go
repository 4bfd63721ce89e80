package transport

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"
)

// connections is the set of open stream connections, with its caps.
type connections struct {
	mu     sync.Mutex // guards what follows
	byID   map[uint64]*conn
	ours   map[netip.AddrPort]*conn // opened by us, by destination: only these are reused for new requests
	source map[netip.Prefix]int     // accepted, by IPv4 address or IPv6 /64
	taken  int                      // accepted in all
	lastID uint64
}

func newConnections() *connections {
	return &connections{byID: map[uint64]*conn{}, ours: map[netip.AddrPort]*conn{}, source: map[netip.Prefix]int{}}
}

// sourceOf is the unit in which sources are counted: a whole IPv4 address, an IPv6 /64.
func sourceOf(a netip.Addr) netip.Prefix {
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits)
	return p
}

// admit numbers and enters a connection; for an accepted one, the caps hold. victim, when not nil, is to be closed to make room.
func (s *connections) admit(c *conn, lim Limits, verified func(netip.AddrPort) bool) (victim *conn, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	src := sourceOf(c.flow.Remote.Addr())
	if !c.ours {
		if s.source[src] >= lim.PerSource {
			return nil, false
		}
		if s.taken >= lim.Connections {
			if victim = s.idlest(verified); victim == nil {
				return nil, false
			}
		}
		s.source[src]++
		s.taken++
	}
	s.lastID++
	c.flow.Conn = s.lastID
	s.byID[c.flow.Conn] = c
	if c.ours {
		s.ours[c.flow.Remote] = c
	}
	return victim, true
}

// idlest picks, among some accepted connections of unverified peers, the one longest without a byte.
func (s *connections) idlest(verified func(netip.AddrPort) bool) *conn {
	var found *conn
	looked := 0
	for _, c := range s.byID {
		if looked++; looked > 64 {
			break
		}
		if c.ours || verified != nil && verified(c.flow.Remote) {
			continue
		}
		if found == nil || c.last.Load() < found.last.Load() {
			found = c
		}
	}
	return found
}

func (s *connections) remove(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID[c.flow.Conn] != c {
		return
	}
	delete(s.byID, c.flow.Conn)
	if s.ours[c.flow.Remote] == c {
		delete(s.ours, c.flow.Remote)
	}
	if c.ours {
		return
	}
	s.taken--
	src := sourceOf(c.flow.Remote.Addr())
	if s.source[src]--; s.source[src] <= 0 {
		delete(s.source, src)
	}
}

func (s *connections) find(id uint64) *conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID[id]
}

func (s *connections) opened(to netip.AddrPort) *conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ours[to]
}

func (s *connections) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.byID)
}

func (s *connections) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.byID {
		c.net.Close()
	}
}

// runAccept takes connections until the listener is closed.
func (l *Layer) runAccept(ln *net.TCPListener, local netip.AddrPort) {
	defer l.group.Done()
	for {
		nc, err := ln.AcceptTCP()
		if err != nil {
			if !l.pause(10 * time.Millisecond) {
				return
			}
			if l.complaints.may(l.now(), netip.Addr{}) { // out of descriptors, or an aborted handshake: others may still come
				l.log.Warn("a connection could not be accepted", "local", local.String(), "err", err)
			}
			continue
		}
		l.accept(nc, local)
	}
}

func (l *Layer) accept(nc *net.TCPConn, local netip.AddrPort) {
	c := &conn{layer: l, net: nc, flow: Flow{Proto: TCP, Local: local, Remote: addrPort(nc.RemoteAddr())}}
	defer l.contain(c.flow)
	in := false
	defer func() {
		if !in {
			nc.Close()
		}
	}()
	if in = l.start(c); !in {
		l.count.Rejected.Add(1)
		l.complain(c.flow, "too many connections")
		return
	}
	l.count.Accepted.Add(1)
}

// start admits a connection and starts its reader.
func (l *Layer) start(c *conn) bool {
	c.last.Store(time.Now().UnixNano())
	victim, ok := l.conns.admit(c, l.limits, l.verified)
	if !ok {
		return false
	}
	if victim != nil {
		victim.hangUp(ErrConnections)
	}
	if !l.begin() {
		l.conns.remove(c)
		return false
	}
	go c.runConn()
	return true
}

// Connect returns a flow to an address: for UDP from a listener of its family, for TCP on a connection that we opened, now or
// earlier. Connections that peers opened are never reused for it: whoever connects from an address need not be the one who is
// meant there.
func (l *Layer) Connect(ctx context.Context, p Proto, to netip.AddrPort) (Flow, error) {
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	if !allowedDestination(to) {
		return Flow{}, ErrForbidden
	}
	if p == UDP {
		u := l.udpFor(to.Addr())
		if u == nil {
			return Flow{}, ErrNoListener
		}
		return Flow{Proto: UDP, Local: u.local, Remote: to}, nil
	}
	if p != TCP {
		return Flow{}, ErrNoListener
	}
	if c := l.conns.opened(to); c != nil {
		return c.flow, nil
	}
	d := net.Dialer{Timeout: l.limits.Write}
	nc, err := d.DialContext(ctx, network(TCP, to.Addr()), to.String())
	if err != nil {
		return Flow{}, fmt.Errorf("connect to %s: %w", to, err)
	}
	c := &conn{layer: l, net: nc, ours: true, flow: Flow{Proto: TCP, Local: addrPort(nc.LocalAddr()), Remote: to}}
	if !l.start(c) {
		nc.Close()
		return Flow{}, ErrStopped
	}
	return c.flow, nil
}
