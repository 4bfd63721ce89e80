package registrar

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"pgregory.net/rapid"

	"ringway/sip/location"
	"ringway/sip/transport"
	"ringway/store"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var udp = transport.Flow{Proto: transport.UDP, Local: netip.MustParseAddrPort("198.51.100.1:5060"), Remote: netip.MustParseAddrPort("192.0.2.10:5060")}

var mei = Owner{AOR: "sip:mei@example.org"}

// desk is a registrar with a clock that tests move.
type desk struct {
	*Registrar
	store *location.Store
	now   time.Time
}

func newDesk() *desk {
	d := &desk{now: noon}
	d.store = location.New(location.Options{Now: func() time.Time { return d.now }})
	d.Registrar = New(Options{Store: d.store, Contacts: 3})
	return d
}

// register sends a REGISTER: call "c1/7" is Call-ID c1, CSeq 7; headers are whole lines.
func (d *desk) register(t testing.TB, owner Owner, call string, headers ...string) *sipmsg.Response {
	t.Helper()
	return d.Handle(d.now, message(t, call, headers...), owner, udp)
}

func message(t testing.TB, call string, headers ...string) *sipmsg.Request {
	t.Helper()
	id, seq, _ := strings.Cut(call, "/")
	text := "REGISTER sip:example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK" + seq + "\r\nMax-Forwards: 70\r\n" +
		"From: <sip:mei@example.org>;tag=1\r\nTo: <sip:mei@example.org>\r\nCall-ID: " + id + "\r\nCSeq: " + seq + " REGISTER\r\n"
	for _, h := range headers {
		text += h + "\r\n"
	}
	text += "Content-Length: 0\r\n\r\n"
	msg, err := transport.Parse(text)
	if err != nil { // the transport refuses it already; the registrar must too
		msg, err = sipmsg.ParseMessage([]byte(text))
	}
	if err != nil {
		t.Fatal(err)
	}
	return msg.(*sipmsg.Request)
}

// answer is a response as "200 <sip:a>;expires=60 <sip:b>;expires=3600".
func answer(res *sipmsg.Response) string {
	out := strconv.Itoa(res.StatusCode)
	for _, h := range res.GetHeaders("Contact") {
		out += " " + h.Value()
	}
	return out
}

