package rtp

import (
	"encoding/binary"
	"math"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	prtp "github.com/pion/rtp"
	"go.uber.org/goleak"

	"ringway/codecs"
	"ringway/codecs/builtin"
	"ringway/codecs/codectest"
)

func TestMain(m *testing.M) {
	if generate() {
		return
	}
	goleak.VerifyTestMain(m)
}

const ms = time.Millisecond

var loopback = netip.MustParseAddr("127.0.0.1")

// open makes an engine on the loopback address.
func open(t testing.TB, o Options) *Engine {
	t.Helper()
	o.Bind = []netip.Addr{loopback}
	return openAt(t, o)
}

// openAt makes an engine that is closed, and must have given everything back, when the test ends.
func openAt(t testing.TB, o Options) *Engine {
	t.Helper()
	o.Codecs = builtin.All()
	e, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		panics := e.Stats().Panics
		e.Close()
		if n := e.ports.leased(); n != 0 {
			t.Errorf("%d ports are still leased", n)
		}
		if n := e.leases.Load(); n != 0 {
			t.Errorf("%d sessions are still leased", n)
		}
		if panics != 0 && !t.Failed() && t.Name() != "TestPanicCostsOneSession" {
			t.Errorf("%d panics", panics)
		}
	})
	return e
}

// phone is a far end with a real socket.
type phone struct {
	t    testing.TB
	c    *net.UDPConn
	s    *Session // the leg that it talks to
	seq  uint16
	ts   uint32
	ssrc uint32

	mu     sync.Mutex
	got    []prtp.Packet
	came   chan struct{}
	events chan Event
}

var formats = map[string]codecs.Format{
	"PCMU": {Name: "PCMU", PayloadType: 0, ClockRate: 8000, Channels: 1},
	"PCMA": {Name: "PCMA", PayloadType: 8, ClockRate: 8000, Channels: 1},
	"G722": {Name: "G722", PayloadType: 9, ClockRate: 8000, Channels: 1},
	"opus": {Name: "opus", PayloadType: 96, ClockRate: 48000, Channels: 2},
}

// newPhone binds a phone on host; it reads until the test ends.
func newPhone(t testing.TB, host string) *phone {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		t.Fatal(err)
	}
	p := &phone{t: t, c: c, ssrc: uint32(c.LocalAddr().(*net.UDPAddr).Port), ts: 1000, seq: 100,
		came: make(chan struct{}, 1), events: make(chan Event, 4096)}
	var reading sync.WaitGroup
	reading.Add(1)
	go func() { defer reading.Done(); p.runReader() }()
	t.Cleanup(func() { c.Close(); reading.Wait() })
	return p
}

