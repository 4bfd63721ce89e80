package store

import (
	"strings"
	"time"
)

// Decision is why one offer was made, or why none could be: enough to answer "why this agent?" and "why not me?" months
// later, in at most 4 KB. One set of agents per rule and the best 20 ranks are kept.
type Decision struct {
	ID          string // VISIT.N, N running per visit; also the identifier of its (first) offer, see DecisionOf
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
	Rule   RemovalRule
	Detail string // the expression or threshold, as the administrator wrote it
	Agents []string
	Count  int
}

// RemovalRule names why an agent was not considered for a caller. Rules are applied in the order below and an agent is
// counted under the first one that takes her out, so the counts and Eligible add up to all people.
type RemovalRule string

// The rules, in the order in which they are applied.
const (
	NotMember     RemovalRule = "not_member"     // the queue's members expression does not allow her; Detail is the expression
	NotJoined     RemovalRule = "not_joined"     // she may serve the queue and has not joined it
	NotWanted     RemovalRule = "not_wanted"     // no widening step reached so far wants her; Detail is the last step's expression
	OffShift      RemovalRule = "off_shift"      // the queue says require_shift and she has no shift now
	StateNotReady RemovalRule = "not_ready"      // she paused
	StateNoReply  RemovalRule = "not_responding" // she let a call ring and has not acted since
	StateLost     RemovalRule = "unreachable"    // no phone of hers is registered or answers
	StateWrapUp   RemovalRule = "wrap_up"        // she finishes the work after a call
	StateBusy     RemovalRule = "busy"           // a dialog on one of her phones: talk, hold, consult or outbound
	StateOffered  RemovalRule = "reserved"       // reserved or ringing for another caller
	StateRested   RemovalRule = "rested"         // she declined or was busy and rests; Detail is the setting
	DeclinedThis  RemovalRule = "declined_this"  // she declined this very caller; Detail is the setting
)

// RemovalRules lists all rules in the order in which they are applied.
var RemovalRules = []RemovalRule{NotMember, NotJoined, NotWanted, OffShift, StateNotReady, StateNoReply, StateLost,
	StateWrapUp, StateBusy, StateOffered, StateRested, DeclinedThis}

// DecisionOf returns the identifier of the decision behind an offer. When a queue rings all, the offers of one decision
// VISIT.N are VISIT.N, VISIT.N-2, VISIT.N-3 …
func DecisionOf(offer string) string {
	dot := strings.LastIndexByte(offer, '.')
	if dash := strings.LastIndexByte(offer, '-'); dot >= 0 && dash > dot {
		return offer[:dash]
	}
	return offer
}

// VisitOf returns the identifier of the visit in which an offer was made, "" where there was none.
func VisitOf(offer string) string {
	return offer[:max(0, strings.LastIndexByte(offer, '.'))]
}

// Rank is one candidate with the value of each comparison, in order.
type Rank struct {
	Agent  string
	Step   int  // the widening step that wants her
	Robot  bool `json:",omitempty"` // a demo robot: ranks after any human
	Values []string
}
