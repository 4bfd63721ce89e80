package stats

import "time"

// Receiver counts one incoming stream (RFC 3550 §6.4.1, appendices A.1, A.3 and A.8). A change of SSRC, or of sequence
// numbers beyond what a network does, begins a new stream; the counts go on over all of them.
type Receiver struct {
	Packets, Bytes uint64
	Reordered      uint64 // came after a later one

	ssrc    uint32
	clock   int64 // Hz
	started bool
	base    uint32 // first extended sequence number of this stream
	high    uint32 // highest one
	count   uint32 // packets of this stream
	before  uint64 // lost in the streams before
	suspect uint16 // a number far away: with its successor it is a new stream
	strange bool

	jitter  float64 // in timestamp units
	transit int64
	timed   bool

	reported      uint32 // expected and received at the last report
	reportedCount uint32
}

// far is how many packets from the last one a packet belongs to another stream (MAX_DROPOUT of RFC 3550).
const far = 3000

// Clock sets the clock of the stream's timestamps in Hz.
func (r *Receiver) Clock(hz int) {
	if int64(hz) != r.clock {
		r.clock, r.jitter, r.timed = int64(hz), 0, false
	}
}

// Receive counts a packet that arrived at now on any steady clock. It returns false for one far away from the stream,
// which is not to be believed until the next one confirms it.
func (r *Receiver) Receive(now time.Duration, ssrc uint32, seq uint16, ts uint32, size int) bool {
	if !r.Event(ssrc, seq, size) {
		return false
	}
	r.time(now, ts)
	return true
}

// Event counts a packet whose timestamp says nothing about its sending time, as those of telephone events.
func (r *Receiver) Event(ssrc uint32, seq uint16, size int) bool {
	switch ahead := int16(seq - uint16(r.high)); {
	case !r.started || ssrc != r.ssrc:
		r.begin(ssrc, seq)
	case ahead > 0 && ahead < far:
		r.high += uint32(ahead)
		r.strange = false
	case ahead <= 0 && ahead > -far:
		if ahead < 0 {
			r.Reordered++
		}
		r.strange = false
	case r.strange && seq == r.suspect+1:
		r.begin(ssrc, seq)
	default:
		r.strange, r.suspect = true, seq
		return false
	}
	r.count++
	r.Packets++
	r.Bytes += uint64(size)
	return true
}

func (r *Receiver) begin(ssrc uint32, seq uint16) {
	r.before += r.streamLost()
	r.started, r.ssrc, r.strange = true, ssrc, false
	r.base = 1<<16 | uint32(seq) // room below for reordering at the start
	r.high, r.count = r.base, 0
	r.reported, r.reportedCount = 0, 0
	r.timed = false
}

// time moves the jitter estimate: J += (|D| − J) / 16.
func (r *Receiver) time(now time.Duration, ts uint32) {
	if r.clock == 0 {
		return
	}
	arrival := int64(now) / 1000 * r.clock / 1_000_000
	transit := int64(int32(uint32(arrival) - ts))
	d := int64(int32(uint32(transit) - uint32(r.transit)))
	r.transit = transit
	if !r.timed {
		r.timed = true
		return
	}
	if d < 0 {
		d = -d
	}
	if d < 5*r.clock { // a jump of the far end's clock is no jitter
		r.jitter += (float64(d) - r.jitter) / 16
	}
}

func (r *Receiver) expected() uint32 {
	if !r.started {
		return 0
	}
	return r.high - r.base + 1
}

func (r *Receiver) streamLost() uint64 {
	if e := r.expected(); e > r.count {
		return uint64(e - r.count)
	}
	return 0
}

// Lost is how many packets never came; duplicates hide losses, as in RFC 3550.
func (r *Receiver) Lost() uint64 { return r.before + r.streamLost() }

// Jitter is the interarrival jitter.
func (r *Receiver) Jitter() time.Duration {
	if r.clock == 0 {
		return 0
	}
	return time.Duration(r.jitter * float64(time.Second) / float64(r.clock))
}

// SSRC is the stream's source; false before the first packet.
func (r *Receiver) SSRC() (uint32, bool) { return r.ssrc, r.started }

// Report is the block about this stream for the next RTCP packet; false before the first packet. Lost is counted from the
// report before.
func (r *Receiver) Report() (Block, bool) {
	if !r.started {
		return Block{}, false
	}
	expected := r.expected()
	b := Block{SSRC: r.ssrc, Lost: int32(expected) - int32(r.count), Highest: r.high - 1<<16, Jitter: uint32(r.jitter)}
	b.Lost = min(max(b.Lost, -1<<23), 1<<23-1)
	span, got := expected-r.reported, r.count-r.reportedCount
	if span > 0 && span > got {
		b.Fraction = uint8(min(uint64(span-got)<<8/uint64(span), 255))
	}
	r.reported, r.reportedCount = expected, r.count
	return b, true
}
