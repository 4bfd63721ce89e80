package call

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/codecs"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/rtp"
	"ringway/sip/transaction"
	"ringway/sip/transport"
	"ringway/store"
)

// Recorder keeps rows and events. Record never blocks. Node, Boot and Seq of an event are the recorder's to set.
type Recorder interface{ Record(store.Record) }

// Agents hears of every dialog on an account's phone, from the call's loop: once up, any number of times held or not,
// and once down, whatever happens. It never blocks.
type Agents interface {
	LegUp(l AgentLeg)
	LegHeld(l AgentLeg, held bool)
	LegDown(l AgentLeg)
}

// AgentLeg is one dialog on a phone.
type AgentLeg struct {
	Leg, Call string
	Account   string
	Agent     string // where an offer made the call; else the account says whose phone it is (a hot desk changes hands)
	Offer     string
	Queue     string // the queue whose call came to the phone without an offer; else the offer says it
	Outgoing  bool   // the phone called us
	Left      string // of LegDown: why its part ended, where somebody else has the caller next (store.TransferBlind)
}

// Gatekeeper decides who a caller is: digest, trunk address, app credential. It runs on the shard of the Call-ID and must
// not block. A response instead of nil refuses the INVITE (401, 403, …) and is sent as it is.
type Gatekeeper interface {
	Admit(req *sipmsg.Request, flow transport.Flow) (Caller, *sipmsg.Response)
}

// Caller is who calls, as the gatekeeper found out.
type Caller struct {
	Kind         store.CallKind
	Account      string // SIP account, "" for trunks and app users
	Agent        string // the person whose account it is, "" for others
	Trunk        string
	Context      string // entry context; "" may not call: 403
	Number, Name string // shown to whoever is called
	Exten        string // what is dialled; "" is the user part of the Request-URI
	Claims       store.Claims
	ByTransfer   bool
	Session      string // the app session, "" for others
	SessionCalls int    // calls that the session may have at once; beyond it 486; 0: no bound
}

// Phones knows where accounts can be reached.
type Phones interface {
	// Contacts lists where account can be reached now, best first; false when there is no such account.
	Contacts(account string, now time.Time) ([]Contact, bool)
	// App lists where the app behind an address of record can be reached now, best first.
	App(aor string, now time.Time) []Contact
	// PersonOf is the person whose account it is, "" where it is nobody's.
	PersonOf(account string) string
	// AccountOf is the local account behind a URI, for 302.
	AccountOf(u sipmsg.Uri) (account string, ok bool)
}

// Contact is one phone.
type Contact struct {
	URI   sipmsg.Uri
	Route []sipmsg.Uri // RFC 3327 Path, topmost first
	Flow  transport.Flow
}

// Trunks knows carriers.
type Trunks interface {
	// Route says how number is reached through the trunk by a call that began in context. An error refuses the call: no
	// such trunk, not allowed, or all of its calls are taken.
	Route(trunk, number, context string) (Route, error)
}

// Route is the way through one trunk.
type Route struct {
	Target    sipmsg.Uri
	Routes    []sipmsg.Uri
	Proto     transport.Proto
	Addr      netip.AddrPort // where the INVITE goes
	From      sipmsg.Uri     // our identity there; zero is the caller's number at our own address
	Trusted   bool           // P-Asserted-Identity may be sent (RFC 3325)
	Authorize func(*sipmsg.Request, *sipmsg.Response) sipmsg.Header
	Release   func() // gives the trunk's call back; may be called more than once; nil: nothing to give
}

func (r *Route) release() {
	if r != nil && r.Release != nil {
		r.Release()
	}
}

// Sounds are prompts and music.
type Sounds interface {
	// Sound finds a prompt in a language, with fallback. The error names what is missing.
	Sound(name, language string) (*rtp.Source, error)
}

// Signaller is what a Manager needs of transaction.Table.
type Signaller interface {
	Send(req *sipmsg.Request, flow transport.Flow, notify func(transaction.ClientEvent)) (*transaction.Client, error)
	SendAck(ack *sipmsg.Request, flow transport.Flow) error
}

// Paths is what a Manager needs of transport.Layer.
type Paths interface {
	Connect(ctx context.Context, p transport.Proto, to netip.AddrPort) (transport.Flow, error)
	Contact(f transport.Flow, user string) sipmsg.Uri
	Shown(f transport.Flow) netip.AddrPort
}

// Options of a Manager. Paths, Media, Codecs, Plan, Gatekeeper, Phones and Sounds are required.
type Options struct {
	Node       string
	Product    string // Server and User-Agent
	Paths      Paths
	Media      *rtp.Engine
	Codecs     *codecs.Set
	Plan       func() *dialplan.Plan // the current one: a call keeps what it got at its start
	Version    func() string         // of the configuration, for the CDR; nil: ""
	Queues     apps.Queues
	Gatekeeper Gatekeeper
	Phones     Phones
	Trunks     Trunks // nil: none
	Sounds     Sounds
	HoldMusic  string     // sound for whoever is on hold; "" is silence
	Recorder   Recorder   // nil forgets
	Agents     Agents     // nil forgets
	Recordings Recordings // nil: nothing is recorded
	Limits     Limits
	Log        *slog.Logger     // nil discards
	Now        func() time.Time // nil is time.Now
}

// Limits bound calls. Zero fields take the default given. Calls and Duration can be changed by Manager.Bound.
type Limits struct {
	Calls       int           // at one time, 10,000; beyond it 503
	Setups      int           // not answered yet, 2,000; beyond it 503
	Duration    time.Duration // of an answered call, 4 h
	Unanswered  time.Duration // of a call that is never answered, 10 min; waiting in a queue does not count
	TimerC      time.Duration // of an INVITE of ours that rings, 3 min
	Refresh     time.Duration // between 18x to a caller who is not answered yet, 60 s
	Probe       time.Duration // between probes of silent and held legs, 60 s
	Silence     time.Duration // rtp.Options.Silence of the engine: after how long a leg counts as silent, 30 s
	RTPTimeout  time.Duration // of silence on an answered leg that is not held, until the call ends; 0: never, probing decides
	RetryAfter  time.Duration // told with 503, 5 s
	HangupLimit time.Duration // of the h extension, 12 s: the interpreter's own limit comes first
}

func (l Limits) withDefaults() Limits {
	l.Calls, l.Setups = orInt(l.Calls, 10000), orInt(l.Setups, 2000)
	l.Duration, l.Unanswered = orDuration(l.Duration, 4*time.Hour), orDuration(l.Unanswered, 10*time.Minute)
	l.TimerC, l.Probe = orDuration(l.TimerC, 3*time.Minute), orDuration(l.Probe, time.Minute)
	l.Refresh, l.Silence = orDuration(l.Refresh, time.Minute), orDuration(l.Silence, 30*time.Second)
	l.RetryAfter, l.HangupLimit = orDuration(l.RetryAfter, 5*time.Second), orDuration(l.HangupLimit, 12*time.Second)
	return l
}

func orInt(v, def int) int {
	if v > 0 {
		return v
	}
	return def
}

func orDuration(v, def time.Duration) time.Duration {
	if v > 0 {
		return v
	}
	return def
}
