package rtp

import (
	"encoding/binary"
	"math/rand/v2"
	"time"
)

const headerSize = 12

// sender is the one stream that a leg hears from us, whoever speaks: one SSRC for life, sequence numbers without a hole of
// our own, and timestamps that follow the wall when the speaker changes (RFC 3550 §5.1).
//
//	speaker      A A A A ─ music ─ ─ A A A        B B B
//	their seq    7 8 · 10            90 91 92     3 4 5
//	ours         1 2 · 4   5 6 7 8   9 10 11      12 13 14     a hole of theirs stays: the phone conceals it
//	marker       ×         ×         ×            ×
type sender struct {
	ssrc    uint32
	clock   int // Hz
	seq     uint16
	ts      uint32
	at      time.Duration // when ts was sent
	began   bool
	packets uint32
	octets  uint32

	// what is added to a relayed stream's numbers, while one is attached
	attached bool
	from     uint32 // its SSRC
	dseq     uint16
	dts      uint32
	first    uint16 // its first packet; earlier ones belong to whatever was before
	guard    bool   // first still matters
}

func newSender() sender {
	return sender{ssrc: rand.Uint32(), clock: 8000, seq: uint16(rand.Uint32()), ts: rand.Uint32()}
}

// relay gives the numbers of a relayed packet. fresh is true for the first of a speaker, ok false for one that is older
// than that.
func (s *sender) relay(now time.Duration, ssrc uint32, seq uint16, ts uint32) (outSeq uint16, outTS uint32, fresh, ok bool) {
	if !s.attached || s.from != ssrc || far(int16(seq+s.dseq-s.seq)) {
		s.attached, s.from, s.first, s.guard, fresh = true, ssrc, seq, true, true
		s.dseq, s.dts = s.seq+1-seq, s.timeline(now)-ts
	}
	if s.guard {
		ahead := int16(seq - s.first)
		if ahead < 0 {
			return 0, 0, false, false
		}
		s.guard = ahead < 1000
	}
	outSeq, outTS = seq+s.dseq, ts+s.dts
	if int16(outSeq-s.seq) > 0 {
		s.seq, s.ts, s.at, s.began = outSeq, outTS, now, true
	}
	return outSeq, outTS, fresh, true
}

// far tells whether a distance in sequence numbers is no accident of the network.
func far(d int16) bool { return d > 3000 || d < -3000 }

// detach makes the next relayed packet continue from what was sent last.
func (s *sender) detach() { s.attached = false }

// next gives the sequence number of a packet of our own that carries audio of timestamp ts.
func (s *sender) next(now time.Duration, ts uint32) uint16 {
	s.seq++
	s.ts, s.at, s.began, s.attached = ts, now, true, false
	return s.seq
}

// insert gives the sequence number of a packet of our own that moves no timestamp, as those of telephone events.
func (s *sender) insert() uint16 {
	s.seq++
	s.attached = false
	return s.seq
}

// timeline is the timestamp for audio that begins now: at least 10 ms after what was sent last.
func (s *sender) timeline(now time.Duration) uint32 {
	if !s.began {
		return s.ts
	}
	return s.ts + uint32(int64(max(now-s.at, 10*time.Millisecond))*int64(s.clock)/int64(time.Second))
}

func (s *sender) count(payload int) {
	s.packets++
	s.octets += uint32(payload)
}

// putHeader writes the RTP header (RFC 3550 §5.1) into the first 12 bytes of b.
//
//	|V=2|P|X|  CC   |M|     PT      |       sequence number         |
//	|                           timestamp                           |
//	|                             SSRC                              |
func putHeader(b []byte, h header) {
	_ = b[headerSize-1]
	b[0] = 2 << 6
	b[1] = h.pt & 0x7f
	if h.marker {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], h.seq)
	binary.BigEndian.PutUint32(b[4:], h.ts)
	binary.BigEndian.PutUint32(b[8:], h.ssrc)
}

// header is what we ever set of an RTP header.
type header struct {
	pt     uint8
	marker bool
	seq    uint16
	ts     uint32
	ssrc   uint32
}
