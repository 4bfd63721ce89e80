package trunk

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"go.uber.org/goleak"

	"ringway/sip/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func set(t *testing.T, o Options, specs ...Spec) *Set {
	t.Helper()
	s, err := NewSet(specs, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func prefixes(list ...string) (out []netip.Prefix) {
	for _, p := range list {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

func TestMatchLongestPrefix(t *testing.T) {
	s := set(t, Options{},
		Spec{Name: "wide", Match: prefixes("192.0.2.0/24", "2001:db8::/32")},
		Spec{Name: "narrow", Match: prefixes("192.0.2.64/28", "::ffff:198.51.100.7/128")})
	for addr, want := range map[string]string{
		"192.0.2.1": "wide", "192.0.2.70": "narrow", "::ffff:192.0.2.70": "narrow", "2001:db8:1::1": "wide",
		"198.51.100.7": "narrow", "198.51.100.8": "", "2001:db9::1": "",
	} {
		got, ok := s.Match(netip.MustParseAddr(addr))
		if ok != (want != "") || ok && got.Name != want {
			t.Errorf("%s is %v", addr, got)
		}
	}
	if _, ok := (*Set)(nil).Match(netip.MustParseAddr("192.0.2.1")); ok {
		t.Error("no trunks match somebody")
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	_, err := NewSet([]Spec{
		{Name: "a", Targets: []string{"sips:a.example", "sip:b.example:0", "sip:c.example;transport=sctp", "sip:x@y"}, Match: prefixes("192.0.2.0/24")},
		{Name: "b", Dial: []Permission{{From: "x", Pattern: "_[12"}, {From: "x", Pattern: "_.1"}, {From: "x", Pattern: ""}}, Match: prefixes("192.0.2.7/24")},
		{Name: "a"},
	}, Options{})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"TLS", "bad port", "sctp", "bad host", "']'", "its end", "empty", "both match", "twice"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}

func TestRoute(t *testing.T) {
	s := set(t, Options{}, Spec{
		Name: "carrier", Targets: []string{"sip:192.0.2.1:5080;transport=tcp", "[2001:db8::1]", "192.0.2.2"},
		Dial: []Permission{{From: "office", Pattern: "_9NXXXXXX"}, {From: "office", Pattern: "_900[4-6]."}, {From: "desk", Pattern: "112"}}, Strip: 1, Prefix: "+41", CallerID: "+41440000000",
	})
	r, err := s.Route("carrier", "office", "95556677")
	if err != nil || r.URI.String() != "sip:+415556677@192.0.2.1:5080;transport=tcp" || r.From != "+41440000000" {
		t.Errorf("%+v, %v", r, err)
	}
	if fmt.Sprint(r.Hops) != "[{tcp 192.0.2.1:5080} {udp [2001:db8::1]:5060} {udp 192.0.2.2:5060}]" {
		t.Error(r.Hops)
	}
	for _, c := range []struct {
		name, from, number string
		want               error
	}{
		{"carrier", "office", "900499", nil},
		{"carrier", "office", "9004", ErrForbidden},
		{"carrier", "office", "91556677", ErrForbidden},
		{"carrier", "office", "112", ErrForbidden},
		{"carrier", "nobody", "95556677", ErrForbidden},
		{"carrier", "", "95556677", ErrForbidden},
		{"carrier", "office", "9005;phone-context=x", ErrNumber},
		{"carrier", "office", "9005@evil.example", ErrNumber},
		{"carrier", "office", "9005\r\nX: y", ErrNumber},
		{"other", "office", "95556677", ErrUnknown},
	} {
		if _, err := s.Route(c.name, c.from, c.number); !errors.Is(err, c.want) {
			t.Errorf("%s %q: %v, want %v", c.from, c.number, err, c.want)
		}
	}
}

func TestCallsAreBoundedAcrossReloads(t *testing.T) {
	spec := Spec{Name: "carrier", Calls: 2}
	one := set(t, Options{}, spec)
	a, _ := one.Get("carrier")
	for i, want := range []bool{true, true, false} {
		if a.Acquire() != want {
			t.Errorf("call %d: %v", i+1, !want)
		}
	}
	two := set(t, Options{Previous: one}, spec)
	b, _ := two.Get("carrier")
	if b.Acquire() {
		t.Error("a reload forgets calls")
	}
	a.Release()
	if !b.Acquire() || b.InUse() != 2 {
		t.Errorf("%d in use", b.InUse())
	}
}

// A rule's calls of the day are used up by calls that went out, whoever reloads; another rule that allows the number has its own.
func TestCallsOfTheDayAreBounded(t *testing.T) {
	now := time.Date(2026, 3, 2, 23, 0, 0, 0, time.UTC)
	o := Options{Now: func() time.Time { return now }}
	spec := Spec{Name: "carrier", Targets: []string{"192.0.2.1"}, Calls: 2,
		Dial: []Permission{{From: "office", Pattern: "_00.", PerDay: 2}, {From: "office", Pattern: "_0041.", PerDay: 9}, {From: "desk", Pattern: "_00."}}}
	s := set(t, o, spec)
	dials := func(from string, want error) {
		t.Helper()
		r, err := s.Route("carrier", from, "0049301234")
		if err != nil {
			t.Fatal(err)
		}
		if err = r.Acquire(); !errors.Is(err, want) {
			t.Errorf("from %s: %v, want %v", from, err, want)
		}
		if err == nil {
			r.Trunk.Release()
		}
	}
	full, _ := s.Get("carrier")
	full.Acquire()
	full.Acquire()
	dials("office", ErrFull) // and is not counted
	full.Release()
	full.Release()
	dials("office", nil)
	now = now.Add(20 * time.Hour)
	dials("office", nil)
	dials("office", ErrSpent)
	o.Previous = s
	s = set(t, o, spec)
	dials("office", ErrSpent)
	dials("desk", nil)
	now = now.Add(4 * time.Hour) // a day after the first
	dials("office", nil)
	if n := full.InUse(); n != 0 {
		t.Errorf("%d calls are still taken", n)
	}
}

func invite(t *testing.T, headers ...string) *sipmsg.Request {
	t.Helper()
	text := "INVITE sip:700@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1\r\nTo: <sip:700@example.org>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n"
	msg, err := transport.Parse(text + strings.Join(headers, "\r\n") + "\r\nContent-Length: 0\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	return msg.(*sipmsg.Request)
}

func TestCallerOf(t *testing.T) {
	s := set(t, Options{}, Spec{Name: "trusted", Identity: true}, Spec{Name: "plain"})
	from := `From: "Mei" <sip:+886212345678@carrier.example>;tag=1`
	pai := `P-Asserted-Identity: "Lin, Mei" <sip:+886223456789@carrier.example;user=phone>, <tel:+886223456789>`
	for _, c := range []struct {
		trunk   string
		headers []string
		want    string
	}{
		{"plain", []string{from}, "+886212345678/Mei"},
		{"plain", []string{from, pai}, "+886212345678/Mei"},
		{"trusted", []string{from}, "+886212345678/Mei"},
		{"trusted", []string{from, pai}, "+886223456789/Lin, Mei"},
		{"trusted", []string{from, "P-Asserted-Identity: <tel:+886299999999;ext=1>"}, "+886299999999/"},
		{"trusted", []string{from, pai, "Privacy: id"}, "anonymous/"},
		{"plain", []string{`From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=1`}, "anonymous/"},
	} {
		number, display := s.CallerOf(c.trunk, invite(t, c.headers...))
		if got := number + "/" + display; got != c.want {
			t.Errorf("%s %v: %s, want %s", c.trunk, c.headers, got, c.want)
		}
	}
}

func TestAssertOnlyTowardsTrusted(t *testing.T) {
	s := set(t, Options{}, Spec{Name: "trusted", Identity: true}, Spec{Name: "plain"})
	for name, want := range map[string]string{"trusted": `["Mei" <sip:700@example.org>]`, "plain": "[]"} {
		req := invite(t, "From: <sip:x@y>;tag=1", "P-Asserted-Identity: <sip:boss@example.org>", "P-Asserted-Identity: <tel:1>")
		tr, _ := s.Get(name)
		tr.Assert(req, sipmsg.Uri{Scheme: "sip", User: "700", Host: "example.org"}, "\"Mei\"")
		got := []string{}
		for _, h := range req.GetHeaders("P-Asserted-Identity") {
			got = append(got, h.Value())
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// names is a Resolver.
type names struct {
	mu   sync.Mutex
	srv  map[string][]*net.SRV
	addr map[string][]netip.Addr
}

func (n *names) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if l := n.srv["_"+service+"._"+proto+"."+name]; l != nil {
		return name, l, nil
	}
	return "", nil, errors.New("no such name")
}

func (n *names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if l := n.addr[host]; l != nil {
		return l, nil
	}
	return nil, errors.New("no such name")
}

func TestResolve(t *testing.T) {
	dns := &names{
		srv: map[string][]*net.SRV{"_sip._udp.carrier.example": {{Target: "a.carrier.example.", Port: 5070}, {Target: "b.carrier.example.", Port: 5060}}},
		addr: map[string][]netip.Addr{
			"a.carrier.example.": {netip.MustParseAddr("192.0.2.1")}, "b.carrier.example.": {netip.MustParseAddr("192.0.2.2"), netip.MustParseAddr("2001:db8::2")},
			"plain.example": {netip.MustParseAddr("192.0.2.9")},
		},
	}
	spec := Spec{Name: "carrier", Targets: []string{"carrier.example", "sip:plain.example", "sip:plain.example:5090;transport=tcp"}}
	s := set(t, Options{Resolver: dns}, spec)
	tr, _ := s.Get("carrier")
	if len(tr.Hops()) != 0 {
		t.Error("names are known before they were looked up")
	}
	s.Resolve(t.Context())
	want := "[{udp 192.0.2.1:5070} {udp 192.0.2.2:5060} {udp [2001:db8::2]:5060} {udp 192.0.2.9:5060} {tcp 192.0.2.9:5090}]"
	if got := fmt.Sprint(tr.Hops()); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if f := tr.Fault(); f.Text != "" {
		t.Errorf("a fault where all went well: %v", f)
	}
	dns.srv, dns.addr = nil, nil
	s.Resolve(t.Context())
	if f := tr.Fault(); f.Text != "no such name" || f.At.IsZero() {
		t.Errorf("the fault is %v", f)
	}
	s2 := set(t, Options{Resolver: dns, Previous: s}, spec)
	if tr, _ = s2.Get("carrier"); fmt.Sprint(tr.Hops()) != want {
		t.Errorf("a name server that fails took the trunk down: %v", tr.Hops())
	}
}

// carriers is a Prober; those that are down do not answer.
type carriers struct {
	mu    sync.Mutex
	down  map[string]bool
	asked int
}

func (c *carriers) Probe(_ *Trunk, h Hop, done func(bool)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	done(!c.down[h.Addr.String()])
}

func TestHopsThatDoNotAnswerComeLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := set(t, Options{}, Spec{Name: "carrier", Targets: []string{"192.0.2.1", "192.0.2.2"}, Qualify: 10 * time.Second})
		tr, _ := s.Get("carrier")
		world := &carriers{down: map[string]bool{"192.0.2.1:5060": true}}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { s.Run(ctx, world) })
		first := func() string { return tr.Hops()[0].Addr.String() }
		time.Sleep(5 * time.Second)
		if first() != "192.0.2.1:5060" {
			t.Error("one lost answer took a hop down")
		}
		if f := tr.Fault(); f.Text != "udp 192.0.2.1:5060 did not answer OPTIONS" {
			t.Errorf("the fault is %v", f)
		}
		time.Sleep(10 * time.Second)
		if first() != "192.0.2.2:5060" || len(tr.Hops()) != 2 || !tr.Reachable() {
			t.Errorf("%v", tr.Hops())
		}
		world.mu.Lock()
		world.down["192.0.2.2:5060"] = true
		world.mu.Unlock()
		time.Sleep(20 * time.Second)
		if tr.Reachable() {
			t.Error("nobody answers, yet it is reachable")
		}
		world.mu.Lock()
		clear(world.down)
		asked := world.asked
		world.mu.Unlock()
		time.Sleep(10 * time.Second)
		if first() != "192.0.2.1:5060" || world.asked != asked+2 {
			t.Errorf("%v, asked %d times more", tr.Hops(), world.asked-asked)
		}
		cancel()
		wg.Wait()
	})
}
