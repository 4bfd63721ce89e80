package stats

import (
	"encoding/binary"
	"time"
)

// RTCP packet types (RFC 3550 §12.1).
const (
	typeSR   = 200
	typeRR   = 201
	typeSDES = 202
	typeBYE  = 203
)

// Block is one report block (RFC 3550 §6.4.1).
//
//	 0                   1                   2                   3
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|                 SSRC of the stream reported on                |
//	| fraction lost |       cumulative number of packets lost       |
//	|           extended highest sequence number received           |
//	|                      interarrival jitter                      |
//	|                         last SR (LSR)                         |
//	|                   delay since last SR (DLSR)                  |
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
type Block struct {
	SSRC     uint32
	Fraction uint8 // of 256, since the last report
	Lost     int32 // 24 bits, signed
	Highest  uint32
	Jitter   uint32 // timestamp units
	LSR      uint32 // middle of the NTP time of the last sender report
	DLSR     uint32 // 1/65536 s between that and this report
}

// Sent is what a sender report tells of our own stream.
type Sent struct {
	NTP     uint64
	TS      uint32
	Packets uint32
	Octets  uint32
}

// NTP is a wall time as NTP tells it: seconds since 1900 and 2^-32 fractions.
func NTP(t time.Time) uint64 {
	const epoch = 2208988800
	ns := t.UnixNano()
	return uint64(ns/1e9+epoch)<<32 | uint64(ns%1e9)<<32/1e9
}

// Middle is the 32 middle bits of an NTP time, 1/65536 s units.
func Middle(ntp uint64) uint32 { return uint32(ntp >> 16) }

// Report is one compound packet of ours.
type Report struct {
	SSRC     uint32
	CNAME    string
	IsSender bool // a sender report with Sent, else a receiver report
	Sent     Sent
	HasBlock bool // about the stream we receive
	Block    Block
	Bye      bool
}

// Append writes the compound packet SR or RR, SDES with CNAME, and BYE (RFC 3550 §6.1).
func (r Report) Append(b []byte) []byte {
	count, kind, words := byte(0), byte(typeRR), 1
	if r.IsSender {
		kind, words = typeSR, 6
	}
	if r.HasBlock {
		count, words = 1, words+6
	}
	b = header(b, count, kind, words)
	b = binary.BigEndian.AppendUint32(b, r.SSRC)
	if s := &r.Sent; r.IsSender {
		b = binary.BigEndian.AppendUint64(b, s.NTP)
		b = binary.BigEndian.AppendUint32(b, s.TS)
		b = binary.BigEndian.AppendUint32(b, s.Packets)
		b = binary.BigEndian.AppendUint32(b, s.Octets)
	}
	if k := &r.Block; r.HasBlock {
		b = binary.BigEndian.AppendUint32(b, k.SSRC)
		b = binary.BigEndian.AppendUint32(b, uint32(k.Fraction)<<24|uint32(k.Lost)&0xffffff)
		for _, v := range [...]uint32{k.Highest, k.Jitter, k.LSR, k.DLSR} {
			b = binary.BigEndian.AppendUint32(b, v)
		}
	}
	name := r.CNAME[:min(len(r.CNAME), 255)]
	item := 2 + len(name)
	pad := 4 - item%4 // at least one null ends the list
	b = header(b, 1, typeSDES, 1+(item+pad)/4)
	b = binary.BigEndian.AppendUint32(b, r.SSRC)
	b = append(append(b, 1, byte(len(name))), name...)
	b = append(b, 0, 0, 0, 0)
	b = b[:len(b)-4+pad]
	if r.Bye {
		b = header(b, 1, typeBYE, 1)
		b = binary.BigEndian.AppendUint32(b, r.SSRC)
	}
	return b
}

// header is the first word of an RTCP packet of so many further words.
func header(b []byte, count, kind byte, words int) []byte {
	return append(b, 2<<6|count, kind, byte(words>>8), byte(words))
}

// Heard is what one compound packet of the far end says.
type Heard struct {
	SSRC   uint32 // of its sender
	Sender bool   // a sender report is in it
	LSR    uint32 // middle of that report's NTP time
	Bye    bool
	Blocks [4]Block // report blocks, as many as Count
	Count  int
}

// Parse reads a compound packet; false when it is none. Unknown packets inside are passed over.
func Parse(b []byte) (h Heard, ok bool) {
	for first := true; len(b) >= 4; first = false {
		size := 4 + 4*int(binary.BigEndian.Uint16(b[2:]))
		if b[0]>>6 != 2 || size > len(b) {
			return h, !first
		}
		kind, count, body := b[1], int(b[0]&0x1f), b[4:size]
		if first && (kind != typeSR && kind != typeRR || len(body) < 4) {
			return h, false // RFC 3550 A.2: a compound packet begins with a report
		}
		h.take(kind, count, body)
		b = b[size:]
		ok = true
	}
	return h, ok
}

func (h *Heard) take(kind byte, count int, body []byte) {
	switch {
	case kind == typeBYE:
		h.Bye = true
	case (kind == typeSR || kind == typeRR) && len(body) >= 4:
		h.SSRC = binary.BigEndian.Uint32(body)
		body = body[4:]
		if kind == typeSR {
			if len(body) < 20 {
				return
			}
			h.Sender, h.LSR = true, Middle(binary.BigEndian.Uint64(body))
			body = body[20:]
		}
		for ; count > 0 && len(body) >= 24 && h.Count < len(h.Blocks); count-- {
			h.Blocks[h.Count] = block(body)
			h.Count++
			body = body[24:]
		}
	}
}

func block(b []byte) Block {
	u := binary.BigEndian.Uint32
	return Block{SSRC: u(b), Fraction: b[4], Lost: int32(u(b[4:])<<8) >> 8, Highest: u(b[8:]), Jitter: u(b[12:]), LSR: u(b[16:]), DLSR: u(b[20:])}
}

// RTT is the round trip that a block about our stream shows when it arrives at now (middle NTP time); false where the far
// end has no sender report of ours yet, or its sum is impossible.
func (b Block) RTT(now uint32) (time.Duration, bool) {
	if b.LSR == 0 {
		return 0, false
	}
	d := int32(now - b.LSR - b.DLSR)
	if d < 0 || d > 60<<16 {
		return 0, false
	}
	return time.Duration(d) * time.Second >> 16, true
}
