package rtp

import (
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"
)

func at(s string) endpoint { return endpointOf(netip.MustParseAddrPort(s)) }

// TestSources tells the story of one leg whose SIP comes from 10.0.0.1 and whose description says 10.0.0.2:4000.
func TestSources(t *testing.T) {
	type step struct {
		now  time.Duration
		from string
		want verdict
	}
	const sdp, sip, sip2, other, other2 = "10.0.0.2:4000", "10.0.0.1:7000", "10.0.0.1:7002", "192.0.2.9:1", "192.0.2.8:1"
	talk := func(from string, start time.Duration, n int, want, last verdict) (out []step) {
		for i := range n {
			out = append(out, step{start + time.Duration(i)*20*ms, from, want})
		}
		out[n-1].want = last
		return out
	}
	join := func(s ...[]step) (out []step) {
		for _, x := range s {
			out = append(out, x...)
		}
		return out
	}
	tests := []struct {
		name  string
		steps []step
		state learning
		heard string
	}{
		{"the signalled address", []step{{0, sdp, moved}, {20 * ms, sdp, accepted}, {1100 * ms, sdp, accepted}}, locked, sdp},
		{"hours of silence first", []step{{5 * time.Hour, sip, moved}, {5*time.Hour + 2*time.Second, sip, accepted}}, locked, sip},
		{"better displaces good in the window", []step{{0, sip, moved}, {500 * ms, sdp, moved}, {520 * ms, sip, refused}}, hearing, sdp},
		{"not after it", []step{{0, sip, moved}, {1001 * ms, sdp, refused}}, locked, sip},
		{"another port once the first is silent", []step{{0, sip, moved}, {20 * ms, sip2, refused}, {300 * ms, sip2, moved}}, hearing, sip2},
		{"an outsider after the phone", []step{{0, sdp, moved}, {20 * ms, other, refused}, {2 * time.Second, other, refused}}, locked, sdp},
		{"an outsider before the phone hears nothing", join(talk(other, 0, 40, refused, refused), []step{{800 * ms, sdp, moved}, {820 * ms, other, refused}}), hearing, sdp},
		{"a stranger who speaks on, alone", talk(other, 100*ms, 51, refused, moved), locked, other},
		{"and is displaced by the phone at any time", join(talk(other, 0, 51, refused, moved), []step{{time.Hour, sip, moved}, {time.Hour + 20*ms, other, refused}}), hearing, sip},
		{"not by another stranger", join(talk(other, 0, 51, refused, moved), talk(other2, 1100*ms, 80, refused, refused)), locked, other},
		{"a stranger who begins too late", talk(other, 1100*ms, 200, refused, refused), unheard, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := source{expected: at(sdp), sip: at(sip).host()}
			s.answer(0)
			seq := map[string]uint16{}
			for i, p := range test.steps {
				seq[p.from]++
				if got := s.hear(p.now, at(p.from), 7, seq[p.from]); got != p.want {
					t.Fatalf("step %d, %s at %v: verdict %d, want %d", i, p.from, p.now, got, p.want)
				}
			}
			var heard endpoint
			if test.heard != "" {
				heard = at(test.heard)
			}
			if s.state != test.state || s.heard != heard {
				t.Errorf("ends %v with %v", s.state, s.heard.addrPort())
			}
		})
	}
}

func TestStrangersNeedAnAnswer(t *testing.T) {
	s := source{expected: at("10.0.0.2:4000")}
	for i := range 200 {
		if s.hear(time.Duration(i)*20*ms, at("192.0.2.9:1"), 7, uint16(i)) != refused {
			t.Fatal("heard before answer")
		}
	}
}

func TestRelearn(t *testing.T) {
	s := source{expected: at("10.0.0.2:4000")}
	s.answer(0)
	s.hear(0, at("10.0.0.2:4000"), 7, 1)
	s.settle(time.Second)
	s.relearn(time.Minute)
	s.expected = at("10.0.0.2:6000")
	if s.state != unheard || s.heard != at("10.0.0.2:4000") {
		t.Fatal("the old place is forgotten before the new one spoke")
	}
	if s.hear(time.Minute+20*ms, at("10.0.0.2:4000"), 7, 2) != moved {
		t.Error("the old source may not speak on")
	}
	if s.hear(time.Minute+40*ms, at("10.0.0.2:6000"), 8, 1) != moved {
		t.Error("the new one does not displace it")
	}
	if s.hear(time.Minute+60*ms, at("10.0.0.2:4000"), 7, 3) != refused {
		t.Error("the old one comes back")
	}
}

// TestOutsiderHearsNothing sprays a leg's port from another address before, at and after the phone's first packet, while
// the far end talks all the time.
func TestOutsiderHearsNothing(t *testing.T) {
	e := open(t, Options{})
	a, b := pair(t, e, "PCMU", "PCMU")
	outsider := newPhone(t, "127.0.0.9")
	outsider.s = a.s
	for range 30 {
		outsider.mumble(1)
		b.mumble(1)
	}
	outsider.settle() // it has a thousandth of the port, and is refused
	for range 30 {
		a.mumble(1)
		outsider.mumble(2)
		b.mumble(1)
	}
	a.await(60)
	b.await(30)
	if n := len(outsider.heard()); n != 0 {
		t.Fatalf("the outsider heard %d packets", n)
	}
	if n := len(b.heard()); n != 30 {
		t.Fatalf("B heard %d packets: some are the outsider's", n)
	}
	a.event(FirstPacket)
	if ev := a.event(MediaLocked); ev.Remote != a.addr().String() {
		t.Errorf("locked to %s", ev.Remote)
	}
}

