package acd

import (
	"time"

	"ringway/store"
)

// Input is one stimulus of Step. Inputs are plain values, so that they can be recorded and fed back.
type Input interface{ isInput() }

// Apply makes a specification the current one. Callers of removed queues leave with the result closed; removed persons
// finish their call and wrap-up and are then offline; everyone else meets the new rules at the next decision.
type Apply struct{ Spec *Spec }

// Enter is a caller who joins a queue. Visit and Call are identifiers that are never used again.
type Enter struct {
	Visit, Call, Queue string // Queue is a name
	Profile            store.Profile
	ByTransfer         bool
}

// Leave ends a visit: store.Abandoned when the caller hung up, store.Key, store.Withdrawn. After the connect it says that
// the call is over, and ends the conversation.
type Leave struct {
	Visit  string
	Reason store.VisitResult
}

// Dismiss ends every visit that waits, with a result, and refuses whoever enters from then on with the same: the switch is
// about to stop (store.Restart). Conversations go on.
type Dismiss struct{ Result store.VisitResult }

// Prioritise gives a waiting caller another head start.
type Prioritise struct {
	Visit    string
	Priority time.Duration
}

// Verb is what a Command asks for.
type Verb string

// Verbs of a Command.
const (
	Join      Verb = "join"   // a queue, or all she may serve
	LeaveVerb Verb = "leave"  // a queue, or all
	Pause     Verb = "pause"  // with a reason, one short word (store.IsReason): not ready
	Resume    Verb = "resume" // ready again; also "she acts" after not responding
	Desk      Verb = "desk"   // hot desk: take Account; the pin was checked by whoever posts
	Undesk    Verb = "undesk" // give the desk back

	EndWrapUp    Verb = "end_wrap_up"    // before its timer, where no disposition is missing
	ExtendWrapUp Verb = "extend_wrap_up" // by By, up to what the queue allows
	Dispose      Verb = "dispose"        // say what Call was about: Code and Sub
)

// Command is an agent's wish, by phone, desk or command line. It is always answered by a Reply.
type Command struct {
	ID      uint64 // returned in the Reply
	Agent   string // or, where empty, the person of Account
	Account string
	Verb    Verb
	Queue   string // name or number; "" is all
	Reason  string
	Page    bool // given at her desk in a browser: a ready that is given there ends with it

	By        time.Duration // of ExtendWrapUp
	Call      string        // of Dispose; Queue is its queue, where the call is neither hers now nor the one of her wrap-up
	Code, Sub string
}

// DeskOpen tells that an agent has a desk open in a browser now, or none any more: the first that opens, the last that closes.
type DeskOpen struct {
	Agent string
	Open  bool
}

// DeskAnswer is what an agent's desk did with an offer, before anything of it shows at the phone.
type DeskAnswer struct {
	Offer  string
	Act    store.DeskAct
	Reason string // of store.DeskDeclined: one short word, "" for none
}

// Phone tells whether an account can be rung: it has a live registration, or a static contact that answered OPTIONS.
type Phone struct {
	Account               string
	Registered, Qualified bool
}

// LegUp is a dialog on a phone of an agent: of an offer (same Call), or any other, which makes her busy.
type LegUp struct {
	Agent    string // or, where empty, the person of Account
	Account  string
	Leg      string // unique
	Call     string
	Queue    string // set when a queue call was transferred to her: it counts as talk, and wrap-up follows
	Outgoing bool   // she dialled: that is an act, after which she is no longer not responding
}

// LegHeld is hold by the agent's own side, or its end.
type LegHeld struct {
	Leg  string
	Held bool
}

// LegDown is the end of a dialog, posted from the end path and from recover.
type LegDown struct {
	Leg  string
	Left string // why the conversation ended, where somebody else has the caller next: store.TransferBlind
}

// OfferRinging is the first 18x of the phone behind an offer.
type OfferRinging struct{ Offer string }

// OfferResult is how an offer ended: store.Answered when the media were joined, else how it failed.
type OfferResult struct {
	Offer   string
	Outcome store.OfferOutcome
	Status  int    // the SIP status behind it, 0 where none
	Leg     string // of store.Answered: the agent's dialog, where no LegUp was posted before
}

// WrapUpDone ends an agent's wrap-up before its timer, whatever is missing; an agent herself asks by EndWrapUp.
type WrapUpDone struct{ Agent string }

// Restore brings back what survived a restart: available, not ready and joined queues; who was reserved, ringing,
// talking, on hold or consulting is in wrap-up. Visits that were open are closed as store.Restart. It follows the first
// Apply and precedes everything else.
type Restore struct {
	Agents    []store.AgentSaved
	Visits    []store.Visit // without an end
	LastEvent time.Time     // when the last run was last heard of: the end of its visits; zero is now

	Served []store.Conversation // of the last day, of the records: their agents' calls and talk of today
	Turns  []store.Turn         // round robin goes on behind whoever was offered a call last

	Anew []string // only in simulations: who is first taken out of all that she does
}

// Tick lets time pass: what is due happens. Every other input does the same first.
type Tick struct{}

func (Apply) isInput()        {}
func (Enter) isInput()        {}
func (Leave) isInput()        {}
func (Dismiss) isInput()      {}
func (Prioritise) isInput()   {}
func (Command) isInput()      {}
func (Phone) isInput()        {}
func (LegUp) isInput()        {}
func (LegHeld) isInput()      {}
func (LegDown) isInput()      {}
func (OfferRinging) isInput() {}
func (OfferResult) isInput()  {}
func (WrapUpDone) isInput()   {}
func (DeskOpen) isInput()     {}
func (DeskAnswer) isInput()   {}
func (Restore) isInput()      {}
func (Tick) isInput()         {}