// Each case is a conversation: lines "call | headers… => answer", headers separated by " & ".
func TestConversations(t *testing.T) {
	for name, lines := range map[string][]string{
		"fetch": {
			"c1/1 | => 200",
			"c1/2 | Contact: <sip:mei@a>;expires=120 => 200 <sip:mei@a>;expires=120",
			"c1/3 | => 200 <sip:mei@a>;expires=120",
		},
		"expiry: own, header, usual": {
			"c1/1 | Contact: <sip:mei@a>;expires=100, <sip:mei@b> & Contact: sip:mei@c;q=0.5 & Expires: 200 => 200 <sip:mei@a>;expires=100 <sip:mei@b>;expires=200 <sip:mei@c>;q=0.5;expires=200",
			"c2/1 | Contact: <sip:mei@a> => 200 <sip:mei@a>;expires=3600 <sip:mei@b>;expires=200 <sip:mei@c>;q=0.5;expires=200",
			"c2/2 | Contact: <sip:mei@a>;expires=999999 => 200 <sip:mei@a>;expires=3600 <sip:mei@b>;expires=200 <sip:mei@c>;q=0.5;expires=200",
		},
		"remove one": {
			"c1/1 | Contact: <sip:mei@a>, <sip:mei@b> => 200 <sip:mei@a>;expires=3600 <sip:mei@b>;expires=3600",
			"c1/2 | Contact: <sip:mei@a>;expires=0 => 200 <sip:mei@b>;expires=3600",
			"c1/3 | Contact: <sip:mei@b> & Expires: 0 => 200",
		},
		"star": {
			"c1/1 | Contact: <sip:mei@a>, <sip:mei@b> => 200 <sip:mei@a>;expires=3600 <sip:mei@b>;expires=3600",
			"c1/2 | Contact: * => 400",
			"c1/3 | Contact: * & Expires: 60 => 400",
			"c1/4 | Contact: * & Contact: <sip:mei@c> & Expires: 0 => 400",
			"c1/5 | => 200 <sip:mei@a>;expires=3600 <sip:mei@b>;expires=3600",
			"c1/6 | Contact: * & Expires: 0 => 200",
			"c1/7 | => 200",
		},
		"star out of order": {
			"c1/5 | Contact: <sip:mei@a> => 200 <sip:mei@a>;expires=3600",
			"c1/4 | Contact: * & Expires: 0 => 500",
			"c1/5 | Contact: * & Expires: 0 => 200 <sip:mei@a>;expires=3600",
		},
		"too brief, all or nothing": {
			"c1/1 | Contact: <sip:mei@a>, <sip:mei@b>;expires=59 => 423",
			"c1/2 | => 200",
			"c1/3 | Contact: <sip:mei@a>, <sip:mei@b>;expires=4294967296 => 400",
			"c1/4 | Contact: <sip:mei@a> & Expires: never => 400",
			"c1/5 | => 200",
		},
		"retransmission and order": {
			"c1/7 | Contact: <sip:mei@a> => 200 <sip:mei@a>;expires=3600",
			"c1/7 | Contact: <sip:mei@b> => 200 <sip:mei@a>;expires=3600",
			"c1/6 | Contact: <sip:mei@a> => 500",
			"c1/6 | => 200 <sip:mei@a>;expires=3600",
			"c9/1 | Contact: <sip:mei@a>;expires=60 => 200 <sip:mei@a>;expires=60",
		},
		"too many": {
			"c1/1 | Contact: <sip:mei@a>, <sip:mei@b>, <sip:mei@c> => 200 <sip:mei@a>;expires=3600 <sip:mei@b>;expires=3600 <sip:mei@c>;expires=3600",
			"c1/2 | Contact: <sip:mei@d> => 403",
			"c1/3 | Contact: <sip:mei@d>, <sip:mei@a>;expires=0 => 200 <sip:mei@b>;expires=3600 <sip:mei@c>;expires=3600 <sip:mei@d>;expires=3600",
		},
		"NUL in users (RFC 4475 escnull)": {
			"c1/1 | Contact: <sip:%00@host5.example.com> & Contact: <sip:%00%00@host5.example.com> => 200 <sip:%00@host5.example.com>;expires=3600 <sip:%00%00@host5.example.com>;expires=3600",
		},
		"escaped Route (RFC 4475 regescrt)": {
			"c1/1 | Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E> => 200 <sip:user@example.com?Route=%3Csip:sip.example.com%3E>;expires=3600",
		},
		"parameters (RFC 4475 cparam01, cparam02)": {
			"c1/1 | Contact: sip:+19725552222@gw1.example.net;unknownparam => 200 <sip:+19725552222@gw1.example.net>;unknownparam;expires=3600",
			"c2/1 | Contact: <sip:+19725553333@gw1.example.net;unknownparam> => 200 <sip:+19725552222@gw1.example.net>;unknownparam;expires=3600 <sip:+19725553333@gw1.example.net;unknownparam>;expires=3600",
		},
		"display name": {
			`c1/1 | Contact: "Lin, Mei <desk>" <sip:mei@a>;expires=60;+sip.instance="<urn:uuid:1>" => 200 <sip:mei@a>;+sip.instance="<urn:uuid:1>";expires=60`,
		},
		"not SIP": {
			"c1/1 | Contact: <mailto:mei@example.org> => 400",
			"c1/2 | Contact: <sip:mei@a>;q=2 => 400",
		},
		"require": {
			"c1/1 | Require: path & Contact: <sip:mei@a> => 200 <sip:mei@a>;expires=3600",
			"c1/2 | Require: teleport, path & Contact: <sip:mei@a> => 420",
		},
		"instance replaces": {
			`c1/1 | Supported: outbound & Contact: <sip:mei@a>;+sip.instance="<urn:uuid:1>";reg-id=1 => 200 <sip:mei@a>;+sip.instance="<urn:uuid:1>";reg-id=1;expires=3600`,
			`c1/2 | Supported: outbound & Contact: <sip:mei@b>;+sip.instance="<urn:uuid:1>";reg-id=1 => 200 <sip:mei@b>;+sip.instance="<urn:uuid:1>";reg-id=1;expires=3600`,
			`c1/3 | Supported: outbound & Contact: <sip:mei@c>;+sip.instance="<urn:uuid:1>";reg-id=2 => 200 <sip:mei@b>;+sip.instance="<urn:uuid:1>";reg-id=1;expires=3600 <sip:mei@c>;+sip.instance="<urn:uuid:1>";reg-id=2;expires=3600`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			for _, line := range lines {
				ask, want, _ := strings.Cut(line, " => ")
				call, hs, _ := strings.Cut(ask, " |")
				var headers []string
				if hs = strings.TrimSpace(hs); hs != "" {
					headers = strings.Split(hs, " & ")
				}
				if got := answer(d.register(t, mei, call, headers...)); got != want {
					t.Errorf("%s\n got %s\nwant %s", ask, got, want)
				}
			}
		})
	}
}

