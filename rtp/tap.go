package rtp

import (
	"encoding/binary"
	"sync/atomic"
	"time"

	"ringway/codecs"
)

// tapSize is how many bytes of packets may wait for the recorder: more than three seconds of G.711. A power of two.
const tapSize = 32 << 10

// tap copies what one leg says to its peer for the recorder: a ring with one writer, the leg's loop, and one reader. Nothing
// here waits or allocates. When the ring is full the packet is counted, and the recording is silent for its length.
//
//	| length (2) | kind (1) | 0 (1) | seq (2) | 0 (2) | ts (4) | ssrc (4) | came (8) | payload, length − 24 bytes |
type tap struct {
	head atomic.Uint32 // next byte to read, written by the recorder
	tail atomic.Uint32 // next byte to write, written by the loop
	lost atomic.Uint64 // packets that found no room
	buf  [tapSize]byte

	told *Params // owned by the loop: whose codec the recorder knows
}

const tapHeader = 24

// Kinds of what passes a tap.
const (
	tapAudio  = iota
	tapEvent  // a telephone event: its number is not missing, and it is not recorded
	tapFormat // what the packets after it are: clock (4), channels (1), name
)

// tapped is one thing that passed.
type tapped struct {
	kind    uint8
	seq     uint16
	ts      uint32
	ssrc    uint32
	came    time.Duration
	payload []byte
}

// hear copies a packet that the leg sends to its peer. It runs on the leg's loop.
func (t *tap) hear(now time.Duration, pk *packet, p *Params) {
	if t.told != p {
		var b [64]byte
		binary.LittleEndian.PutUint32(b[:], uint32(p.Codec.ClockRate))
		b[4] = uint8(p.Codec.Channels)
		n := copy(b[5:], p.Codec.Name)
		if !t.put(&tapped{kind: tapFormat, came: now, payload: b[:5+n]}) {
			t.lost.Add(1)
			return
		}
		t.told = p
	}
	v := tapped{kind: tapAudio, seq: pk.seq, ts: pk.ts, ssrc: pk.ssrc, came: now, payload: pk.payload()}
	if pk.event {
		v.kind, v.payload = tapEvent, nil
	}
	if !t.put(&v) {
		t.lost.Add(1)
	}
}

func (t *tap) put(v *tapped) bool {
	tail, n := t.tail.Load(), uint32(tapHeader+len(v.payload))
	if n > 0xffff || tapSize-(tail-t.head.Load()) < n {
		return false
	}
	var h [tapHeader]byte
	binary.LittleEndian.PutUint16(h[:], uint16(n))
	h[2] = v.kind
	binary.LittleEndian.PutUint16(h[4:], v.seq)
	binary.LittleEndian.PutUint32(h[8:], v.ts)
	binary.LittleEndian.PutUint32(h[12:], v.ssrc)
	binary.LittleEndian.PutUint64(h[16:], uint64(v.came))
	t.in(tail, h[:])
	t.in(tail+tapHeader, v.payload)
	t.tail.Store(tail + n)
	return true
}

// take reads the next thing that came no later than limit; its payload is read into buf. The recorder alone calls it.
func (t *tap) take(limit time.Duration, buf []byte) (v tapped, ok bool) {
	head := t.head.Load()
	if head == t.tail.Load() {
		return v, false
	}
	var h [tapHeader]byte
	t.out(head, h[:])
	v.came = time.Duration(binary.LittleEndian.Uint64(h[16:]))
	if v.came > limit {
		return v, false
	}
	n := uint32(binary.LittleEndian.Uint16(h[:]))
	v.kind, v.seq = h[2], binary.LittleEndian.Uint16(h[4:])
	v.ts, v.ssrc = binary.LittleEndian.Uint32(h[8:]), binary.LittleEndian.Uint32(h[12:])
	v.payload = buf[:min(int(n)-tapHeader, len(buf))]
	t.out(head+tapHeader, v.payload)
	t.head.Store(head + n)
	return v, true
}

func (t *tap) in(at uint32, b []byte) {
	n := copy(t.buf[at%tapSize:], b)
	copy(t.buf[:], b[n:])
}

func (t *tap) out(at uint32, b []byte) {
	n := copy(b, t.buf[at%tapSize:])
	copy(b[n:], t.buf[:])
}

// format reads what a tapFormat says.
func (v *tapped) format() codecs.Format {
	if len(v.payload) < 5 {
		return codecs.Format{}
	}
	return codecs.Format{ClockRate: int(binary.LittleEndian.Uint32(v.payload)), Channels: int(v.payload[4]), Name: string(v.payload[5:])}
}
