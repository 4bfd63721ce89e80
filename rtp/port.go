package rtp

import (
	"errors"
	"maps"
	"net/netip"
	"syscall"
	"time"

	"ringway/rtp/stats"
)

// port is one RTP and RTCP pair that several legs share. A datagram belongs to the leg that its source address names:
//
//	(port, address)       legs      the place in their session description, and the place they were heard from
//	(port, host)          learners  a leg that does not know its source yet; at most one per host
//	neither               guests    a stranger, if exactly one leg is in the second after its answer; else nobody
//
// It is owned by its loop.
type port struct {
	loop  *loop
	local netip.AddrPort
	rtp   socket
	rtcp  socket
	keep  bool // stays open without legs
	alone bool // for one leg only

	sessions int
	legs     map[endpoint]*Session
	learners map[host]*Session
	hosts    map[host]int          // entries of legs by host
	reports  map[endpoint]*Session // where RTCP comes from
	ssrcs    map[uint32]*Session   // our own streams, which RTCP names
	guests   []*Session
	fading   map[endpoint]time.Duration // sources of legs that left, until when nobody learns them
	strays   uint64
	overflow uint64 // the kernel's drops that were logged
}

// rtcpSide receives the RTCP of a port.
type rtcpSide port

// openPort opens a pair. One that is kept will have many legs and gets long queues; others have one or a few.
func (l *loop) openPort(local netip.Addr, keep bool) (*port, error) {
	p := &port{loop: l, alone: l.e.o.SocketPerLeg, keep: keep, legs: map[endpoint]*Session{}, learners: map[host]*Session{}, hosts: map[host]int{},
		reports: map[endpoint]*Session{}, ssrcs: map[uint32]*Session{}, fading: map[endpoint]time.Duration{}}
	err := l.e.ports.take(local, func(at netip.AddrPort) (bool, error) {
		var err error
		if p.rtp, err = l.poller.open(at, p, keep); err != nil {
			return errors.Is(err, syscall.EADDRINUSE), err
		}
		if p.rtcp, err = l.poller.open(netip.AddrPortFrom(local, at.Port()+1), (*rtcpSide)(p), false); err != nil {
			p.rtp.close()
			return errors.Is(err, syscall.EADDRINUSE), err
		}
		p.local = at
		return false, nil
	})
	if err != nil {
		return nil, err
	}
	l.ports = append(l.ports, p)
	return p, nil
}

// fits tells whether a leg can have an endpoint on this port and never be mistaken for another. One whose far address is
// not known yet, because the offer is ours, must be alone with its host: the far end may use one port for all its calls.
func (p *port) fits(o *LeaseOptions) bool {
	if p.alone {
		return false
	}
	sip, expected := hostOf(o.Signalled), endpointOf(o.Expected)
	if sip != (host{}) && p.learners[sip] != nil {
		return false
	}
	if !expected.valid() {
		return p.hosts[sip] == 0 && (sip != host{} || p.sessions == 0)
	}
	if p.legs[expected] != nil {
		return false
	}
	other := p.learners[expected.host()]
	return other == nil || other.source.expected.valid()
}

// enter puts a leg on the port.
func (p *port) enter(s *Session) {
	p.sessions++
	p.ssrcs[s.tx.ssrc] = s
	p.learn(s)
	p.claim(s.source.expected, s)
}

// learn lets a leg search among the ports of its host, unless another does already.
func (p *port) learn(s *Session) {
	if h := s.source.sip; h != (host{}) && p.learners[h] == nil {
		p.learners[h] = s
	}
}

// leave takes a leg off the port.
func (p *port) leave(s *Session) {
	p.sessions--
	delete(p.ssrcs, s.tx.ssrc)
	p.drop(s.source.expected, s)
	p.drop(s.source.heard, s)
	p.fade(s.source.heard)
	p.forget(s)
	if p.reports[s.reportsFrom] == s {
		delete(p.reports, s.reportsFrom)
	}
}

// A phone speaks on for a moment after its call: until it heard of the end. What it says then must not be taken for the next
// leg's that searches here. It is short, since a phone behind a NAT may use the same port for its next call.
const (
	fadingTime = time.Second
	maxFading  = 1024
)

