package codectest

import (
	"math"
	"math/rand/v2"
)

// Sine makes n samples of a tone.
func Sine(hz, amplitude float64, rate, n int) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = int16(amplitude * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	return pcm
}

// Babble makes n samples that keep a codec as busy as speech does: harmonics of a moving voice pitch, syllables, some noise.
func Babble(rate, n int) []int16 {
	pcm := make([]int16, n)
	random := rand.New(rand.NewPCG(7, 7))
	phase := 0.0
	for i := range pcm {
		at := float64(i) / float64(rate)
		phase += 2 * math.Pi * (130 + 40*math.Sin(2*math.Pi*0.7*at)) / float64(rate)
		v := 0.0
		for h := 1; h <= 12; h++ {
			v += math.Sin(float64(h)*phase) / float64(h)
		}
		v = 3000*v*(0.55+0.45*math.Sin(2*math.Pi*4*at)) + 300*random.NormFloat64()
		pcm[i] = int16(max(min(v, math.MaxInt16), math.MinInt16))
	}
	return pcm
}

// RMS is the level of pcm.
func RMS(pcm []int16) float64 {
	sum := 0.0
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	return math.Sqrt(sum / float64(max(len(pcm), 1)))
}

// Purity is the share of the power of pcm that is at hz, 0–1: one bin of a Fourier transform against the whole.
func Purity(pcm []int16, hz float64, rate int) float64 {
	var re, im, all float64
	for i, s := range pcm {
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / float64(rate))
		v := float64(s)
		re += v * cos
		im += v * sin
		all += v * v
	}
	if all == 0 {
		return 0
	}
	return 2 * (re*re + im*im) / (all * float64(len(pcm)))
}
