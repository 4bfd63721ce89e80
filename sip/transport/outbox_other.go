//go:build !linux || !(amd64 || arm64)

package transport

import "net"

// outbox writes one datagram at a time where sendmmsg is not at hand.
type outbox struct{ conn *net.UDPConn }

func newOutbox(c *net.UDPConn) *outbox { return &outbox{c} }

// write sends the parts of text, the first of which begins at from, and says how many could not be sent.
func (o *outbox) write(text []byte, from int, parts []answerPart) (failed int) {
	for _, p := range parts {
		if _, err := o.conn.WriteToUDPAddrPort(text[from:p.end], p.to); err != nil {
			failed++
		}
		from = p.end
	}
	return failed
}
