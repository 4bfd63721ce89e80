//go:build !linux

package rtp

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"
)

const tickTime = 5 * time.Millisecond

// target is where packets go. It is immutable.
type target struct {
	at endpoint
	to netip.AddrPort
}

// newTarget prepares a destination for sockets of the family of local.
func newTarget(to netip.AddrPort, local netip.Addr) *target {
	t := &target{at: endpointOf(to), to: to}
	if !t.at.valid() || local.Is4() && !to.Addr().Unmap().Is4() {
		return nil
	}
	return t
}

// readers is the poller where there is no epoll: a goroutine per socket reads and hands datagrams to the loop over one
// bounded channel; when the loop is behind, datagrams are dropped as a kernel would.
type readers struct {
	in     chan arrival
	wakes  chan struct{}
	ticker *time.Ticker
	ticks  <-chan time.Time
	group  sync.WaitGroup
	pool   sync.Pool
	socks  map[*conn]bool
}

type arrival struct {
	s    *conn
	buf  *[packetRoom + 1]byte
	n    int
	from endpoint
}

type conn struct {
	p     *readers
	c     *net.UDPConn
	h     handler
	mu    sync.Mutex
	count socketCounts // under mu
}

func newPoller() (poller, error) {
	p := &readers{in: make(chan arrival, 1024), wakes: make(chan struct{}, 1), socks: map[*conn]bool{}}
	p.pool.New = func() any { return new([packetRoom + 1]byte) }
	return p, nil
}

func (p *readers) open(at netip.AddrPort, h handler, _ bool) (socket, error) {
	c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	if err != nil {
		return nil, fmt.Errorf("rtp: bind %v: %w", at, err)
	}
	_ = c.SetReadBuffer(1 << 20)
	s := &conn{p: p, c: c, h: h}
	p.socks[s] = true
	p.group.Add(1)
	go s.runReader()
	return s, nil
}

// runReader ends when its socket is closed.
func (s *conn) runReader() {
	defer s.p.group.Done()
	for {
		buf := s.p.pool.Get().(*[packetRoom + 1]byte)
		n, from, err := s.c.ReadFromUDPAddrPort(buf[:])
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue // an ICMP error of one phone is nobody's
		}
		if n > packetRoom {
			s.tell(func(c *socketCounts) { c.Truncated++ })
			continue
		}
		select {
		case s.p.in <- arrival{s, buf, n, endpointOf(from)}:
		default:
			s.tell(func(c *socketCounts) { c.Overflow++ })
		}
	}
}

func (s *conn) tell(f func(*socketCounts)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.count)
}

func (p *readers) run(r rounds) {
	for {
		ticked := false
		var first arrival
		select {
		case first = <-p.in:
		case <-p.wakes:
		case <-p.ticks:
			ticked = true
		}
		r.begin(ticked)
		for n := 0; first.s != nil && n < 256; n++ {
			if p.socks[first.s] {
				first.s.h.receive([]datagram{{first.buf[:first.n], first.from}})
			}
			p.pool.Put(first.buf)
			first = arrival{}
			select {
			case first = <-p.in:
			default:
			}
		}
		if !r.ended() {
			return
		}
	}
}

func (p *readers) wake() {
	select {
	case p.wakes <- struct{}{}:
	default:
	}
}

// enter never lets anybody in: the channels are the goroutine's.
func (p *readers) enter() bool { return false }

func (p *readers) leave() {}

func (p *readers) linger() {}

func (p *readers) tick(on bool) {
	if p.ticker != nil {
		p.ticker.Stop()
		p.ticker, p.ticks = nil, nil
	}
	if on {
		p.ticker = time.NewTicker(tickTime)
		p.ticks = p.ticker.C
	}
}

func (p *readers) room(n int) []byte { return make([]byte, n) }

func (p *readers) close() {
	p.tick(false)
	for s := range p.socks {
		s.close()
	}
	p.group.Wait()
}

func (s *conn) send(b []byte, to *target) {
	if _, err := s.c.WriteToUDPAddrPort(b, to.to); err != nil {
		s.tell(func(c *socketCounts) { c.Rejected++ })
	}
}

func (s *conn) counts() socketCounts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

func (s *conn) close() {
	delete(s.p.socks, s)
	_ = s.c.Close()
}
