package transaction

import (
	"errors"
	"log/slog"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transport"
)

// Errors of the table.
var (
	ErrStopped    = errors.New("transaction table stopped")
	ErrTerminated = errors.New("transaction has ended")
	ErrFinal      = errors.New("a final response was already sent")
	ErrFull       = errors.New("too many transactions")
	ErrNoVia      = errors.New("request without Via, and Options.Via is not set")
)

// Core is the transaction user: what stands above the table. Its methods run on the shard goroutine of the Call-ID, or on the
// timer goroutine, and must not block.
type Core interface {
	// Request is told of a new request that is neither ACK nor CANCEL. Before it returns, the core may call Server.Notify,
	// which it should for an INVITE that it does not answer at once: that sends 100 (inside a dialog it went out already). It
	// answers with Server.Respond, at once or later, from any goroutine.
	Request(s *Server)
	// Ack is told of an ACK that belongs to no failed INVITE: the ACK to a 2xx, or a stray.
	Ack(req *sipmsg.Request, flow transport.Flow)
	// Response is told of a 2xx to INVITE beyond the first: retransmitted, forked, or late.
	Response(res *sipmsg.Response, flow transport.Flow)
}

// Timers are the base times of RFC 3261 §17; all of A–K, L and M follow from them. Zero fields take the RFC's values.
type Timers struct {
	T1 time.Duration // round trip estimate, 500 ms
	T2 time.Duration // longest interval between retransmissions, 4 s
	T4 time.Duration // longest life of a message in the network, 5 s
}

// Limits bound the memory of the table. Zero fields take the default given.
type Limits struct {
	Live      int // transactions without a final response, 100,000; beyond it new requests get a stateless 503
	Lingering int // final responses kept to absorb retransmissions, 65,536; beyond it the oldest go early
}

// Options configure a Table. Core and Send are required.
type Options struct {
	// Send writes one message; an error ends the transaction with a TransportError event.
	Send func(transport.Flow, sipmsg.Message) error
	// Write sends a message that was serialised before. With it (transport.Layer.Write), retransmissions are kept as bytes;
	// without it as messages.
	Write func(transport.Flow, []byte) error
	// Reliable says which flows need no retransmission; nil means transport.Reliable.
	Reliable func(transport.Flow) bool
	// Via makes the Via of a request (transport.Layer.Via); the table adds the branch.
	Via func(transport.Flow) *sipmsg.ViaHeader
	// Verified says which flows may receive retransmissions of a failure; nil means all (conformance §4, amplification).
	Verified func(transport.Flow) bool

	Core   Core
	Timers Timers
	Limits Limits
	Log    *slog.Logger     // nil discards
	Now    func() time.Time // nil means time.Now
}

// ServerEventKind says what happened to a server transaction.
type ServerEventKind uint8

// The events of a server transaction.
const (
	Cancelled ServerEventKind = iota + 1 // a CANCEL came before the final response; 200 to it is sent; answer the INVITE with 487
	Acked                                // the ACK to a failure came
	Unacked                              // no ACK to a failure came in 64·T1
)

// ServerEvent is told to the function given to Server.Notify.
type ServerEvent struct {
	Kind    ServerEventKind
	Request *sipmsg.Request // the CANCEL, else nil
}

// ClientEventKind says what happened to a client transaction.
type ClientEventKind uint8

// The events of a client transaction.
const (
	Response       ClientEventKind = iota + 1 // provisional or final; the ACK to a failed INVITE is sent already
	Timeout                                   // no final response (RFC 3261 timer B, F, or 64·T1 after CANCEL)
	TransportError                            // the request could not be sent, or its connection ended
)

// ClientEvent is told to the function given to Table.Send. Timeout, TransportError or one final Response is the last.
type ClientEvent struct {
	Kind     ClientEventKind
	Response *sipmsg.Response // of Response, else nil
	Err      error            // of TransportError
}
