package store

import (
	"slices"
	"time"
)

// A number of a report counts visits, offers or calls. Its drill is the query of the calls behind it, by one visit or one
// offer that counts, and these conditions say which of a call's visits and offers they are.

// VisitFilter selects calls by one visit that has all that is asked for. The zero value selects all calls.
type VisitFilter struct {
	Entered, Left, Connected Within
	Queue, Agent             string // "-" is none; Agent is who was connected
	Language, Region         string // "-" is none
	Result                   VisitResult
	ByTransfer               bool
	Within                   bool   // waiting ended within the service level
	Short                    bool   // given up below the threshold
	EndReason                string // why the conversation ended
	During                   Within // some of Phase was in it
	Phase                    Phase
	Clock                    Clock // and when the times asked for were on it
}

// Phase is a part of a visit, for VisitFilter.During.
type Phase string

// The phases of a visit.
const (
	Waits   Phase = "waits"
	Talks   Phase = "talks"    // hold included
	WrapsUp Phase = "wraps_up" // Aftermath at most
)

// Aftermath is how long after a conversation an agent's states may still belong to it.
const Aftermath = 24 * time.Hour

// during says whether some of a phase was in the time asked for, or may have been.
func (f VisitFilter) during(v Visit) bool {
	begin, end := v.Enter, v.Leave
	switch f.Phase {
	case Talks:
		begin, end = v.Connect, v.End
	case WrapsUp:
		if begin, end = v.Connect, v.End; !end.IsZero() {
			end = end.Add(Aftermath)
		}
	}
	if f.During == (Within{}) {
		return true
	}
	for _, w := range f.Clock.Pieces(f.During) {
		if !begin.IsZero() && begin.Before(w.To) && (end.IsZero() || end.After(w.From)) {
			return true
		}
	}
	return false
}

// Results that are not one VisitResult, for VisitFilter.
const (
	AnyVisit     VisitResult = "any"
	AnyFlowOut   VisitResult = "flow_out" // neither connected nor abandoned nor waiting
	StillWaiting VisitResult = "waiting"
)

// OfferFilter selects calls by one offer. The zero value selects all calls.
type OfferFilter struct {
	Begun            Within
	Queue, Agent     string // "-" is none
	Language, Region string // of the visit; "-" is none
	Outcome          OfferOutcome
	Clock            Clock // on which it began
}

// RONA is, for OfferFilter, each outcome but those of Served.
const RONA OfferOutcome = "rona"

// Served are the outcomes of offers that the agent took, that the caller ended or that another agent won.
var Served = []OfferOutcome{Answered, CallerLeft, LostRace}

// Members are agents of whom what a figure counts must be one: those of a team, or anybody but some. Nil is everybody, and nobody too.
type Members struct {
	Of  []string
	But bool // not these, but somebody
}

// Has says whether somebody is one of them.
func (m *Members) Has(agent string) bool {
	return m == nil || agent != "" && slices.Contains(m.Of, agent) != m.But
}

// CountsVisit says whether the number behind a query counts a visit.
func (q CallQuery) CountsVisit(v Visit) bool {
	return q.CountsVisits() && q.Visit.Fits(v) && q.Members.Has(v.Agent)
}

// CountsOffer says whether the number behind a query counts an offer; v is its visit.
func (q CallQuery) CountsOffer(o Offer, v Visit) bool {
	return q.CountsOffers() && q.Offer.Fits(o, v) && q.Members.Has(o.Agent)
}

// SaidFilter selects calls by what one agent said that a call came to. The zero value selects all calls.
type SaidFilter struct {
	At           Within
	Code, Sub    string // a dash is no second level
	Queue, Agent string
}

// Fits says whether what was said is what is asked for.
func (f SaidFilter) Fits(o CallOutcome) bool {
	return f.At.Holds(o.At) && (f.Code == "" || f.Code == o.Code) && fits(f.Sub, o.Sub) && fits(f.Queue, o.Queue) && fits(f.Agent, o.Agent)
}

// CountsSaid says whether the number behind a query counts what agents said that calls came to, and of those, this.
func (q CallQuery) CountsSaid(o CallOutcome) bool {
	return q.Said.At != Within{} && q.Said.Fits(o) && q.Members.Has(o.Agent)
}

// Anyone is, for CallQuery.Placed, any agent.
const Anyone = "*"

// Within is [From, To); a zero edge is none.
type Within struct{ From, To time.Time }

// Holds says whether an instant lies in it; a zero one lies in none that has an edge.
func (w Within) Holds(t time.Time) bool {
	return w == Within{} || !t.IsZero() && (w.From.IsZero() || !t.Before(w.From)) && (w.To.IsZero() || t.Before(w.To))
}

// Fits says whether a visit has all that is asked for.
func (f VisitFilter) Fits(v Visit) bool {
	return f.Clock.held(f.Entered, v.Enter) && f.Clock.held(f.Left, v.Leave) && f.Clock.held(f.Connected, v.Connect) &&
		fits(f.Queue, v.Queue) && fits(f.Agent, v.Agent) && fits(f.Language, v.Language) && fits(f.Region, v.Region) &&
		(f.EndReason == "" || f.EndReason == v.EndReason) && (!f.ByTransfer || v.ByTransfer) &&
		(!f.Within || v.Within()) && (!f.Short || v.Short()) && f.ended(v) && f.during(v)
}

func (f VisitFilter) ended(v Visit) bool {
	left := !v.Leave.IsZero()
	switch f.Result {
	case "", AnyVisit:
		return true
	case StillWaiting:
		return !left
	case AnyFlowOut:
		return left && v.Result != Connected && v.Result != Abandoned
	}
	return left && v.Result == f.Result
}

// Fits says whether an offer has all that is asked for; v is its visit.
func (f OfferFilter) Fits(o Offer, v Visit) bool {
	return f.Clock.held(f.Begun, o.Start) && fits(f.Queue, o.Queue) && fits(f.Agent, o.Agent) && fits(f.Language, v.Language) && fits(f.Region, v.Region) &&
		(f.Outcome == "" || f.Outcome == o.Outcome || f.Outcome == RONA && o.Outcome != "" && !slices.Contains(Served, o.Outcome))
}

// fits says whether a text is what is wanted; a dash wants none.
func fits(want, have string) bool { return want == "" || want == have || want == "-" && have == "" }

// CountsVisits says whether the number behind a query counts visits: it asks when they were.
func (q CallQuery) CountsVisits() bool {
	v := q.Visit
	return v.Entered != Within{} || v.Left != Within{} || v.Connected != Within{} || v.During != Within{}
}

// CountsOffers says whether the number behind a query counts offers.
func (q CallQuery) CountsOffers() bool { return q.Offer.Begun != Within{} && !q.CountsVisits() }
