package acd

import (
	"time"

	"ringway/store"
)

// Output is one thing that the shell has to do.
type Output interface{ isOutput() }

// OfferOut asks to ring agents for a waiting caller: one, or all that the queue rings together.
type OfferOut struct {
	Visit, Call, Queue string
	Offers             []AgentOffer
	RingTime           time.Duration
}

// AgentOffer is one reserved agent.
type AgentOffer struct {
	ID       string
	Agent    string
	Accounts []PhoneRef // her phones that can be rung now: they ring together
	Mode     OfferMode  // preview: only where she has a desk open
}

// CancelOffer stops the ringing of one offer. The outcome is already recorded; a result that comes later is ignored.
type CancelOffer struct {
	Visit, Offer string
	Reason       store.OfferOutcome
}

// Result ends a visit without an agent, or tells that it is connected. It is the visit's last output, but for a
// connected one, whose conversation goes on.
type Result struct {
	Visit  string
	Result store.VisitResult
}

// Announce asks to say something to a waiting caller.
type Announce struct {
	Visit    string
	Position int    // from 1; 0 is not to be said
	File     string // prompt, "" for none
}

// Record is something to save. Node, Seq and Boot of events are set by the sink that numbers them.
type Record struct{ store.Record }

// Wake asks for a Tick at a time; it replaces the one asked for before. Zero means none is needed.
type Wake struct{ At time.Time }

// ReplyCode says what a Command came to.
type ReplyCode string

// Codes of a Reply; the first eight are successes.
const (
	Joined       ReplyCode = "joined"
	Left         ReplyCode = "left"
	Paused       ReplyCode = "paused"
	Ready        ReplyCode = "ready"
	DeskTaken    ReplyCode = "desk" // taken, or given back
	Ended        ReplyCode = "ended"
	Extended     ReplyCode = "extended"
	Disposed     ReplyCode = "disposed"
	UnknownAgent ReplyCode = "unknown_agent"
	UnknownQueue ReplyCode = "unknown_queue"
	UnknownVerb  ReplyCode = "unknown_verb"
	NotAllowed   ReplyCode = "not_allowed"  // the queue's members expression, or nothing she may join
	NotJoined    ReplyCode = "not_joined"   // of leave, pause and resume
	NotOnShift   ReplyCode = "not_on_shift" // joined, but the queue requires a shift and she has none now
	DeskInUse    ReplyCode = "desk_in_use"  // the account belongs to another person
	BadReason    ReplyCode = "bad_reason"   // of pause: not one short word (store.IsReason)
	NoWrapUp     ReplyCode = "no_wrap_up"   // nothing to end or to extend
	Undisposed   ReplyCode = "undisposed"   // the queue requires a disposition before wrap-up may end
	WrapUpLimit  ReplyCode = "wrap_up_limit"
	UnknownCode  ReplyCode = "unknown_code" // no such disposition in the queue
)

// Reply answers a Command.
type Reply struct {
	ID     uint64
	Agent  string
	Code   ReplyCode
	Queues []string // that it touched, sorted
}

// OK tells whether the command was carried out; a join outside her shift is.
func (r Reply) OK() bool {
	switch r.Code {
	case Joined, Left, Paused, Ready, DeskTaken, NotOnShift, Ended, Extended, Disposed:
		return true
	}
	return false
}

func (OfferOut) isOutput()    {}
func (CancelOffer) isOutput() {}
func (Result) isOutput()      {}
func (Announce) isOutput()    {}
func (Record) isOutput()      {}
func (Wake) isOutput()        {}
func (Reply) isOutput()       {}
