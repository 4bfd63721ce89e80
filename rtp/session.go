package rtp

import (
	"fmt"
	"log/slog"
	"net/netip"
	"sync/atomic"
	"time"

	"ringway/rtp/dtmf"
	"ringway/rtp/stats"
	"ringway/store"
)

// maxCommands is how many commands a session may have under way.
const maxCommands = 64

// Session is the media of one leg. Its methods may be called from any goroutine and do not wait for packets; none may be
// called from Notify.
type Session struct {
	e         *Engine
	loop      *loop
	call, leg string
	local     netip.AddrPort
	signalled netip.Addr // where its SIP comes from
	notify    func(Event)

	// call path, guarded by Engine.routing
	agreed *Params
	peer   *Session

	released atomic.Bool
	pending  atomic.Int32  // commands under way
	done     chan struct{} // closed when the loop is done with the session
	final    Stats         // written before done is closed

	// owned by the loop; what every packet touches stands together
	source   source
	params   *Params
	rx       stats.Receiver
	heardAt  time.Duration // last packet
	out, in  *route        // to the peer, from the peer
	port     *port
	target   *target // where RTP goes
	tx       sender
	sent     uint64
	bytes    uint64
	over     bool
	silent   bool // told
	player   player
	dialer   dialer
	tap      *tap     // where a recorder listens; nil: nowhere
	events   eventMap // of the peer, towards this leg
	keys     keyboard
	reporter reporter

	slot         int     // in loop.sessions
	reportTarget *target // where RTCP goes
	reportsFrom  endpoint
	refused      uint64
	dropped      uint64
	late         uint64 // of transcoders that are gone
}

func newSession(e *Engine, l *loop, o LeaseOptions) *Session {
	s := &Session{e: e, loop: l, call: o.Call, leg: o.Leg, signalled: o.Signalled, notify: o.Notify, done: make(chan struct{}), tx: newSender()}
	s.source = source{sip: hostOf(o.Signalled), expected: endpointOf(o.Expected)}
	s.heardAt = e.now()
	s.player.timer.fire = func(*timer) { l.current = s; s.playFrame() }
	s.dialer.timer.fire = func(*timer) { l.current = s; s.dialPacket() }
	s.keys.timer.fire = func(*timer) { l.current = s; s.keyLost() }
	s.reporter.start(s.heardAt, s.tx.ssrc)
	return s
}

// Local is the RTP address that the leg was given, as bound: what is advertised is the signalling's business. RTCP is one
// port above.
func (s *Session) Local() netip.AddrPort { return s.local }

// Apply puts an agreed description in force: the first one, or that of a re-INVITE. It takes effect at once for packets
// in both directions and, on a joined session, rebuilds the route to its peer where codecs changed. A new remote address
// opens the search for the source, as Relearn does.
func (s *Session) Apply(p Params) error {
	p.Remote = reachable(p.Remote, s.local.Addr(), s.signalled)
	if p.RemoteRTCP.IsValid() && newTarget(p.RemoteRTCP, s.local.Addr()) == nil {
		p.RemoteRTCP = netip.AddrPort{}
	}
	if err := s.check(p); err != nil {
		return err
	}
	s.e.routing.Lock()
	defer s.e.routing.Unlock()
	if s.released.Load() {
		return ErrClosed
	}
	old := s.agreed
	var routes link
	if s.peer != nil && (old == nil || !old.sameMedia(&p)) && s.peer.agreed != nil {
		var err error
		if routes, err = newLink(s, &p, s.peer, s.peer.agreed); err != nil {
			return err
		}
	}
	var err error
	if !s.loop.call(func() { err = s.apply(&p) }) {
		err = ErrClosed
	}
	if err != nil {
		routes.close()
		return err
	}
	s.agreed = &p
	routes.install(s, s.peer)
	return nil
}

// reachable is where media may be sent: the described address, or, where our socket does not speak its family, the same port
// where the leg's SIP comes from. A phone that has both families may describe the one that it does not call by (Linphone does).
func reachable(described netip.AddrPort, local, signalled netip.Addr) netip.AddrPort {
	if described.Port() == 0 || described.Addr().IsUnspecified() || newTarget(described, local) != nil {
		return described
	}
	if near := netip.AddrPortFrom(signalled.Unmap(), described.Port()); newTarget(near, local) != nil {
		return near
	}
	return described
}

