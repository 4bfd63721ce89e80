// Package codectest is the examination that every codec passes: a tone goes in and comes out at its pitch, at each rate and
// packet length; silence stays silence; garbage is refused or decoded but never hurts; gaps are concealed and fade; nothing
// is allocated on the way.
package codectest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"ringway/codecs"
)

// pTimes are the packet lengths in milliseconds that each codec must pack.
var pTimes = []int{10, 20, 40, 60}

const (
	tone      = 440.0
	amplitude = 8000.0
	maxBytes  = 1500 * 4 // L16 at 16 kHz and 60 ms fits
)

// Run examines c.
func Run(t *testing.T, c codecs.Codec) {
	t.Helper()
	t.Run("format", func(t *testing.T) { format(t, c) })
	for _, rate := range c.Rates() {
		for _, ms := range pTimes {
			t.Run(fmt.Sprintf("tone/%dHz/%dms", rate, ms), func(t *testing.T) { toneThrough(t, c, rate, ms) })
		}
		t.Run(fmt.Sprintf("silence/%dHz", rate), func(t *testing.T) { silence(t, c, rate) })
		t.Run(fmt.Sprintf("gap/%dHz", rate), func(t *testing.T) { gap(t, c, rate) })
		t.Run(fmt.Sprintf("garbage/%dHz", rate), func(t *testing.T) { garbage(t, c, rate) })
		t.Run(fmt.Sprintf("buffers/%dHz", rate), func(t *testing.T) { buffers(t, c, rate) })
		t.Run(fmt.Sprintf("allocations/%dHz", rate), func(t *testing.T) { allocations(t, c, rate) })
	}
}

func format(t *testing.T, c codecs.Codec) {
	f := c.Format()
	if f.Name == "" || f.ClockRate <= 0 || f.Channels < 1 || f.PayloadType > 127 {
		t.Errorf("incomplete format: %+v", f)
	}
	rates := c.Rates()
	if len(rates) == 0 || !slices.IsSorted(rates) {
		t.Errorf("rates must be ascending: %v", rates)
	}
	if _, err := c.NewEncoder(codecs.EncoderOptions{Rate: 11025}); !errors.Is(err, codecs.ErrRate) {
		t.Errorf("encoder at 11,025 Hz: got %v, want ErrRate", err)
	}
	if _, err := c.NewDecoder(0); !errors.Is(err, codecs.ErrRate) {
		t.Errorf("decoder at 0 Hz: got %v, want ErrRate", err)
	}
}

// line is an encoder and a decoder with the wire between them.
type line struct {
	t    testing.TB
	enc  codecs.Encoder
	dec  codecs.Decoder
	wire []byte
	pcm  []int16
}

func open(t testing.TB, c codecs.Codec, o codecs.EncoderOptions) *line {
	t.Helper()
	enc, err := c.NewEncoder(o)
	if err != nil {
		t.Fatalf("encoder at %d Hz: %v", o.Rate, err)
	}
	dec, err := c.NewDecoder(o.Rate)
	if err != nil {
		t.Fatalf("decoder at %d Hz: %v", o.Rate, err)
	}
	t.Cleanup(enc.Close)
	t.Cleanup(dec.Close)
	return &line{t: t, enc: enc, dec: dec, wire: make([]byte, maxBytes), pcm: make([]int16, o.Rate*120/1000)}
}

// send puts one packet through and returns what was heard; it is valid until the next call.
func (l *line) send(pcm []int16) []int16 {
	n, err := l.enc.Encode(l.wire, pcm)
	if err != nil {
		l.t.Fatalf("encode %d samples: %v", len(pcm), err)
	}
	m, err := l.dec.Decode(l.pcm, l.wire[:n])
	if err != nil {
		l.t.Fatalf("decode %d bytes: %v", n, err)
	}
	if m != len(pcm) {
		l.t.Fatalf("decoded %d samples of %d", m, len(pcm))
	}
	return l.pcm[:m]
}

func (l *line) sendAll(pcm []int16, packet int) (heard []int16) {
	for len(pcm) >= packet {
		heard = append(heard, l.send(pcm[:packet])...)
		pcm = pcm[packet:]
	}
	return heard
}

func toneThrough(t *testing.T, c codecs.Codec, rate, ms int) {
	l := open(t, c, codecs.EncoderOptions{Rate: rate})
	heard := l.sendAll(Sine(tone, amplitude, rate, rate*6/5), rate*ms/1000)
	heard = heard[rate/5:] // adaptive codecs need a moment
	if p := Purity(heard, tone, rate); p < 0.95 {
		t.Errorf("only %.1f %% of the power is at %g Hz", 100*p, tone)
	}
	want := amplitude / 1.41421356
	if got := RMS(heard); got < 0.7*want || got > 1.4*want {
		t.Errorf("level %.0f, sent %.0f", got, want)
	}
}

func silence(t *testing.T, c codecs.Codec, rate int) {
	l := open(t, c, codecs.EncoderOptions{Rate: rate})
	if level := RMS(l.sendAll(make([]int16, rate), rate/50)); level > 20 {
		t.Errorf("silence became noise of level %.1f", level)
	}
}

