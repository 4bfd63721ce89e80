package rtp

import (
	"testing"
	"time"

	prtp "github.com/pion/rtp"

	"ringway/rtp/dtmf"
)

// press sends a key of 100 ms as a phone does, at a clock.
func (p *phone) press(code uint8, clock int) {
	unit := clock / 50
	for i, d := range []int{1, 2, 3, 4, 5, 5, 5} {
		p.send(prtp.Header{PayloadType: 97, SequenceNumber: p.seq, Timestamp: p.ts, Marker: i == 0}, eventPayload(code, i >= 4, uint16(d*unit)))
		p.seq++
	}
	p.ts += uint32(6 * unit)
}

func events(got []prtp.Packet) (out []prtp.Packet) {
	for _, p := range got {
		if p.PayloadType == 101 {
			out = append(out, p)
		}
	}
	return out
}

// read turns the events that a phone heard into digits.
func read(t *testing.T, got []prtp.Packet, clock int) (digits string, length time.Duration) {
	t.Helper()
	r := dtmf.NewReceiver(clock)
	for i, p := range events(got) {
		e, err := dtmf.Parse(p.Payload)
		if err != nil {
			t.Fatal(err)
		}
		before, this := r.Receive(time.Duration(i)*20*ms, p.Timestamp, e)
		for _, d := range []dtmf.Digit{before, this} {
			if d.Rune != 0 {
				digits += string(d.Rune)
				length = d.Duration
			}
		}
	}
	return digits, length
}

// TestKeysGoThrough presses keys on one phone, between speech, and reads them on the other: relayed, and transcoded with
// the clock of events changed.
func TestKeysGoThrough(t *testing.T) {
	e := open(t, Options{})
	for _, c := range [][2]string{{"PCMU", "PCMU"}, {"PCMU", "opus"}, {"opus", "PCMA"}, {"opus", "opus"}} {
		t.Run(c[0]+"-"+c[1], func(t *testing.T) {
			a, b := pair(t, e, c[0], c[1])
			va := newVoice(t, c[0], 440, time.Second, 20*ms)
			say := func(n int) {
				for range n {
					a.say(va.pt, va.next(t), va.step)
				}
			}
			clock := formats[c[0]].ClockRate
			say(3)
			for _, code := range []uint8{1, 1, 11} {
				a.press(code, clock)
				say(2)
			}
			got := b.await(3 + 3*7 + 6)
			continuous(t, sorted(got))
			if d, length := read(t, got, formats[c[1]].ClockRate); d != "11#" || length != 100*ms {
				t.Errorf("B read %q of %v", d, length)
			}
			for _, want := range "11#" {
				if ev := a.event(Digit); ev.Digit != want || ev.Duration != 100*ms {
					t.Errorf("told %c of %v", ev.Digit, ev.Duration)
				}
			}
			ev := events(got)
			if !ev[0].Marker || ev[1].Marker || ev[0].Timestamp != ev[6].Timestamp || ev[7].Timestamp == ev[0].Timestamp {
				t.Error("events have wrong markers or timestamps")
			}
		})
	}
}

// sorted drops the timestamps of events, which stand still while numbers go on.
func sorted(got []prtp.Packet) []prtp.Packet {
	out := append([]prtp.Packet(nil), got...)
	for i := range out {
		out[i].Timestamp = 0
	}
	return out
}

func TestKeysToALegWithoutEvents(t *testing.T) {
	e := open(t, Options{})
	a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	a.call(e, "PCMU")
	p := b.params("PCMU")
	p.DTMFSendPT, p.DTMFRecvPT = 0, 0
	b.callAs(e, p)
	if err := Join(a.s, b.s); err != nil {
		t.Fatal(err)
	}
	a.mumble(2)
	a.press(5, 8000)
	a.mumble(2)
	got := b.await(4)
	continuous(t, got)
	if len(events(got)) != 0 || a.event(Digit).Digit != '5' {
		t.Error("events were sent to a leg that knows none, or not told")
	}
	if err := b.s.SendDigit('1', 0); err == nil {
		t.Error("a digit was sent to a leg that knows none")
	}
}

func TestKeyWhoseEndIsLost(t *testing.T) {
	e := open(t, Options{})
	a := newPhone(t, "127.0.0.1")
	a.call(e, "PCMU")
	a.send(prtp.Header{PayloadType: 97, SequenceNumber: 1, Timestamp: 8000, Marker: true}, eventPayload(9, false, 400))
	if ev := a.event(Digit); ev.Digit != '9' || ev.Duration != 50*ms {
		t.Errorf("%+v", ev)
	}
}

func TestSendDigits(t *testing.T) {
	e := open(t, Options{})
	for _, codec := range []string{"PCMU", "opus"} {
		t.Run(codec, func(t *testing.T) {
			a, b := pair(t, e, codec, codec)
			b.s.Play(sound(500, 8000, time.Second), PlayOptions{Loop: true})
			b.await(3)
			for _, d := range "4*" {
				if err := b.s.SendDigit(d, 120*ms); err != nil {
					t.Fatal(err)
				}
			}
			if err := b.s.SendDigit('x', 0); err == nil {
				t.Error("x is a digit")
			}
			got := b.awaitFor(func(got []prtp.Packet) bool { return len(events(got)) == 16 && got[len(got)-1].PayloadType != 101 })
			continuous(t, sorted(got))
			if d, length := read(t, got, formats[codec].ClockRate); d != "4*" || length != 120*ms {
				t.Errorf("B read %q of %v", d, length)
			}
			for i := 1; i < len(got); i++ {
				if int32(got[i].Timestamp-got[i-1].Timestamp) < 0 {
					t.Errorf("time goes back at packet %d", i)
				}
			}
			_ = a
		})
	}
	p := newPhone(t, "127.0.0.1")
	p.call(e, "PCMU")
	var err error
	for range maxDigits + 1 {
		if err = p.s.SendDigit('1', time.Second); err != nil {
			break
		}
	}
	if err == nil {
		t.Error("digits wait without bound")
	}
}
