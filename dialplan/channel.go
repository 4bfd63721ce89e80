package dialplan

import (
	"context"
	"errors"
	"strings"
	"time"

	"ringway/config/diag"
	"ringway/store"
)

// ErrEnded is returned by every verb of a Channel once the call is over, at once and for ever. Exec then runs the h
// extension and returns nil.
var ErrEnded = errors.New("the call has ended")

// ErrRefused is returned by a verb that the call's state forbids (media before answer or progress, for example); it may
// be wrapped. The step fails and the call goes on.
var ErrRefused = errors.New("refused in this state of the call")

// ErrMissing is returned, wrapped with the name, when a prompt, account or trunk does not exist. The step fails with its
// position and the call goes on.
var ErrMissing = errors.New("does not exist")

// StopRinging, as the cause of a context that ends, takes back the ringing of a Dial and never a conversation: an answer that
// came meanwhile wins. Its value is the cause that the records of the legs keep, as "accepted_at_desk".
type StopRinging string

// Error is the reason that phones are told.
func (s StopRinging) Error() string { return strings.ReplaceAll(string(s), "_", " ") }

// Channel is what a script may do to its call. sip/call implements it by messages to the call's loop, dialplan/sim by a
// virtual clock.
//
// Every verb blocks until it is done. The end of the call makes it return ErrEnded at once; a ctx that ends makes it stop
// and return ctx.Err(). Verbs may be called from several goroutines of one script; of Play, Digits and Wait one runs at a
// time, while Dials may run beside them and beside each other: the first answer wins, the others return LostRace.
type Channel interface {
	// Info describes the call as it came in; it does not change.
	Info() Info
	// Now is the clock of the call: the node's, or the simulator's.
	Now() time.Time

	// Answer sends the 200 and returns when media can flow; on an answered call it does nothing.
	Answer(ctx context.Context) error
	// Progress opens early media (183); it does nothing when media are already open.
	Progress(ctx context.Context) error
	// Ringing sends 180; it does nothing after an answer.
	Ringing(ctx context.Context) error

	// Play plays the files one after the other. A digit out of Play.Interrupt stops it and is returned; digits typed
	// meanwhile that do not interrupt wait for Digits.
	Play(ctx context.Context, p Play) (digit string, err error)
	// StartMusic plays music, or a prompt, round and round in the background, replacing what played there. Play covers it
	// while it lasts, and a joined conversation ends it.
	StartMusic(ctx context.Context, name string) error
	StopMusic(ctx context.Context) error
	// Digits collects what the caller types, beginning with what was typed before. Nothing typed is "" without an error.
	Digits(ctx context.Context, c Collect) (string, error)
	// Wait lets time pass.
	Wait(ctx context.Context, d time.Duration) error

	// Dial rings the targets and returns when none answered, or when the conversation with the one that did is over. A
	// caller who was not answered yet is answered with the target.
	// A ctx that ends before the answer cancels the ringing with context.Cause(ctx) as its reason; after it, it ends the
	// conversation, unless its cause is a StopRinging.
	Dial(ctx context.Context, d Dial) (DialResult, error)

	// Hangup ends the call with a cause of the table of causes: "normal", "busy", "congestion", "unallocated", "rejected".
	Hangup(ctx context.Context, cause string) error
	// Trace tells what the script does; it never blocks.
	Trace(e TraceEvent)
}

// Emitter is a Channel that takes the dialplan's own events (user_event). It never blocks.
type Emitter interface {
	UserEvent(name string, fields map[string]string)
}

// Recorder is a Channel whose conversations can be recorded.
type Recorder interface {
	// Record says that each conversation from now on is recorded, or none: what Dial.Record says is not touched.
	Record(ctx context.Context, on bool) error
}

// Redirector is a Channel whose call may be handed on to another place from outside, by the agent's desk for example. After
// each step the script asks for it; a redirect is told once.
type Redirector interface {
	Redirected() (Redirect, bool)
}

// Redirect is the place where a call goes on after a transfer.
type Redirect struct {
	Plan    *Plan
	Context string
	Exten   string
}