func TestAnswerCarriesMinExpiresDateAndPath(t *testing.T) {
	d := newDesk()
	if got := d.register(t, mei, "c1/1", "Contact: <sip:mei@a>;expires=10").GetHeader("Min-Expires"); got == nil || got.Value() != "60" {
		t.Errorf("Min-Expires %v", got)
	}
	res := d.register(t, mei, "c1/2", "Supported: path", "Path: <sip:p2.example.org;lr>, <sip:p1.example.org;lr>", "Contact: <sip:mei@a>")
	if ps := res.GetHeaders("Path"); len(ps) != 2 || ps[0].Value() != "<sip:p2.example.org;lr>" {
		t.Errorf("%v", ps)
	}
	if h := res.GetHeader("Date"); h == nil || h.Value() != "Sun, 01 Mar 2026 12:00:00 GMT" {
		t.Errorf("%v", h)
	}
	b := d.store.Lookup(mei.AOR, d.now)[0]
	if fmt.Sprint(b.Path) != "[<sip:p2.example.org;lr> <sip:p1.example.org;lr>]" || b.Flow != udp || b.Received != "192.0.2.10:5060" {
		t.Errorf("%+v", b)
	}
	if got := d.register(t, mei, "c1/3", "Require: teleport").GetHeader("Unsupported"); got == nil || got.Value() != "teleport" {
		t.Errorf("Unsupported %v", got)
	}
}

func TestBindingEndsWithTheCredential(t *testing.T) {
	d := newDesk()
	app := Owner{AOR: "sip:c-81@app.example.org", Session: "s9", Credential: noon.Add(90 * time.Second), Contacts: 2}
	if got := answer(d.register(t, app, "c1/1", "Contact: <sip:c@a>;expires=3600")); got != "200 <sip:c@a>;expires=90" {
		t.Error(got)
	}
	d.now = noon.Add(91 * time.Second)
	if d.store.Registered(app.AOR, d.now) {
		t.Error("the binding outlives the credential")
	}
	if got := answer(d.register(t, app, "c1/2", "Contact: <sip:c@a>")); got != "403" {
		t.Error(got)
	}
}

