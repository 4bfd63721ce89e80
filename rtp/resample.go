package rtp

import "math"

// resampler changes the rate of a stream of PCM by the ratio of two whole numbers: a low-pass filter (windowed sinc, a
// Kaiser window of 70 dB) cut into one set of taps for each phase, so that only samples that are needed are computed. It
// is for the pairs that no codec bridges (G.711 ↔ G.722) and for prompts.
//
//	in    x0      x1      x2            8 → 16 kHz: up 2, down 1
//	      │ ╲   ╱ │ ╲   ╱ │             each output is a sum over the inputs around it, weighted by the taps of its phase
//	out   y0  y1  y2  y3  y4
type resampler struct {
	up, down int
	taps     [][]float32 // by phase
	history  []float32   // the last inputs, as many as a phase has taps
	phase    int
}

// reach is how many zero crossings of the sinc lie on each side.
const reach = 12

// newResampler makes one between two rates in Hz; nil where they are equal.
func newResampler(from, to int) *resampler {
	if from == to || from <= 0 || to <= 0 {
		return nil
	}
	g := gcd(from, to)
	r := &resampler{up: to / g, down: from / g}
	wide := max(r.up, r.down)
	n := (2*reach*wide + r.up - 1) / r.up // taps a phase
	r.history = make([]float32, n)
	cut := 0.92 / float64(wide) // of half the rate at which both meet
	centre := float64(n*r.up-1) / 2
	for p := range r.up {
		set := make([]float32, n)
		for k := range n {
			t := float64(k*r.up+p) - centre
			set[k] = float32(float64(r.up) * cut * sinc(cut*t) * kaiser(t/(centre+1)))
		}
		r.taps = append(r.taps, set)
	}
	return r
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the window at x in −1…1.
func kaiser(x float64) float64 {
	const beta = 6.8
	return bessel(beta*math.Sqrt(max(1-x*x, 0))) / bessel(beta)
}

// bessel is the modified Bessel function of the first kind and order zero.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; k < 40; k++ {
		term *= x / 2 / k
		sum += term * term
	}
	return sum
}

// room is how many samples n samples of input give at most.
func (r *resampler) room(n int) int { return (n*r.up+r.down-1)/r.down + 1 }

// run appends the samples that in gives to out, which needs room for them.
func (r *resampler) run(out, in []int16) []int16 {
	n := len(r.history)
	for _, x := range in {
		copy(r.history, r.history[1:])
		r.history[n-1] = float32(x)
		for ; r.phase < r.up; r.phase += r.down {
			set, sum := r.taps[r.phase], float32(0)
			for k, h := range r.history {
				sum += h * set[n-1-k]
			}
			out = append(out, clip(sum))
		}
		r.phase -= r.up
	}
	return out
}

func clip(x float32) int16 {
	switch {
	case x >= math.MaxInt16:
		return math.MaxInt16
	case x <= math.MinInt16:
		return math.MinInt16
	case x < 0:
		return int16(x - 0.5)
	}
	return int16(x + 0.5)
}
