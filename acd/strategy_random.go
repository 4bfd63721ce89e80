package acd

// random rings anyone; the seed is state, so a replay draws the same.
var random = Strategy{Name: "random", Doc: "anyone; the seed is state, so a replay draws the same", Rank: []string{"random"}}

var drawKey = Key{Name: "random", Doc: "a number drawn for this decision",
	Value: func(v *View) float64 { return float64(v.Draw >> 11) }}
