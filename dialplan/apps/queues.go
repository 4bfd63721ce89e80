package apps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ringway/dialplan"
	"ringway/store"
)

// Errors of Queues.
var (
	ErrUnknownQueue = errors.New("unknown queue")
	ErrUnknownAgent = errors.New("the calling account belongs to nobody")
)

// Host is a dialplan.Channel through which queues can be reached: the queue and agent applications ask their call for it.
type Host interface {
	Queues() Queues
}

// Worker is a dialplan.Channel under virtual time: it is told how many goroutines of the script are at work (not blocked
// in a verb or a Ticket), and lets time pass when none is.
type Worker interface {
	Work(delta int)
}

// Queues is what the applications need of the agent router: sip/call or the node adapts acd.Router to it, dialplan/sim
// acd.Step under virtual time.
type Queues interface {
	// Enter puts a caller into a queue. A queue that takes nobody gives a Ticket whose first event is the Result (full,
	// empty, closed); an unknown queue is ErrUnknownQueue.
	Enter(ctx context.Context, e QueueEntry) (Ticket, error)
	// Settings are a queue's words, by its name or number; false where there is no such queue.
	Settings(queue string) (QueueSettings, bool)
	// Member acts on the person of an account. A refusal is a reply that says why, aloud; an error is a fault of ours.
	Member(ctx context.Context, c MemberCommand) (MemberReply, error)
}

// QueueEntry is one caller who enters a queue.
type QueueEntry struct {
	Queue      string // its name or, where ByNumber is set, its number
	Call       string
	Profile    store.Profile
	ByTransfer bool
}

// Ticket is one visit. Its methods may be called from several goroutines; all but Next return at once.
type Ticket interface {
	// Settings are the queue's words about the waiting caller, as they are now.
	Settings() QueueSettings
	// Next waits for the next event. After a Result it returns io.EOF.
	Next(ctx context.Context) (TicketEvent, error)
	// Ringing says that the phone behind an offer rings.
	Ringing(offer string)
	// Report says how an offer ended: Answered when the media were joined, else how it failed.
	Report(offer string, outcome store.OfferOutcome, status int)
	// Present shows an offer at the agent's desk; nil where none can show it before the offer is over.
	Present(o Offer) Presentation
	// Desk says what the desk did with an offer.
	Desk(offer string, act store.DeskAct, reason string)
	// Leave ends the visit: store.Abandoned, store.Key. After a Result it does nothing.
	Leave(reason store.VisitResult)
}

// QueueSettings are what the queue application has to know of a queue.
type QueueSettings struct {
	Music    string // hold music or prompt
	ExitKeys string // digits that end the visit with the result key

	Recording string // of conversations: RecordingOn, RecordingAnnounced; anything else is off
}

// What QueueSettings.Recording says.
const (
	RecordingOn        = "on"
	RecordingAnnounced = "announced" // the caller is told before
)

// TicketKind is what a TicketEvent tells.
type TicketKind string

// Kinds of ticket event.
const (
	TicketOffer    TicketKind = "offer"    // ring these agents
	TicketCancel   TicketKind = "cancel"   // stop ringing Offer
	TicketAnnounce TicketKind = "announce" // say File and Position
	TicketResult   TicketKind = "result"   // the visit is over: Result
)

// TicketEvent is one event of a visit; the fields of its kind are set.
type TicketEvent struct {
	Kind     TicketKind
	Offers   []Offer // rung together, each by a Dial of its own; the first answer wins
	Ring     time.Duration
	Offer    string // TicketCancel
	Reason   string
	Position int    // from 1; 0 is not to be said
	File     string // prompt of an announcement, "" for none
	Result   store.VisitResult
}

// Offer is one reserved agent to ring.
type Offer struct {
	ID     string
	Agent  string
	Phones []dialplan.Phone // of hers: they ring together

	Preview bool          // they ring after she accepted
	Ring    time.Duration // how long she has for that, and then they
}

// Presentation is an offer at an agent's desk.
type Presentation interface {
	// Open tells whether a desk shows it now. Where none does, one that opens before the offer is over takes part from then on.
	Open() bool
	// Answers tells what the desk does. It is never closed and has room for all that a desk can do with one offer.
	Answers() <-chan store.DeskAnswer
	// Ring says that her phones are rung from now on.
	Ring()
	// Close takes the offer from the desk; it may be called again, and from the goroutine that owns the call.
	Close()
}

// Verb is what a member application asks for.
type Verb string

// Verbs.
const (
	Join   Verb = "join"
	Leave  Verb = "leave"
	Pause  Verb = "pause"
	Resume Verb = "resume"
	Desk   Verb = "desk" // take the calling phone as hot desk, by id and pin
)

// MemberCommand acts on one person.
type MemberCommand struct {
	Account string // the calling account, whose person is meant
	Agent   string // instead of it: a person's id (hot desk, simulator)
	Verb    Verb
	Queue   string // name or number; "" is all she may serve
	Reason  string // of a pause
	Pin     string // of a hot desk; never logged
}

// MemberReply is what a command came to.
type MemberReply struct {
	Done   bool
	Result string   // "joined", "left", "paused", "ready", "unknown_queue", "not_allowed", "not_on_shift", "wrong_pin", "unknown_agent"
	Spoken []string // prompts that say so
	Agent  string   // the person it was about
}

// queuesOf reaches the queues through the call.
func queuesOf(r *dialplan.Run) (Queues, error) {
	if host, ok := r.Channel().(Host); ok {
		if q := host.Queues(); q != nil {
			return q, nil
		}
	}
	return nil, fmt.Errorf("no queues here: %w", dialplan.ErrRefused)
}
