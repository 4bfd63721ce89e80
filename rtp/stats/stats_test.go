package stats

import (
	"math"
	"testing"
	"time"
)

const ms = time.Millisecond

func TestReceiver(t *testing.T) {
	seqs := func(s ...uint16) []uint16 { return s }
	tests := []struct {
		name            string
		in              []uint16
		packets, lost   uint64
		reordered       uint64
		highest, missed uint32
	}{
		{"in order", seqs(1, 2, 3, 4), 4, 0, 0, 4, 0},
		{"wraps", seqs(65534, 65535, 0, 1), 4, 0, 0, 0x10001, 0},
		{"one lost", seqs(1, 2, 4), 3, 1, 0, 4, 1},
		{"two swapped", seqs(1, 3, 2, 4), 4, 0, 1, 4, 0},
		{"a wild packet is not believed", seqs(1, 2, 20000, 3), 3, 0, 0, 3, 0},
		{"a restart is, with its second packet; losses before it stay", seqs(1, 3, 20000, 20001, 20002), 4, 1, 0, 20002, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var r Receiver
			r.Clock(8000)
			for i, seq := range test.in {
				r.Receive(time.Duration(i)*20*ms, 7, seq, uint32(seq)*160, 160)
			}
			b, ok := r.Report()
			if !ok || r.Packets != test.packets || r.Lost() != test.lost || r.Reordered != test.reordered ||
				b.Highest != test.highest || b.Lost != int32(test.missed) {
				t.Errorf("packets %d lost %d reordered %d, report %+v", r.Packets, r.Lost(), r.Reordered, b)
			}
		})
	}
}

func TestJitter(t *testing.T) {
	var r Receiver
	r.Clock(8000)
	for i := range 2000 {
		at := time.Duration(i) * 20 * ms
		if i%2 == 1 {
			at += 8 * ms // every packet is 8 ms off its neighbour
		}
		r.Receive(at, 1, uint16(i), uint32(i)*160, 160)
	}
	if got := r.Jitter(); math.Abs(float64(got-8*ms)) > float64(ms)/4 {
		t.Fatalf("jitter is %v", got)
	}
}

func TestFractionIsSinceTheLastReport(t *testing.T) {
	var r Receiver
	for seq := range uint16(10) {
		if seq != 5 {
			r.Receive(0, 1, seq, 0, 0)
		}
	}
	if b, _ := r.Report(); b.Fraction != 25 { // 1/10 of 256
		t.Fatalf("fraction is %d", b.Fraction)
	}
	r.Receive(0, 1, 10, 0, 0)
	if b, _ := r.Report(); b.Fraction != 0 || b.Lost != 1 {
		t.Fatalf("second report is %+v", b)
	}
}

func TestRTCPRoundTrip(t *testing.T) {
	in := Report{SSRC: 0xaabbccdd, CNAME: "leg-1", Bye: true,
		IsSender: true, HasBlock: true,
		Sent:  Sent{NTP: 0x1122334455667788, TS: 1, Packets: 2, Octets: 3},
		Block: Block{SSRC: 9, Fraction: 4, Lost: -5, Highest: 6, Jitter: 7, LSR: 8, DLSR: 9}}
	wire := in.Append(nil)
	if len(wire)%4 != 0 {
		t.Fatalf("%d bytes", len(wire))
	}
	h, ok := Parse(wire)
	if !ok || h.SSRC != in.SSRC || !h.Sender || h.LSR != 0x33445566 || !h.Bye || h.Count != 1 || h.Blocks[0] != in.Block {
		t.Fatalf("parsed %+v, %v", h, ok)
	}
	for n := range wire {
		Parse(wire[:n]) // no panic, whatever is cut
	}
	if _, ok := Parse([]byte{0x80, 202, 0, 0}); ok {
		t.Error("a compound packet that begins with SDES was accepted")
	}
}

func TestRTT(t *testing.T) {
	sent := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	b := Block{LSR: Middle(NTP(sent)), DLSR: 65536 / 2} // they held it for half a second
	got, ok := b.RTT(Middle(NTP(sent.Add(530 * ms))))
	if !ok || got < 29*ms || got > 31*ms {
		t.Fatalf("%v, %v", got, ok)
	}
	if _, ok := (Block{}).RTT(1); ok {
		t.Error("no sender report, and yet a round trip")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Report{SSRC: 1, CNAME: "x", IsSender: true, HasBlock: true}.Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) { Parse(b) })
}
