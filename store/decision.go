package store

import "time"

// Decision is why one offer was made, or why none could be: enough to answer "why this agent?" and "why not me?" months
// later, in at most 4 KB. One set of agents per rule and the best 20 ranks are kept.
type Decision struct {
	ID          string // the offer's identifier, or the visit's with a running number when nobody was eligible
	At          time.Time
	Call, Visit string
	Queue       string
	Step        int    // the widening step reached, from 0
	PlanVersion string // the configuration it was decided under
	Waited      time.Duration
	Caller      Profile
	Chosen      []string  // agents reserved; empty when nobody was
	Removed     []Removal // in the order in which the rules were applied
	Ranks       []Rank    // best first, at most 20
	Eligible    int       // how many survived all rules
	RankNames   []string  // headings of Rank.Values
}

// Profile is what the matcher knows of a caller.
type Profile struct {
	Language, Region, Zone string
	Skills                 map[string]int // wanted skill → least level
	Priority               time.Duration  // head start
}

// Removal is one rule and the agents it took out. Count is exact even where Agents was cut to fit.
type Removal struct {
	Rule   string // a RemovalRule
	Detail string // the expression or threshold, as the administrator wrote it
	Agents []string
	Count  int
}

// Rank is one candidate with the value of each comparison, in order.
type Rank struct {
	Agent  string
	Step   int // the widening step that wants her
	Values []string
}
