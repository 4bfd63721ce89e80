package transport

import (
	"fmt"
	"hash/maphash"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
	"sync"
	"time"
)

// Layer owns the sockets, the connections and the shards. All its methods may be called from any goroutine.
type Layer struct {
	handler   Handler
	limits    Limits
	log       *slog.Logger
	now       func() time.Time
	tap       func(Trace)
	closed    func(Flow, error)
	verified  func(netip.AddrPort) bool
	addresses Addresses

	// Set by Open, constant afterwards.
	bound   []Listener
	udp     []*udpSocket
	tcp     []*net.TCPListener
	shards  []*shard
	seed    maphash.Seed
	granted int

	conns      *connections
	answers    answers
	routes     routes
	allowance  allowance
	complaints complaints
	count      counters

	stop  chan struct{}
	group sync.WaitGroup // every goroutine of this package but the shards'
	work  sync.WaitGroup // the shards: they end last

	mu      sync.Mutex // guards what follows, and the start
	stopped bool
}

// Open binds every listener; on an error nothing stays open. With a Handler it reads at once; without, from Serve on, which
// lets table and layer know each other:
//
//	layer, err := transport.Open(options)
//	table := transaction.New(transaction.Options{Send: layer.Send, Write: layer.Write, Via: layer.Via, Core: core})
//	layer.Serve(table.Receive)
func Open(o Options) (*Layer, error) {
	l := &Layer{
		limits: o.Limits.withDefaults(), log: o.Log, now: o.Now, tap: o.Tap, closed: o.Closed,
		verified: o.Verified, addresses: o.Addresses, seed: maphash.MakeSeed(), conns: newConnections(), stop: make(chan struct{}),
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	if l.now == nil {
		l.now = time.Now
	}
	l.answers.layer = l
	l.routes.known = map[netip.Addr]netip.Addr{}
	l.allowance = allowance{limit: l.limits.TrackedSources, credit: map[netip.Addr]int{}}
	l.complaints = complaints{every: l.limits.LogPerSource, limit: l.limits.TrackedSources, since: map[netip.Addr]time.Time{}}
	for _, at := range o.Listen {
		if err := l.bind(at); err != nil {
			l.closeSockets()
			return nil, fmt.Errorf("listen on %s %s: %w", at.Proto, at.Addr, err)
		}
	}
	if o.Handler != nil {
		l.Serve(o.Handler)
	}
	return l, nil
}

// Serve starts reading. It is called once, and only when Options.Handler is nil.
func (l *Layer) Serve(h Handler) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shards != nil || l.stopped {
		return
	}
	l.handler = h
	l.run()
}

func (l *Layer) bind(at Listener) error {
	at.Addr = netip.AddrPortFrom(at.Addr.Addr().Unmap(), at.Addr.Port())
	switch at.Proto {
	case UDP:
		u, err := l.listenUDP(at.Addr)
		if err != nil {
			return err
		}
		l.udp = append(l.udp, u)
		at.Addr = u.local
	case TCP:
		ln, err := net.ListenTCP(network(TCP, at.Addr.Addr()), net.TCPAddrFromAddrPort(at.Addr))
		if err != nil {
			return err
		}
		l.tcp = append(l.tcp, ln)
		a, _ := ln.Addr().(*net.TCPAddr)
		at.Addr = netip.AddrPortFrom(at.Addr.Addr(), uint16(a.Port))
	default:
		return ErrNoListener
	}
	l.bound = append(l.bound, at)
	return nil
}

// run starts the goroutines: shards first, so that no reader finds them missing.
func (l *Layer) run() {
	for range l.limits.Shards {
		s := &shard{layer: l, box: newMailbox(l.limits.Mailbox)}
		l.shards = append(l.shards, s)
		l.work.Add(1)
		go s.runShard()
	}
	for _, u := range l.udp {
		l.group.Add(1)
		go u.runUDP()
	}
	if len(l.udp) > 0 {
		l.group.Add(1)
		go l.runOverflow()
	}
	next := 0
	for _, b := range l.bound {
		if b.Proto == TCP {
			l.group.Add(1)
			go l.runAccept(l.tcp[next], b.Addr)
			next++
		}
	}
}

// begin counts one more goroutine, unless the layer stops.
func (l *Layer) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return false
	}
	l.group.Add(1)
	return true
}

// contain is deferred around what one message, one socket's look or one connection makes us do: a panic costs that alone.
func (l *Layer) contain(f Flow) {
	if r := recover(); r != nil {
		l.count.Panics.Add(1)
		l.log.Error("panic on a message", "err", fmt.Sprint(r), "from", f.Remote.String(), "stack", string(debug.Stack()))
	}
}

// pause waits; it is false when the layer stops.
func (l *Layer) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-l.stop:
		return false
	case <-t.C:
		return true
	}
}

// Addrs returns the bound listeners with their real ports, in the order of Options.Listen.
func (l *Layer) Addrs() []Listener { return append([]Listener(nil), l.bound...) }

// deliver hands a message to the shard of its Call-ID. now says that the reader may handle it itself.
func (l *Layer) deliver(m letter, now bool) {
	m.peek = peek(m.text)
	if l.tap != nil {
		l.tap(Trace{At: m.at, Flow: m.flow, Incoming: true, CallID: m.peek.callID, Text: m.text})
	}
	s := l.shards[maphash.String(l.seed, m.peek.callID)%uint64(len(l.shards))]
	if now && s.handleNow(&m) {
		return
	}
	if !s.box.put(m) {
		l.count.Overload.Add(1)
	}
}

// hangUp ends the connection of a flow, after what is on its way out.
func (l *Layer) hangUp(f Flow, why error) {
	if c := l.conns.find(f.Conn); c != nil {
		c.hangUpAfterWrites(why)
	}
}

func (l *Layer) closeSockets() {
	for _, u := range l.udp {
		u.conn.Close()
	}
	for _, t := range l.tcp {
		t.Close()
	}
}

// Stop closes all sockets and waits for every goroutine of the layer. Messages already read are still handled.
func (l *Layer) Stop() {
	l.mu.Lock()
	first := !l.stopped
	l.stopped = true
	l.mu.Unlock()
	if first {
		close(l.stop)
		l.closeSockets()
		l.conns.closeAll()
		l.group.Wait()
		for _, s := range l.shards {
			s.box.close()
		}
	}
	l.group.Wait()
	l.work.Wait()
}