func TestAppThatMovesReplacesItsOldest(t *testing.T) {
	d := newDesk()
	app := Owner{AOR: "sip:c-81@app.example.org", Session: "s9", Contacts: 2}
	other := Owner{AOR: app.AOR, Session: "s1", Contacts: 2}
	d.register(t, other, "o/1", "Contact: <sip:c@tablet>")
	for i, host := range []string{"a", "b", "c"} {
		d.now = d.now.Add(time.Second)
		d.register(t, app, "m/"+strconv.Itoa(i+1), "Contact: <sip:c@"+host+">")
	}
	var have []string
	for _, b := range d.store.Lookup(app.AOR, d.now) {
		have = append(have, b.Contact)
	}
	if fmt.Sprint(have) != "[sip:c@c sip:c@b sip:c@tablet]" {
		t.Error(have)
	}
}

// Linphone over TCP has a new port at each connection, and no reg-id: after a crash or on another network it cannot remove what it
// registered before.
func TestPhoneThatConnectsAnewReplacesItsOldest(t *testing.T) {
	d := newDesk()
	d.register(t, mei, "desk/1", "Contact: <sip:mei@192.0.2.11:5060>")
	linphone := func(n int, instance string) *sipmsg.Response {
		d.now = d.now.Add(time.Second)
		return d.register(t, mei, fmt.Sprintf("l%d/20", n), "Supported: replaces, outbound, gruu",
			fmt.Sprintf(`Contact: <sip:mei@192.0.2.10:%d;transport=tcp>;+sip.instance="<urn:uuid:%s>"`, 41880+n, instance), "Expires: 3600")
	}
	for n := range 6 {
		if res := linphone(n, "33fe218d-8dd0-00f3-9acd-a5a9ee46b2ba"); res.StatusCode != 200 {
			t.Fatalf("connection %d: %s", n, answer(res))
		}
	}
	var have []string
	for _, b := range d.store.Lookup(mei.AOR, d.now) {
		have = append(have, b.Contact)
	}
	if want := "[sip:mei@192.0.2.10:41885;transport=tcp sip:mei@192.0.2.10:41884;transport=tcp sip:mei@192.0.2.11:5060]"; fmt.Sprint(have) != want {
		t.Errorf("registered are %v, want %s", have, want)
	}
	if res := linphone(7, "440d1a26-d684-002a-9f46-fca2dc47357e"); res.StatusCode != 403 {
		t.Errorf("another phone drives out those that are there: %s", answer(res))
	}
}

func TestRestartKeepsAnswering(t *testing.T) {
	d := newDesk()
	d.register(t, mei, "c1/5", `Contact: <sip:mei@a>;+sip.instance="<urn:uuid:1>"`)
	b := d.store.Lookup(mei.AOR, d.now)[0]
	d2 := newDesk()
	b.Binding.Expires = b.Binding.Expires.Round(0)
	d2.store.Restore([]store.Binding{b.Binding})
	if got := answer(d2.register(t, mei, "c1/4", "Contact: <sip:mei@a>")); got != "500" {
		t.Errorf("the order of CSeq is forgotten: %s", got)
	}
	if got := answer(d2.register(t, mei, "c1/6")); got != `200 <sip:mei@a>;+sip.instance="<urn:uuid:1>";expires=3600` {
		t.Error(got)
	}
}

func TestParseContactRefuses(t *testing.T) {
	for _, bad := range []string{"", "<>", "sip:", "<sip:mei@a", `"Mei <sip:mei@a>`, "sip:mei@a?Route=%3Csip:b%3E", "<sip:mei@a b>", "<sip:mei@a>x", "<sip:mei@a>;expires=", "<sip:mei@a>;;", "<sip:mei@a>;reg-id=0", "<sip:mei@a:99999>"} {
		if c, err := parseContact(bad); err == nil {
			t.Errorf("%q is %+v", bad, c)
		}
	}
	c, err := parseContact(`Mei <sip:mei;x@[2001:db8::1]:5062;transport=tcp> ; q=0.25; +sip.instance="<urn:uuid:1;2>" ;expires=60;methods="INVITE,BYE"`)
	if err != nil || c.uri != "sip:mei;x@[2001:db8::1]:5062;transport=tcp" || c.q != 0.25 || c.expires != 60 || c.instance != "<urn:uuid:1;2>" ||
		c.params != `;+sip.instance="<urn:uuid:1;2>";methods="INVITE,BYE"` {
		t.Errorf("%+v, %v", c, err)
	}
}

