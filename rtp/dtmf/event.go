package dtmf

import (
	"encoding/binary"
	"errors"
)

// Size is the length of a telephone-event payload in bytes.
const Size = 4

// ErrPayload means that a payload is no telephone event.
var ErrPayload = errors.New("dtmf: malformed event")

// Event is one telephone-event payload (RFC 4733 §2.3).
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//	|     event     |E|R| volume    |          duration             |
//	+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
type Event struct {
	Code     uint8  // 0–9, 10 is *, 11 is #, 12–15 are A–D; others are tones that are no digit
	End      bool   // the key was released
	Volume   uint8  // 0–63, in −dBm0
	Duration uint16 // since the timestamp of the packet, in timestamp units
}

// Parse reads a payload. Redundant events behind the first (RFC 4733 §2.4.2) are ignored.
func Parse(b []byte) (Event, error) {
	if len(b) < Size {
		return Event{}, ErrPayload
	}
	return Event{
		Code:     b[0],
		End:      b[1]&0x80 != 0,
		Volume:   b[1] & 0x3f,
		Duration: binary.BigEndian.Uint16(b[2:]),
	}, nil
}

// Put writes the payload into b, which holds at least Size bytes.
func (e Event) Put(b []byte) {
	b[0], b[1] = e.Code, e.Volume&0x3f
	if e.End {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], e.Duration)
}

const digits = "0123456789*#ABCD"

// Rune is the digit of an event code.
func Rune(code uint8) (rune, bool) {
	if int(code) < len(digits) {
		return rune(digits[code]), true
	}
	return 0, false
}

// Code is the event code of a digit; a–d are A–D.
func Code(digit rune) (uint8, bool) {
	if digit >= 'a' && digit <= 'd' {
		digit -= 'a' - 'A'
	}
	for i, d := range digits {
		if d == digit {
			return uint8(i), true
		}
	}
	return 0, false
}
