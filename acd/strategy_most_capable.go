package acd

import "strconv"

// mostCapable compares what a caller needs, in the order of semantics: language, skills, region, zone, idle.
var mostCapable = Strategy{Name: "most_capable", Doc: "who can help best: language, skills, region, time zone, then longest idle",
	Rank: []string{"language", "skills", "region", "zone", "idle"}}

var languageKey = Key{Name: "language", Doc: "level of the caller's language, zh-TW falling back to zh", Higher: true,
	Value: func(v *View) float64 { return float64(v.Agent.speaks(v.Language)) }}

var skillsKey = Key{Name: "skills", Doc: "sum of the levels of the wanted skills", Higher: true,
	Value: func(v *View) float64 { return float64(v.Agent.skillSum(v.Skills)) }}

var regionKey = Key{Name: "region", Doc: "serves the caller's region, by code or by a named group", Higher: true,
	Value: func(v *View) float64 {
		if v.Agent.serves[v.Region] {
			return 1
		}
		return 0
	},
	Show: func(x float64) string {
		if x == 1 {
			return "yes"
		}
		return "no"
	}}

var zoneKey = Key{Name: "zone", Doc: "smaller gap between the home zone's offset now and the caller's, in minutes",
	Value: func(v *View) float64 {
		if !v.ZoneKnown || v.Agent.Zone == "" {
			return noGap
		}
		return float64(gap(v.Offset, v.CallerOffset))
	},
	Show: func(x float64) string {
		if x == noGap {
			return "unknown"
		}
		return strconv.Itoa(int(x)) + "m"
	}}