// Whatever phones send: never more bindings than allowed, none twice, none past its bound or the credential; a refusal
// changes nothing, nor does a CSeq that is not higher.
func TestBindingsStayBounded(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := newDesk()
		owner := mei
		if rapid.Bool().Draw(rt, "app") {
			owner = Owner{AOR: "sip:c@app.example.org", Session: "s9", Credential: noon.Add(20 * time.Minute), Contacts: 2}
		}
		most := 3
		if owner.Contacts > 0 {
			most = owner.Contacts
		}
		for range rapid.IntRange(1, 30).Draw(rt, "requests") {
			d.now = d.now.Add(time.Duration(rapid.IntRange(0, 300).Draw(rt, "pause")) * time.Second)
			d.store.Expire(d.now)
			call := rapid.SampledFrom([]string{"c1", "c2"}).Draw(rt, "call")
			seq := rapid.Uint32Range(1, 9).Draw(rt, "seq")
			var hs []string
			for range rapid.IntRange(0, 3).Draw(rt, "contacts") {
				c := "Contact: <sip:mei@" + rapid.SampledFrom([]string{"a", "b", "c", "d", "A"}).Draw(rt, "host") + ">"
				if e := rapid.SampledFrom([]int{-1, 0, 30, 60, 600, 9999}).Draw(rt, "expires"); e >= 0 {
					c += ";expires=" + strconv.Itoa(e)
				}
				hs = append(hs, c)
			}
			if len(hs) == 0 && rapid.Bool().Draw(rt, "star") {
				hs = append(hs, "Contact: *", "Expires: 0")
			}
			before := d.store.Lookup(owner.AOR, d.now)
			res := d.register(t, owner, fmt.Sprintf("%s/%d", call, seq), hs...)
			after := d.store.Lookup(owner.AOR, d.now)
			if res.StatusCode != 200 && fmt.Sprint(before) != fmt.Sprint(after) {
				rt.Fatalf("%d changed something", res.StatusCode)
			}
			if res.StatusCode == 200 && len(res.GetHeaders("Contact")) != len(after) {
				rt.Fatal("the answer does not list the bindings")
			}
			check(rt, d, owner, most, after)
			for _, b := range before {
				if b.CallID == call && b.CSeq >= seq && fmt.Sprint(before) != fmt.Sprint(after) {
					rt.Fatalf("CSeq %d changed what CSeq %d made", seq, b.CSeq)
				}
			}
		}
	})
}

func check(rt *rapid.T, d *desk, owner Owner, most int, list []location.Binding) {
	if len(list) > most {
		rt.Fatalf("%d bindings", len(list))
	}
	for i := range list {
		for j := range list[:i] {
			if list[i].Same(&list[j]) {
				rt.Fatalf("%s twice", list[i].Contact)
			}
		}
		if list[i].Expires.After(d.now.Add(time.Hour)) || !owner.Credential.IsZero() && list[i].Expires.After(owner.Credential) {
			rt.Fatalf("%s until %s", list[i].Contact, list[i].Expires)
		}
	}
}

func FuzzContact(f *testing.F) {
	f.Add(`"a" <sip:b@c>;q=1, *`)
	f.Add(`<sip:a@b;x=","?y=z>;expires=1;p="\"",sip:c@d`)
	f.Fuzz(func(t *testing.T, s string) {
		for s != "" {
			one, rest, err := cutContact(s)
			if err != nil {
				return
			}
			if c, err := parseContact(one); err == nil && one != "*" {
				again, err := parseContact("<" + c.uri + ">" + c.params)
				if err != nil || again.uri != c.uri || again.params != c.params || again.instance != c.instance {
					t.Errorf("%+v is read back as %+v, %v", c, again, err)
				}
			}
			s = rest
		}
	})
}
