package node

import (
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"
)

// badLine stands between one phone and the switch and treats each datagram as a bad network does. The kernels that these
// tests must run on need not have netem, so the network is made here; what befalls the n-th datagram of a direction is
// decided by the line's own random numbers, the same in each run:
//
//	phone ──▶ near ──▶ lost? twice? delay 50 … 150 ms, each its own, so they overtake each other ──▶ far ──▶ switch
//	phone ◀── near ◀── the same, the other way ◀── far ◀── switch
type badLine struct {
	near, far *net.UDPConn
	weather   weather
	wg        sync.WaitGroup

	mu    sync.Mutex // guards what follows
	phone *net.UDPAddr
	rnd   *rand.Rand
	fate  fate
}

// weather is how bad a line is.
type weather struct {
	Loss, Twice   float64 // of the datagrams
	Delay, Jitter time.Duration
}

// fate is what befell the datagrams of a line.
type fate struct{ Passed, Lost, Doubled int }

func openLine(t testing.TB, server string, w weather, seed uint64) *badLine {
	t.Helper()
	to, err := net.ResolveUDPAddr("udp", server)
	home := &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}
	near, errNear := net.ListenUDP("udp", home)
	far, errFar := net.ListenUDP("udp", home)
	if err := errors.Join(err, errNear, errFar); err != nil {
		t.Fatal(err)
	}
	l := &badLine{near: near, far: far, weather: w, rnd: rand.New(rand.NewPCG(seed, 1))}
	l.wg.Add(2)
	go l.runOut(to)
	go l.runIn(to)
	t.Cleanup(func() {
		near.Close()
		far.Close()
		l.wg.Wait()
	})
	return l
}

// addr is where the phone takes the switch to be.
func (l *badLine) addr() string { return l.near.LocalAddr().String() }

// runOut carries what the phone sends.
func (l *badLine) runOut(to *net.UDPAddr) {
	defer l.wg.Done()
	buf := make([]byte, 65536)
	for {
		n, from, err := l.near.ReadFromUDP(buf)
		if err != nil {
			return
		}
		l.mu.Lock()
		if l.phone == nil {
			l.phone = from
		}
		stray := l.phone.String() != from.String() // meant for whoever had this port before
		l.mu.Unlock()
		if !stray {
			l.carry(l.far, to, buf[:n])
		}
	}
}

// runIn carries what the switch sends.
func (l *badLine) runIn(server *net.UDPAddr) {
	defer l.wg.Done()
	buf := make([]byte, 65536)
	for {
		n, from, err := l.far.ReadFromUDP(buf)
		if err != nil {
			return
		}
		l.mu.Lock()
		to := l.phone
		l.mu.Unlock()
		if to != nil && from.String() == server.String() {
			l.carry(l.near, to, buf[:n])
		}
	}
}

// carry sends a datagram on: not at all, once or twice, each after a delay of its own.
func (l *badLine) carry(c *net.UDPConn, to *net.UDPAddr, text []byte) {
	for _, after := range l.decide() {
		b := append([]byte(nil), text...)
		time.AfterFunc(after, func() { _, _ = c.WriteToUDP(b, to) }) // a line that is closed carries nothing
	}
}

// decide gives the delays of a datagram's copies.
func (l *badLine) decide() (delays []time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	copies := 1
	switch x := l.rnd.Float64(); {
	case x < l.weather.Loss:
		l.fate.Lost++
		return nil
	case x < l.weather.Loss+l.weather.Twice:
		l.fate.Doubled++
		copies = 2
	}
	l.fate.Passed++
	for range copies {
		delays = append(delays, l.weather.Delay-l.weather.Jitter+time.Duration(l.rnd.Float64()*float64(2*l.weather.Jitter)))
	}
	return delays
}

func (l *badLine) told() fate {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fate
}
