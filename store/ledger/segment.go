package ledger

import (
	"time"

	"ringway/store"
)

// CallBucket is what a caller is going through: exactly one at any instant of a call.
//
//	         answer         visit.enter        offer.ringing       visit.connect        visit.end
//	setup ──────────▶ ivr ──────────────▶ queue ◀──────────▶ ringing ──────────▶ talk ──────────▶ after
//	                                                                            ▲    ▲
//	                                                         the agent's hold   ▼    ▼   a consult call is up
//	                                                                          hold  consult
//
// A call that asks no queue goes setup → ringing → talk by its outgoing legs.
type CallBucket string

// The buckets of a call's time.
const (
	Setup   CallBucket = "setup"   // from the INVITE to our answer, unless something below has begun
	IVR     CallBucket = "ivr"     // answered, with the dialplan
	Queue   CallBucket = "queue"   // waiting in a queue and no phone rings
	Ringing CallBucket = "ringing" // waiting while a phone rings
	Talk    CallBucket = "talk"    // connected and not on hold
	Hold    CallBucket = "hold"    // connected, the agent's side put the caller on hold
	Consult CallBucket = "consult" // on hold while the agent asks somebody; without hold it is talk
	After   CallBucket = "after"   // the conversation is over and the dialplan goes on
)

// CallBuckets are all of them in the order of a call.
var CallBuckets = []CallBucket{Setup, IVR, Queue, Ringing, Talk, Hold, Consult, After}

// AgentBuckets are all of an agent's, in the order of reports. Logged in is the sum of all but the first.
var AgentBuckets = []store.AgentBucket{store.Offline, store.Available, store.Reserved, store.Ringing, store.Talk, store.Hold,
	store.Consult, store.Outbound, store.WrapUp, store.NotReady, store.NotResponding, store.Unreachable}

// AgentSegment is a stretch [Start, End) in which an agent was in one state. The segments of an agent touch and never
// overlap, from her first state to the end of the books.
type AgentSegment struct {
	Agent              string
	Bucket             store.AgentBucket
	Reason             string
	Queue, Call, Visit string // what she was busy with, where it is known
	Start, End         time.Time
}

// CallSegment is a stretch [Start, End) of one call in one bucket. The segments of a call touch and never overlap, from its
// start to its end or to the end of the books.
type CallSegment struct {
	Call                string
	Kind                store.CallKind
	Bucket              CallBucket
	Queue, Visit, Agent string // of the visit it belongs to
	Start, End          time.Time
}

// Call is what the events tell of one call.
type Call struct {
	ID, Parent, Customer string
	Kind                 store.CallKind
	Start, Answer, End   time.Time // End is zero while it is up
	Disposition          store.Disposition
	Cause                string
	Agent                string // whose phone placed it
	Rating               float64
	Rated                bool // the caller gave one: user event "rating"
}

// Visit is what the events tell of one stay in one queue. Leave is zero while the caller waits.
type Visit struct {
	ID, Call, Queue, Agent     string
	ByTransfer                 bool
	Enter, Connect, Leave, End time.Time
	Result                     store.VisitResult
	EndReason                  string // store.TransferBlind, …
	ServiceLevel, ShortAbandon time.Duration
	WrapUp                     time.Duration // the agent's work after it, whole
	Language, Region           string        // of the caller, from the visit's row: events do not carry them
}

// Wait is how long the caller waited, ringing included: to the end of waiting, or until then where she still waits.
func (v Visit) Wait(then time.Time) time.Duration {
	if v.Leave.IsZero() {
		return max(then.Sub(v.Enter), 0)
	}
	return v.Leave.Sub(v.Enter)
}

// Within says whether waiting ended within the queue's service level.
func (v Visit) Within() bool { return !v.Leave.IsZero() && v.Leave.Sub(v.Enter) <= v.ServiceLevel }

// Short says whether the caller gave up below the queue's threshold.
func (v Visit) Short() bool {
	return v.Result == store.Abandoned && v.Leave.Sub(v.Enter) < v.ShortAbandon
}

// Offer is what the events tell of one reservation. End is zero while it is open.
type Offer struct {
	ID, Visit, Call, Queue, Agent string
	Start, Ringing, End           time.Time
	Outcome                       store.OfferOutcome
}