// TestPhoneBehindNAT says a private address and speaks from another port of the address its SIP comes from.
func TestPhoneBehindNAT(t *testing.T) {
	e := open(t, Options{})
	a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	said := netip.MustParseAddrPort("10.99.0.1:4000")
	a.lease(e, LeaseOptions{Expected: said})
	p := a.params("PCMU")
	p.Remote = said
	if err := a.s.Apply(p); err != nil {
		t.Fatal(err)
	}
	b.call(e, "PCMU")
	if err := Join(a.s, b.s); err != nil {
		t.Fatal(err)
	}
	a.mumble(1)
	b.await(1)
	b.mumble(5)
	a.await(5)
}

// TestPhoneThatDescribesItsOtherFamily has both families and calls by the one that our socket speaks: it hears us at once, and is
// heard.
func TestPhoneThatDescribesItsOtherFamily(t *testing.T) {
	e := open(t, Options{})
	a, b := newPhone(t, "127.0.0.1"), newPhone(t, "127.0.0.1")
	said := netip.AddrPortFrom(netip.MustParseAddr("fd00::2"), a.addr().Port())
	a.lease(e, LeaseOptions{Expected: said})
	p := a.params("PCMU")
	p.Remote, p.RemoteRTCP = said, netip.AddrPortFrom(said.Addr(), said.Port()+1)
	if err := a.s.Apply(p); err != nil {
		t.Fatal(err)
	}
	b.call(e, "PCMU")
	if err := Join(a.s, b.s); err != nil {
		t.Fatal(err)
	}
	b.mumble(3)
	a.await(3)
	a.mumble(3)
	b.await(3)
	if ev := a.event(MediaLocked); ev.Remote != a.addr().String() {
		t.Errorf("locked to %s", ev.Remote)
	}
}

// TestReinviteMovesMedia takes the stream to another phone of the same leg.
func TestReinviteMovesMedia(t *testing.T) {
	e := open(t, Options{})
	a, b := pair(t, e, "PCMU", "PCMU")
	a.mumble(3)
	b.await(3)
	a.event(MediaLocked)
	desk := newPhone(t, "127.0.0.1")
	desk.s = a.s
	desk.mumble(1)
	desk.settle()
	if st := a.s.Stats(); st.Packets != 3 || len(b.heard()) != 3 {
		t.Fatalf("another phone spoke on a locked leg: %+v", st)
	}
	if err := a.s.Apply(desk.params("PCMU")); err != nil {
		t.Fatal(err)
	}
	b.mumble(2)
	desk.await(2)
	desk.mumble(2)
	continuous(t, b.await(5))
	a.mumble(2)
	desk.settle()
	if n := len(b.heard()); n != 5 {
		t.Errorf("the old phone is still heard: %d", n)
	}
}

// TestPhoneOfTheCallBefore speaks on after its call: the next phone of the same office, which searches on the same port, is
// not mistaken for it. A moment later the same place may be a phone's again.
func TestPhoneOfTheCallBefore(t *testing.T) {
	e := few(t, 1, Options{})
	old, next := newPhone(t, "127.0.0.5"), newPhone(t, "127.0.0.5")
	said := netip.MustParseAddrPort("10.99.0.1:4000")
	begin := func(p *phone) {
		p.lease(e, LeaseOptions{Expected: said, Signalled: netip.MustParseAddr("127.0.0.5")})
		q := p.params("PCMU")
		q.Remote = said
		if err := p.s.Apply(q); err != nil {
			t.Fatal(err)
		}
	}
	begin(old)
	old.mumble(1)
	old.event(FirstPacket)
	old.s.Release()
	begin(next)
	old.s = next.s // it does not know yet
	old.mumble(3)
	old.settle()
	if n := next.s.Stats().Packets; n != 0 {
		t.Errorf("the leg took %d packets of the phone of the call before", n)
	}
	next.mumble(1)
	if ev := next.event(FirstPacket); ev.Remote != next.addr().String() {
		t.Errorf("learned %s", ev.Remote)
	}
	next.s.Release()
	time.Sleep(fadingTime + 100*time.Millisecond)
	begin(old)
	old.mumble(1)
	if ev := old.event(FirstPacket); ev.Remote != old.addr().String() {
		t.Errorf("learned %s, when the moment was over", ev.Remote)
	}
}

// TestLegsOfBothFamilies come by IPv6 and by IPv4: each gets an endpoint of its own, and they hear each other.
func TestLegsOfBothFamilies(t *testing.T) {
	six, err := net.ListenUDP("udp6", &net.UDPAddr{IP: net.IPv6loopback})
	if err != nil {
		t.Fatal("this test needs ::1 on the loopback interface: ", err)
	}
	six.Close()
	e := openAt(t, Options{}) // wherever there is an address
	a, b := newPhone(t, "::1"), newPhone(t, "127.0.0.1")
	a.call(e, "PCMU")
	b.call(e, "PCMU")
	if err := Join(a.s, b.s); err != nil {
		t.Fatal(err)
	}
	a.mumble(3)
	b.await(3)
	b.mumble(3)
	a.await(3)
	four := openAt(t, Options{Bind: []netip.Addr{loopback}})
	if _, err := four.Lease(LeaseOptions{Signalled: netip.IPv6LinkLocalAllNodes()}); !errors.Is(err, ErrLocal) {
		t.Errorf("a leg that cannot be spoken to: %v", err)
	}
}
