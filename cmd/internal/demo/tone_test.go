package demo

import (
	"testing"
	"time"
)

func TestEarHearsTheBeatAndItsDelay(t *testing.T) {
	const rate, way = 8000, 60 * time.Millisecond
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	right, wrong := &ear{hz: customerBeat.Hz}, &ear{hz: agentBeat.Hz}
	var sent []time.Time
	pcm := make([]int16, rate/50)
	for at := time.Duration(0); at < 4*time.Second; at += frame {
		now := start.Add(at)
		if customerBeat.fill(pcm, rate, at) {
			sent = append(sent, now)
		}
		right.hear(pcm, rate, now.Add(way))
		wrong.hear(pcm, rate, now.Add(way))
	}
	delay, n := match(sent, right.onsets)
	if len(sent) != 5 || n != 4 || delay != way { // the first onset has no silence before it
		t.Fatalf("%d beats sent, %d matched with %v; want 5, 4 and %v", len(sent), n, delay, way)
	}
	if h := right.heard; h.Tone < 1400*time.Millisecond || h.Other != 0 {
		t.Fatalf("the right ear heard %+v", h)
	}
	if h := wrong.heard; h.Tone != 0 || h.Other < 1400*time.Millisecond {
		t.Fatalf("the wrong ear heard %+v", h)
	}
}
