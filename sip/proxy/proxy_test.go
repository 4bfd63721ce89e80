package proxy

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/location"
	"ringway/sip/transaction"
	"ringway/sip/transport"
	"ringway/store"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// town is example.org, where mei, ken and ann live; ann may write to nobody.
type town struct{}

func (town) Domain(host string) (string, bool) {
	return "example.org", host == "example.org" || host == "198.51.100.1"
}

func (town) AccountOf(u sipmsg.Uri) (string, bool) { return u.User, true }

func (town) Known(aor string) bool {
	return aor == "sip:mei@example.org" || aor == "sip:ken@example.org" || aor == "sip:ann@example.org"
}

func (town) Permits(from Sender, _ sipmsg.RequestMethod, _ string) bool { return from.Account != "ann" }

// sent is a request that the proxy gave to the table.
type sent struct {
	req    *sipmsg.Request
	flow   transport.Flow
	notify func(transaction.ClientEvent)
}

// wire is Table and Vias; phones on dead flows cannot be reached.
type wire struct {
	sent []sent
	dead map[netip.AddrPort]bool
}

func (w *wire) Send(req *sipmsg.Request, flow transport.Flow, notify func(transaction.ClientEvent)) (*transaction.Client, error) {
	if w.dead[flow.Remote] {
		return nil, errors.New("connection refused")
	}
	w.sent = append(w.sent, sent{req, flow, notify})
	return nil, nil
}

func (w *wire) Via(f transport.Flow) *sipmsg.ViaHeader {
	return &sipmsg.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: f.Proto.Upper(), Host: "198.51.100.1", Port: 5060, Params: sipmsg.NewParams()}
}

// asked is a Server.
type asked struct {
	req     *sipmsg.Request
	answers []*sipmsg.Response
}

func (a *asked) Request() *sipmsg.Request           { return a.req }
func (a *asked) Flow() transport.Flow               { return transport.Flow{} }
func (a *asked) Respond(res *sipmsg.Response) error { a.answers = append(a.answers, res); return nil }

// status is the one answer that was given, 0 for none yet.
func (a *asked) status(t *testing.T) int {
	t.Helper()
	switch len(a.answers) {
	case 0:
		return 0
	case 1:
		return a.answers[0].StatusCode
	}
	t.Fatalf("%d answers", len(a.answers))
	return 0
}

type scene struct {
	*Proxy
	*wire
	store *location.Store
}

// newScene has mei registered at as many phones.
func newScene(t *testing.T, phones int) *scene {
	t.Helper()
	s := &scene{wire: &wire{dead: map[netip.AddrPort]bool{}}, store: location.New(location.Options{Now: func() time.Time { return noon }})}
	var list []location.Binding
	for i := range phones {
		b := location.Binding{Binding: store.Binding{Contact: fmt.Sprintf("sip:mei@10.0.0.%d;ob?Route=%%3Csip:evil.example%%3E", i+1), Q: 1, Expires: noon.Add(time.Hour)}}
		b.Flow = transport.Flow{Proto: transport.UDP, Remote: netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(i + 1)}), 5060)}
		if i == 0 {
			b.Path = []string{"<sip:edge.example.org;lr>"}
		}
		list = append(list, b)
	}
	s.store.Replace("sip:mei@example.org", 0, list)
	s.Proxy = New(Options{Table: s.wire, Vias: s.wire, Location: s.store, Directory: town{}, Now: func() time.Time { return noon }})
	return s
}

func message(t *testing.T, to string, headers ...string) *asked {
	t.Helper()
	text := "MESSAGE " + to + " SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.99:5060;branch=z9hG4bK1\r\nFrom: <sip:ken@example.org>;tag=k\r\nTo: <sip:mei@example.org>\r\n" +
		"Call-ID: m1\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\n"
	for _, h := range headers {
		text += h + "\r\n"
	}
	msg, err := transport.Parse(text + "Content-Length: 5\r\n\r\nhello")
	if err != nil {
		t.Fatal(err)
	}
	return &asked{req: msg.(*sipmsg.Request)}
}

var ken = Sender{AOR: "sip:ken@example.org", Account: "ken", Context: "phones"}

func (s *scene) forward(a *asked) *asked { s.Forward(a, ken); return a }

// reply makes phone i answer.
func (s *scene) reply(i, status int) {
	res := transport.NewResponse(s.sent[i].req, status, "Whatever")
	s.sent[i].notify(transaction.ClientEvent{Kind: transaction.Response, Response: res})
}

