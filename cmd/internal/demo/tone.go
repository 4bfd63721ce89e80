package demo

import (
	"math"
	"slices"
	"time"
)

// A Beat is a tone that is switched on and off: the onsets let the far end measure the way, the pitch who speaks.
type Beat struct {
	Hz      float64
	On, Off time.Duration // whole packets of 20 ms
}

// The robots' voices, far enough apart in pitch that neither can be taken for the other or for the hold music.
var (
	customerBeat = Beat{Hz: 425, On: 300 * time.Millisecond, Off: 500 * time.Millisecond}
	agentBeat    = Beat{Hz: 1020, On: 300 * time.Millisecond, Off: 500 * time.Millisecond}
)

const (
	frame     = 20 * time.Millisecond
	amplitude = 8000
	audible   = 500.0 // amplitude above which a tone counts as heard
)

// fill writes the samples of the frame that begins at offset at of the beat; onset says whether the tone starts in it.
func (b Beat) fill(pcm []int16, rate int, at time.Duration) (onset bool) {
	phase := at % (b.On + b.Off)
	if phase >= b.On {
		clear(pcm)
		return false
	}
	first := int(at.Seconds() * float64(rate))
	for i := range pcm {
		pcm[i] = int16(amplitude * math.Sin(2*math.Pi*b.Hz*float64(first+i)/float64(rate)))
	}
	return phase == 0
}

// level is the amplitude of one frequency in pcm, by Goertzel's algorithm: a sine of amplitude A gives about A.
func level(pcm []int16, rate int, hz float64) float64 {
	w := 2 * math.Pi * hz / float64(rate)
	c := 2 * math.Cos(w)
	var s1, s2 float64
	for _, v := range pcm {
		s1, s2 = float64(v)+c*s1-s2, s1
	}
	power := s1*s1 + s2*s2 - c*s1*s2
	return 2 * math.Sqrt(max(power, 0)) / float64(len(pcm))
}

// Heard is what one side of a call made out.
type Heard struct {
	Packets int
	Tone    time.Duration // time in which the far end's tone was there
	Other   time.Duration // time in which something else was there
	Delay   time.Duration // median from the far end's onset to ours; 0 where none was measured
	Beats   int           // onsets matched
}

// OK says whether the far end was heard clearly: its tone in a fair share of the time, in its own pitch, and little else.
func (h Heard) OK() bool { return h.Beats >= 2 && h.Other <= h.Tone/4 }

// ear finds onsets of one pitch in a stream of frames.
type ear struct {
	hz     float64
	on     bool
	quiet  int
	onsets []time.Time
	heard  Heard
}

// hear takes one decoded frame that arrived at now.
func (e *ear) hear(pcm []int16, rate int, now time.Time) {
	length := time.Duration(len(pcm)) * time.Second / time.Duration(rate)
	tone, all := level(pcm, rate, e.hz), rms(pcm)*math.Sqrt2
	e.heard.Packets++
	if tone < audible {
		if all > 4*audible {
			e.heard.Other += length
		}
		if e.quiet++; e.quiet >= 3 {
			e.on = false
		}
		return
	}
	e.heard.Tone += length
	if !e.on && e.quiet >= 3 {
		e.onsets = append(e.onsets, now)
	}
	e.on, e.quiet = true, 0
}

func rms(pcm []int16) float64 {
	sum := 0.0
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(max(len(pcm), 1)))
}

// match pairs each onset that was heard with the last one sent before it, and yields the median way.
func match(sent, heard []time.Time) (delay time.Duration, n int) {
	var ways []time.Duration
	for _, h := range heard {
		i, _ := slices.BinarySearchFunc(sent, h, time.Time.Compare)
		if i == 0 {
			continue
		}
		if way := h.Sub(sent[i-1]); way < 500*time.Millisecond {
			ways = append(ways, way)
		}
	}
	if len(ways) == 0 {
		return 0, 0
	}
	slices.Sort(ways)
	return ways[len(ways)/2], len(ways)
}
