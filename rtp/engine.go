package rtp

import (
	"fmt"
	"log/slog"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"ringway/codecs"
)

// Options say how an engine works. The zero value of all but Codecs is good.
type Options struct {
	PortMin, PortMax int           // RTP takes the even ports of this range, RTCP the odd ones above them; 0, 0: 16384–32767
	Loops            int           // media loops; 0: half the cores, at least 1
	Bind             []netip.Addr  // local addresses; none: all, of both families
	Codecs           *codecs.Set   // nil: relay only
	SocketPerLeg     bool          // a port pair of its own for each leg instead of shared ones
	SharedPorts      int           // port pairs that a loop keeps open for each address, once used; 0: 4
	MaxSessions      int           // leases at one time; 0: 20,000
	Silence          time.Duration // without packets for this long a Silent event is sent; 0: 30 s
	Complexity       int           // encoder effort 1–10; 0: the codec's default
	LossPct          int           // loss that encoders are told to expect: Opus adds FEC above 0
	SoundCache       int           // bytes of encoded sounds kept; 0: 64 MiB
	Log              *slog.Logger  // nil: discard
	Now              func() time.Time
}

func (o Options) filled() Options {
	if o.Loops <= 0 {
		o.Loops = max(runtime.NumCPU()/2, 1)
	}
	if len(o.Bind) == 0 {
		o.Bind = []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()} // sockets are opened when a leg needs them
	}
	if o.Codecs == nil {
		o.Codecs = codecs.NewSet()
	}
	o.SharedPorts = orElse(o.SharedPorts, 4)
	o.MaxSessions = orElse(o.MaxSessions, 20_000)
	o.SoundCache = orElse(o.SoundCache, 64<<20)
	o.Silence = orElse(o.Silence, 30*time.Second)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func orElse[T int | time.Duration](v, other T) T {
	if v > 0 {
		return v
	}
	return other
}

// LeaseOptions say for whom an endpoint is leased.
type LeaseOptions struct {
	Call, Leg string         // for logs
	Near      *Session       // the other leg of the same call: the lease is on its loop
	Local     netip.Addr     // one of Options.Bind; invalid: the first of the family of Signalled
	Signalled netip.Addr     // the address that the leg's SIP comes from: any port of it may speak
	Expected  netip.AddrPort // the RTP address in their offer, where we have it: lets more legs share a port
	Notify    func(Event)    // called on the media loop: only posts; nil: none
}

// Engine owns the media loops and the ports.
type Engine struct {
	o      Options
	start  time.Time
	ports  *portRange
	sounds *sounds
	loops  []*loop

	recorder *recorder

	group  sync.WaitGroup
	leases atomic.Int64
	closed atomic.Bool

	routing sync.Mutex // call path: guards agreed and peer of all sessions
}

// Open starts the media loops.
func Open(o Options) (*Engine, error) {
	o = o.filled()
	if o.PortMax > 65535 || o.PortMin < 0 || o.PortMin > o.PortMax {
		return nil, fmt.Errorf("rtp: port range %d–%d", o.PortMin, o.PortMax)
	}
	e := &Engine{o: o, start: o.Now(), ports: newPortRange(o.PortMin, o.PortMax)}
	e.sounds = newSounds(o)
	e.recorder = newRecorder(e)
	for i := range o.Loops {
		l, err := newLoop(e, i)
		if err != nil {
			for _, l := range e.loops {
				l.poller.close()
			}
			return nil, err
		}
		e.loops = append(e.loops, l)
	}
	e.run()
	return e, nil
}

// run starts the goroutines; Close ends them.
func (e *Engine) run() {
	e.group.Add(3 + len(e.loops))
	go func() { defer e.group.Done(); e.sounds.runEncoder() }()
	go func() { defer e.group.Done(); e.recorder.runRecorder() }()
	go func() { defer e.group.Done(); e.recorder.runFiler() }()
	for _, l := range e.loops {
		go func() { defer e.group.Done(); l.runLoop() }()
	}
}

