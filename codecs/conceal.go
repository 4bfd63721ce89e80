package codecs

import "math"

// Concealer hides lost packets of codecs that have no concealment of their own, after the idea of ITU-T G.711 Appendix I:
// speech is nearly periodic for some tens of milliseconds, so the last pitch period is repeated and faded out.
//
//	history            gap                              first packet after it
//	…/\/\/\/\[ /\/\ ]  [ /\/\ ][ /\/\ ][ /\/\ ]…        real ╲╱ repeated
//	          period    level 1 for 10 ms, 0 after 60    cross-faded for 4–10 ms
//
// The seam of a period with itself is cross-faded over a quarter period. Unlike the Appendix it delays nothing: the seam at
// the start of a gap is met by the choice of the period (its first sample follows, one period ago, the last one played), and
// it keeps one period instead of growing to three, which matters only for gaps of more than 20 ms, and those are fading.
//
// A Concealer belongs to one goroutine and allocates nothing once made.
type Concealer struct {
	ms      int     // samples of one millisecond
	history []int16 // the last samples that were played, real or made up
	period  []int16 // the loop of the gap; empty outside a gap
	loop    []int16 // room for period
	at      int     // position in period
	lost    int     // samples made up in this gap
}

// Shape of the search and of the fade, in milliseconds.
const (
	minPeriod = 5  // 200 Hz
	maxPeriod = 15 // 66 Hz
	window    = 20 // compared for similarity
	holdLevel = 10 // full level at the start of a gap
	fadeOut   = 50 // then down to nothing
	keep      = maxPeriod + window + maxPeriod/4 + 1
)

// NewConcealer makes one for PCM of rate Hz, at most 48,000.
func NewConcealer(rate int) *Concealer {
	ms := min(max(rate, 8000), 48000) / 1000
	return &Concealer{ms: ms, history: make([]int16, keep*ms), loop: make([]int16, maxPeriod*ms)}
}

// Good takes note of the samples of a packet that did arrive. After a gap it blends their beginning with what was being
// made up, in place.
func (c *Concealer) Good(pcm []int16) {
	if len(c.period) > 0 {
		c.blend(pcm)
		c.period, c.at, c.lost = nil, 0, 0
	}
	c.remember(pcm)
}

// Conceal fills pcm with what the missing packet might have been.
func (c *Concealer) Conceal(pcm []int16) {
	if len(c.period) == 0 {
		c.start()
	}
	for i := range pcm {
		pcm[i] = c.next()
	}
	c.remember(pcm)
}

// next makes one sample up.
func (c *Concealer) next() int16 {
	g := c.gain()
	v := int32(c.period[c.at]) * g >> 15
	c.lost++
	if c.at++; c.at == len(c.period) {
		c.at = 0
	}
	return int16(v)
}

// gain is the level at this point of the gap, 1<<15 for full.
func (c *Concealer) gain() int32 {
	const full = 1 << 15
	late := c.lost - holdLevel*c.ms
	switch total := fadeOut * c.ms; {
	case late <= 0:
		return full
	case late >= total:
		return 0
	default:
		return int32(full - full*late/total)
	}
}

// blend cross-fades from the made-up signal to the real one: 4 ms, and longer after a longer gap.
func (c *Concealer) blend(pcm []int16) {
	n := min(4*c.ms+c.lost/5, 10*c.ms, len(pcm))
	for i := range n {
		was := int32(c.next())
		pcm[i] = int16((was*int32(n-i) + int32(pcm[i])*int32(i)) / int32(n))
	}
}

// start cuts the last period out of the history and makes it loop without a click.
func (c *Concealer) start() {
	p := c.pitch()
	q, end := p/4, len(c.history)
	c.period = c.loop[:p]
	copy(c.period, c.history[end-p:])
	for i := range q { // the last quarter turns into what came before the period, which the loop's start follows
		to := int32(c.history[end-p-q+i])
		at := p - q + i
		c.period[at] = int16((int32(c.period[at])*int32(q-i) + to*int32(i)) / int32(q))
	}
	c.at, c.lost = 0, 0
}

// pitch finds the lag in samples at which the history resembles itself most: in steps of a
// quarter millisecond first, then sample by sample around the best.
func (c *Concealer) pitch() int {
	lo, hi := minPeriod*c.ms, maxPeriod*c.ms
	coarse := max(c.ms/4, 1)
	best, score := lo, math.Inf(-1)
	for lag := lo; lag <= hi; lag += coarse {
		if s := c.likeness(lag, coarse); s > score {
			best, score = lag, s
		}
	}
	from, to := max(best-coarse, lo), min(best+coarse, hi)
	score = math.Inf(-1)
	for lag := from; lag <= to; lag++ {
		if s := c.likeness(lag, 1); s > score {
			best, score = lag, s
		}
	}
	return best
}

// likeness is the correlation of the last window with the one lag before it, per energy of the latter.
func (c *Concealer) likeness(lag, step int) float64 {
	end := len(c.history)
	now := c.history[end-window*c.ms:]
	ago := c.history[end-window*c.ms-lag:]
	var cross, energy float64
	for i := 0; i < len(now); i += step {
		a, b := float64(now[i]), float64(ago[i])
		cross += a * b
		energy += b * b
	}
	return cross / math.Sqrt(energy+1)
}

// remember shifts pcm into the history.
func (c *Concealer) remember(pcm []int16) {
	h := c.history
	if n := len(pcm); n < len(h) {
		copy(h, h[n:])
		copy(h[len(h)-n:], pcm)
		return
	}
	copy(h, pcm[len(pcm)-len(h):])
}
