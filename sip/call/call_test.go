package call

import (
	"strings"
	"testing"
	"time"

	"ringway/store"
)

func TestTwoPhonesTalk(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0 8"), "X-Ringway-Claims: forged", "Diversion: <sip:evil@example.org>", "Max-Forwards: 20")
	b := bob.rings()
	for _, want := range []string{`"ALICE" <sip:alice@127.0.0.1>`} {
		if !strings.Contains(b.invite.get("From"), want) {
			t.Errorf("From is %s", b.invite.get("From"))
		}
	}
	if b.invite.get("Max-Forwards") != "19" || b.callID == a.callID || b.invite.get("X-Ringway-Claims") != "" || b.invite.get("Diversion") != "" {
		t.Errorf("headers crossed: %+v", b.invite.headers)
	}
	b.reply(180, "")
	alice.expect("180 INVITE")
	b.accept(bob.sdp("0"))
	ok := a.answered()
	if !strings.Contains(ok.get("Server"), "Ringway") {
		t.Errorf("Server is %q", ok.get("Server"))
	}
	alice.speak(mediaPort(ok), 10, 0x55)
	bob.hears(0x55)
	bob.speak(mediaPort(b.invite), 10, 0x66)
	alice.hears(0x66)
	a.hangup()
	b.gone()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
	if ev := r.notes.events(); !has(ev, "call.start", "leg.start", "leg.start", "leg.ringing", "leg.answer", "call.answer", "leg.end", "leg.end", "call.end") || !has(ev, "call.answer", "user.event", "call.end") {
		t.Errorf("events: %v", ev)
	}
}

func TestTheOneCalledHangsUp(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.accept(bob.sdp("0"))
	a.answered()
	b.hangup()
	if reason := a.gone().get("Reason"); !strings.Contains(reason, "Q.850;cause=16") {
		t.Errorf("Reason: %s", reason)
	}
	r.wants(store.DispositionAnswered, Normal, "agent", 200)
}

func TestNobodyAnswers(t *testing.T) {
	for _, c := range []struct {
		name, exten string
		bob         func(b *dialog)
		status      string
		disposition store.Disposition
		cause       Cause
	}{
		{"busy", "101", func(b *dialog) { b.reply(486, ""); b.p.expect("ACK") }, "486", store.DispositionBusy, Busy},
		{"declined everywhere", "101", func(b *dialog) { b.reply(603, ""); b.p.expect("ACK") }, "486", store.DispositionBusy, Busy},
		{"unavailable", "100", func(b *dialog) { b.reply(480, ""); b.p.expect("ACK") }, "480", store.DispositionNoAnswer, Normal},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			alice, bob := r.phone("alice"), r.phone("bob")
			a := alice.call(c.exten, alice.sdp("0"))
			c.bob(bob.rings())
			a.failed(c.status)
			r.wants(c.disposition, c.cause, "switch", atoi(c.status))
		})
	}
}

func TestRingsInTurn(t *testing.T) {
	r := newRig(t)
	alice, bob, carol := r.phone("alice"), r.phone("bob"), r.phone("carol")
	a := alice.call("102", alice.sdp("0"))
	b := bob.rings()
	b.reply(180, "")
	b.cancelled() // after one second
	c := carol.rings()
	c.accept(carol.sdp("0"))
	a.answered()
	a.hangup()
	c.gone()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
}

func TestFirst200Wins(t *testing.T) {
	r := newRig(t)
	alice, bob, carol := r.phone("alice"), r.phone("bob"), r.phone("carol")
	a := alice.call("101", alice.sdp("0"))
	b, c := bob.rings(), carol.rings()
	b.reply(180, "")
	c.reply(180, "")
	alice.expect("180 INVITE")
	c.accept(carol.sdp("0"))
	a.answered()
	if reason := b.cancelled().get("Reason"); !strings.Contains(reason, `SIP;cause=200;text="Call completed elsewhere"`) {
		t.Errorf("Reason: %s", reason)
	}
	c.hangup()
	a.gone()
	r.wants(store.DispositionAnswered, Normal, "agent", 200)
}

func TestHoldEndsAtTheLegThatAsked(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.accept(bob.sdp("0"))
	a.answered()
	b.request("INVITE", bob.sdp("0", "a=sendonly"))
	if m := bob.expect("200 INVITE"); !strings.Contains(m.body, "a=recvonly") {
		t.Errorf("hold was answered with\n%s", m.body)
	}
	b.request("ACK", "")
	hold := alice.hearsAny()
	alice.quiet(200 * time.Millisecond)
	b.request("INVITE", bob.sdp("0", "a=sendrecv"))
	back := bob.expect("200 INVITE")
	b.request("ACK", "")
	bob.speak(mediaPort(back), 10, 0x66)
	alice.hears(0x66)
	if hold == 0x66 {
		t.Error("no music during hold")
	}
	a.hangup()
	b.gone()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
	if ev := r.notes.events(); !has(ev, "leg.hold", "leg.resume") || len(r.notes.held) != 2 {
		t.Errorf("events: %v, held %v", ev, r.notes.held)
	}
}

