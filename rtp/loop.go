package rtp

import (
	"fmt"
	"log/slog"
	"net/netip"
	"runtime/debug"
	"sync/atomic"
	"time"

	prtp "github.com/pion/rtp"
)

// sweepTurn is how many ticks it takes to look at every session and port once: a second.
const sweepTurn = int(time.Second / tickTime)

// loop is one media loop: it owns its ports, its sessions and everything that a packet touches.
//
//	round:  (each tick) players, digits, deadlines, a part of the sweep ─▶ commands ─▶ packets from other loops
//	        ─▶ datagrams, at most 4 batches of 64 a port ─▶ everything queued leaves
type loop struct {
	e    *Engine
	id   int
	mail mailbox
	load atomic.Int64  // sessions
	over chan struct{} // closed when the goroutine is over

	// owned by the loop
	poller   poller
	now      time.Duration
	ports    []*port
	sessions []*Session
	swept    int // next session to look at
	probed   int // next port to look at
	wheel    wheel
	current  *Session // whose code runs: a panic costs it its life
	stopping bool
	header   prtp.Header
	packet   packet

	panics    uint64
	uncrossed uint64                     // packets for other loops whose ring was full
	gone      EngineStats                // figures of ports that were closed
	in        []atomic.Pointer[crossing] // from each other loop
}

func newLoop(e *Engine, id int) (*loop, error) {
	p, err := newPoller()
	if err != nil {
		return nil, err
	}
	return &loop{e: e, id: id, poller: p, over: make(chan struct{}), in: make([]atomic.Pointer[crossing], e.o.Loops)}, nil
}

// runLoop runs until stop was sent and done.
func (l *loop) runLoop() {
	defer close(l.over)
	l.poller.run((*turns)(l))
	for _, s := range append([]*Session(nil), l.sessions...) {
		s.end()
	}
	for _, p := range l.ports {
		p.close()
	}
	for _, f := range l.mail.close() {
		l.guard(f)
	}
	l.poller.close()
}

// do has a command done; false when the loop has ended. A loop that is parked is not woken for it: that costs more than
// nearly every command does, so the caller does it in the loop's place.
func (l *loop) do(f func()) bool { return l.instead(f) || l.send(f) }

// call has a command done and waits for that; false when the loop has ended.
func (l *loop) call(f func()) bool {
	if l.instead(f) {
		return true
	}
	done := make(chan struct{})
	if !l.send(func() { defer close(done); f() }) {
		return false
	}
	<-done
	return true
}

// instead does a command in the place of a loop that is parked, behind those that were sent before; false when it is at
// work or has ended, and when it overslept: what is timed would begin in the past.
func (l *loop) instead(f func()) bool {
	if !l.poller.enter() {
		return false
	}
	defer l.poller.leave()
	l.now = l.e.now()
	if len(l.sessions) > 0 && l.wheel.now < int64(l.now/tickTime)-1 {
		return false
	}
	l.obey()
	l.guard(f)
	return true
}

// send leaves a command to the loop's goroutine; false when it has ended.
func (l *loop) send(f func()) bool {
	if !l.mail.put(f) {
		return false
	}
	l.poller.wake()
	return true
}

// obey does the commands that were sent.
func (l *loop) obey() {
	for _, f := range l.mail.take() {
		l.guard(f)
	}
}

func (l *loop) stop() { l.stopping = true }

// turns are the rounds of a loop, as the poller sees them.
type turns loop

func (t *turns) begin(ticked bool) {
	l := (*loop)(t)
	l.now = l.e.now()
	if ticked {
		l.tick() // before the commands: what they time begins now, however long the loop slept
	}
	l.obey()
	for i := range l.in {
		if c := l.in[i].Load(); c != nil {
			l.guard(c.drain)
		}
	}
}

func (t *turns) ended() bool { return !t.stopping }

// guard runs code of one session: a panic costs that session, never the loop.
func (l *loop) guard(f func()) {
	l.current = nil
	defer func() {
		if v := recover(); v != nil {
			l.fail(v)
		}
	}()
	f()
}

// fail ends the session whose code panicked.
func (l *loop) fail(v any) {
	l.panics++
	s := l.current
	l.current = nil
	if s == nil {
		l.e.o.Log.Error("media loop panicked", "err", fmt.Sprint(v), "stack", string(debug.Stack()))
		return
	}
	l.e.o.Log.Error("media session panicked and is ended", s.who(), "err", fmt.Sprint(v), "stack", string(debug.Stack()))
	defer func() {
		if v := recover(); v != nil {
			l.e.o.Log.Error("media session panicked while ending", s.who(), "err", fmt.Sprint(v))
		}
	}()
	s.tell(Event{Kind: Failed})
	s.end()
}

