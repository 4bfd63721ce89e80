package siptest

import "math"

// tone is one frame of a sine at half amplitude as µ-law, beginning at sample n.
func tone(hertz float64, n int) []byte {
	out := make([]byte, frame)
	for i := range out {
		out[i] = toMuLaw(0.5 * math.Sin(2*math.Pi*hertz*float64(n+i)/rate))
	}
	return out
}

// strongest returns the tone that holds more than a third of the energy, or 0.
func strongest(samples, among []float64) float64 {
	total := 0.0
	for _, s := range samples {
		total += s * s
	}
	if total/float64(len(samples)) < 1e-5 {
		return 0 // silence
	}
	best, at := 0.0, 0.0
	for _, f := range among {
		if p := goertzel(samples, f); p > best {
			best, at = p, f
		}
	}
	if best < total/3 {
		return 0
	}
	return at
}

// goertzel is the energy of one frequency in the samples, on the scale of their sum of squares.
func goertzel(samples []float64, hertz float64) float64 {
	c := 2 * math.Cos(2*math.Pi*hertz/rate)
	var a, b float64
	for _, s := range samples {
		a, b = s+c*a-b, a
	}
	return (a*a + b*b - c*a*b) * 2 / float64(len(samples))
}

// G.711 µ-law: sign, 3 bits of exponent, 4 bits of mantissa, all inverted; bias 33 on a scale of 8,159.

func toMuLaw(x float64) byte {
	sign := byte(0)
	if x < 0 {
		sign, x = 0x80, -x
	}
	v := int(min(x, 1)*8158) + 33
	exponent := 7
	for mask := 0x1000; exponent > 0 && v&mask == 0; mask >>= 1 {
		exponent--
	}
	return ^(sign | byte(exponent)<<4 | byte(v>>(exponent+1))&0x0f)
}

func fromMuLaw(b byte) float64 {
	b = ^b
	v := float64((int(b&0x0f)<<1+33)<<(b>>4&7) - 33)
	if b&0x80 != 0 {
		v = -v
	}
	return v / 8158
}