func TestForward(t *testing.T) {
	s := newScene(t, 2)
	a := s.forward(message(t, "sip:mei@example.org", "Max-Forwards: 7", "Proxy-Authorization: Digest x=y", "P-Asserted-Identity: <sip:boss@example.org>",
		"Route: <sip:198.51.100.1;lr>", "Subject: lunch"))
	if len(s.sent) != 2 {
		t.Fatalf("%d branches", len(s.sent))
	}
	var first, second string
	for _, one := range s.sent {
		if one.flow.Remote.Addr().As4()[3] == 1 {
			first = one.req.String()
		} else {
			second = one.req.String()
		}
	}
	for _, want := range []string{
		"MESSAGE sip:mei@10.0.0.1;ob SIP/2.0\r\n", "Via: SIP/2.0/UDP 198.51.100.1:5060;rwl=", "Route: <sip:edge.example.org;lr>\r\n",
		"Max-Forwards: 6\r\n", "Via: SIP/2.0/UDP 192.0.2.99:5060;branch=z9hG4bK1\r\n", "Subject: lunch\r\n", "Content-Length: 5\r\n\r\nhello",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("no %q in\n%s", want, first)
		}
	}
	for _, not := range []string{"evil", "Authorization", "boss", "198.51.100.1;lr"} {
		if strings.Contains(first, not) {
			t.Errorf("%q in\n%s", not, first)
		}
	}
	if strings.Contains(second, "Route:") {
		t.Errorf("a route on\n%s", second)
	}
	s.reply(0, 486)
	if a.status(t) != 0 {
		t.Error("answered before all phones did")
	}
	s.reply(1, 200)
	if a.status(t) != 200 {
		t.Errorf("status %d", a.status(t))
	}
	if vias := a.answers[0].GetHeaders("Via"); len(vias) != 1 || !strings.Contains(vias[0].Value(), "192.0.2.99") {
		t.Errorf("%v", vias)
	}
}

func TestBestAnswer(t *testing.T) {
	const timeout, broken = -1, -2
	for _, c := range []struct {
		answers []int
		want    int
	}{
		{[]int{200, 200}, 200},
		{[]int{180, 200}, 200},
		{[]int{404, 200}, 200},
		{[]int{404, 603}, 603},
		{[]int{500, 486}, 486},
		{[]int{486, 407}, 407},
		{[]int{302, 486}, 302},
		{[]int{503, 500}, 500},
		{[]int{408, timeout}, 0}, // no late 408
		{[]int{timeout, timeout}, 0},
		{[]int{timeout, 486}, 486},
		{[]int{broken, broken}, 480},
		{[]int{broken, 415}, 415},
	} {
		s := newScene(t, 2)
		a := s.forward(message(t, "sip:mei@example.org"))
		for i, status := range c.answers {
			switch status {
			case timeout:
				s.sent[i].notify(transaction.ClientEvent{Kind: transaction.Timeout})
			case broken:
				s.sent[i].notify(transaction.ClientEvent{Kind: transaction.TransportError, Err: errors.New("reset")})
			case 180:
				s.reply(i, 180)
				s.reply(i, 200)
			default:
				s.reply(i, status)
			}
		}
		if got := a.status(t); got != c.want {
			t.Errorf("%v → %d, want %d", c.answers, got, c.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		to      string
		headers []string
		from    Sender
		want    int
	}{
		"no hop left":         {"sip:mei@example.org", []string{"Max-Forwards: 0"}, ken, 483},
		"other scheme":        {"tel:+41445556677", nil, ken, 416},
		"relaying":            {"sip:mei@elsewhere.example", nil, ken, 403},
		"foreign route":       {"sip:mei@example.org", []string{"Route: <sip:elsewhere.example;lr>"}, ken, 403},
		"nobody":              {"sip:zoe@example.org", nil, ken, 404},
		"not registered":      {"sip:ken@example.org", nil, ken, 480},
		"not allowed":         {"sip:mei@example.org", nil, Sender{Account: "ann"}, 403},
		"domain without user": {"sip:example.org", nil, ken, 404},
	} {
		s := newScene(t, 1)
		a := message(t, c.to, c.headers...)
		s.Forward(a, c.from)
		if got := a.status(t); got != c.want || len(s.sent) != 0 {
			t.Errorf("%s: %d, want %d; %d sent", name, got, c.want, len(s.sent))
		}
	}
}

func TestLoopIsDetectedAndSpiralIsNot(t *testing.T) {
	s := newScene(t, 1)
	a := s.forward(message(t, "sip:mei@example.org"))
	back := a.req.Clone() // the same request with our Via on it
	back.PrependHeader(s.sent[0].req.Via().Clone())
	again := &asked{req: back}
	s.forward(again)
	if again.status(t) != 482 {
		t.Errorf("loop: %d", again.status(t))
	}
	spiral := &asked{req: s.sent[0].req.Clone()}
	spiral.req.Recipient = sipmsg.Uri{Scheme: "sip", User: "mei", Host: "198.51.100.1"} // another Request-URI
	spiral.req.RemoveHeader("Route")
	s.forward(spiral)
	if spiral.status(t) != 0 || len(s.sent) != 2 {
		t.Errorf("spiral: %d", spiral.status(t))
	}
}

func TestUnreachablePhoneDoesNotHoldTheOthers(t *testing.T) {
	s := newScene(t, 2)
	s.dead[netip.MustParseAddrPort("192.0.2.1:5060")] = true
	a := s.forward(message(t, "sip:mei@example.org"))
	s.reply(0, 200)
	if a.status(t) != 200 {
		t.Errorf("status %d", a.status(t))
	}
	s = newScene(t, 1)
	s.dead[netip.MustParseAddrPort("192.0.2.1:5060")] = true
	if a := s.forward(message(t, "sip:mei@example.org")); a.status(t) != 480 {
		t.Errorf("status %d", a.status(t))
	}
}
