package node

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestClockFollowsTheWallSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ahead time.Duration
		c := NewClock(func() time.Time { return time.Now().Add(ahead) })
		start := c.Now()
		tick := func(n int) (steps []time.Duration) {
			for range n {
				time.Sleep(time.Second)
				if s := c.Adjust(); s != 0 {
					steps = append(steps, s)
				}
			}
			return steps
		}
		if s := tick(10); len(s) != 0 {
			t.Fatalf("a steady wall gave steps %v", s)
		}
		if got := c.Now().Sub(start); got != 10*time.Second {
			t.Fatalf("10 s on a steady wall are %v", got)
		}
		ahead = time.Hour
		steps := tick(100)
		if len(steps) != 1 || steps[0].Round(time.Second) != time.Hour {
			t.Fatalf("an hour's jump gave steps %v, want one of an hour", steps)
		}
		if got, most := c.Now().Sub(start)-110*time.Second, 100*time.Second*slewPPM/1_000_000; got <= 0 || got > most {
			t.Fatalf("after 100 s the clock moved by %v towards the wall, want at most %v", got, most)
		}
		ahead = 0
		if steps := tick(1); len(steps) != 1 || steps[0].Round(time.Second) != -time.Hour {
			t.Fatalf("the jump back gave steps %v", steps)
		}
		before := c.Now()
		tick(5)
		if got := c.Now().Sub(before); got < 5*time.Second-5*time.Millisecond || got > 5*time.Second {
			t.Fatalf("5 s after the jump back are %v", got)
		}
	})
}
