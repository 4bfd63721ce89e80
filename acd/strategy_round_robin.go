package acd

// roundRobin rings the next in the order of ids after the one who was chosen last in this queue.
var roundRobin = Strategy{Name: "round_robin", Doc: "the next in the order of ids after the one chosen last in this queue",
	Rank: []string{"turn"}}

var turnKey = Key{Name: "turn", Doc: "places after the one chosen last in this queue",
	Value: func(v *View) float64 { return float64(v.Turn) }}
