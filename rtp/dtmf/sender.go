package dtmf

import "time"

// Pause is the least silence between two digits that we send.
const Pause = 60 * time.Millisecond

// Shortest is the least length of a digit that we send: shorter ones are missed by real equipment.
const Shortest = 40 * time.Millisecond

// Out is one packet to send: Event with the timestamp Offset after that at which the key went down.
type Out struct {
	Event  Event
	Offset uint32
	Marker bool
}

// Sender lays one digit out in packets, one per call of Next, which is made every packet time: the first has the marker,
// each tells the duration so far, and the end goes out three times (RFC 4733 §2.5.1.4), the repeats without waiting a
// packet time being the caller's choice. See Receiver for the timeline.
type Sender struct {
	code  uint8
	total uint32 // length in timestamp units
	step  uint32 // packet time in timestamp units
	sent  uint32 // duration told so far
	ends  int    // end packets sent
	began bool
}

// endPackets is how often the end of a digit is told.
const endPackets = 3

// NewSender prepares a digit of the given length; false when the rune is none.
func NewSender(digit rune, length, ptime time.Duration, clock int) (Sender, bool) {
	code, ok := Code(digit)
	units := func(d time.Duration) uint32 { return uint32(d * time.Duration(clock) / time.Second) }
	return Sender{code: code, total: units(max(length, Shortest)), step: max(units(ptime), 1)}, ok
}

// Next is the packet to send now; false when the digit is over.
func (s *Sender) Next() (Out, bool) {
	if s.ends == endPackets {
		return Out{}, false
	}
	o := Out{Marker: !s.began}
	s.began = true
	if s.sent < s.total {
		s.sent = min(s.sent+s.step, s.total)
	}
	if s.sent == s.total {
		s.ends++
	}
	o.Offset, o.Event.Duration = segment(uint64(s.sent))
	o.Event.Code, o.Event.Volume, o.Event.End = s.code, 10, s.ends > 0
	return o, true
}

// Ending tells whether only repeats of the end are left.
func (s *Sender) Ending() bool { return s.ends > 0 }

// Done tells whether all packets were sent.
func (s *Sender) Done() bool { return s.ends == endPackets }

// Units is the length of the digit in timestamp units.
func (s *Sender) Units() uint32 { return s.total }

// segment splits a duration that may be longer than the field holds into the offset of its last segment and the duration
// within that.
func segment(units uint64) (offset uint32, duration uint16) {
	if units <= 0xffff {
		return 0, uint16(units)
	}
	n := (units - 1) / 0xffff
	return uint32(n * 0xffff), uint16(units - n*0xffff)
}
