package sdp

import (
	"bytes"
	"net/netip"
	"strings"
	"time"

	"ringway/codecs"
)

// newSession is the frame of a description of ours: the same o= id as before, or a new one.
func newSession(local netip.AddrPort, id uint64, previous *Session) *Session {
	at := Address{Addr: local.Addr().Unmap()}
	s := &Session{Name: "-", Connection: at, Origin: Origin{User: "-", ID: max(id, 1), Version: 1, Address: at}}
	if previous != nil {
		s.Origin.User, s.Origin.ID, s.Origin.Version = previous.Origin.User, previous.Origin.ID, previous.Origin.Version
		s.Origin.Address = previous.Origin.Address
	}
	return s
}

// renew raises the version by one if anything but the version differs from what we sent before (RFC 3264 §8).
func (s *Session) renew(previous *Session) {
	if previous == nil {
		return
	}
	if before := previous.Origin.Version; !bytes.Equal(s.Marshal(), previous.Marshal()) {
		s.Origin.Version = before + 1
	}
}

// Packet lengths that we send.
const (
	packetUnit    = 10 * time.Millisecond
	packetDefault = 20 * time.Millisecond
	packetMost    = 60 * time.Millisecond
)

// packetTime is the length of the packets to send: what was asked for, cut to what the codec packs and the far end takes.
// Opus knows 10, 20, 40 and 60 ms; the others any multiple of 10, of which 50 is not used by anybody.
func packetTime(f codecs.Format, want, most time.Duration) time.Duration {
	d := want
	if d <= 0 {
		d = packetDefault
	}
	d = min(d, packetMost)
	if most > 0 {
		d = min(d, most)
	}
	d = max(d-d%packetUnit, packetUnit)
	switch {
	case d == 5*packetUnit:
		return 4 * packetUnit
	case d == 3*packetUnit && strings.EqualFold(f.Name, "opus"):
		return packetDefault
	}
	return d
}

// event is our telephone-event format: the sixteen DTMF digits (RFC 4733 §3.2).
func event(pt uint8, clock int) codecs.Format {
	return codecs.Format{Name: telephoneEvent, PayloadType: pt, ClockRate: clock, Channels: 1, Fmtp: "0-15"}
}
