package rtp

import (
	"errors"
	"net/netip"
	"time"

	"ringway/codecs"
	"ringway/rtp/sdp"
)

// Errors of the engine.
var (
	// ErrNoPorts means that the configured range has no free port pair: the call is refused with 503.
	ErrNoPorts = errors.New("rtp: no free port")
	// ErrClosed means that the engine or the session is closed.
	ErrClosed = errors.New("rtp: closed")
	// ErrBusy means that a session has too many commands or digits waiting.
	ErrBusy = errors.New("rtp: too many commands waiting")
	// ErrLocal means that the asked local address is none of Options.Bind, or that none is of the family that the leg needs.
	ErrLocal = errors.New("rtp: not a local address of this engine")
	// ErrAddressTaken means that another leg on the same local port already speaks with this remote address: two calls of
	// one far end share one RTP port, and only a new local port, so a new offer, could tell them apart.
	ErrAddressTaken = errors.New("rtp: remote address is in use on this port")
	// ErrCodec means that a codec is unknown to Options.Codecs or that two codecs have no common rate.
	ErrCodec = errors.New("rtp: no way between these codecs")
	// ErrDigit means that the leg agreed on no telephone-event, or that the rune is no DTMF digit.
	ErrDigit = errors.New("rtp: digit cannot be sent")
)

// Direction is which way media flows, seen from us (RFC 3264 §5.1); the zero value is both ways.
type Direction = sdp.Direction

// Params are what an offer and its answer agreed on for one leg. A value is immutable once applied.
type Params struct {
	Remote     netip.AddrPort // where they want RTP; invalid or port 0: we send nothing before we heard them
	RemoteRTCP netip.AddrPort // where they want RTCP; invalid: RTP port + 1, or the RTP port with Mux
	Mux        bool           // RTCP shares the RTP port (RFC 5761)

	Codec      codecs.Format // Fmtp is what they asked for in theirs
	SendPT     uint8         // payload type that they gave the codec
	RecvPT     uint8         // payload type that we gave it
	DTMFSendPT uint8         // telephone-event as they number it; 0: none agreed
	DTMFRecvPT uint8         // telephone-event as we number it; 0: none agreed
	DTMFClock  int           // clock of telephone-event in Hz; 0: the codec's

	PTime     time.Duration // length of the packets they want; 0: 20 ms
	Direction Direction     // ours
	Answered  bool          // the call is answered: opens the second in which a source at an unexpected address may speak
}

// ptime is the packet length in force.
func (p *Params) ptime() time.Duration {
	switch d := p.PTime.Round(10 * time.Millisecond); {
	case d <= 0:
		return 20 * time.Millisecond
	case d > 60*time.Millisecond:
		return 60 * time.Millisecond
	case d == 50*time.Millisecond:
		return 40 * time.Millisecond
	default:
		return d
	}
}

// eventClock is the clock of telephone-event in Hz.
func (p *Params) eventClock() int {
	if p.DTMFClock > 0 {
		return p.DTMFClock
	}
	return max(p.Codec.ClockRate, 1)
}

// rtcp is where RTCP goes.
func (p *Params) rtcp() netip.AddrPort {
	switch {
	case p.Mux:
		return p.Remote
	case p.RemoteRTCP.IsValid():
		return p.RemoteRTCP
	case p.Remote.IsValid() && p.Remote.Port() > 0 && p.Remote.Port() < 65535:
		return netip.AddrPortFrom(p.Remote.Addr(), p.Remote.Port()+1)
	}
	return netip.AddrPort{}
}

// FromAgreed takes over what an exchange of descriptions settled. answered says that the call is.
func FromAgreed(a sdp.Agreed, answered bool) Params {
	p := Params{Remote: a.Remote, RemoteRTCP: a.RemoteRTCP, Mux: a.RTCPMux, Codec: a.Codec, SendPT: a.SendPT, RecvPT: a.RecvPT,
		PTime: a.PTime, Direction: a.Direction, Answered: answered}
	if a.DTMF.Clock > 0 {
		p.DTMFSendPT, p.DTMFRecvPT, p.DTMFClock = a.DTMF.SendPT, a.DTMF.RecvPT, a.DTMF.Clock
	}
	return p
}
