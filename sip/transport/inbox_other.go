//go:build !linux || !(amd64 || arm64)

package transport

import (
	"net"
	"net/netip"
)

// inboxBatch is how many datagrams one read may bring.
const inboxBatch = 1

// inbox reads one datagram at a time where recvmmsg is not at hand.
type inbox struct {
	conn *net.UDPConn
	buf  []byte
	n    int
	from netip.AddrPort
}

func newInbox(c *net.UDPConn, size int) *inbox { return &inbox{conn: c, buf: make([]byte, size)} }

// read waits for a datagram and returns how many came.
func (in *inbox) read() (int, error) {
	n, from, err := in.conn.ReadFromUDPAddrPort(in.buf)
	if err != nil {
		return 0, err
	}
	in.n, in.from = n, netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	return 1, nil
}

// datagram returns the bytes and source of the i-th; valid until the next read.
func (in *inbox) datagram(int) ([]byte, netip.AddrPort) { return in.buf[:in.n], in.from }
