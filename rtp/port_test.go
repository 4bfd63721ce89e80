package rtp

import (
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	prtp "github.com/pion/rtp"

	"ringway/rtp/stats"
)

// few opens an engine with n port pairs, in a place that is free now.
func few(t *testing.T, n int, o Options) *Engine {
	t.Helper()
	for low := 20000; low < 30000; low += 2 * n {
		o.PortMin, o.PortMax = low, low+2*n-1
		if free(low, low+2*n-1) {
			return open(t, o)
		}
	}
	t.Fatal("no free range")
	return nil
}

func free(low, high int) bool {
	for p := low; p <= high; p++ {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: p})
		if err != nil {
			return false
		}
		c.Close()
	}
	return true
}

func TestPortsRunOutAndComeBack(t *testing.T) {
	e := few(t, 3, Options{SocketPerLeg: true})
	for round := range 3 {
		var legs []*Session
		for range 3 {
			s, err := e.Lease(LeaseOptions{Signalled: loopback})
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			if p := s.Local().Port(); p%2 != 0 || int(p) < e.o.PortMin || int(p) >= e.o.PortMax {
				t.Errorf("port %d", p)
			}
			legs = append(legs, s)
		}
		if _, err := e.Lease(LeaseOptions{}); !errors.Is(err, ErrNoPorts) {
			t.Fatalf("a fourth leg: %v", err)
		}
		for _, s := range legs {
			s.Release()
			s.Release()
			s.Stats()
		}
	}
}

func TestForeignPortIsPassedOver(t *testing.T) {
	e := few(t, 2, Options{SocketPerLeg: true})
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: e.o.PortMin + 1}) // the RTCP port of the first pair
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s, err := e.Lease(LeaseOptions{})
	if err != nil || int(s.Local().Port()) != e.o.PortMin+2 {
		t.Fatalf("%v, %v", s, err)
	}
	if _, err := e.Lease(LeaseOptions{}); !errors.Is(err, ErrNoPorts) {
		t.Fatal(err)
	}
}

// TestPortSet says which legs may share a port.
func TestPortSet(t *testing.T) {
	e := open(t, Options{SharedPorts: 1, Loops: 1})
	lease := func(signalled, expected string) netip.AddrPort {
		t.Helper()
		o := LeaseOptions{Signalled: netip.MustParseAddr(signalled)}
		if expected != "" {
			o.Expected = netip.MustParseAddrPort(expected)
		}
		s, err := e.Lease(o)
		if err != nil {
			t.Fatal(err)
		}
		return s.Local()
	}
	first := lease("10.0.0.1", "10.0.0.1:4000")
	if lease("10.0.0.2", "10.0.0.2:4000") != first {
		t.Error("another host does not share")
	}
	if lease("10.0.0.3", "") != first {
		t.Error("a host that is alone does not share though its port is unknown")
	}
	second := lease("10.0.0.1", "10.0.0.1:4002")
	if second == first {
		t.Error("two legs that learn from one host share a port")
	}
	if lease("10.0.0.4", "10.0.0.3:9") == first {
		t.Error("a leg shares with one that may turn out to have its address")
	}
	third := lease("10.0.0.2", "")
	if third == first {
		t.Error("a leg whose address is unknown shares with its own host")
	}
	if lease("10.0.0.5", "10.0.0.1:4000") == first {
		t.Error("two legs share port and address")
	}
	if n := e.Stats().PortPairs; n > 4 {
		t.Errorf("%d pairs are open", n)
	}
}

// TestOneFarPortForAllCalls is what SIPp does: every call comes from one RTP port.
func TestOneFarPortForAllCalls(t *testing.T) {
	e := open(t, Options{})
	far, desk := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	for i := range 10 {
		far.call(e, "PCMU")
		desk.lease(e, LeaseOptions{Signalled: loopback}) // an outgoing call: their address comes with the answer
		if err := desk.s.Apply(desk.params("PCMU")); err != nil {
			t.Fatal(err)
		}
		if err := Join(far.s, desk.s); err != nil {
			t.Fatal(err)
		}
		far.ssrc = uint32(1000 + i)
		far.mumble(2)
		desk.await(2)
		desk.forget()
	}
}

func TestAddressTaken(t *testing.T) {
	e := open(t, Options{SharedPorts: 1})
	a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.2")
	a.call(e, "PCMU")
	b.lease(e, LeaseOptions{Expected: b.addr()})
	if a.s.Local() != b.s.Local() {
		t.Fatal("they do not share")
	}
	if err := b.s.Apply(a.params("PCMU")); !errors.Is(err, ErrAddressTaken) {
		t.Fatalf("B took A's address: %v", err)
	}
	if err := b.s.Apply(b.params("PCMU")); err != nil {
		t.Fatal(err)
	}
}

