package rtp

import "sync/atomic"

// crossingSize is how many packets may be on their way from one loop to another.
const crossingSize = 256

// crossing carries packets from one loop to another, as when a transfer joins legs that began on different loops: a ring
// with one writer and one reader, and no lock. When it is full, packets are dropped and counted.
//
//	slots   ·  ·  [3][4][5]  ·  ·        head: next to read, written by the reader
//	              head     tail          tail: next to write, written by the writer
type crossing struct {
	to    *loop
	head  atomic.Uint32
	tail  atomic.Uint32
	slots [crossingSize]crossed
}

type crossed struct {
	route  *route
	packet packet
	buf    [packetRoom]byte
}

// cross puts a packet on its way to this loop. It runs on the other loop, from, which makes the ring when it first needs
// it.
func (l *loop) cross(from *loop, r *route, pk *packet) {
	c := l.in[from.id].Load()
	if c == nil {
		c = &crossing{to: l}
		l.in[from.id].Store(c)
	}
	tail := c.tail.Load()
	if tail-c.head.Load() == crossingSize || pk.end-pk.off+headerSize > packetRoom {
		from.uncrossed++
		return
	}
	slot := &c.slots[tail%crossingSize]
	slot.route, slot.packet = r, *pk
	slot.packet.off = headerSize
	slot.packet.end = headerSize + copy(slot.buf[headerSize:], pk.payload())
	slot.packet.buf = nil
	c.tail.Store(tail + 1)
	l.poller.wake()
}

// drain takes what came, on the loop it came to.
func (c *crossing) drain() {
	for head := c.head.Load(); head != c.tail.Load(); head++ {
		slot := &c.slots[head%crossingSize]
		pk := slot.packet
		pk.buf = c.to.poller.room(pk.end)
		copy(pk.buf[headerSize:], slot.buf[headerSize:pk.end])
		r := slot.route
		slot.route = nil
		c.head.Store(head + 1)
		c.to.current = r.to
		r.to.take(r, &pk)
	}
}
