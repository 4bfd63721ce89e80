package store

import "time"

// EventKind names what happened. The part before the dot is the subject, whose identifier field is always set.
type EventKind string

// The catalogue of events. Live wallboard and last month's report are computed from these and from nothing else.
const (
	NodeStart EventKind = "node.start" // a switch started; Reason is its version
	NodeStop  EventKind = "node.stop"  // a clean stop
	ClockStep EventKind = "clock.step" // the wall clock jumped by more than 1 s; Data["ms"] is the jump
	PlanApply EventKind = "plan.apply" // a configuration became active; Reason is its version

	CallStart  EventKind = "call.start"  // the INVITE of the customer leg arrived; State is the call's kind
	CallBecame EventKind = "call.kind"   // the script showed that the call is of another kind: State
	CallAnswer EventKind = "call.answer" // our 200 to the caller
	CallEnd    EventKind = "call.end"    // the call is over; State is the disposition, Reason the cause

	// What an agent said a call of Queue was about: State is the code, Reason that of the second level; the last one counts.
	CallDisposition EventKind = "call.disposition"

	LegStart   EventKind = "leg.start"   // a dialog is being set up; State is its Direction
	LegRinging EventKind = "leg.ringing" // first 18x
	LegAnswer  EventKind = "leg.answer"  // 200
	LegHold    EventKind = "leg.hold"    // this leg's own side put the other on hold
	LegResume  EventKind = "leg.resume"  // and took it back
	LegEnd     EventKind = "leg.end"     // State is the SIP status in decimal, Reason the cause

	VisitEnter   EventKind = "visit.enter"   // a caller entered a queue; State is "transfer" when one brought it here
	VisitStep    EventKind = "visit.step"    // the queue widened its search; State is the step's number from 0
	VisitConnect EventKind = "visit.connect" // the agent's media joined; Agent and Offer are set
	VisitLeave   EventKind = "visit.leave"   // left without an agent; State is a VisitResult other than connected
	VisitEnd     EventKind = "visit.end"     // a connected visit is over (the customer or agent leg ended, or was transferred)

	OfferStart   EventKind = "offer.start"   // one agent was reserved for one caller
	OfferRinging EventKind = "offer.ringing" // the agent's phone rings
	OfferDesk    EventKind = "offer.desk"    // what the agent's desk did; State is a DeskAct, Reason why she declined, or PreviewWithoutDesk
	OfferEnd     EventKind = "offer.end"     // State is an OfferOutcome

	AgentState     EventKind = "agent.state"     // the agent entered State (an AgentBucket); Reason where there is one
	AgentWrapUp    EventKind = "agent.wrap_up"   // State "ended": before its timer; "extended": by Data["ms"]
	AgentQueue     EventKind = "agent.queue"     // State "join" or "leave" of Queue
	RecordingStart EventKind = "recording.start" // a conversation is being recorded; Data["recording"] is its id
	RecordingEnd   EventKind = "recording.end"   // State is a RecordingState, Reason why it is broken or deleted

	UserEvent EventKind = "user.event" // the dialplan's own: State is its name, Data its fields
)

// Event is one thing that happened, at one instant of the node's clock.
type Event struct {
	Node string    // the switch it happened on
	Seq  uint64    // rises by one per event of a Node and Boot; with both the identity that makes replay idempotent
	Boot string    // one run of a node
	At   time.Time // node clock; stored as UTC microseconds
	Kind EventKind

	Call, Leg, Visit, Offer string // identifiers, empty where they do not apply
	Queue, Agent            string
	State, Reason           string
	Data                    map[string]string // small, opaque: never names, numbers or notes
}

// Keys of Event.Data that the accounts understand. All are optional.
const (
	DataParent       = "parent"        // call.start: the call that this consult belongs to
	DataCustomer     = "customer"      // call.start: the opaque customer id, for repeat calls
	DataServiceLevel = "service_level" // visit.enter: the queue's T in seconds, maybe a fraction (a visit without it counts with 20)
	DataShortAbandon = "short_abandon" // visit.enter: the queue's short abandon threshold in seconds, maybe a fraction (5)
	DataRecording    = "recording"     // recording.start, recording.end: its id
	DataMS           = "ms"            // clock.step, agent.wrap_up: milliseconds
)

// Reasons of visit.end that say who has the customer next.
const (
	TransferBlind    = "transfer_blind"
	TransferAttended = "transfer_attended"
)

// PreviewWithoutDesk is the Reason of offer.start and offer.desk where a preview falls back to ringing at once.
const PreviewWithoutDesk = "preview_without_desk"

// DeskAct is what an agent's desk does with an offer.
type DeskAct string

// Acts of a desk.
const (
	DeskShown    DeskAct = "shown" // the card is on the screen
	DeskAccepted DeskAct = "accepted"
	DeskDeclined DeskAct = "declined"
	DeskClosed   DeskAct = "closed" // the last desk of hers closed during a preview: the phone rings
)

// DeskAnswer is an act of a desk with what goes with it.
type DeskAnswer struct {
	Act    DeskAct
	Reason string // of a decline: one short word, "" for none
}

// AgentBucket is the state an agent is in: exactly one at any instant. Logged-in time is the sum of all but Offline.
type AgentBucket string

// The buckets of an agent's time.
const (
	Offline       AgentBucket = "offline"
	Available     AgentBucket = "available"
	Reserved      AgentBucket = "reserved"
	Ringing       AgentBucket = "ringing"
	Talk          AgentBucket = "talk"
	Hold          AgentBucket = "hold"
	Consult       AgentBucket = "consult"
	Outbound      AgentBucket = "outbound" // any dialog that is not a queue call
	WrapUp        AgentBucket = "wrap_up"
	NotReady      AgentBucket = "not_ready" // Reason says why
	NotResponding AgentBucket = "not_responding"
	Unreachable   AgentBucket = "unreachable"
)

// VisitResult is how a stay in a queue ended; the dialplan branches on it.
type VisitResult string

// Results of a visit.
const (
	Connected VisitResult = "connected"
	TimedOut  VisitResult = "timeout"
	Full      VisitResult = "full"
	Empty     VisitResult = "empty"
	Key       VisitResult = "key"
	Withdrawn VisitResult = "withdrawn"
	Closed    VisitResult = "closed"
	Abandoned VisitResult = "abandoned" // the caller hung up: no step branches on it
	Restart   VisitResult = "restart"   // the switch stopped or crashed
)

// OfferOutcome is how an offer to one agent ended.
type OfferOutcome string

// Outcomes of an offer, each with its own consequence for the agent.
const (
	Answered          OfferOutcome = "answered"
	Declined          OfferOutcome = "declined"
	Busy              OfferOutcome = "busy"
	NoAnswer          OfferOutcome = "no_answer"
	OfferUnreachable  OfferOutcome = "unreachable"
	MediaFailed       OfferOutcome = "media_failed"
	CallerLeft        OfferOutcome = "caller_left"
	LostRace          OfferOutcome = "lost_race"
	ReservationLapsed OfferOutcome = "lapsed" // the deadline freed it, or no port was free: a fault of ours, counted
)

// MadeUp is the reason with which a run starts that never was: all that is on record as of it is a sample, and reports say so.
const MadeUp = "a made-up history"
