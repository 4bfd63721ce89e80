//go:build real

package main

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"ringway/rtp/wav"
)

// toneFile is a WAV file of half a minute of a sine at half of the full scale.
func toneFile(v voice) []byte {
	channels := 1
	if v.stereo {
		channels = 2
	}
	samples := 30 * v.rate
	size := samples * channels * 2
	b := append([]byte("RIFF"), make([]byte, 0, size+40)...)
	b = binary.LittleEndian.AppendUint32(b, uint32(36+size))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	for _, n := range []int{1, channels} {
		b = binary.LittleEndian.AppendUint16(b, uint16(n))
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(v.rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(v.rate*channels*2))
	b = binary.LittleEndian.AppendUint16(b, uint16(channels*2))
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(size))
	for i := range samples {
		x := int16(16000 * math.Sin(2*math.Pi*v.pitch*float64(i)/float64(v.rate)))
		for range channels {
			b = binary.LittleEndian.AppendUint16(b, uint16(x))
		}
	}
	return b
}

// power is the share of one frequency in the energy of a sound, by Goertzel's algorithm: 1 for a pure tone of it.
func power(c *wav.Clip, hz float64) float64 {
	coeff := 2 * math.Cos(2*math.Pi*hz/float64(c.Rate))
	var s1, s2, energy float64
	for _, v := range c.PCM {
		x := float64(v)
		s1, s2 = x+coeff*s1-s2, s1
		energy += x * x
	}
	if energy == 0 {
		return 0
	}
	return 2 * (s1*s1 + s2*s2 - coeff*s1*s2) / (energy * float64(len(c.PCM)))
}

// hears demands that what a phone heard at last is the tone of the other and no other.
func hears(t *testing.T, who string, p *softphone, want voice) {
	t.Helper()
	clip := p.heard(2 * time.Second)
	if level := rms(clip.PCM); len(clip.PCM) < clip.Rate || level < 3000 {
		t.Errorf("%s heard %d samples with a level of %.0f: silence", who, len(clip.PCM), level)
		return
	}
	best, pitch := 0.0, 0.0
	for hz := 100.0; hz < 3500; hz += 0.5 {
		if p := power(clip, hz); p > best {
			best, pitch = p, hz
		}
	}
	if math.Abs(pitch-want.pitch) > 3 || best < 0.5 {
		t.Errorf("%s heard %.1f Hz (%.0f %% of the energy), want %.0f Hz", who, pitch, 100*best, want.pitch)
	}
}
