package store

import "time"

// CallKind says which figures a call belongs to.
type CallKind string

// Kinds of call.
const (
	Customer CallKind = "customer" // from an app caller or a trunk
	Internal CallKind = "internal" // between phones: outside queue figures
	Outgoing CallKind = "outgoing" // a phone through a trunk
	Service  CallKind = "service"  // feature codes
)

// Disposition is the one-word result of a call in its CDR.
type Disposition string

// Dispositions of a call.
const (
	DispositionAnswered Disposition = "answered"
	DispositionNoAnswer Disposition = "no_answer"
	DispositionBusy     Disposition = "busy"
	DispositionFailed   Disposition = "failed"
	DispositionCanceled Disposition = "canceled"
)

// Call is one CDR: what one customer leg lived through from INVITE to end, transfers included. The row is inserted when
// the call starts and completed when it ends; End is zero in between.
type Call struct {
	ID      string
	Parent  string // the call a consult belongs to
	Returns string // the customer's call that this one, of an agent's, calls back
	Node    string
	Kind    CallKind
	SIPID   string // Call-ID of the first leg, to find it in a trace

	CallerName, CallerNumber string // personal: blanked when the customer is deleted
	Customer, Booking        string // from signed claims only
	Language, Region, Zone   string
	Account, Trunk           string // who brought it in
	Agent                    string // whose phone brought it in, and she placed it
	Context, Dialled         string
	PlanVersion              string // the configuration the call is pinned to

	Start, Answer, End time.Time
	Disposition        Disposition
	Cause              string // of our cause table, e.g. "normal", "rtp_timeout", "crashed"
	Status             int    // the SIP status the caller saw
	Q850               int
	EndedBy            string // "caller", "agent", "switch"
	FailedStep         string // file:line:col of a dialplan step that failed
	LastStep           string
	Codec              string
}

// Direction of a leg, seen from the switch.
type Direction string

// Directions.
const (
	In  Direction = "in"
	Out Direction = "out"
)

// Leg is one dialog of a call.
type Leg struct {
	ID, Call  string
	Direction Direction
	Account   string // the SIP account at the far end, where there is one
	Trunk     string
	Agent     string
	Offer     string
	SIPID     string // Call-ID header
	Remote    string // host:port of the signalling peer
	UserAgent string // capped and escaped at the edge

	Start, Ringing, Answer, End time.Time
	Status                      int
	Cause                       string
	Codec                       string
	Quality                     Quality
}

// Quality is what RTP and RTCP told about one leg, as received by the switch.
type Quality struct {
	Packets, Lost, Late uint64
	JitterMS            float64
	RTTMS               float64
}

// Visit is one stay of one call in one queue.
type Visit struct {
	ID, Call, Queue        string
	ByTransfer             bool
	Language, Region, Zone string
	Priority               time.Duration // head start
	Enter, Connect, Leave  time.Time     // Leave is the end of waiting; Connect equals it when Result is Connected
	End                    time.Time     // end of the conversation of a connected visit
	Result                 VisitResult
	Agent, Offer           string
	Steps, Offers          int
	EndReason              string // why the conversation ended, where the caller went on: TransferBlind, TransferAttended
	// the queue's thresholds when the visit began
	ServiceLevel, ShortAbandon time.Duration
}

// Within says whether waiting ended within the queue's service level.
func (v Visit) Within() bool { return !v.Leave.IsZero() && v.Leave.Sub(v.Enter) <= v.ServiceLevel }

// Short says whether the caller gave up below the queue's threshold.
func (v Visit) Short() bool {
	return v.Result == Abandoned && !v.Leave.IsZero() && v.Leave.Sub(v.Enter) < v.ShortAbandon
}

// Offer is one reservation of one agent for one visit.
type Offer struct {
	ID, Visit, Call, Queue, Agent string
	Start, Ringing, End           time.Time
	Outcome                       OfferOutcome
	Status                        int // SIP status behind the outcome, 0 where none
}