func (p *phone) addr() netip.AddrPort {
	a := p.c.LocalAddr().(*net.UDPAddr).AddrPort()
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

func (p *phone) runReader() {
	buf := make([]byte, 2048)
	for {
		n, err := p.c.Read(buf)
		if err != nil {
			return
		}
		if n > 1 && buf[1] >= 192 && buf[1] < 224 {
			continue // RTCP of a leg without a port for it
		}
		var pk prtp.Packet
		if err := pk.Unmarshal(append([]byte(nil), buf[:n]...)); err != nil {
			p.t.Errorf("phone received no RTP: %v", err)
			continue
		}
		p.mu.Lock()
		p.got = append(p.got, pk)
		p.mu.Unlock()
		select {
		case p.came <- struct{}{}:
		default:
		}
	}
}

// lease gives the phone a leg on the engine.
func (p *phone) lease(e *Engine, o LeaseOptions) *Session {
	p.t.Helper()
	o.Notify = func(ev Event) {
		select {
		case p.events <- ev:
		default:
		}
	}
	if !o.Signalled.IsValid() {
		o.Signalled = p.addr().Addr()
	}
	s, err := e.Lease(o)
	if err != nil {
		p.t.Fatal(err)
	}
	p.s = s
	return s
}

// params are what the phone agrees on with a codec; telephone-event is 101 for it and 97 for us.
func (p *phone) params(codec string) Params {
	f := formats[codec]
	return Params{Remote: p.addr(), Codec: f, SendPT: f.PayloadType, RecvPT: f.PayloadType, DTMFSendPT: 101, DTMFRecvPT: 97, Answered: true}
}

// call leases a leg for the phone and applies a codec.
func (p *phone) call(e *Engine, codec string) *Session {
	p.t.Helper()
	return p.callAs(e, p.params(codec))
}

func (p *phone) callAs(e *Engine, a Params) *Session {
	p.t.Helper()
	s := p.lease(e, LeaseOptions{Expected: p.addr()})
	if err := s.Apply(a); err != nil {
		p.t.Fatal(err)
	}
	return s
}

// send sends a packet to the phone's leg.
func (p *phone) send(h prtp.Header, payload []byte) {
	p.t.Helper()
	h.Version = 2
	if h.SSRC == 0 {
		h.SSRC = p.ssrc
	}
	b, err := (&prtp.Packet{Header: h, Payload: payload}).Marshal()
	if err != nil {
		p.t.Fatal(err)
	}
	p.raw(b)
}

func (p *phone) raw(b []byte) {
	if _, err := p.c.WriteToUDPAddrPort(b, p.s.Local()); err != nil {
		p.t.Fatal(err)
	}
}

// say sends one packet of speech; ts moves on by step.
func (p *phone) say(pt uint8, payload []byte, step uint32) {
	p.send(prtp.Header{PayloadType: pt, SequenceNumber: p.seq, Timestamp: p.ts}, payload)
	p.seq++
	p.ts += step
}

// mumble sends n packets of G.711 that are not silent, without pauses.
func (p *phone) mumble(n int) {
	for range n {
		p.say(p.s.agreed.RecvPT, make([]byte, 160), 160)
	}
}

// heard is what came so far.
func (p *phone) heard() []prtp.Packet {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]prtp.Packet(nil), p.got...)
}

func (p *phone) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = nil
}

// await waits until n packets came and returns all that did.
func (p *phone) await(n int) []prtp.Packet {
	p.t.Helper()
	return p.awaitFor(func(got []prtp.Packet) bool { return len(got) >= n })
}

func (p *phone) awaitFor(enough func([]prtp.Packet) bool) []prtp.Packet {
	p.t.Helper()
	limit := time.NewTimer(10 * time.Second)
	defer limit.Stop()
	for {
		if got := p.heard(); enough(got) {
			return got
		}
		select {
		case <-p.came:
		case <-limit.C:
			p.t.Fatalf("%d packets came, and then none; the leg says %+v", len(p.heard()), p.s.Stats())
		}
	}
}

// event waits for an event of a kind.
func (p *phone) event(kind EventKind) Event {
	p.t.Helper()
	limit := time.NewTimer(10 * time.Second)
	defer limit.Stop()
	for {
		select {
		case ev := <-p.events:
			if ev.Kind == kind {
				return ev
			}
		case <-limit.C:
			p.t.Fatalf("no %v event", kind)
		}
	}
}

// settle waits until the engine read everything that was sent to it before.
func (p *phone) settle() {
	p.t.Helper()
	seen := func() uint64 {
		st := p.s.Stats()
		return st.Refused + st.Dropped + p.s.e.Stats().Strays
	}
	before := seen()
	p.raw([]byte{0})
	for limit := time.Now().Add(10 * time.Second); time.Now().Before(limit); {
		if seen() > before {
			return
		}
	}
	p.t.Fatal("the engine does not react")
}

// pair joins two phones and waits until both were heard.
func pair(t testing.TB, e *Engine, codecA, codecB string) (a, b *phone) {
	t.Helper()
	a, b = newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	a.call(e, codecA)
	b.call(e, codecB)
	if err := Join(a.s, b.s); err != nil {
		t.Fatal(err)
	}
	return a, b
}

