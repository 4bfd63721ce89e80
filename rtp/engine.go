package rtp

import (
	"log/slog"
	"net/netip"
	"time"

	"ringway/codecs"
)

// Options say how an engine works. The zero value of all but Codecs is good.
type Options struct {
	PortMin, PortMax int           // RTP takes the even ports of this range, RTCP the odd ones above them; 0, 0: 16384–32767
	Loops            int           // media loops; 0: half the cores, at least 1
	Bind             []netip.Addr  // local addresses; none: 0.0.0.0
	Codecs           *codecs.Set   // nil: relay only
	SocketPerLeg     bool          // a port pair of its own for each leg instead of shared ones
	SharedPorts      int           // port pairs a loop opens before it needs more; 0: 4
	MaxSessions      int           // leases at one time; 0: 20,000
	Silence          time.Duration // without packets for this long a Silent event is sent; 0: 30 s
	Complexity       int           // encoder effort 1–10; 0: the codec's default
	LossPct          int           // loss that encoders are told to expect: Opus adds FEC above 0
	SoundCache       int           // bytes of encoded sounds kept; 0: 64 MiB
	Log              *slog.Logger  // nil: discard
	Now              func() time.Time
}

// LeaseOptions say for whom an endpoint is leased.
type LeaseOptions struct {
	Call, Leg string         // for logs
	Near      *Session       // the other leg of the same call: the lease is on its loop
	Local     netip.Addr     // one of Options.Bind; invalid: the first
	Signalled netip.Addr     // the address that the leg's SIP comes from: any port of it may speak
	Expected  netip.AddrPort // the RTP address in their offer, where we have it: lets more legs share a port
	Notify    func(Event)    // called on the media loop: only posts; nil: none
}

// Engine owns the media loops and the ports.
type Engine struct{ o Options }

// Open starts the media loops.
func Open(o Options) (*Engine, error) { return &Engine{o: o}, nil }

// Close ends all sessions, goroutines and sockets, and returns when they are gone.
func (e *Engine) Close() {}

// Lease finds an endpoint for a leg. ErrNoPorts when the range is used up.
func (e *Engine) Lease(o LeaseOptions) (*Session, error) { return nil, ErrNoPorts }