// Info is a call as its script sees it. All strings come from a caller and are data: nothing evaluates them.
type Info struct {
	Call         string // identifier
	Kind         store.CallKind
	CallerNumber string
	CallerName   string
	Dialled      string // the user part of the request
	Context      string // entry context of the account, app domain or trunk
	Account      string // the account that calls, "" for others
	Trunk        string // the trunk it came by, "" for others
	Claims       store.Claims
	ByTransfer   bool // brought here by a transfer
}

// Play is one announcement.
type Play struct {
	Files     []string // prompt names, without folder language or ending
	Language  string   // BCP 47 of the prompts, with fallback; "" is the default
	Interrupt string   // digits that stop it: "" none, "any" all
	Loop      bool     // again and again until a digit or the end
}

// Forever is longer than any call: a wait that only a digit or the end of the call is to end.
const Forever = 24 * time.Hour

// Collect says how digits are taken.
type Collect struct {
	Max         int           // stop after so many; 0 is no limit
	First       time.Duration // how long to wait for the first one: positive, Forever where there is no limit
	Inter       time.Duration // how long between two, likewise
	Terminators string        // digits that end the input and are not part of it
}

// Target is one phone, or one agent's phones, or one number behind a trunk, or a customer's app. Account or Phones, or Trunk
// and Number, or App are set.
type Target struct {
	Account string
	Phones  []Phone // all phones of one agent: they ring together and count as one target
	Trunk   string
	Number  string // what to dial behind Trunk: a number that was checked, never an address
	App     string // address of record, which no dialplan writes: the switch calls a customer back
	Agent   string
	Offer   string            // identifier of the reservation behind it
	Headers map[string]string // extra headers for the target's INVITE
}

// Phone is one account of an agent, and whether its phones are asked to answer by themselves.
type Phone struct {
	Account    string
	AutoAnswer bool
}

// Dial is one attempt to reach somebody.
type Dial struct {
	Targets    []Target
	Ring       time.Duration // of each target in sequence, of all in parallel; 0 is 60 s
	Sequential bool          // one after the other instead of all at once
	CallerID   string        // number to show; "" is the caller's own
	CallerName string        // name to show; "" is the caller's own
	Queue      string        // queue that offers the call, "" for others
	KeepMusic  bool          // the caller hears our music until connect and never the far side's early media
	Record     bool          // the conversation is recorded

	// Hooks, any of them nil. They run on the goroutine that owns the call: they only post.
	OnRinging func(Target) // first 18x
	OnAnswer  func(Target) // its 200, before the media are joined
	OnConnect func(Target) // media joined
}

// DialResult is how a Dial ended.
type DialResult struct {
	Outcome  store.OfferOutcome // Answered, or the best reason among the targets
	Status   int                // SIP status behind it, 0 for none
	Target   Target             // the one that answered
	Targets  []TargetResult     // each target that was tried
	Answered time.Time
	Ended    time.Time // end of the conversation
}

// TargetResult is how one target of a Dial ended.
type TargetResult struct {
	Target  Target
	Outcome store.OfferOutcome
	Status  int
}

// TraceKind is what a TraceEvent tells.
type TraceKind string

// Kinds of trace event.
const (
	TraceEnter   TraceKind = "enter"   // the script enters an extension
	TraceStart   TraceKind = "start"   // a step begins
	TraceFinish  TraceKind = "finish"  // a step is done; Result says how
	TraceSkip    TraceKind = "skip"    // its when: said no
	TraceFail    TraceKind = "fail"    // a step failed; the call goes on
	TraceBranch  TraceKind = "branch"  // the script goes elsewhere; Detail says where
	TraceEnd     TraceKind = "end"     // the script is over; Result is the cause
	TraceMessage TraceKind = "message" // what a log step says
)

// TraceEvent is one line of what a script did.
type TraceEvent struct {
	Kind    TraceKind
	Pos     diag.Pos
	Context string
	Exten   string // the extension as written, a pattern for example
	Label   string
	Step    string // the application
	Result  string
	Detail  string
	Err     error
}
