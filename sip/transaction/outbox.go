package transaction

import (
	"bytes"
	"sync"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transport"
)

// packet is a message as it was sent: its bytes when the table can write bytes, else the message.
type packet struct {
	raw []byte
	msg sipmsg.Message
}

func (p packet) empty() bool { return p.raw == nil && p.msg == nil }

// outbox collects, under a lock, what is to be done after it: messages to send and events to tell. So no lock is held while
// calling out.
type outbox struct {
	sends  []outgoing
	events []func()
}

// outgoing is one message to send; failed is told of an error.
type outgoing struct {
	flow   transport.Flow
	packet packet
	failed func(error)
}

func (o *outbox) send(f transport.Flow, p packet, failed func(error)) {
	o.sends = append(o.sends, outgoing{f, p, failed})
}

func (o *outbox) tell(fn func()) { o.events = append(o.events, fn) }

// flush sends and tells. The lock must not be held.
func (t *Table) flush(o *outbox) {
	for _, s := range o.sends {
		if err := t.transmit(s.flow, s.packet); err != nil && s.failed != nil {
			s.failed(err)
		}
	}
	for _, fn := range o.events {
		fn()
	}
}

func (t *Table) transmit(f transport.Flow, p packet) error {
	if p.raw != nil {
		return t.o.Write(f, p.raw)
	}
	return t.o.Send(f, p.msg)
}

// pack serialises when it can.
func (t *Table) pack(msg sipmsg.Message) (packet, error) {
	if t.o.Write == nil {
		return packet{msg: msg}, nil
	}
	raw, err := transport.Marshal(msg)
	return packet{raw: raw}, err
}

// text is room for a message that goes out once.
type text struct{ b []byte }

var texts = sync.Pool{New: func() any { return &text{b: make([]byte, 0, 1024)} }}

// packInto is pack with the bytes in room: whoever keeps the packet calls own.
func (t *Table) packInto(room *text, msg sipmsg.Message) (packet, error) {
	if t.o.Write == nil {
		return packet{msg: msg}, nil
	}
	var err error
	room.b, err = transport.AppendMessage(room.b[:0], msg)
	return packet{raw: room.b}, err
}

// own returns a packet with bytes of its own.
func (p packet) own() packet { return packet{raw: bytes.Clone(p.raw), msg: p.msg} }

// keeps says whether the final answer to a request is kept as bytes only: not to INVITE, which waits for its ACK, and not on
// streams, where nothing is repeated.
func (t *Table) keeps(invite bool, f transport.Flow) bool {
	return !invite && t.o.Write != nil && f.Proto == transport.UDP && !t.o.Reliable(f)
}
