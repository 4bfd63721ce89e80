package codecs

import (
	"math"
	"testing"
)

func wave(n, period int, amplitude float64) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = int16(amplitude * math.Sin(2*math.Pi*float64(i)/float64(period)))
	}
	return pcm
}

// steepest is the largest step between neighbours: a click shows as a step that the signal itself never makes.
func steepest(pcm []int16) (most int) {
	for i := 1; i < len(pcm); i++ {
		most = max(most, abs(int(pcm[i])-int(pcm[i-1])))
	}
	return most
}

func abs(n int) int { return max(n, -n) }

func TestConcealerGoesOnWithoutClick(t *testing.T) {
	for _, rate := range []int{8000, 16000, 48000} {
		for _, period := range []int{rate / 70, rate / 120, rate / 190, rate / 440} {
			c := NewConcealer(rate)
			packet := rate / 50
			signal := wave(10*packet, period, 10000)
			var heard []int16
			for i := 0; i < len(signal); i += packet {
				p := append([]int16(nil), signal[i:i+packet]...)
				if i == 6*packet || i == 7*packet {
					c.Conceal(p)
				} else {
					c.Good(p)
				}
				heard = append(heard, p...)
			}
			if got, own := steepest(heard), steepest(signal); got > own*5/3 {
				t.Errorf("%d Hz, period %d: a step of %d, the signal's own is %d", rate, period, got, own)
			}
		}
	}
}

func TestConcealerFadesToSilence(t *testing.T) {
	c := NewConcealer(8000)
	c.Good(wave(800, 64, 10000))
	p := make([]int16, 80)
	var levels []int
	for range 7 {
		c.Conceal(p)
		top := 0
		for _, s := range p {
			top = max(top, abs(int(s)))
		}
		levels = append(levels, top)
	}
	if levels[0] < 9500 || levels[6] != 0 {
		t.Errorf("peaks of 10 ms each: %v", levels)
	}
	for i := 1; i < len(levels); i++ {
		if levels[i] > levels[i-1] {
			t.Errorf("the level grows in a gap: %v", levels)
		}
	}
}

func TestConcealerBeforeAnyPacketIsSilent(t *testing.T) {
	c := NewConcealer(8000)
	p := wave(160, 40, 10000)
	c.Conceal(p)
	for _, s := range p {
		if s != 0 {
			t.Fatal("sound out of nothing")
		}
	}
}