func TestRefusedAtTheDoor(t *testing.T) {
	for _, c := range []struct {
		name, from, exten, sdp string
		extra                  []string
		status, header, value  string
		cause                  Cause
	}{
		{"no entry context", "nobody", "100", "", nil, "403", "", "", Forbidden},
		{"no such extension", "alice", "999", "", nil, "404", "", "", Unallocated},
		{"broken SDP", "alice", "100", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\nm=audio x RTP/AVP 0\r\n", nil, "488", "Warning", "line 3", BadOffer},
		{"no common codec", "alice", "100", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\n", nil, "488", "Warning", "codec", NoCodec},
		{"100rel", "alice", "100", "", []string{"Require: 100rel"}, "420", "Unsupported", "100rel", Malformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			p := r.phone(c.from)
			if c.sdp == "" {
				c.sdp = p.sdp("0")
			}
			m := p.call(c.exten, c.sdp, c.extra...).failed(c.status)
			if c.header != "" && !strings.Contains(m.get(c.header), c.value) {
				t.Errorf("%s: %q", c.header, m.get(c.header))
			}
			r.wants(store.DispositionFailed, c.cause, "switch", atoi(c.status))
		})
	}
}

func TestRefusedWithoutACall(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Limits.Calls = 1 })
	alice := r.phone("alice")
	alice.call("200", alice.sdp("0"), "Max-Forwards: 0").failed("483")
	alice.call("200", alice.sdp("0"), "X-Ringway-Hops: 10").failed("482")
	a := alice.call("200", alice.sdp("0"))
	a.answered()
	if m := alice.call("200", alice.sdp("0")).failed("503"); m.get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
	a.request("OPTIONS", "")
	alice.expect("200 OPTIONS")
	a.hangup()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
	a.request("BYE", "")
	alice.expect("481 BYE")
}

func TestMenu(t *testing.T) {
	r := newRig(t)
	alice := r.phone("alice")
	a := alice.call("203", alice.sdp("0"))
	a.answered()
	alice.hearsAny()
	for _, d := range "123" {
		a.request("INFO", "Signal="+string(d)+"\r\nDuration=160\r\n", "Content-Type: application/dtmf-relay")
		alice.expect("200 INFO")
	}
	a.gone()
	r.wants(store.DispositionAnswered, Normal, "switch", 200)
}

func TestThroughATrunk(t *testing.T) {
	r := newRig(t)
	alice, carrier := r.phone("alice"), r.phone("carrier")
	a := alice.call("103", alice.sdp("0"))
	b := carrier.rings()
	if !strings.HasPrefix(b.invite.line, "INVITE sip:49301234@") || !strings.Contains(b.invite.get("P-Asserted-Identity"), "sip:alice@") {
		t.Errorf("%s, %s", b.invite.line, b.invite.get("P-Asserted-Identity"))
	}
	b.reply(183, carrier.sdp("0"))
	early := alice.expect("183 INVITE", "180 INVITE")
	alice.speak(mediaPort(early), 3, 0x55)
	carrier.speak(mediaPort(b.invite), 20, 0x44)
	alice.hears(0x44)
	b.accept(carrier.sdp("0"))
	a.answered()
	a.hangup()
	b.gone()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
}

func TestMusicUntilSomebodyAnswers(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("204", alice.sdp("0"))
	ok := a.answered()
	b := bob.rings()
	alice.hearsAny()
	b.reply(183, bob.sdp("0"))
	b.accept(bob.sdp("0"))
	bob.speak(mediaPort(b.invite), 10, 0x66)
	alice.speak(mediaPort(ok), 10, 0x55)
	bob.hears(0x55)
	alice.hears(0x66)
	a.hangup()
	b.gone()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
}

func TestRedirectionToALocalAccountOnly(t *testing.T) {
	r := newRig(t)
	alice, bob, carol := r.phone("alice"), r.phone("bob"), r.phone("carol")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	bobName := bob.name
	bob.name = "carol" // the Contact of the 302
	b.reply(302, "")
	bob.name = bobName
	bob.expect("ACK")
	c := carol.rings()
	c.accept(carol.sdp("0"))
	a.answered()
	a.hangup()
	c.gone()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
}

func TestInviteWithoutAnOffer(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", "")
	b := bob.rings()
	b.accept(bob.sdp("0"))
	ok := a.learn(alice.expect("200 INVITE", "180 INVITE"))
	a.request("ACK", alice.sdp("0"))
	alice.speak(mediaPort(ok), 10, 0x55)
	bob.hears(0x55)
	a.hangup()
	b.gone()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
}

func atoi(s string) (n int) {
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}

// hearsAny waits for any packet of media and returns its last byte.
func (p *phone) hearsAny() byte {
	p.t.Helper()
	buf := make([]byte, 2048)
	_ = p.rtp.SetReadDeadline(time.Now().Add(5 * time.Second))
	n, _, err := p.rtp.ReadFromUDPAddrPort(buf)
	if err != nil {
		p.t.Fatalf("%s hears nothing", p.name)
	}
	return buf[n-1]
}
