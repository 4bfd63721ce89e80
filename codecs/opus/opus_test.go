package opus

import (
	"testing"

	"ringway/codecs"
	"ringway/codecs/codectest"
)

func TestOpus(t *testing.T) { codectest.Run(t, Codec()) }

// What was encoded at one rate is heard at every other: no resampler is needed towards G.711 or G.722.
func TestRatesMix(t *testing.T) {
	for _, from := range Codec().Rates() {
		for _, to := range Codec().Rates() {
			heard := through(t, codecs.EncoderOptions{Rate: from}, to)
			if p := codectest.Purity(heard[to/5:], 440, to); p < 0.95 {
				t.Errorf("%d → %d Hz: only %.0f %% of the power is at 440 Hz", from, to, 100*p)
			}
		}
	}
}

// through sends a second of 440 Hz and returns what is heard at rate to.
func through(t *testing.T, o codecs.EncoderOptions, to int) (heard []int16) {
	t.Helper()
	dec, err := Codec().NewDecoder(to)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]int16, to*120/1000)
	for _, p := range packets(t, o, codectest.Sine(440, 8000, o.Rate, o.Rate)) {
		n, err := dec.Decode(out, p)
		if err != nil {
			t.Fatal(err)
		}
		heard = append(heard, out[:n]...)
	}
	return heard
}

// packets encodes pcm in packets of 20 ms.
func packets(t *testing.T, o codecs.EncoderOptions, pcm []int16) (out [][]byte) {
	t.Helper()
	enc, err := Codec().NewEncoder(o)
	if err != nil {
		t.Fatal(err)
	}
	for ; len(pcm) > 0; pcm = pcm[o.Rate/50:] {
		dst := make([]byte, 1500)
		n, err := enc.Encode(dst, pcm[:o.Rate/50])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, dst[:n])
	}
	return out
}

func TestFmtpIsHonoured(t *testing.T) {
	size := func(o codecs.EncoderOptions) (sum, spread int) {
		o.Rate = 16000
		least := 1500
		for _, p := range packets(t, o, codectest.Babble(16000, 2*16000))[10:] {
			sum += len(p)
			spread, least = max(spread, len(p)), min(least, len(p))
		}
		return sum, spread - least
	}
	normal, spread := size(codecs.EncoderOptions{})
	if spread == 0 {
		t.Error("VBR packets are all of one size")
	}
	if low, _ := size(codecs.EncoderOptions{Fmtp: "maxplaybackrate=16000; maxaveragebitrate=12000"}); low > normal*2/3 {
		t.Errorf("maxaveragebitrate=12000: %d bytes, without it %d", low, normal)
	}
	if high, _ := size(codecs.EncoderOptions{Fmtp: "maxaveragebitrate=128000"}); high != normal {
		t.Errorf("a maximum raised the bit rate: %d bytes, without it %d", high, normal)
	}
	if _, spread := size(codecs.EncoderOptions{Fmtp: "cbr=1"}); spread > 1 {
		t.Errorf("cbr=1: sizes differ by %d", spread)
	}
	if bad, _ := size(codecs.EncoderOptions{Fmtp: "maxaveragebitrate=99999999999999999999;;=;cbr"}); bad != normal {
		t.Errorf("nonsense changed the bit rate: %d bytes, without it %d", bad, normal)
	}
}

// A lost packet is recovered from the redundancy in the next one: the pitch changes at the loss, which no concealment
// from the past could know.
func TestFECRecoversWhatConcealmentCannot(t *testing.T) {
	const rate, packet = 16000, 320
	pcm := append(codectest.Babble(rate, rate), codectest.Sine(700, 9000, rate, rate)...)
	all := packets(t, codecs.EncoderOptions{Rate: rate, LossPct: 20}, pcm)
	purity := func(useNext bool) float64 {
		dec, err := Codec().NewDecoder(rate)
		if err != nil {
			t.Fatal(err)
		}
		out := make([]int16, packet)
		lost := rate/packet + 1 // the second packet of the tone
		for _, p := range all[:lost-1] {
			if _, err := dec.Decode(out, p); err != nil {
				t.Fatal(err)
			}
		}
		var next []byte
		if useNext {
			next = all[lost]
		}
		if _, err := dec.Conceal(out, next); err != nil {
			t.Fatal(err)
		}
		return codectest.Purity(out, 700, rate)
	}
	with, without := purity(true), purity(false)
	if with < 0.5 || with < without+0.2 {
		t.Errorf("share of the right tone: %.2f with FEC, %.2f without", with, without)
	}
}

func TestEncoderPacksOnlyPacketTimes(t *testing.T) {
	enc, err := Codec().NewEncoder(codecs.EncoderOptions{Rate: 8000})
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]byte, 1500)
	for _, n := range []int{1, 40, 79, 240, 400, 960} {
		if _, err := enc.Encode(dst, make([]int16, n)); err != codecs.ErrFrame {
			t.Errorf("%d samples at 8 kHz: got %v, want ErrFrame", n, err)
		}
	}
	enc.Close()
	if _, err := enc.Encode(dst, make([]int16, 160)); err == nil {
		t.Error("a closed encoder encodes")
	}
}

func BenchmarkOpus(b *testing.B) { codectest.Bench(b, Codec()) }
