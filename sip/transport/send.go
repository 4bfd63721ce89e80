package transport

import (
	"net/netip"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Send serialises and sends one message. A response goes where ReplyFlow says.
func (l *Layer) Send(f Flow, msg sipmsg.Message) error {
	b, err := Marshal(msg)
	if err != nil {
		return err
	}
	if _, ok := msg.(*sipmsg.Response); ok {
		f = ReplyFlow(f, msg.Via())
	}
	return l.Write(f, b)
}

// Write sends serialised bytes (see Marshal) to f.Remote, a response perhaps a moment later together with others; then no
// error of its socket is returned. The slice is not kept.
func (l *Layer) Write(f Flow, b []byte) error {
	if l.tap != nil { // before, so that no trace shows an answer above its question
		text := string(b)
		l.tap(Trace{At: l.now(), Flow: f, CallID: peek(text).callID, Text: text})
	}
	later, err := l.write(f, b)
	switch {
	case err != nil:
		l.count.SendErrors.Add(1)
	case !later:
		l.sent(1, len(b))
	}
	return err
}

func (l *Layer) sent(messages, bytes int) {
	l.count.Sent.Add(uint64(messages))
	l.count.BytesOut.Add(uint64(bytes))
}

// write sends, or leaves it to answers to do so and count it later.
func (l *Layer) write(f Flow, b []byte) (later bool, err error) {
	if f.Proto != UDP {
		c := l.conns.find(f.Conn)
		if c == nil {
			return false, ErrNoFlow
		}
		return false, c.write(b)
	}
	return l.writeUDP(f, b)
}

func (l *Layer) writeUDP(f Flow, b []byte) (later bool, err error) {
	if !allowedDestination(f.Remote) {
		return false, ErrForbidden
	}
	u := l.udpOf(f.Local, f.Remote.Addr())
	if u == nil {
		return false, ErrNoListener
	}
	if len(b) > maxDatagram {
		return false, ErrTooLarge
	}
	response := len(b) > 8 && string(b[:8]) == "SIP/2.0 "
	if response && l.verified != nil && !l.verified(f.Remote) && !l.allowance.spend(f.Remote.Addr(), len(b)) {
		l.count.Amplification.Add(1)
		return false, ErrAmplifies
	}
	if response && l.answers.take(u, f.Remote, b) {
		return true, nil
	}
	return false, u.write(f.Remote, b)
}

// udpOf finds the socket with that local address, or one of the right family.
func (l *Layer) udpOf(local netip.AddrPort, to netip.Addr) *udpSocket {
	for _, u := range l.udp {
		if u.local == local {
			return u
		}
	}
	return l.udpFor(to)
}

func (l *Layer) udpFor(to netip.Addr) *udpSocket {
	for _, u := range l.udp {
		if u.local.Addr().Is4() == to.Is4() {
			return u
		}
	}
	return nil
}
