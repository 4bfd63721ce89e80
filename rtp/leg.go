package rtp

import (
	"time"

	"ringway/rtp/dtmf"
	"ringway/rtp/stats"
)

// This file is what a leg does on its loop: all of it runs there and nowhere else.

// packet is a received packet on its way to the peer's sender. buf[off:end] is the payload; what stands before it may be
// overwritten, and there is always room for a header of ours.
type packet struct {
	buf      []byte
	off, end int
	seq      uint16
	ts, ssrc uint32
	marker   bool
	event    bool // a telephone event
}

func (p *packet) payload() []byte { return p.buf[p.off:p.end] }

// receive takes a datagram that came to the RTP port from a source that may be this leg's.
func (s *Session) receive(d *datagram) {
	b := d.buf
	if len(b) < headerSize || b[0]>>6 != 2 {
		s.dropped++
		return
	}
	if b[1] >= 192 && b[1] <= 223 { // RTCP on the RTP port (RFC 5761 §4)
		s.muxed(d)
		return
	}
	h := &s.loop.header
	n, err := h.Unmarshal(b)
	if err != nil {
		s.dropped++
		return
	}
	end := len(b)
	if h.Padding {
		end -= int(b[end-1])
	}
	if end <= n {
		s.dropped++
		return
	}
	now := s.loop.now
	if s.source.settle(now) {
		s.locked()
	}
	switch s.source.hear(now, d.from, h.SSRC, h.SequenceNumber) {
	case refused:
		s.refused++
		return
	case moved:
		s.moved()
	}
	p := s.params
	if p == nil {
		s.dropped++ // before our answer said how to read it
		return
	}
	pk := &s.loop.packet
	*pk = packet{buf: b, off: n, end: end, seq: h.SequenceNumber, ts: h.Timestamp, ssrc: h.SSRC, marker: h.Marker}
	switch pt := h.PayloadType; {
	case pt == p.RecvPT:
		if !s.rx.Receive(now, h.SSRC, h.SequenceNumber, h.Timestamp, end-n) {
			s.dropped++
			return
		}
	case pt == p.DTMFRecvPT && pt != 0:
		pk.event = true
		if !s.rx.Event(h.SSRC, h.SequenceNumber, end-n) {
			s.dropped++
			return
		}
		s.key(pk)
	default:
		s.dropped++
		return
	}
	s.heardAt, s.silent = now, false
	s.forward(pk)
}

// forward hands a packet to the peer.
func (s *Session) forward(pk *packet) {
	r := s.out
	if r == nil || !s.params.Direction.Receives() {
		return
	}
	if s.tap != nil {
		s.tap.hear(s.loop.now, pk, s.params)
	}
	if r.to.loop == s.loop {
		s.loop.current = r.to
		r.to.take(r, pk)
		return
	}
	r.to.loop.cross(s.loop, r, pk)
}

// muxed takes RTCP that came to the RTP port.
func (s *Session) muxed(d *datagram) {
	h, ok := stats.Parse(d.buf)
	if !ok || d.from != s.source.heard && d.from != s.source.expected {
		s.dropped++
		return
	}
	s.heardReport(&h)
}

// moved follows the source to a new place.
func (s *Session) moved() {
	first := s.rx.Packets == 0
	if !s.port.claim(s.source.heard, s) {
		s.dropped++
	}
	at := s.source.heard.addrPort()
	s.target = s.targetAt(at)
	s.reportFrom(s.reportPlace(at))
	if s.source.state == locked {
		s.locked()
	}
	if first {
		s.tell(Event{Kind: FirstPacket, Remote: at.String()})
	}
}

// locked gives up every address but the source; a stranger's leg keeps those of its betters.
func (s *Session) locked() {
	if s.source.trust != stranger {
		s.port.forget(s)
		if s.source.expected != s.source.heard {
			s.port.drop(s.source.expected, s)
		}
	}
	s.tell(Event{Kind: MediaLocked, Remote: s.source.heard.addrPort().String()})
}