// fade remembers the source of a leg that left.
func (p *port) fade(e endpoint) {
	if !e.valid() {
		return
	}
	if len(p.fading) >= maxFading {
		maps.DeleteFunc(p.fading, func(_ endpoint, until time.Duration) bool { return until <= p.loop.now })
	}
	if len(p.fading) < maxFading {
		p.fading[e] = p.loop.now + fadingTime
	}
}

// faded tells whether a source may be learned, as far as legs that left are concerned.
func (p *port) faded(e endpoint) bool {
	until, ok := p.fading[e]
	if ok && until <= p.loop.now {
		delete(p.fading, e)
		ok = false
	}
	return !ok
}

// forget ends a leg's search: its host is free for the next learner.
func (p *port) forget(s *Session) {
	if p.learners[s.source.sip] == s {
		delete(p.learners, s.source.sip)
	}
	for i, g := range p.guests {
		if g == s {
			p.guests = append(p.guests[:i], p.guests[i+1:]...)
			return
		}
	}
}

// claim makes an address a leg's own; false when it is another's.
func (p *port) claim(e endpoint, s *Session) bool {
	if !e.valid() {
		return true
	}
	switch p.legs[e] {
	case nil:
		p.legs[e] = s
		p.hosts[e.host()]++
		return true
	case s:
		return true
	}
	return false
}

func (p *port) drop(e endpoint, s *Session) {
	if e.valid() && p.legs[e] == s {
		delete(p.legs, e)
		if p.hosts[e.host()]--; p.hosts[e.host()] <= 0 {
			delete(p.hosts, e.host())
		}
	}
}

// guest opens the port to strangers for a leg.
func (p *port) guest(s *Session) {
	for _, g := range p.guests {
		if g == s {
			return
		}
	}
	p.guests = append(p.guests, s)
}

func (p *port) receive(batch []datagram) {
	for i := 0; i < len(batch); {
		i = p.some(batch, i)
	}
}

// some takes datagrams from i on until one of them panics, and returns the next. A panic costs the session it was for.
func (p *port) some(batch []datagram, i int) (next int) {
	defer func() {
		if v := recover(); v != nil {
			p.loop.fail(v)
			next++
		}
	}()
	for next = i; next < len(batch); next++ {
		d := &batch[next]
		s := p.legs[d.from]
		if s == nil {
			if s = p.unknown(d.from); s == nil {
				p.strays++
				continue
			}
		}
		p.loop.current = s
		s.receive(d)
	}
	return next
}

// unknown finds the leg that a source nobody knows may speak for.
func (p *port) unknown(from endpoint) *Session {
	if !p.faded(from) {
		return nil
	}
	if s := p.learners[from.host()]; s != nil {
		return s
	}
	for i := 0; i < len(p.guests); {
		if p.guests[i].source.strange(p.loop.now) {
			i++
			continue
		}
		p.guests = append(p.guests[:i], p.guests[i+1:]...)
	}
	if len(p.guests) == 1 {
		return p.guests[0]
	}
	return nil
}

func (r *rtcpSide) receive(batch []datagram) {
	p := (*port)(r)
	for i := range batch {
		p.report(&batch[i])
	}
}

// report finds the leg of an RTCP packet by its address, else by our SSRC in its report blocks: NATs give RTCP any port.
func (p *port) report(d *datagram) {
	defer func() {
		if v := recover(); v != nil {
			p.loop.fail(v)
		}
	}()
	p.loop.current = nil
	h, ok := stats.Parse(d.buf)
	if !ok {
		p.strays++
		return
	}
	s := p.reports[d.from]
	for i := 0; s == nil && i < h.Count; i++ {
		if t := p.ssrcs[h.Blocks[i].SSRC]; t != nil && t.source.heard.host() == d.from.host() {
			s = t
			s.reportFrom(d.from)
		}
	}
	if s == nil {
		p.strays++
		return
	}
	p.loop.current = s
	s.heardReport(&h)
}

func (p *port) close() {
	p.rtp.close()
	p.rtcp.close()
	p.loop.e.ports.give(p.local)
}