// gap loses 20 ms of a tone, then a whole second. It does so early: after half a second voice detectors take a steady tone
// for noise, and conceal it as noise.
func gap(t *testing.T, c codecs.Codec, rate int) {
	l := open(t, c, codecs.EncoderOptions{Rate: rate, LossPct: 10})
	packet, early := rate/50, rate*2/5
	pcm := Sine(tone, amplitude, rate, 2*rate)
	l.sendAll(pcm[:early], packet)
	n := 0
	for _, from := range []int{early, early + packet} { // the lost packet, and the next one, which may tell about it
		var err error
		if n, err = l.enc.Encode(l.wire, pcm[from:from+packet]); err != nil {
			t.Fatal(err)
		}
	}
	out := make([]int16, packet)
	if m, err := l.dec.Conceal(out, l.wire[:n]); err != nil || m != packet {
		t.Fatalf("conceal 20 ms: %d samples, %v", m, err)
	}
	if level := RMS(out); level < amplitude/8 || level > amplitude {
		t.Errorf("a concealed packet has level %.0f", level)
	}
	if p := Purity(out, tone, rate); p < 0.7 {
		t.Errorf("a concealed packet has only %.0f %% of its power at %g Hz", 100*p, tone)
	}
	for range 50 {
		if _, err := l.dec.Conceal(out, nil); err != nil {
			t.Fatal(err)
		}
	}
	if level := RMS(out); level > amplitude/20 {
		t.Errorf("after a second without packets the level is still %.0f", level)
	}
	heard := l.sendAll(pcm[rate:], packet)
	if p := Purity(heard[rate/5:], tone, rate); p < 0.9 {
		t.Errorf("after the gap only %.0f %% of the power is at %g Hz", 100*p, tone)
	}
}

func garbage(t *testing.T, c codecs.Codec, rate int) {
	l := open(t, c, codecs.EncoderOptions{Rate: rate})
	random := rand.New(rand.NewPCG(1, uint64(rate)))
	for range 3000 {
		payload := l.wire[:random.IntN(400)]
		for i := range payload {
			payload[i] = byte(random.Uint32())
		}
		n, err := l.dec.Decode(l.pcm, payload)
		if n < 0 || n > len(l.pcm) {
			t.Fatalf("%d samples in a buffer of %d", n, len(l.pcm))
		}
		if err != nil && !errors.Is(err, codecs.ErrPayload) && !errors.Is(err, codecs.ErrShortBuffer) {
			t.Fatalf("unexpected kind of error: %v", err)
		}
	}
	if _, err := l.dec.Decode(l.pcm, nil); !errors.Is(err, codecs.ErrPayload) {
		t.Errorf("empty payload: got %v, want ErrPayload", err)
	}
	heard := l.sendAll(Sine(tone, amplitude, rate, rate), rate/50)
	if p := Purity(heard[rate/2:], tone, rate); p < 0.95 {
		t.Errorf("half a second after garbage only %.0f %% of the power is at %g Hz", 100*p, tone)
	}
}

// buffers checks that a buffer that is too short is an error and that its capacity is never used.
func buffers(t *testing.T, c codecs.Codec, rate int) {
	l := open(t, c, codecs.EncoderOptions{Rate: rate})
	pcm := Sine(tone, amplitude, rate, rate/50)
	if _, err := l.enc.Encode(l.wire[:1], pcm); err == nil {
		t.Error("a packet was encoded into one byte")
	}
	if _, err := l.enc.Encode(l.wire, nil); !errors.Is(err, codecs.ErrFrame) {
		t.Errorf("nothing to encode: got %v, want ErrFrame", err)
	}
	n, err := l.enc.Encode(l.wire, pcm)
	if err != nil {
		t.Fatal(err)
	}
	room := make([]int16, len(pcm))
	if _, err := l.dec.Decode(room[:4], l.wire[:n]); !errors.Is(err, codecs.ErrShortBuffer) {
		t.Errorf("buffer of 4 samples: got %v, want ErrShortBuffer", err)
	}
	for _, s := range room[4:] {
		if s != 0 {
			t.Fatal("the decoder wrote beyond the length of its buffer")
		}
	}
}

func allocations(t *testing.T, c codecs.Codec, rate int) {
	l := open(t, c, codecs.EncoderOptions{Rate: rate, LossPct: 5})
	pcm := Sine(tone, amplitude, rate, rate/50)
	out := make([]int16, len(pcm))
	if n := testing.AllocsPerRun(100, func() { l.send(pcm) }); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
	n, err := l.enc.Encode(l.wire, pcm)
	if err != nil {
		t.Fatal(err)
	}
	got := testing.AllocsPerRun(100, func() {
		_, _ = l.dec.Conceal(out, nil)
		_, _ = l.dec.Conceal(out, l.wire[:n])
	})
	if got != 0 {
		t.Errorf("%v allocations a concealed packet", got)
	}
}
