package node

import (
	"sync/atomic"
	"time"
)

// The clock follows the wall at no more than 500 parts per million, so that no duration is ever wrong by more than that,
// and calls a difference of more than a second a step.
const (
	slewPPM  = 500
	stepSize = time.Second
)

// Clock is the node clock: the wall time at start plus monotonic time, drawn slowly towards the wall. It never runs
// backwards, so an hour put on the machine's clock expires nobody's registration.
type Clock struct {
	start time.Time // with its monotonic reading
	slew  atomic.Int64
	wall  func() time.Time

	// owned by the goroutine that calls Adjust
	last    time.Duration // monotonic time since start, at the last Adjust
	behind  time.Duration // wall − clock at the last Adjust
	settled bool
}

// NewClock starts a clock at the wall's time. wall is time.Now outside of tests.
func NewClock(wall func() time.Time) *Clock {
	now := time.Now()
	c := &Clock{start: now, wall: wall}
	c.slew.Store(int64(wall().Round(0).Sub(now.Round(0))))
	return c
}

// Now is the time that all events and records of this node carry.
func (c *Clock) Now() time.Time {
	return c.start.Add(time.Since(c.start) + time.Duration(c.slew.Load()))
}

// Adjust draws the clock towards the wall; call it about once a second. It returns how far the wall jumped since the
// last call when that is more than a second, else 0.
func (c *Clock) Adjust() (step time.Duration) {
	elapsed := time.Since(c.start)
	behind := c.wall().Round(0).Sub(c.Now().Round(0))
	if d := behind - c.behind; c.settled && (d > stepSize || d < -stepSize) {
		step = d
	}
	most := (elapsed - c.last) * slewPPM / 1_000_000
	move := max(-most, min(most, behind))
	c.slew.Add(int64(move))
	c.last, c.behind, c.settled = elapsed, behind-move, true
	return step
}