func TestRefusals(t *testing.T) {
	if _, err := Open(Options{PortMin: 10, PortMax: 5}); err == nil {
		t.Error("an empty range was accepted")
	}
	e := open(t, Options{MaxSessions: 1})
	if _, err := e.Lease(LeaseOptions{Local: netip.MustParseAddr("10.1.1.1")}); !errors.Is(err, ErrLocal) {
		t.Error(err)
	}
	s, err := e.Lease(LeaseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Lease(LeaseOptions{}); !errors.Is(err, ErrNoPorts) {
		t.Error("more sessions than allowed")
	}
	if err := s.Apply(Params{Remote: netip.MustParseAddrPort("[2001:db8::1]:9")}); err == nil {
		t.Error("an IPv6 address for an IPv4 leg")
	}
	s.Release()
	if err := s.Apply(Params{}); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if err := Join(s, s); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	e.Close()
	if _, err := e.Lease(LeaseOptions{}); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	e := open(t, Options{Loops: 2})
	a, b := pair(t, e, "PCMU", "opus")
	a.s.Play(sound(500, 48000, 10*time.Second), PlayOptions{Loop: true})
	a.await(2)
	e.Close()
	if st := b.s.Stats(); st.Codec != "opus" {
		t.Errorf("final stats %+v", st)
	}
	if a.event(PlayDone).Result != PlayStopped {
		t.Error("the music goes on")
	}
	a.s.Release()
	Part(a.s, b.s)
	e.Close()
}

// TestPanicCostsOneSession breaks one leg from inside while another talks.
func TestPanicCostsOneSession(t *testing.T) {
	e := open(t, Options{})
	a, b := pair(t, e, "PCMU", "PCMU")
	c, d := pair(t, e, "PCMU", "opus")
	e.loops[0].call(func() { a.s.params = &Params{Codec: formats["PCMU"], Answered: true}; a.s.out = &route{} }) // to nobody
	a.mumble(3)
	if ev := a.event(Failed); ev.Session != a.s {
		t.Errorf("%+v", ev)
	}
	c.mumble(3)
	d.await(3)
	e.loops[0].call(func() { d.s.in.flow.decoder = nil })
	c.mumble(1)
	d.event(Failed)
	if n := e.Stats().Panics; n != 2 {
		t.Errorf("%d panics", n)
	}
	b.s.Release()
	b.s.Stats()
	if n := e.Stats().Sessions; n != 1 {
		t.Errorf("%d sessions live on", n)
	}
}

func TestSilence(t *testing.T) {
	e := open(t, Options{Silence: 1200 * ms})
	a, b := pair(t, e, "PCMU", "PCMU")
	a.event(Silent) // never spoke
	a.mumble(1)
	b.await(1)
	a.event(Silent)
	select {
	case ev := <-a.events:
		if ev.Kind == Silent {
			t.Error("told twice")
		}
	default:
	}
}

// TestReports speaks RTCP with a leg: its reports are about the right stream, and ours give it a round trip.
func TestReports(t *testing.T) {
	e := open(t, Options{})
	a, b := pair(t, e, "PCMU", "PCMU")
	rtcp, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer rtcp.Close()
	p := a.params("PCMU")
	p.RemoteRTCP = rtcp.LocalAddr().(*net.UDPAddr).AddrPort()
	if err := a.s.Apply(p); err != nil {
		t.Fatal(err)
	}
	b.mumble(3)
	stream := a.await(3)[0].SSRC
	for _, seq := range []uint16{1, 2, 4} {
		a.send(prtp.Header{SequenceNumber: seq}, make([]byte, 160))
	}
	b.await(3)
	e.loops[0].call(func() { a.s.sendReport(false) })
	buf := make([]byte, 1500)
	_ = rtcp.SetReadDeadline(time.Now().Add(10 * time.Second))
	n, err := rtcp.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	h, ok := stats.Parse(buf[:n])
	if !ok || !h.Sender || h.SSRC != stream || h.Count != 1 || h.Blocks[0].SSRC != a.ssrc || h.Blocks[0].Lost != 1 {
		t.Fatalf("we report %+v", h)
	}
	report := stats.Report{SSRC: a.ssrc, CNAME: "a", IsSender: true, HasBlock: true, Sent: stats.Sent{NTP: 5 << 32},
		Block: stats.Block{SSRC: stream, Lost: 2, Jitter: 80, LSR: stats.Middle(stats.NTP(time.Now().Add(-50 * ms)))}}
	to := net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback, a.s.Local().Port()+1))
	if _, err := rtcp.WriteToUDP(report.Append(nil), to); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return a.s.Stats().RemoteLost == 2 })
	if st := a.s.Stats(); st.RTTMS < 40 || st.RTTMS > 5000 || st.RemoteJitterMS != 10 {
		t.Errorf("stats %+v", st)
	}
	a.s.Release()
	if n, err = rtcp.Read(buf); err != nil {
		t.Fatal(err)
	}
	if h, ok := stats.Parse(buf[:n]); !ok || !h.Bye {
		t.Errorf("we leave with %+v", h)
	}
}

// TestReportsOnTheRTPPort is RFC 5761.
func TestReportsOnTheRTPPort(t *testing.T) {
	e := open(t, Options{})
	a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	p := a.params("PCMU")
	p.Mux = true
	a.callAs(e, p)
	b.call(e, "PCMU")
	if err := Join(a.s, b.s); err != nil {
		t.Fatal(err)
	}
	b.mumble(1)
	ssrc := a.await(1)[0].SSRC
	a.raw(stats.Report{SSRC: a.ssrc, CNAME: "a", HasBlock: true, Block: stats.Block{SSRC: ssrc, Lost: 7}}.Append(nil))
	waitFor(t, func() bool { return a.s.Stats().RemoteLost == 7 })
}
