package rtp

import (
	"fmt"
	"math"
	"testing"
	"time"

	prtp "github.com/pion/rtp"

	"ringway/codecs/codectest"
)

// TestToneGoesThrough lets both phones sing a different tone and listens on the other side, for every pair of codecs.
func TestToneGoesThrough(t *testing.T) {
	e := open(t, Options{})
	for _, codecA := range []string{"PCMU", "PCMA", "G722", "opus"} {
		for _, codecB := range []string{"PCMU", "PCMA", "G722", "opus"} {
			t.Run(codecA+"-"+codecB, func(t *testing.T) {
				a, b := pair(t, e, codecA, codecB)
				va, vb := newVoice(t, codecA, 440, 600*ms, 20*ms), newVoice(t, codecB, 700, 600*ms, 20*ms)
				for range 30 {
					a.say(va.pt, va.next(t), va.step)
					b.say(vb.pt, vb.next(t), vb.step)
				}
				for _, end := range []struct {
					p     *phone
					codec string
					hz    float64
				}{{b, codecB, 440}, {a, codecA, 700}} {
					got := end.p.await(30)
					continuous(t, got)
					step := uint32(20 * formats[end.codec].ClockRate / 1000)
					for i := 1; i < len(got); i++ {
						if got[i].Timestamp != got[i-1].Timestamp+step {
							t.Fatalf("packet %d: timestamp moved by %d", i, got[i].Timestamp-got[i-1].Timestamp)
						}
					}
					pcm, rate := listen(t, end.codec, got)
					tone(t, pcm, rate, end.hz)
				}
			})
		}
	}
}

func TestPacketTimes(t *testing.T) {
	e := open(t, Options{})
	for _, in := range []time.Duration{10 * ms, 20 * ms, 30 * ms, 60 * ms} {
		for _, out := range []time.Duration{10 * ms, 20 * ms, 30 * ms, 40 * ms, 60 * ms} {
			t.Run(fmt.Sprintf("%v to %v", in, out), func(t *testing.T) {
				a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
				pa, pb := a.params("PCMU"), b.params("PCMA")
				pa.PTime, pb.PTime = in, out
				a.callAs(e, pa)
				b.callAs(e, pb)
				if err := Join(a.s, b.s); err != nil {
					t.Fatal(err)
				}
				v := newVoice(t, "PCMU", 440, 600*ms, in)
				for p := v.next(t); p != nil; p = v.next(t) {
					a.say(0, p, v.step)
				}
				got := b.await(int(600 * ms / out))
				continuous(t, got)
				samples := int(out / ms * 8)
				for i, p := range got {
					if len(p.Payload) != samples || i > 0 && p.Timestamp != got[i-1].Timestamp+uint32(samples) {
						t.Fatalf("packet %d: %d bytes at %d", i, len(p.Payload), p.Timestamp)
					}
				}
				pcm, rate := listen(t, "PCMA", got)
				tone(t, pcm, rate, 440)
			})
		}
	}
}

// TestLossIsConcealed loses, swaps and repeats packets on the way in: what goes out is whole, and still the tone.
func TestLossIsConcealed(t *testing.T) {
	e := open(t, Options{})
	for _, pairing := range [][2]string{{"PCMU", "PCMA"}, {"opus", "PCMU"}, {"G722", "opus"}} {
		t.Run(pairing[0]+"-"+pairing[1], func(t *testing.T) {
			a, b := pair(t, e, pairing[0], pairing[1])
			v := newVoice(t, pairing[0], 440, 1200*ms, 20*ms)
			type spoken struct {
				h prtp.Header
				p []byte
			}
			var all []spoken
			for p := v.next(t); p != nil; p = v.next(t) {
				n := len(all)
				all = append(all, spoken{prtp.Header{PayloadType: v.pt, SequenceNumber: uint16(65500 + n), Timestamp: uint32(n) * v.step}, p})
			}
			all[20], all[21] = all[21], all[20]
			all[40], all[41] = all[41], all[40]
			for i, s := range all {
				if i == 10 || i == 30 || i == 31 {
					continue // lost
				}
				a.send(s.h, s.p)
				if i%9 == 0 {
					a.send(s.h, s.p)
				}
				if i == 11 || i == 32 { // behind a hole: wait until it is given up
					b.await(i + 1)
				}
			}
			got := b.await(60)
			continuous(t, got)
			if len(got) != 60 {
				t.Errorf("%d packets went out", len(got))
			}
			pcm, rate := listen(t, pairing[1], got)
			tone(t, pcm, rate, 440)
			if st := a.s.Stats(); st.Lost >= 3 || st.Reordered < 2 { // duplicates hide losses, as RFC 3550 has it
				t.Errorf("stats %+v", st.Quality)
			}
		})
	}
}

