package acd

import (
	"math"
	"time"
)

// longestIdle rings who has been free for the longest time.
var longestIdle = Strategy{Name: "longest_idle", Doc: "who has been free for the longest time", Rank: []string{"idle"}}

var idleKey = Key{Name: "idle", Doc: "time since she last became free; an offer that failed through no fault of hers does not count",
	Higher: true,
	Value:  func(v *View) float64 { return v.Idle.Seconds() },
	Show: func(x float64) string {
		return (time.Duration(math.Round(x*10)) * time.Second / 10).String()
	}}
