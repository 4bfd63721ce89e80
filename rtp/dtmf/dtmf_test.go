package dtmf

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPayload(t *testing.T) {
	want := Event{Code: 11, End: true, Volume: 10, Duration: 0x0320}
	var b [Size]byte
	want.Put(b[:])
	if b != [Size]byte{11, 0x8a, 0x03, 0x20} {
		t.Fatalf("wire is % x", b)
	}
	if got, err := Parse(b[:]); err != nil || got != want {
		t.Fatalf("parsed %+v, %v", got, err)
	}
	if _, err := Parse(b[:3]); err == nil {
		t.Fatal("three bytes were accepted")
	}
}

func TestEveryDigitHasACode(t *testing.T) {
	for _, d := range digits {
		code, ok := Code(d)
		if back, ok2 := Rune(code); !ok || !ok2 || back != d {
			t.Errorf("%c → %d → %c", d, code, back)
		}
	}
	if c, ok := Code('b'); !ok || c != 13 {
		t.Errorf("b is %d, %v", c, ok)
	}
	if _, ok := Code('x'); ok {
		t.Error("x is a digit")
	}
	if _, ok := Rune(16); ok {
		t.Error("16 is a digit")
	}
}

// packet is what a sender laid out, with the timestamp of its packet.
type packet struct {
	ts uint32
	e  Event
}

func lay(t rapid.TB, digit rune, length time.Duration, clock int, ts uint32) []packet {
	s, ok := NewSender(digit, length, 20*time.Millisecond, clock)
	if !ok {
		t.Fatalf("%c is no digit", digit)
	}
	var out []packet
	for {
		o, ok := s.Next()
		if !ok {
			return out
		}
		if o.Marker != (len(out) == 0) {
			t.Fatalf("marker on packet %d", len(out))
		}
		out = append(out, packet{ts + o.Offset, o.Event})
	}
}

func TestSenderTimeline(t *testing.T) {
	got := lay(t, '5', 100*time.Millisecond, 8000, 1000)
	var durations []uint16
	ends := 0
	for _, p := range got {
		durations = append(durations, p.e.Duration)
		if p.e.End {
			ends++
		}
		if p.ts != 1000 || p.e.Code != 5 {
			t.Errorf("packet %+v", p)
		}
	}
	if want := []uint16{160, 320, 480, 640, 800, 800, 800}; len(durations) != len(want) || ends != 3 {
		t.Fatalf("durations %v, %d ends", durations, ends)
	}
}

func receive(clock int, in []packet) []Digit {
	r := NewReceiver(clock)
	var out []Digit
	for i, p := range in {
		before, this := r.Receive(time.Duration(i)*20*time.Millisecond, p.ts, p.e)
		for _, d := range []Digit{before, this} {
			if d.Rune != 0 {
				out = append(out, d)
			}
		}
	}
	if d := r.Flush(); d.Rune != 0 {
		out = append(out, d)
	}
	return out
}

func TestReceiver(t *testing.T) {
	one := lay(t, '1', 100*time.Millisecond, 8000, 8000)
	again := lay(t, '1', 100*time.Millisecond, 8000, 16000)
	long := lay(t, '*', 20*time.Second, 8000, 8000)
	join := func(p ...[]packet) (out []packet) {
		for _, q := range p {
			out = append(out, q...)
		}
		return out
	}
	late := join(one, again, one[5:6])
	tests := []struct {
		name string
		in   []packet
		want []Digit
	}{
		{"told once though its end comes three times", one, []Digit{{'1', 100 * time.Millisecond}}},
		{"only the last end arrives", one[6:], []Digit{{'1', 100 * time.Millisecond}}},
		{"all ends lost, told with the next", join(one[:4], again), []Digit{{'1', 80 * time.Millisecond}, {'1', 100 * time.Millisecond}}},
		{"the same key twice", join(one, again), []Digit{{'1', 100 * time.Millisecond}, {'1', 100 * time.Millisecond}}},
		{"a late repeat of an older end", late, []Digit{{'1', 100 * time.Millisecond}, {'1', 100 * time.Millisecond}}},
		{"held for 20 s, in three segments", long, []Digit{{'*', 20 * time.Second}}},
		{"a fax tone is no digit", []packet{{1, Event{Code: 36, End: true, Duration: 800}}}, nil},
		{"the far end starts its clock anew", join(again, lay(t, '2', 100*time.Millisecond, 8000, 0x90000000)),
			[]Digit{{'1', 100 * time.Millisecond}, {'2', 100 * time.Millisecond}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := receive(8000, test.in)
			if len(got) != len(test.want) {
				t.Fatalf("got %v, want %v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("got %v, want %v", got, test.want)
				}
			}
		})
	}
}

func TestLostEndExpires(t *testing.T) {
	r := NewReceiver(8000)
	r.Receive(0, 8000, Event{Code: 7, Duration: 400})
	if d := r.Expire(Lost - 1); d.Rune != 0 {
		t.Fatalf("%v too early", d)
	}
	if d := r.Expire(Lost); d != (Digit{'7', 50 * time.Millisecond}) || r.Active() {
		t.Fatalf("%v, active %v", d, r.Active())
	}
}

// TestEveryDigitArrivesOnce loses, repeats and maps packets at random: whatever happens, as long as one packet of each
// digit comes through, in order, the digits are the ones that were sent.
func TestEveryDigitArrivesOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SampledFrom([]int{8000, 16000, 48000}).Draw(t, "in")
		out := rapid.SampledFrom([]int{8000, 16000, 48000}).Draw(t, "out")
		m := NewMapper(in, out)
		ts, base := rapid.Uint32().Draw(t, "ts"), uint32(0)
		var sent []rune
		var wire []packet
		for range rapid.IntRange(1, 5).Draw(t, "digits") {
			d := rapid.SampledFrom([]rune(digits)).Draw(t, "digit")
			length := time.Duration(rapid.IntRange(40, 400).Draw(t, "ms")) * time.Millisecond
			all := lay(t, d, length, in, ts)
			keep := rapid.IntRange(0, len(all)-1).Draw(t, "kept")
			for i, p := range all {
				if i != keep && rapid.IntRange(0, 3).Draw(t, "lost") == 0 {
					continue
				}
				e, off, first := m.Map(p.ts, p.e)
				if first {
					base += uint32(out)
				}
				wire = append(wire, packet{base + off, e})
				if rapid.Bool().Draw(t, "twice") {
					wire = append(wire, wire[len(wire)-1])
				}
			}
			sent = append(sent, d)
			ts += uint32(in) * 2
		}
		var got []rune
		for _, d := range receive(out, wire) {
			got = append(got, d.Rune)
		}
		if string(got) != string(sent) {
			t.Fatalf("sent %q, got %q", string(sent), string(got))
		}
	})
}

func TestMapperScales(t *testing.T) {
	m := NewMapper(8000, 48000)
	var got []packet
	for _, p := range lay(t, '9', 4*time.Second, 8000, 70) {
		e, off, _ := m.Map(p.ts, p.e)
		got = append(got, packet{off, e})
	}
	if d := receive(48000, got); len(d) != 1 || d[0] != (Digit{'9', 4 * time.Second}) {
		t.Fatalf("got %v", d)
	}
}
