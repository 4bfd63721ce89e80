package acd

// fewestCalls rings who answered the fewest queue calls today.
var fewestCalls = Strategy{Name: "fewest_calls", Doc: "who answered the fewest queue calls since midnight of her home zone",
	Rank: []string{"calls", "idle"}}

var callsKey = Key{Name: "calls", Doc: "queue calls answered since midnight of her home zone",
	Value: func(v *View) float64 { return float64(v.Calls) }}