func TestSilenceStaysOut(t *testing.T) {
	e := open(t, Options{})
	a, b := pair(t, e, "PCMU", "opus")
	a.mumble(3)
	a.ts += 8000 // a second of silence is not sent
	a.mumble(3)
	got := b.await(6)
	if d := got[3].Timestamp - got[2].Timestamp; d != 48000+960 || !got[3].Marker || got[4].Marker {
		t.Fatalf("timestamp moved by %d, marker %v %v", d, got[3].Marker, got[4].Marker)
	}
	a.ts -= 300 * 8000 // the far end's clock begins anew
	a.mumble(3)
	continuous(t, b.await(9))
}

// TestReinviteChangesTheCodec goes on in one stream.
func TestReinviteChangesTheCodec(t *testing.T) {
	e := open(t, Options{})
	a, b := pair(t, e, "PCMU", "PCMU")
	a.mumble(3)
	b.await(3)
	if err := b.s.Apply(b.params("opus")); err != nil {
		t.Fatal(err)
	}
	a.mumble(3)
	got := b.await(6)
	continuous(t, got)
	if got[5].PayloadType != 96 || len(got[5].Payload) == 160 {
		t.Fatalf("still PCMU: %v", got[5])
	}
	if err := a.s.Apply(a.params("opus")); err != nil {
		t.Fatal(err)
	}
	a.say(96, []byte{0xf8, 0xff, 0xfe}, 960)
	if got := b.await(7); len(got[6].Payload) != 3 {
		t.Fatalf("Opus to Opus is not relayed: %v", got[6])
	}
}

func TestTwoLoops(t *testing.T) {
	e := open(t, Options{Loops: 2})
	a, b := pair(t, e, "PCMU", "opus")
	if a.s.loop == b.s.loop {
		t.Fatal("both legs are on one loop")
	}
	va, vb := newVoice(t, "PCMU", 440, 600*ms, 20*ms), newVoice(t, "opus", 700, 600*ms, 20*ms)
	for range 30 {
		a.say(va.pt, va.next(t), va.step)
		b.say(vb.pt, vb.next(t), vb.step)
	}
	pcm, rate := listen(t, "opus", b.await(30))
	tone(t, pcm, rate, 440)
	pcm, rate = listen(t, "PCMU", a.await(30))
	tone(t, pcm, rate, 700)
	near := newPhone(t, "127.0.0.1")
	if s := near.lease(e, LeaseOptions{Near: a.s, Expected: near.addr()}); s.loop != a.s.loop {
		t.Error("a leg near another is on another loop")
	}
}

func TestNoWayBetweenCodecs(t *testing.T) {
	e := open(t, Options{})
	a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	a.call(e, "PCMU")
	p := b.params("opus")
	p.Codec.Name = "G729"
	b.callAs(e, p)
	if err := Join(a.s, b.s); err == nil {
		t.Fatal("joined PCMU with G729")
	}
}

func TestResampler(t *testing.T) {
	for _, r := range [][2]int{{8000, 16000}, {16000, 8000}, {8000, 48000}, {48000, 8000}, {48000, 16000}, {16000, 48000}, {32000, 8000}} {
		in := codectest.Sine(1000, 8000, r[0], r[0])
		rs := newResampler(r[0], r[1])
		var out []int16
		for at := 0; at < len(in); at += r[0] / 50 { // as it comes: packet by packet
			before := len(out)
			out = rs.run(out, in[at:at+r[0]/50])
			if n := len(out) - before; n > rs.room(r[0]/50) {
				t.Fatalf("%v: %d samples in a packet", r, n)
			}
		}
		if len(out) != r[1] {
			t.Errorf("%v: %d samples", r, len(out))
		}
		out = out[r[1]/10:]
		if pure := codectest.Purity(out, 1000, r[1]); pure < 0.9999 {
			t.Errorf("%v: purity %v", r, pure)
		}
		if level := codectest.RMS(out) * math.Sqrt2; math.Abs(level-8000) > 80 {
			t.Errorf("%v: level %v", r, level)
		}
	}
	high := codectest.Sine(6000, 8000, 16000, 16000) // above what 8 kHz can carry
	if level := codectest.RMS(newResampler(16000, 8000).run(nil, high)); level > 20 {
		t.Errorf("6 kHz folds back at level %v", level)
	}
	if newResampler(8000, 8000) != nil {
		t.Error("a resampler for equal rates")
	}
}