// tick advances the pacing clock and looks at the next part of the sessions and ports.
func (l *loop) tick() {
	to := int64(l.now / tickTime)
	for l.wheel.behind(to) {
		l.guard(func() { l.wheel.advance(to) }) // goes on behind a timer that panicked
	}
	for range (len(l.sessions) + sweepTurn - 1) / sweepTurn {
		if l.swept >= len(l.sessions) {
			l.swept = 0
		}
		l.current = l.sessions[l.swept]
		l.swept++
		l.sweep(l.current)
	}
	for range (len(l.ports) + sweepTurn - 1) / sweepTurn {
		if l.probed >= len(l.ports) {
			l.probed = 0
		}
		l.probe(l.ports[l.probed])
		l.probed++
	}
}

func (l *loop) sweep(s *Session) {
	defer func() {
		if v := recover(); v != nil {
			l.fail(v)
		}
	}()
	s.sweep()
}

// probe warns when the kernel dropped packets.
func (l *loop) probe(p *port) {
	c := p.rtp.counts()
	if c.Overflow > p.overflow {
		l.e.o.Log.Warn("receive buffer overflowed", slog.String("local", p.local.String()),
			slog.Uint64("dropped", c.Overflow-p.overflow), slog.Int("buffer", c.BufferSize))
		p.overflow = c.Overflow
	}
}

// lease puts a session on a port: the emptiest that fits, else a new one.
func (l *loop) lease(s *Session, o *LeaseOptions) error {
	if l.stopping {
		return ErrClosed
	}
	p, shared := l.portFor(o)
	if p == nil || !l.e.o.SocketPerLeg && shared < l.e.o.SharedPorts && p.sessions > 0 {
		fresh, err := l.openPort(o.Local, !l.e.o.SocketPerLeg && shared < l.e.o.SharedPorts)
		switch {
		case err == nil:
			p = fresh
		case p == nil:
			return err
		}
	}
	s.port, s.local = p, p.local
	p.enter(s)
	s.slot = len(l.sessions)
	l.sessions = append(l.sessions, s)
	l.load.Store(int64(len(l.sessions)))
	if len(l.sessions) == 1 {
		l.wheel.now = int64(l.now / tickTime)
		l.poller.tick(true)
	}
	return nil
}

// portFor is the emptiest port that fits, and how many shared ones are open at that address.
func (l *loop) portFor(o *LeaseOptions) (best *port, shared int) {
	for _, p := range l.ports {
		if p.local.Addr() != o.Local || p.alone {
			continue
		}
		shared++
		if (best == nil || p.sessions < best.sessions) && p.fits(o) {
			best = p
		}
	}
	return best, shared
}

// remove takes a session that has ended out, and closes its port when nobody needs it.
func (l *loop) remove(s *Session) {
	last := len(l.sessions) - 1
	l.sessions[s.slot] = l.sessions[last]
	l.sessions[s.slot].slot = s.slot
	l.sessions[last] = nil
	l.sessions = l.sessions[:last]
	l.load.Store(int64(last))
	if last == 0 {
		l.poller.tick(false)
	}
	p := s.port
	p.leave(s)
	if p.sessions > 0 || p.keep {
		return
	}
	for i, q := range l.ports {
		if q == p {
			l.ports = append(l.ports[:i], l.ports[i+1:]...)
			break
		}
	}
	l.account(p)
	p.close()
}

// gone are the figures of ports that were closed.
func (l *loop) account(p *port) {
	for _, c := range []socketCounts{p.rtp.counts(), p.rtcp.counts()} {
		l.gone.Overflow += c.Overflow
		l.gone.Unsent += c.Unsent
		l.gone.Rejected += c.Rejected
		l.gone.Truncated += c.Truncated
	}
	l.gone.Strays += p.strays
}

// tell adds the loop's figures.
func (l *loop) tell(out *EngineStats) {
	was := l.gone
	for _, p := range l.ports {
		l.account(p)
		if b := p.rtp.counts().BufferSize; out.BufferSize == 0 || b < out.BufferSize {
			out.BufferSize = b
		}
	}
	out.Strays += l.gone.Strays
	out.Overflow += l.gone.Overflow
	out.Unsent += l.gone.Unsent
	out.Rejected += l.gone.Rejected
	out.Truncated += l.gone.Truncated
	out.Panics += l.panics
	out.Uncrossed += l.uncrossed
	l.gone = was
}

// target prepares a destination for a session's port.
func (s *Session) targetAt(a netip.AddrPort) *target { return newTarget(a, s.local.Addr()) }
