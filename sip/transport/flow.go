package transport

import (
	"errors"
	"fmt"
	"net/netip"
)

// Proto is a transport protocol in lower case.
type Proto string

// The protocols of this package.
const (
	UDP Proto = "udp"
	TCP Proto = "tcp"
)

// Upper returns the name as the Via header writes it: "UDP".
func (p Proto) Upper() string {
	switch p {
	case UDP:
		return "UDP"
	case TCP:
		return "TCP"
	}
	return string(p)
}

// Errors of sending and connecting. Callers compare with errors.Is.
var (
	ErrStopped     = errors.New("transport stopped")
	ErrPanic       = errors.New("closed after a fault of ours")
	ErrNoFlow      = errors.New("flow is gone")                                     // the connection of the flow was closed
	ErrNoListener  = errors.New("no listener for protocol and family")              // nothing bound could send there
	ErrForbidden   = errors.New("destination not allowed")                          // broadcast, multicast, unspecified, port 0
	ErrTooLarge    = errors.New("message too large")                                // more than 65,507 bytes for UDP, Limits.Stream for TCP
	ErrUnsafe      = errors.New("CR, LF or NUL inside a header value")              // header injection refused by the serialiser
	ErrSlowReader  = errors.New("peer reads too slowly")                            // the queue of a connection overflowed
	ErrAmplifies   = errors.New("answer exceeds the unverified source's allowance") // conformance §4
	ErrConnections = errors.New("too many connections")
)

// Flow is the path of one message: the socket and the far address. It is comparable, so it can be a map key, and is the way
// to answer: a response goes out on the flow of its request.
type Flow struct {
	Proto  Proto
	Local  netip.AddrPort // of our socket; the address is unspecified where the listener is
	Remote netip.AddrPort // IPv4-mapped addresses are unmapped
	Conn   uint64         // number of the connection; 0 for UDP
}

// Reliable says whether the protocol retransmits by itself, so that transactions need not (RFC 3261 §17).
func (f Flow) Reliable() bool { return f.Proto != UDP }

// String returns "udp 192.0.2.1:5060".
func (f Flow) String() string {
	if f.Conn != 0 {
		return fmt.Sprintf("%s %s #%d", f.Proto, f.Remote, f.Conn)
	}
	return fmt.Sprintf("%s %s", f.Proto, f.Remote)
}

// Reliable is Flow.Reliable as a function value, the shape that transaction.Options wants.
func Reliable(f Flow) bool { return f.Reliable() }
