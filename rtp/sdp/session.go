// Package sdp reads and writes session descriptions (RFC 8866) and carries out the offer/answer exchange (RFC 3264, 6337)
// as pure functions. It is tolerant about what phones really send (missing s= or t= lines, bare LF, odd spaces, T.38 media,
// lower-case names) and strict about what could hurt: numbers, sizes, counts.
package sdp

import (
	"net/netip"
	"strings"
	"time"

	"ringway/codecs"
)

// Hard limits of a description that we are willing to read.
const (
	MaxMedia      = 8         // m= lines
	MaxFormats    = 64        // formats in one m= line
	MaxCandidates = 64        // ICE candidates of one m= line
	MaxSize       = 64 * 1024 // bytes in all
)

// Session is one description.
//
//	v=0
//	o=- 7 1 IN IP4 192.0.2.1       Origin
//	s=-                            Name
//	c=IN IP4 192.0.2.1             Connection
//	t=0 0
//	a=ice-lite                     Attributes
//	m=audio 30000 RTP/AVP 0 101    Media[0] …
//	a=rtpmap:101 telephone-event/8000
//	a=sendrecv
type Session struct {
	Origin     Origin
	Name       string
	Connection Address     // the session's c= line; each Media holds the one that applies to it
	Attributes []Attribute // a= lines before the first m= line, but for direction and ptime, which Media inherit
	Media      []Media
}

// Origin is the o= line. Version grows by one with each change of a description in one dialog (RFC 3264 §8).
type Origin struct {
	User    string // "-" when empty
	ID      uint64
	Version uint64
	Address Address
}

// Address is what a c= or o= line names: an IP address, or a host name (then Addr is invalid).
type Address struct {
	Addr netip.Addr
	Host string // only when it was no IP address
}

// Attribute is one a= line that has no field of its own: "a=key" or "a=key:value".
type Attribute struct {
	Key, Value string
}

// Media is one m= line with what follows it.
type Media struct {
	Line       int    // where its m= line stood, from 1; 0 when it was made here
	Kind       string // "audio", "video", "image", …
	Port       int    // 0 is rejected, or disabled
	Proto      string // "RTP/AVP", "RTP/SAVP", "udptl", …
	Formats    []codecs.Format
	Tokens     []string      // formats of an m= line that is no RTP ("t38", "*"), as they came
	Connection Address       // its own c= line, else the session's
	Direction  Direction     // its own, else the session's, else SendRecv
	PTime      time.Duration // a=ptime; 0 when absent
	MaxPTime   time.Duration // a=maxptime; 0 when absent
	RTCP       netip.AddrPort
	RTCPMux    bool
	Attributes []Attribute // all other a= lines in their order
}

// Attribute returns the value of the first attribute with this key (compared without case) of media i, else the session's.
func (s *Session) Attribute(i int, key string) (string, bool) {
	if i >= 0 && i < len(s.Media) {
		if v, ok := lookup(s.Media[i].Attributes, key); ok {
			return v, true
		}
	}
	return lookup(s.Attributes, key)
}

func lookup(list []Attribute, key string) (string, bool) {
	for _, a := range list {
		if strings.EqualFold(a.Key, key) {
			return a.Value, true
		}
	}
	return "", false
}

// Held says that the describing side asked by address not to be sent anything: c=0.0.0.0 or [::] (RFC 2543 hold).
func (m *Media) Held() bool { return m.Connection.Addr.IsValid() && m.Connection.Addr.IsUnspecified() }

// Remote is where this media wants to be sent to; the address is invalid when it is held or a host name.
func (m *Media) Remote() netip.AddrPort {
	a := m.Connection.Addr.Unmap()
	if !a.IsValid() || a.IsUnspecified() || m.Port == 0 {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(a, uint16(m.Port))
}

// RemoteRTCP is where control packets go: the same port with rtcp-mux, else a=rtcp, else the next port (RFC 3605).
// mux says that both sides agreed on rtcp-mux.
func (m *Media) RemoteRTCP(mux bool) netip.AddrPort {
	to := m.Remote()
	switch {
	case !to.IsValid() || mux:
		return to
	case m.RTCP.Port() != 0:
		if m.RTCP.Addr().IsValid() {
			return m.RTCP
		}
		return netip.AddrPortFrom(to.Addr(), m.RTCP.Port())
	case to.Port() == 65535:
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(to.Addr(), to.Port()+1)
}

// String is the address as a c= line has it, without "IN IP4 ".
func (a Address) String() string {
	if a.Addr.IsValid() {
		return a.Addr.String()
	}
	return a.Host
}

// IsZero says that there was no line.
func (a Address) IsZero() bool { return !a.Addr.IsValid() && a.Host == "" }
