package store

import (
	"errors"
	"time"
)

// ErrNotFound says that no record has the identifier asked for.
var ErrNotFound = errors.New("not found")

// ErrCursor says that a query's cursor is none that a page before it told.
var ErrCursor = errors.New("no cursor of a page")

// CallQuery selects calls, newest first. Empty fields select all.
type CallQuery struct {
	ID          string    // this one
	From, To    time.Time // Start in [From, To)
	Kind        CallKind
	Disposition Disposition
	Customer    string
	Queue       string   // a visit in it
	Agent       string   // a leg of hers
	Search      string   // the end of the caller's number or of what was dialled (SearchEnd characters at least, or all of it), the beginning of her name, or the identifier of the call or the customer
	Open        bool     // only calls without an end
	Seen        []string // calls in which one of these agents took part, and those in which none at all did; nil: all
	Visit       VisitFilter
	Offer       OfferFilter
	Said        SaidFilter
	Up          Within        // customers' calls, no consults, that were up at some time in it
	Placed      string        // calls that she placed, or Anyone
	Members     *Members      // of whom who had the visit, had the offer or placed the call must be one
	Answered    Within        // Answer in it
	Identified  bool          // customers' calls whose customer is known
	Again       time.Duration // identified calls whose customer called again at most so much later
	Limit       int           // 0 means 100; at most 1,000
	Cursor      string        // CallPage.Next of the page before
}

// SearchEnd is how much of a number's end a search needs.
const SearchEnd = 4

// CallPage is one page of calls. Next is empty on the last one.
type CallPage struct {
	Calls []Call
	Next  string
}

// CallStory is everything on record about one call, each list in the order of time.
type CallStory struct {
	Call      Call
	Legs      []Leg
	Visits    []Visit
	Offers    []Offer
	Decisions []Decision
	Events    []Event
	Consults  []Call // that agents placed while they had it
}

// DecisionQuery selects decisions, in the order of time. Empty fields select all.
type DecisionQuery struct {
	Call     string
	Queue    string
	From, To time.Time // At in [From, To)
	Limit    int       // the last of them where there are more; 0 means 1,000
}

// Saved is the live state that a start restores.
type Saved struct {
	Bindings []Binding      // not yet expired
	Agents   []AgentSaved   // by name
	Sessions []AppSession   // not yet expired
	Served   []Conversation // of the last ServedBack, in the order of time
	Turns    []Turn         // of queues that offered a call in that time, by name
}

// ServedBack is how far back a start looks for what ranks compare: a day in any zone, and how long its first caller may have waited
// and talked.
const ServedBack = 30 * time.Hour

// Conversation is one of an agent with a caller of a queue.
type Conversation struct {
	Agent        string
	Connect, End time.Time
}

// Turn is who was offered a call last in a queue.
type Turn struct{ Queue, Agent string }

// Forgotten counts the rows in which a customer who is forgotten was named, and what was kept of her alone and is deleted.
type Forgotten struct {
	Calls, Sessions int
	Rows, Notes     int
	Recordings      int
}

// Recovery counts what a start found open and closed: the traces of a crash.
type Recovery struct {
	Calls, Legs, Visits, Offers int
}
