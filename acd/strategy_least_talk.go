package acd

import "time"

// leastTalk rings who talked least in queue calls today.
var leastTalk = Strategy{Name: "least_talk", Doc: "who talked least in queue calls since midnight of her home zone",
	Rank: []string{"talk", "idle"}}

var talkKey = Key{Name: "talk", Doc: "time in queue calls since midnight of her home zone",
	Value: func(v *View) float64 { return v.Talk.Seconds() },
	Show:  func(x float64) string { return (time.Duration(x) * time.Second).String() }}
