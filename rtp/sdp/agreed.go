package sdp

import (
	"net/netip"
	"time"

	"ringway/codecs"
)

// Agreed is what one exchange settled for the one audio stream of a leg, seen from us.
type Agreed struct {
	Media      int            // index of its m= line
	Remote     netip.AddrPort // where we send; invalid while the far end is on hold by address, or named a host
	RemoteRTCP netip.AddrPort // where control packets go; equal to Remote with RTCPMux
	RTCPMux    bool
	Codec      codecs.Format   // the codec in use as our Set names it; Fmtp is what the far end asked for; PayloadType is SendPT
	SendPT     uint8           // payload type of packets that we send
	RecvPT     uint8           // payload type of packets that we receive
	Also       []codecs.Format // further codecs that the far end may switch to, with the payload types we would receive
	DTMF       Event           // telephone-event (RFC 4733); Clock 0 when there is none
	PTime      time.Duration   // length of the packets that we send: a multiple of 10 ms that the codec allows
	MaxPTime   time.Duration   // most that the far end takes; 0 when it did not say
	Direction  Direction       // ours, after mirroring
	Held       bool            // the far end put us on hold: it wants no media from us
}

// Event is telephone-event as agreed.
type Event struct {
	SendPT, RecvPT uint8
	Clock          int // Hz: 8000 or 48000; 0 means no telephone-event
}

// OfferOptions say what to offer.
type OfferOptions struct {
	Local     netip.AddrPort // our RTP address: o=, c= and the port of m=audio
	RTCPPort  uint16         // our RTCP port; 0 means the next one after Local, which needs no line
	Codecs    *codecs.Set    // in the order of preference
	Prefer    string         // encoding name to put first, as on leg B the codec of leg A; "" keeps the order
	PTime     time.Duration  // 0 is 20 ms
	Direction Direction      // SendOnly puts the far end on hold
	NoDTMF    bool           // leave telephone-event out
	RTCPMux   bool           // offer rtcp-mux
	ID        uint64         // session id of a first offer; 0 is 1
	Previous  *Session       // what we sent last in this dialog: keeps id, payload types and the number of m= lines
}

// AnswerOptions say how to answer.
type AnswerOptions struct {
	Local     netip.AddrPort // our RTP address
	RTCPPort  uint16         // our RTCP port where there is no rtcp-mux; 0 means the next one after Local
	Codecs    *codecs.Set    // what we can speak; the offer's order decides
	Prefer    string         // encoding name that wins if it is offered: the other leg's, or the one in use
	PTime     time.Duration  // 0 takes the offer's, or 20 ms
	Direction Direction      // what we want; the answer also mirrors the offer
	NoDTMF    bool
	NoRTCPMux bool     // refuse rtcp-mux where it is offered
	ID        uint64   // session id of a first answer; 0 is 1
	Previous  *Session // what we sent last in this dialog
}
