package jitter

import "time"

// Options say how a buffer works; the zero value is good.
type Options struct {
	Packets     int           // most packets held; rounded up to a power of two; 0: 16
	PacketBytes int           // longest payload; 0: 1280
	Min, Max    time.Duration // bounds of the depth; 0, 0: 20 ms, 160 ms
}

// Packet is one payload with the numbers of its RTP header. What Pop and Peek return points into the buffer and is good
// until the next Push.
type Packet struct {
	Seq     uint16
	TS      uint32
	Marker  bool
	Payload []byte
}

// Result is what became of a pushed packet.
type Result uint8

// Results of Push.
const (
	Stored    Result = iota // ask Pop
	Duplicate               // it is here, or was played
	Late                    // its turn was given up before
	Oversize                // longer than PacketBytes
	Reset                   // stored, and everything before was forgotten: the far end began anew
)

// State is what Pop found.
type State uint8

// States of the front of the buffer.
const (
	Empty   State = iota // nothing is here
	Ready                // the packet whose turn it is
	Waiting              // the packet whose turn it is has not come; later ones have: ask again at Deadline
	Lost                 // its turn is given up: conceal one packet; Peek is the next that is here
)

// Buffer puts packets back into order. It is eager: a packet whose turn it is can be popped at once, so a stream without
// loss or reordering passes with no delay at all, and only a gap makes the packets behind it wait, until the missing one
// comes or the depth has passed. The pacing of the stream is left to the last receiver, which has a playout buffer anyway:
// two such buffers in a row would add their delays and better nothing.
//
//	pushed   1   2   4   5   3            1   2   4   5 … depth … 5
//	popped   1   2   –   –   3 4 5        1   2   –   –  Lost 4 5       and 3 coming now is Late
//
// The depth follows what reordering was seen: a packet that came d after the gap it fills opened raises the depth to 1¼ d
// at once, and calm lets it sink by an eighth of its distance from Min each second.
type Buffer struct {
	slots []slot
	mask  uint16
	bytes []byte
	size  int

	started  bool
	next     uint16 // whose turn it is
	held     int    // packets stored
	opened   time.Duration
	waiting  bool
	depth    time.Duration
	min, max time.Duration
	sunk     time.Duration // when the depth sank last
	gaveUp   [8]surrender  // turns given up lately: a packet that comes after all tells how long it should have been
	given    int
	wild     int    // packets in a row far from the stream
	wildSeq  uint16 // the last of them
	counters Counters
}

type slot struct {
	used   bool
	seq    uint16
	ts     uint32
	marker bool
	n      int
	came   time.Duration
}

type surrender struct {
	used   bool
	seq    uint16
	opened time.Duration
}

// Counters tell what the buffer lived through.
type Counters struct {
	Pushed, Late, Duplicate, Reordered, Lost, Resets uint64
}

// far is how many packets from the expected number a packet belongs to another stream; two in a row prove it.
const far = 1000

// New makes a buffer with all the memory it will ever use.
func New(o Options) *Buffer {
	n := 16
	if o.Packets > 0 {
		for n = 2; n < o.Packets && n < 1<<12; n *= 2 {
		}
	}
	size := o.PacketBytes
	if size <= 0 {
		size = 1280
	}
	if o.Min <= 0 && o.Max <= 0 {
		o.Min, o.Max = 20*time.Millisecond, 160*time.Millisecond
	}
	return &Buffer{slots: make([]slot, n), mask: uint16(n - 1), bytes: make([]byte, n*size), size: size,
		depth: o.Min, min: o.Min, max: max(o.Min, o.Max)}
}

// Depth is how long a gap is waited for now.
func (b *Buffer) Depth() time.Duration { return b.depth }

// Counters are a copy of the counts.
func (b *Buffer) Counters() Counters { return b.counters }

// Push takes a packet that arrived at now, on any steady clock. The payload is copied.
func (b *Buffer) Push(now time.Duration, p Packet) Result {
	b.counters.Pushed++
	if len(p.Payload) > b.size {
		return Oversize
	}
	b.sink(now)
	if !b.started {
		b.started, b.next = true, p.Seq
	}
	ahead := int16(p.Seq - b.next)
	if ahead >= far || ahead <= -far {
		if !b.anew(p.Seq) {
			return Late
		}
		b.put(now, p)
		b.counters.Resets++
		return Reset
	}
	b.wild = 0
	if ahead < 0 {
		return b.behind(now, p.Seq)
	}
	if s := &b.slots[p.Seq&b.mask]; s.used && s.seq == p.Seq {
		b.counters.Duplicate++
		return Duplicate
	}
	if int(ahead) >= len(b.slots) { // a burst of loss longer than the buffer: what is held is given up
		b.Skip(p.Seq)
		ahead = 0
	}
	if b.held > 0 && b.above(p.Seq) {
		b.counters.Reordered++
	}
	if ahead == 0 && b.waiting {
		b.learn(now - b.opened)
	}
	if ahead > 0 && !b.waiting {
		b.waiting, b.opened = true, now
	}
	b.put(now, p)
	return Stored
}