// apply puts parameters in force.
func (s *Session) apply(p *Params) error {
	if s.over {
		return ErrClosed
	}
	s.loop.current = s
	now, old := s.loop.now, s.params
	if e := endpointOf(p.Remote); e != s.source.expected {
		if !s.port.claim(e, s) {
			return ErrAddressTaken
		}
		if was := s.source.expected; was != s.source.heard {
			s.port.drop(was, s)
		}
		s.source.expected = e
		if s.source.state != unheard {
			s.relearn()
		}
		if s.source.heard != e {
			s.target = nil
		}
	}
	s.params = p
	if s.target == nil {
		s.target = s.targetAt(p.Remote)
		s.reportFrom(endpointOf(p.rtcp()))
	}
	if p.Answered {
		s.answered(now)
	}
	s.rx.Clock(p.Codec.ClockRate)
	if s.tx.clock != p.Codec.ClockRate {
		s.tx.clock = max(p.Codec.ClockRate, 1)
		s.tx.detach()
	}
	if old == nil || old.eventClock() != p.eventClock() {
		s.keys.receiver = dtmf.NewReceiver(p.eventClock())
	}
	s.player.retune(s)
	return nil
}

func (s *Session) answered(now time.Duration) {
	if !s.source.open {
		s.heardAt = max(s.heardAt, now)
		s.source.answer(now)
		s.port.guest(s)
	}
}

func (s *Session) relearn() {
	s.source.relearn(s.loop.now)
	s.port.learn(s)
	s.port.claim(s.source.expected, s)
	if s.source.open {
		s.port.guest(s)
	}
}

// key turns a telephone event into digits.
func (s *Session) key(pk *packet) {
	e, err := dtmf.Parse(pk.payload())
	if err != nil {
		return
	}
	before, this := s.keys.receiver.Receive(s.loop.now, pk.ts, e)
	s.pressed(before)
	s.pressed(this)
	if s.keys.receiver.Active() {
		s.loop.wheel.after(&s.keys.timer, ticks(dtmf.Lost)+1)
	} else {
		s.loop.wheel.stop(&s.keys.timer)
	}
}

// keyLost tells a digit whose end packets never came.
func (s *Session) keyLost() {
	s.pressed(s.keys.receiver.Expire(s.loop.now))
	if s.keys.receiver.Active() {
		s.loop.wheel.after(&s.keys.timer, 1)
	}
}

func (s *Session) pressed(d dtmf.Digit) {
	if d.Rune != 0 {
		s.tell(Event{Kind: Digit, Digit: d.Rune, Duration: d.Duration})
	}
}

// sweep is what a leg does once a second.
func (s *Session) sweep() {
	now := s.loop.now
	if s.source.settle(now) {
		s.locked()
	}
	if s.source.state == unheard {
		s.port.learn(s)
	}
	if s.params == nil {
		return
	}
	if !s.silent && s.source.open && now-s.heardAt >= s.e.o.Silence {
		s.silent = true
		s.tell(Event{Kind: Silent})
	}
	if now >= s.reporter.next {
		s.sendReport(false)
	}
}

// end takes the leg off its loop, whatever fails on the way. Safe to call twice.
func (s *Session) end() {
	if s.over {
		return
	}
	s.loop.current = s
	s.over = true
	s.released.Store(true)
	defer s.gone()
	if s.params != nil && s.sent > 0 {
		s.sendReport(true)
	}
	s.pressed(s.keys.receiver.Flush())
	s.player.stop(s, PlayStopped)
	s.final = s.stats()
	s.route(nil, nil)
}

// gone gives back what the loop keeps for the leg.
func (s *Session) gone() {
	for _, t := range []*timer{&s.player.timer, &s.dialer.timer, &s.keys.timer} {
		s.loop.wheel.stop(t)
	}
	s.loop.remove(s)
	s.e.leases.Add(-1)
	close(s.done)
}

// send queues a packet with a payload of n bytes towards the leg.
func (s *Session) send(b []byte, n int) {
	s.port.rtp.send(b, s.target)
	s.tx.count(n)
	s.sent++
	s.bytes += uint64(n)
}

// open tells whether packets may be sent to the leg.
func (s *Session) open() bool {
	return s.target != nil && s.params != nil && s.params.Direction.Sends()
}
