package transport

import (
	"errors"
	"net"
	"net/netip"
	"strings"
)

// udpSocket is one UDP listener: one reader goroutine, any number of writers.
type udpSocket struct {
	layer *Layer
	conn  *net.UDPConn
	local netip.AddrPort
	out   *outbox // owned by who sends for Layer.answers

	dropped uint32 // the kernel's counter at the last look: owned by runOverflow
}

// network picks udp4 or udp6, so that an IPv6 wildcard does not collide with an IPv4 one.
func network(p Proto, a netip.Addr) string {
	if a.Is4() {
		return string(p) + "4"
	}
	return string(p) + "6"
}

func (l *Layer) listenUDP(at netip.AddrPort) (*udpSocket, error) {
	c, err := net.ListenUDP(network(UDP, at.Addr()), net.UDPAddrFromAddrPort(at))
	if err != nil {
		return nil, err
	}
	granted, err := enlarge(c, l.limits.ReceiveBuffer)
	if err != nil {
		l.log.Warn("UDP receive buffer", "err", err)
	}
	if l.granted == 0 || granted < l.granted {
		l.granted = granted
	}
	a, _ := c.LocalAddr().(*net.UDPAddr)
	return &udpSocket{layer: l, conn: c, out: newOutbox(c), local: netip.AddrPortFrom(at.Addr(), uint16(a.Port))}, nil
}

// runUDP reads datagrams until the socket is closed.
func (u *udpSocket) runUDP() {
	defer u.layer.group.Done()
	in := newInbox(u.conn, u.layer.limits.Datagram+1)
	for {
		n, err := in.read()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		u.receiveAll(in, n)
	}
}

// receiveAll deals with a batch of datagrams. While they come in ones and tens, this goroutine handles them itself and answers
// them together: waking another thread for each costs more than the work. A full batch means that more wait in the socket
// than one core keeps up with; then they are spread over the shards, which know what to shed.
func (u *udpSocket) receiveAll(in *inbox, n int) {
	now, at := n < inboxBatch || inboxBatch == 1, u.layer.now()
	if now {
		u.layer.answers.begin()
		defer u.layer.answers.end()
	}
	for i := range n {
		text, from := in.datagram(i)
		u.receive(letter{flow: Flow{Proto: UDP, Local: u.local, Remote: from}, at: at}, text, now)
	}
}

// receive bounds one datagram and hands it, as the text of m, to its shard.
func (u *udpSocket) receive(m letter, raw []byte, now bool) {
	l := u.layer
	defer l.contain(m.flow)
	l.count.BytesIn.Add(uint64(len(raw)))
	from := m.flow.Remote
	switch {
	case len(raw) > l.limits.Datagram:
		l.count.TooLarge.Add(1)
		l.complain(m.flow, "datagram too large")
		return
	case isPing(raw):
		l.count.KeepAlive.Add(1) // RFC 5626 wants no pong over UDP
		return
	case len(raw) == 0 || !tokenChars[raw[0]] || !allowedDestination(from):
		l.count.NotSIP.Add(1)
		return
	}
	if l.verified != nil && !l.verified(from) {
		l.allowance.earn(from.Addr(), len(raw))
	}
	m.text = string(raw)
	l.deliver(m, now)
}

// isPing says whether a datagram or the front of a stream holds nothing but line ends and NULs, as keep-alives do.
func isPing(raw []byte) bool {
	return len(raw) > 0 && len(raw) <= 8 && strings.Trim(string(raw), "\r\n\x00") == ""
}

// maxDatagram is what a UDP datagram over IPv4 can hold.
const maxDatagram = 65_507

// write sends one datagram.
func (u *udpSocket) write(to netip.AddrPort, b []byte) error {
	_, err := u.conn.WriteToUDPAddrPort(b, to)
	return err
}

// writeAll sends some answers by one system call and says how many could not be sent.
func (u *udpSocket) writeAll(text []byte, from int, parts []answerPart) (failed int) {
	return u.out.write(text, from, parts)
}
