package g722

import (
	"math"
	"testing"

	"ringway/codecs"
	"ringway/codecs/codectest"
)

func TestG722(t *testing.T) { codectest.Run(t, Codec()) }

// A tone above 4 kHz lives in the upper band: narrowband codecs lose it.
func TestUpperBand(t *testing.T) {
	enc, err := Codec().NewEncoder(codecs.EncoderOptions{Rate: rate})
	if err != nil {
		t.Fatal(err)
	}
	dec, err := Codec().NewDecoder(rate)
	if err != nil {
		t.Fatal(err)
	}
	sent := codectest.Sine(5500, 8000, rate, rate)
	wire, heard := make([]byte, rate/2), make([]int16, rate)
	if _, err := enc.Encode(wire, sent); err != nil {
		t.Fatal(err)
	}
	if _, err := dec.Decode(heard, wire); err != nil {
		t.Fatal(err)
	}
	if p := codectest.Purity(heard[rate/5:], 5500, rate); p < 0.9 {
		t.Errorf("only %.0f %% of the power is at 5.5 kHz", 100*p)
	}
}

// The two filter banks together delay by 22 samples and keep the waveform: at 64 kbit/s a speech-like signal comes back
// with more than 20 dB between signal and noise, which no wrong table or swapped band would give.
func TestWaveformIsKept(t *testing.T) {
	enc, _ := Codec().NewEncoder(codecs.EncoderOptions{Rate: rate})
	dec, _ := Codec().NewDecoder(rate)
	sent := codectest.Babble(rate, rate)
	wire, heard := make([]byte, rate/2), make([]int16, rate)
	if _, err := enc.Encode(wire, sent); err != nil {
		t.Fatal(err)
	}
	if _, err := dec.Decode(heard, wire); err != nil {
		t.Fatal(err)
	}
	const delay = 22
	var signal, noise float64
	for i := rate / 10; i < rate-delay; i++ {
		s, e := float64(sent[i]), float64(sent[i])-float64(heard[i+delay])
		signal += s * s
		noise += e * e
	}
	if db := 10 * math.Log10(signal/noise); db < 20 {
		t.Errorf("signal to noise is %.1f dB", db)
	}
}

func BenchmarkG722(b *testing.B) { codectest.Bench(b, Codec()) }
