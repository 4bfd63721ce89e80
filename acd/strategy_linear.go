package acd

// linear rings the first in the order of people.yaml who is free.
var linear = Strategy{Name: "linear", Doc: "the first in the order of people.yaml who is free", Rank: []string{"order"}}

var orderKey = Key{Name: "order", Doc: "place in people.yaml",
	Value: func(v *View) float64 { return float64(v.Agent.order + 1) }}
