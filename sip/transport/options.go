package transport

import (
	"log/slog"
	"net/netip"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Handler receives one validated message. It runs in the shard of the message's Call-ID, one message at a time, so those of one
// dialog arrive in order; the goroutine is the shard's or a socket's reader, so it must not block. The message belongs to the handler. All its strings share the text of the datagram:
// whoever keeps one for longer than a call should strings.Clone it.
type Handler func(msg sipmsg.Message, flow Flow)

// Listener is an address to receive on. Port 0 takes a free one; Layer.Addrs tells which.
type Listener struct {
	Proto Proto
	Addr  netip.AddrPort
}

// Trace is one message on the wire as the Tap sees it, before parsing or after serialising.
type Trace struct {
	At       time.Time
	Flow     Flow
	Incoming bool
	CallID   string // "" where the message has none
	Text     string // the whole message
}

// Options configure a Layer; the zero value of every field but Listen works.
type Options struct {
	Listen  []Listener
	Handler Handler // nil: nothing is read before Layer.Serve
	Limits  Limits
	Log     *slog.Logger     // nil discards
	Now     func() time.Time // nil means time.Now
	Tap     func(Trace)      // sees every message in and out; called on many goroutines, must not block

	// Closed is told when a connection ended, so that transactions on it can fail at once. It only posts.
	Closed func(flow Flow, err error)

	// Verified says whether an address has proven that it receives what we send it (by digest, by being a configured trunk).
	// Responses over UDP to other addresses are limited to 1.5 times the bytes received from them (conformance §4).
	// nil switches this accounting off; stateless errors are limited in any case. VerifiedSet is a ready implementation.
	Verified func(netip.AddrPort) bool

	// Addresses decide what Via and Contact show for a flow.
	Addresses Addresses
}

// Limits bound everything that a stranger can make grow. Zero fields take the default given.
type Limits struct {
	Datagram int // bytes of a UDP message, 16 KiB
	Stream   int // bytes of a message on a stream, 64 KiB
	Headers  int // header fields in a message, 256
	Line     int // bytes of one header field, unfolded, 8 KiB

	Shards   int           // goroutines that handle messages, GOMAXPROCS
	Mailbox  int           // messages waiting in one shard, 2,048; as many again are reserved for messages inside dialogs
	MaxDelay time.Duration // a new request that waited longer is refused or dropped, 1 s

	Connections    int           // accepted connections in all, 20,000
	PerSource      int           // accepted connections of one address, or IPv6 /64, 1,000
	FirstMessage   time.Duration // from accept to the end of the first message, 10 s
	WholeMessage   time.Duration // from the first byte of a message to its end, 10 s
	Idle           time.Duration // without any byte, 15 min
	Write          time.Duration // for one write, and for a dial, 5 s
	WriteQueue     int           // bytes waiting on one connection, 256 KiB
	ReceiveBuffer  int           // of a UDP socket in bytes, 8 MiB asked for
	LogPerSource   time.Duration // at most one log line of refusals for each address in this time, 1 min
	TrackedSources int           // addresses remembered for log and allowance, 16,384
}
