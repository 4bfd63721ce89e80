package dtmf

import "time"

// Digit is a key that was pressed and released.
type Digit struct {
	Rune     rune
	Duration time.Duration
}

// Lost is how long an event may be silent before its end packets count as lost.
const Lost = 200 * time.Millisecond

// Receiver turns the packets of events into digits, each exactly once. One key of 100 ms at a clock of 8 kHz looks like
// this on the wire; every packet of it carries the timestamp at which the key went down:
//
//	ms      0      20     40     60     80     100    100    100
//	packet  M      ·      ·      ·      ·      E      E      E
//	ts      T      T      T      T      T      T      T      T
//	dur     160    320    480    640    800    800    800    800        (160 when the key went down is usual too)
//	                                            └─ digit   └──┴─ repeated: same timestamp, already told
//
// A key held longer than 65,535 units continues as a new segment (§2.5.1.3): the timestamp moves on by the duration so
// far and no packet of the first segment has the end bit. A digit whose three end packets are all lost is told when the
// next one begins or when it was silent for Lost.
//
//	idle ──event──▶ down ──end──▶ told ──event, new ts──▶ down
//	                 │ ├─ new ts, same code, joins on ──▶ down (next segment)
//	                 │ └─ new ts ──▶ digit, down
//	                 └─ silent for Lost ──▶ digit, told
type Receiver struct {
	state receiving
	code  uint8
	ts    uint32        // of the segment being received
	units uint64        // of the segments before it
	last  uint16        // longest duration seen in this segment
	heard time.Duration // when the last packet came
	clock int
}

type receiving uint8

const (
	idle receiving = iota
	down
	told
)

// NewReceiver makes a receiver for a clock in Hz.
func NewReceiver(clock int) Receiver { return Receiver{clock: max(clock, 1)} }

// Receive takes an event with the timestamp of its packet, at now on any steady clock. It returns the digits that this
// packet ends: a previous one whose end was lost, this one, or both.
func (r *Receiver) Receive(now time.Duration, ts uint32, e Event) (before, this Digit) {
	switch {
	case r.state == idle, r.state == told && int32(ts-r.ts) > 0:
		r.begin(ts, e)
	case ts == r.ts && r.state == down && e.Code == r.code:
		r.last = max(r.last, e.Duration)
	case r.state == down && int32(ts-r.ts) > 0 && r.continues(ts, e):
		r.units += uint64(ts - r.ts)
		r.ts, r.last = ts, e.Duration
	case r.state == down && int32(ts-r.ts) > 0:
		before = r.end()
		r.begin(ts, e)
	default: // a repeated end, or a late packet of an event before
		if ts != r.ts && abs(int32(ts-r.ts)) > 60*int32(r.clock) { // the far end started its clock anew
			before = r.Flush()
			r.begin(ts, e)
			break
		}
		return before, this
	}
	r.heard = now
	if e.End {
		this = r.end()
	}
	return before, this
}

// Active tells whether a key is down.
func (r *Receiver) Active() bool { return r.state == down }

// Expire returns the digit whose end packets seem lost.
func (r *Receiver) Expire(now time.Duration) Digit {
	if r.state == down && now-r.heard >= Lost {
		return r.end()
	}
	return Digit{}
}

// Flush returns the digit that is being received, as when the stream ends.
func (r *Receiver) Flush() Digit {
	if r.state == down {
		return r.end()
	}
	return Digit{}
}

func (r *Receiver) begin(ts uint32, e Event) {
	r.state, r.code, r.ts, r.units, r.last = down, e.Code, ts, 0, e.Duration
}

// continues tells whether an event at ts is the next segment of the one that is being received.
func (r *Receiver) continues(ts uint32, e Event) bool {
	const slack = 0x800 // packets of the old segment may be lost, so its length is known only roughly
	gap := ts - r.ts
	return e.Code == r.code && gap >= 0xffff-slack && gap <= 0xffff+1 && r.last > 0x8000
}

func (r *Receiver) end() Digit {
	r.state = told
	d, ok := Rune(r.code)
	if !ok {
		return Digit{} // a fax or modem tone: swallowed
	}
	units := r.units + uint64(r.last)
	return Digit{Rune: d, Duration: time.Duration(units * uint64(time.Second) / uint64(r.clock))}
}

func abs(v int32) int32 {
	if v < 0 {
		return -v
	}
	return v
}
