package leg

import (
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/codecs"
)

// Timers of RFC 3261 §17.1.1.1 that the leg runs itself, and the limit on a ringing INVITE (Timer C, §16.6 item 11).
const (
	T1     = 500 * time.Millisecond
	T2     = 4 * time.Second
	TimerC = 180 * time.Second
)

// giveUp is how long a 2xx is repeated and a final response to a CANCEL awaited: 64·T1 (§13.3.1.4, §9.1).
const giveUp = 64 * T1

// Options are what both roles need. All random and time-dependent values come from outside, so that a leg is a function of
// its inputs.
type Options struct {
	Tag     string              // our tag, unique in the node
	Contact sipmsg.Uri          // where requests of this dialog reach us
	Agent   string              // value of Server and User-Agent; empty leaves them out
	Session uint64              // session id of our o= line
	Codecs  *codecs.Set         // what we speak, most wanted first: an offer without any of them is refused at once
	TimerC  time.Duration       // 0 is the constant TimerC
	Random  func(n int64) int64 // 0 ≤ result < n, for the back-off after 491; nil is always n/2
}

// Callee says whom a UAC leg calls, and as whom.
type Callee struct {
	CallID      string
	Target      sipmsg.Uri      // Request-URI
	Route       []sipmsg.Uri    // preloaded route set, topmost first
	From        sipmsg.Uri      // what the far end sees as caller
	FromName    string          // display name
	To          sipmsg.Uri      // zero is Target without its parameters
	MaxForwards uint8           // 0 is 70
	Headers     []sipmsg.Header // more headers of the INVITE
	// Authorize answers a 401 or 407 to the INVITE with a credentials header; nil or a nil result refuses. It is asked
	// at most twice (the second time for a stale nonce).
	Authorize func(req *sipmsg.Request, res *sipmsg.Response) sipmsg.Header
}

func (o Options) random(n int64) int64 {
	if o.Random == nil {
		return n / 2
	}
	return o.Random(n)
}

func (o Options) timerC() time.Duration {
	if o.TimerC > 0 {
		return o.TimerC
	}
	return TimerC
}