// voice encodes a tone packet by packet.
type voice struct {
	enc  codecs.Encoder
	pcm  []int16
	n    int // samples a packet
	step uint32
	pt   uint8
}

func newVoice(t testing.TB, codec string, hz float64, length, ptime time.Duration) *voice {
	t.Helper()
	f := formats[codec]
	c, _ := builtin.All().Lookup(f.Name, f.ClockRate, f.Channels)
	rate := c.Rates()[len(c.Rates())-1]
	enc, err := c.NewEncoder(codecs.EncoderOptions{Rate: rate, LossPct: 20})
	if err != nil {
		t.Fatal(err)
	}
	return &voice{enc: enc, pcm: codectest.Sine(hz, 8000, rate, int(length*time.Duration(rate)/time.Second)),
		n: int(ptime * time.Duration(rate) / time.Second), step: uint32(ptime * time.Duration(f.ClockRate) / time.Second), pt: f.PayloadType}
}

// next is the next packet; nil at the end.
func (v *voice) next(t testing.TB) []byte {
	if len(v.pcm) < v.n {
		return nil
	}
	b := make([]byte, 1500)
	n, err := v.enc.Encode(b, v.pcm[:v.n])
	if err != nil {
		t.Fatal(err)
	}
	v.pcm = v.pcm[v.n:]
	return b[:n]
}

// listen decodes what a phone heard, in order of its numbers.
func listen(t testing.TB, codec string, got []prtp.Packet) (pcm []int16, rate int) {
	t.Helper()
	f := formats[codec]
	c, _ := builtin.All().Lookup(f.Name, f.ClockRate, f.Channels)
	rate = c.Rates()[0]
	dec, err := c.NewDecoder(rate)
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]int16, rate*120/1000)
	for _, p := range got {
		if p.PayloadType != f.PayloadType {
			continue
		}
		n, err := dec.Decode(buf, p.Payload)
		if err != nil {
			t.Fatal(err)
		}
		pcm = append(pcm, buf[:n]...)
	}
	return pcm, rate
}

// continuous checks what every phone may expect of us: one SSRC, numbers without a hole or repetition, timestamps that
// rise.
func continuous(t testing.TB, got []prtp.Packet) {
	t.Helper()
	for i := 1; i < len(got); i++ {
		was, is := got[i-1], got[i]
		if is.SSRC != was.SSRC {
			t.Fatalf("packet %d: SSRC changed from %x to %x", i, was.SSRC, is.SSRC)
		}
		if is.SequenceNumber != was.SequenceNumber+1 {
			t.Fatalf("packet %d: %d after %d", i, is.SequenceNumber, was.SequenceNumber)
		}
		if d := int32(is.Timestamp - was.Timestamp); d < 0 || d > 5*48000 {
			t.Fatalf("packet %d: timestamp moved by %d", i, d)
		}
	}
}

// tone checks that pcm is a tone of hz at a fair level, apart from its first 100 ms.
func tone(t testing.TB, pcm []int16, rate int, hz float64) {
	t.Helper()
	if len(pcm) < rate/4 {
		t.Fatalf("only %d samples at %d Hz", len(pcm), rate)
	}
	pcm = pcm[rate/10:]
	if pure := codectest.Purity(pcm, hz, rate); pure < 0.9 {
		t.Errorf("only %.0f %% of what was heard is %v Hz", 100*pure, hz)
	}
	if level := codectest.RMS(pcm); level < 8000/math.Sqrt2/2 || level > 8000/math.Sqrt2*1.5 {
		t.Errorf("heard at level %.0f", level)
	}
}

// eventPayload is a telephone event.
func eventPayload(code uint8, end bool, duration uint16) []byte {
	b := []byte{code, 10, 0, 0}
	if end {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], duration)
	return b
}