// Close ends all sessions, goroutines and sockets, and returns when they are gone.
func (e *Engine) Close() {
	if !e.closed.Swap(true) {
		e.sounds.stop()
		e.recorder.stop()
		for _, l := range e.loops {
			l.send(l.stop)
		}
	}
	e.group.Wait()
}

// Lease finds an endpoint for a leg. ErrNoPorts when the range is used up or MaxSessions reached.
func (e *Engine) Lease(o LeaseOptions) (*Session, error) {
	if e.closed.Load() {
		return nil, ErrClosed
	}
	if o.Near != nil && o.Near.e != e {
		return nil, ErrClosed
	}
	if !o.Local.IsValid() {
		if o.Local = e.near(o.Signalled); !o.Local.IsValid() {
			return nil, fmt.Errorf("rtp: media has no address of the family of %v, by which this leg came; perhaps rtp.address names one of the other: %w",
				o.Signalled, ErrLocal)
		}
	}
	if !e.local(o.Local) {
		return nil, ErrLocal
	}
	o.Expected = reachable(o.Expected, o.Local, o.Signalled)
	if e.leases.Add(1) > int64(e.o.MaxSessions) {
		e.leases.Add(-1)
		return nil, ErrNoPorts
	}
	s := newSession(e, e.loopFor(o.Near), o)
	var err error
	if !s.loop.call(func() { err = s.loop.lease(s, &o) }) {
		err = ErrClosed
	}
	if err != nil {
		e.leases.Add(-1)
		return nil, err
	}
	return s, nil
}

// near is the first local address of the family that a leg's SIP comes by, where that is known; invalid where there is none.
func (e *Engine) near(signalled netip.Addr) netip.Addr {
	for _, b := range e.o.Bind {
		if !signalled.IsValid() || b.Unmap().Is4() == signalled.Unmap().Is4() {
			return b
		}
	}
	return netip.Addr{}
}

func (e *Engine) local(a netip.Addr) bool {
	for _, b := range e.o.Bind {
		if a == b {
			return true
		}
	}
	return false
}

// loopFor is the loop of the other leg, else the one with the fewest sessions.
func (e *Engine) loopFor(near *Session) *loop {
	if near != nil {
		return near.loop
	}
	best := e.loops[0]
	for _, l := range e.loops[1:] {
		if l.load.Load() < best.load.Load() {
			best = l
		}
	}
	return best
}

// EngineStats are the figures of the whole engine.
type EngineStats struct {
	Sessions   int    // leased now
	PortPairs  int    // open now
	Strays     uint64 // datagrams that belonged to no leg
	Overflow   uint64 // datagrams the kernel dropped before we could read them
	Unsent     uint64 // datagrams dropped because a send buffer was full
	Rejected   uint64 // datagrams the kernel refused to send
	Truncated  uint64 // datagrams too long to be speech
	Uncrossed  uint64 // packets dropped between two loops because the ring was full
	Panics     uint64 // sessions ended by a panic
	Encodings  uint64 // sounds encoded so far
	Recordings int    // that run now
	Unrecorded uint64 // recordings that could not be written to their end
	Unheard    uint64 // packets that the recorder was too slow for
	BufferSize int    // smallest receive buffer granted, in bytes
}

// Stats asks the loops.
func (e *Engine) Stats() EngineStats {
	out := EngineStats{Sessions: int(e.leases.Load()), PortPairs: e.ports.leased(), Encodings: e.sounds.encodings.Load(),
		Recordings: int(e.recorder.up.Load()), Unrecorded: e.recorder.failed.Load(), Unheard: e.recorder.lost.Load()}
	for _, l := range e.loops {
		l.call(func() { l.tell(&out) })
	}
	return out
}

// now is the engine's steady clock.
func (e *Engine) now() time.Duration { return e.o.Now().Sub(e.start) }