// Pop returns what the front of the buffer is at now. Lost and Ready move on to the next packet.
func (b *Buffer) Pop(now time.Duration) (Packet, State) {
	if b.held == 0 {
		b.waiting = false
		return Packet{}, Empty
	}
	s := &b.slots[b.next&b.mask]
	if s.used && s.seq == b.next {
		p := b.packet(s)
		s.used = false
		b.held--
		b.advance()
		return p, Ready
	}
	if !b.waiting { // the gap before the first packet after Skip
		b.wait()
	}
	if now-b.opened < b.depth {
		return Packet{}, Waiting
	}
	b.counters.Lost++
	b.gaveUp[b.given%len(b.gaveUp)] = surrender{used: true, seq: b.next, opened: b.opened}
	b.given++
	p := Packet{Seq: b.next}
	b.advance()
	return p, Lost
}

// Deadline is when a Waiting front is given up.
func (b *Buffer) Deadline() time.Duration { return b.opened + b.depth }

// Peek is the packet after the gap at the front, for codecs that recover a lost frame from the next one. After Lost it is
// whatever is here first; missing tells how many more are lost before it.
func (b *Buffer) Peek() (p Packet, missing int, ok bool) {
	if b.held == 0 {
		return Packet{}, 0, false
	}
	for i := range len(b.slots) {
		if s := &b.slots[(b.next+uint16(i))&b.mask]; s.used && s.seq == b.next+uint16(i) {
			return b.packet(s), i, true
		}
	}
	return Packet{}, 0, false
}

// Skip gives up everything before seq.
func (b *Buffer) Skip(seq uint16) {
	for i := range b.slots {
		if s := &b.slots[i]; s.used && int16(s.seq-seq) < 0 {
			s.used = false
			b.held--
		}
	}
	if lost := int16(seq - b.next); lost > 0 {
		b.counters.Lost += uint64(lost)
	}
	b.next, b.waiting = seq, false
}

// Clear forgets the stream; counters and depth stay.
func (b *Buffer) Clear() {
	clear(b.slots)
	b.held, b.started, b.waiting, b.wild = 0, false, false, 0
	b.gaveUp, b.given = [8]surrender{}, 0
}

func (b *Buffer) packet(s *slot) Packet {
	at := int(s.seq&b.mask) * b.size
	return Packet{Seq: s.seq, TS: s.ts, Marker: s.marker, Payload: b.bytes[at : at+s.n : at+s.n]}
}

func (b *Buffer) put(now time.Duration, p Packet) {
	i := p.Seq & b.mask
	b.slots[i] = slot{used: true, seq: p.Seq, ts: p.TS, marker: p.Marker, came: now,
		n: copy(b.bytes[int(i)*b.size:], p.Payload)}
	b.held++
}

// advance moves to the next packet.
func (b *Buffer) advance() {
	b.next++
	b.waiting = false
	if s := &b.slots[b.next&b.mask]; b.held > 0 && (!s.used || s.seq != b.next) {
		b.wait()
	}
}

// wait opens a gap at the front: it began when the first of the packets behind it came.
func (b *Buffer) wait() {
	first := true
	for i := range b.slots {
		if s := &b.slots[i]; s.used && (first || s.came < b.opened) {
			b.opened, first = s.came, false
		}
	}
	b.waiting = true
}

// above tells whether a packet later than seq is held.
func (b *Buffer) above(seq uint16) bool {
	for i := range b.slots {
		if s := &b.slots[i]; s.used && int16(s.seq-seq) > 0 {
			return true
		}
	}
	return false
}

// behind judges a packet whose turn is over.
func (b *Buffer) behind(now time.Duration, seq uint16) Result {
	for i := range b.gaveUp {
		if g := &b.gaveUp[i]; g.used && g.seq == seq {
			g.used = false
			b.learn(now - g.opened)
			b.counters.Late++
			return Late
		}
	}
	b.counters.Duplicate++
	return Duplicate
}

// anew tells whether a packet far from the stream, together with the one before, proves that the far end began anew.
func (b *Buffer) anew(seq uint16) bool {
	b.wild++
	if b.wild >= 2 && seq == b.wildSeq+1 {
		b.Clear()
		b.started, b.next = true, seq
		return true
	}
	b.wildSeq = seq
	b.counters.Late++
	return false
}

// learn raises the depth to what would have been enough.
func (b *Buffer) learn(wait time.Duration) {
	b.depth = min(max(b.depth, wait+wait/4), b.max)
}

// sink lets the depth follow calm.
func (b *Buffer) sink(now time.Duration) {
	if now-b.sunk >= time.Second {
		b.sunk = now
		b.depth -= (b.depth - b.min) / 8
	}
}