// check refuses parameters that could never work.
func (s *Session) check(p Params) error {
	if p.Remote.IsValid() && p.Remote.Port() != 0 && newTarget(p.Remote, s.local.Addr()) == nil && !p.Remote.Addr().IsUnspecified() {
		return fmt.Errorf("rtp: %v cannot be reached from %v: %w", p.Remote, s.local, ErrLocal)
	}
	if p.Codec.ClockRate < 0 || p.SendPT > 127 || p.RecvPT > 127 || p.DTMFSendPT > 127 || p.DTMFRecvPT > 127 {
		return fmt.Errorf("rtp: payload type or clock out of range: %w", ErrCodec)
	}
	return nil
}

// Relearn opens the search for the leg's source again, as after a re-INVITE. Until somebody speaks we go on sending to
// the old place.
func (s *Session) Relearn() { _ = s.do(func() { s.relearn() }) }

// do sends a command to the loop.
func (s *Session) do(f func()) error {
	if s.released.Load() {
		return ErrClosed
	}
	if s.pending.Add(1) > maxCommands {
		s.pending.Add(-1)
		return ErrBusy
	}
	if !s.loop.do(func() {
		s.pending.Add(-1)
		if !s.over {
			s.loop.current = s
			f()
		}
	}) {
		return ErrClosed
	}
	return nil
}

// Stats is what the leg lived through so far. It asks the media loop; after Release it is the final word.
func (s *Session) Stats() Stats {
	if !s.released.Load() {
		var out Stats
		asked := false
		if s.loop.call(func() {
			if asked = !s.over; asked {
				out = s.stats()
			}
		}) && asked {
			return out
		}
	}
	select {
	case <-s.done:
	case <-s.loop.over:
	}
	return s.final
}

// Release gives the endpoint back. It parts the session, ends its playback and sends an RTCP BYE. Safe to call twice.
func (s *Session) Release() {
	s.e.routing.Lock()
	peer := s.peer
	if peer != nil {
		part(s, peer)
	}
	again := s.released.Swap(true)
	s.e.routing.Unlock()
	if !again {
		s.loop.do(s.end)
	}
}

// Stats is the quality of one leg, as received by us, with what we sent.
type Stats struct {
	store.Quality
	Bytes           uint64
	Reordered       uint64  // packets that came after a later one
	Refused         uint64  // packets from a source that may not speak on this leg
	Dropped         uint64  // malformed, of an unknown payload type, or with nowhere to go
	Sent, SentBytes uint64  // payload packets and bytes
	RemoteLost      uint64  // what the far end says it lost of ours (RTCP)
	RemoteJitterMS  float64 // and the jitter it sees
	Remote          netip.AddrPort
	Codec           string
}

// stats is owned by the loop.
func (s *Session) stats() Stats {
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	out := Stats{Bytes: s.rx.Bytes, Reordered: s.rx.Reordered, Refused: s.refused, Dropped: s.dropped,
		Sent: s.sent, SentBytes: s.bytes, RemoteLost: s.reporter.lost, RemoteJitterMS: ms(s.reporter.jitter), Remote: s.source.heard.addrPort()}
	out.Quality = store.Quality{Packets: s.rx.Packets, Lost: s.rx.Lost(), Late: s.late, JitterMS: ms(s.rx.Jitter()), RTTMS: ms(s.reporter.rtt)}
	if r := s.out; r != nil && r.flow != nil && r.to.loop == s.loop {
		out.Late += r.flow.buffer.Counters().Late
	}
	if s.params != nil {
		out.Codec = s.params.Codec.Name
	}
	return out
}

// who names the session in a log line.
func (s *Session) who() slog.Attr {
	return slog.Group("", slog.String("call", s.call), slog.String("leg", s.leg))
}

// tell sends an event.
func (s *Session) tell(e Event) {
	if s.notify != nil {
		e.Session, e.At = s, s.e.o.Now()
		s.notify(e)
	}
}

// keyboard is what the leg's telephone events become.
type keyboard struct {
	receiver dtmf.Receiver
	timer    timer // until the end of a digit counts as lost
}
