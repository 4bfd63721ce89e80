package jitter

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const ms = time.Millisecond

func push(b *Buffer, now time.Duration, seq uint16) Result {
	var payload [2]byte
	binary.BigEndian.PutUint16(payload[:], seq)
	return b.Push(now, Packet{Seq: seq, TS: uint32(seq) * 160, Payload: payload[:]})
}

// popAll tells what comes out at now: numbers, L for lost, w for waiting.
func popAll(b *Buffer, now time.Duration) string {
	var out []string
	for {
		switch p, state := b.Pop(now); state {
		case Ready:
			if got := binary.BigEndian.Uint16(p.Payload); got != p.Seq {
				return fmt.Sprintf("payload of %d under %d", got, p.Seq)
			}
			out = append(out, fmt.Sprint(p.Seq))
		case Lost:
			out = append(out, "L")
		case Waiting:
			return strings.Join(append(out, "w"), " ")
		case Empty:
			return strings.Join(out, " ")
		}
	}
}

func TestOrder(t *testing.T) {
	type in struct {
		at   time.Duration
		seq  uint16
		want string
	}
	tests := []struct {
		name string
		in   []in
		c    Counters
	}{
		{"in order: no delay", []in{{0, 1, "1"}, {20 * ms, 2, "2"}, {40 * ms, 3, "3"}}, Counters{Pushed: 3}},
		{"wraps", []in{{0, 65535, "65535"}, {20 * ms, 0, "0"}}, Counters{Pushed: 2}},
		{"two swapped", []in{{0, 1, "1"}, {20 * ms, 3, "w"}, {25 * ms, 2, "2 3"}, {60 * ms, 4, "4"}}, Counters{Pushed: 4, Reordered: 1}},
		{"one lost: given up with the first packet after the depth", []in{{0, 1, "1"}, {40 * ms, 3, "w"}, {60 * ms, 4, "L 3 4"}},
			Counters{Pushed: 3, Lost: 1}},
		{"a burst waits once", []in{{0, 1, "1"}, {80 * ms, 5, "w"}, {100 * ms, 6, "L L L 5 6"}}, Counters{Pushed: 3, Lost: 3}},
		{"late raises nothing but the count", []in{{0, 1, "1"}, {40 * ms, 3, "w"}, {60 * ms, 4, "L 3 4"}, {61 * ms, 2, ""}},
			Counters{Pushed: 4, Lost: 1, Late: 1}},
		{"duplicates", []in{{0, 1, "1"}, {1 * ms, 1, ""}, {20 * ms, 3, "w"}, {21 * ms, 3, "w"}, {22 * ms, 2, "2 3"}},
			Counters{Pushed: 5, Duplicate: 2, Reordered: 1}},
		{"one wild packet is ignored, two are a new stream", []in{{0, 1, "1"}, {20 * ms, 30000, ""}, {40 * ms, 2, "2"}, {60 * ms, 30000, ""}, {80 * ms, 30001, "30001"}},
			Counters{Pushed: 5, Late: 2, Resets: 1}},
		{"a gap longer than the buffer", []in{{0, 1, "1"}, {20 * ms, 3, "w"}, {800 * ms, 40, "40"}}, Counters{Pushed: 3, Lost: 38}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := New(Options{})
			for _, i := range test.in {
				push(b, i.at, i.seq)
				if got := popAll(b, i.at); got != i.want {
					t.Errorf("after %d at %v: popped %q, want %q", i.seq, i.at, got, i.want)
				}
			}
			if got := b.Counters(); got != test.c {
				t.Errorf("counted %+v, want %+v", got, test.c)
			}
		})
	}
}

func TestDepthFollowsReordering(t *testing.T) {
	b := New(Options{})
	push(b, 0, 1)
	popAll(b, 0)
	push(b, 20*ms, 3) // 2 is missing
	popAll(b, 20*ms)
	push(b, 60*ms, 4)
	if got := popAll(b, 60*ms); got != "L 3 4" {
		t.Fatal(got)
	}
	if push(b, 80*ms, 2) != Late {
		t.Fatal("2 is not late")
	}
	if b.Depth() != 75*ms { // it came 60 ms after its gap opened
		t.Fatalf("depth is %v", b.Depth())
	}
	for i := range 60 {
		push(b, time.Duration(i+1)*time.Second, uint16(5+i))
		popAll(b, time.Duration(i+1)*time.Second)
	}
	if b.Depth() > 21*ms {
		t.Fatalf("after a minute of calm the depth is still %v", b.Depth())
	}
}

func TestPeekForFEC(t *testing.T) {
	b := New(Options{})
	push(b, 0, 1)
	popAll(b, 0)
	push(b, 60*ms, 4)
	b.Pop(60 * ms)
	if _, state := b.Pop(80 * ms); state != Lost {
		t.Fatal(state)
	}
	if p, missing, ok := b.Peek(); !ok || p.Seq != 4 || missing != 1 {
		t.Fatalf("%d after %d, %v", p.Seq, missing, ok)
	}
}

func TestOversize(t *testing.T) {
	if r := New(Options{PacketBytes: 4}).Push(0, Packet{Payload: make([]byte, 5)}); r != Oversize {
		t.Fatal(r)
	}
}

// TestAnyNetwork loses, repeats, delays and swaps at random: what comes out rises, nothing comes out twice, every
// packet is popped, lost or held, and with the depth passed nothing is left behind.
func TestAnyNetwork(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := New(Options{Packets: rapid.SampledFrom([]int{4, 16, 64}).Draw(t, "packets")})
		base := rapid.Uint16().Draw(t, "base")
		var now time.Duration
		last, began := uint16(0), false
		drain := func() {
			for {
				p, state := b.Pop(now)
				switch state {
				case Empty, Waiting:
					return
				case Ready:
					if got := binary.BigEndian.Uint16(p.Payload); got != p.Seq {
						t.Fatalf("payload of %d under %d", got, p.Seq)
					}
				}
				if began && int16(p.Seq-last) <= 0 {
					t.Fatalf("%d after %d", p.Seq, last)
				}
				last, began = p.Seq, true
			}
		}
		for i := range rapid.IntRange(1, 200).Draw(t, "n") {
			now += 20 * ms
			off := rapid.IntRange(-6, 0).Draw(t, "off")
			push(b, now, base+uint16(i+off))
			drain()
		}
		now += time.Second
		drain()
		if p, state := b.Pop(now); state != Empty {
			t.Fatalf("%d is left, state %d", p.Seq, state)
		}
	})
}

func BenchmarkBuffer(b *testing.B) {
	buf := New(Options{})
	payload := make([]byte, 160)
	b.ReportAllocs()
	for i := range b.N {
		now := time.Duration(i) * 20 * ms
		buf.Push(now, Packet{Seq: uint16(i), TS: uint32(i) * 160, Payload: payload})
		buf.Pop(now)
	}
}
