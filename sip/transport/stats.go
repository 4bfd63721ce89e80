package transport

import "sync/atomic"

// counters grow since Open.
type counters struct {
	BytesIn, BytesOut                     atomic.Uint64
	Requests, Responses, Sent             atomic.Uint64
	Malformed, Refused, Silent, NotSIP    atomic.Uint64
	TooLarge, Overload, Panics, KeepAlive atomic.Uint64
	SendErrors, Amplification, Overflow   atomic.Uint64
	Accepted, Rejected, Closed            atomic.Uint64
}

// Stats are the counters since Open, and the connections open now.
type Stats struct {
	BytesIn, BytesOut uint64
	Requests          uint64 // valid, handed to the Handler
	Responses         uint64 // valid, handed to the Handler
	Sent              uint64 // messages, stateless refusals included
	Malformed         uint64 // failed validation
	Refused           uint64 // answered statelessly (400, 416, 503, 505)
	Silent            uint64 // refused without a word
	NotSIP            uint64 // noise on the port
	TooLarge          uint64 // above Limits.Datagram or Limits.Stream
	Overload          uint64 // shed: mailbox full, or waited too long
	Panics            uint64
	KeepAlive         uint64 // CRLF pings
	SendErrors        uint64
	Amplification     uint64 // answers withheld from unverified sources
	Accepted          uint64 // connections
	Rejected          uint64 // connections above a cap
	Closed            uint64 // connections
	Overflow          uint64 // datagrams the kernel dropped because a receive buffer was full, looked at once a second
	Connections       int    // open now
	ReceiveBuffer     int    // bytes granted for the smallest UDP socket, 0 when unknown
}

// Stats returns the counters since Open.
func (l *Layer) Stats() Stats {
	c := &l.count
	return Stats{
		BytesIn: c.BytesIn.Load(), BytesOut: c.BytesOut.Load(),
		Requests: c.Requests.Load(), Responses: c.Responses.Load(), Sent: c.Sent.Load(),
		Malformed: c.Malformed.Load(), Refused: c.Refused.Load(), Silent: c.Silent.Load(), NotSIP: c.NotSIP.Load(),
		TooLarge: c.TooLarge.Load(), Overload: c.Overload.Load(), Panics: c.Panics.Load(), KeepAlive: c.KeepAlive.Load(),
		SendErrors: c.SendErrors.Load(), Amplification: c.Amplification.Load(), Overflow: c.Overflow.Load(),
		Accepted: c.Accepted.Load(), Rejected: c.Rejected.Load(), Closed: c.Closed.Load(),
		Connections: l.conns.size(), ReceiveBuffer: l.granted,
	}
}
