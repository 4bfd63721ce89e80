package node

import (
	"context"
	"strings"
	"testing"
	"time"

	"ringway/console"
	"ringway/sip/siptest"
	"ringway/store"
)

// TestAnAppSessionHasOneCall: a second one is 486, until the first is over.
func TestAnAppSessionHasOneCall(t *testing.T) {
	o := openOffice(t)
	app := o.customer("en")
	first := app.Invite("ringing")
	first.Expect(180)
	app.Invite("help").Expect(486)
	first.Cancel()
	first.Expect(487)
	o.quiet(patience)
	again := app.Invite("ringing")
	again.Expect(180)
	again.Cancel()
	again.Expect(487)
	o.quiet(patience)
	o.silent()
}

// TestAnAppSessionHasTwoContacts: an app that changed its network can't remove what it no longer knows, so its oldest contact
// goes; three at once are refused.
func TestAnAppSessionHasTwoContacts(t *testing.T) {
	o := openOffice(t)
	cred, err := o.n.Mint(context.Background(), console.MintRequest{Subject: "c-2"})
	if err != nil {
		t.Fatal(err)
	}
	var last *siptest.Handset
	for range 3 {
		last = o.login(cred)
		last.Register()
	}
	if b := o.n.Bindings(context.Background()); len(b) != 2 {
		t.Errorf("%d contacts are registered, want 2: %+v", len(b), b)
	}
	three := "Contact: <sip:a@127.0.0.1:1>, <sip:b@127.0.0.1:2>, <sip:c@127.0.0.1:3>\r\nExpires: 60\r\n"
	if res := last.TryRegister(three); res.StatusCode != 403 {
		t.Errorf("three contacts at once got %s", res.StartLine())
	}
	o.silent()
}

// TestAnExpiredCredentialEndsNoCall: expiry is looked at when a dialog begins, never inside.
func TestAnExpiredCredentialEndsNoCall(t *testing.T) {
	o := openOffice(t)
	zh1 := o.agent("zh1")
	app := o.app(console.MintRequest{Subject: "c-3", Lifetime: 2 * time.Second, Claims: store.Claims{Language: "zh-TW"}})
	out, in := o.talk(app, "help", zh1)
	time.Sleep(2100 * time.Millisecond)
	if res := out.Reinvite("sendonly"); res.StatusCode != 200 {
		t.Errorf("hold with an expired credential: %s", res.StartLine())
	}
	if res := out.Bye(); res.StatusCode != 200 {
		t.Errorf("BYE with an expired credential: %s", res.StartLine())
	}
	in.ExpectBye()
	o.quiet(patience)
	late := app.Invite("help").ExpectFinal()
	if late.StatusCode != 401 && late.StatusCode != 403 {
		t.Errorf("a new call with an expired credential: %s", late.StartLine())
	}
	o.silent()
}

// TestClaimsAreBelievedOnlySigned: a switch that did not mint the session takes the claims from their header, and refuses those
// that somebody changed.
func TestClaimsAreBelievedOnlySigned(t *testing.T) {
	o := openOffice(t)
	zh1 := o.agent("zh1")
	cred, _, err := MintWith(o.n.config(), console.MintRequest{Subject: "c-4", Claims: store.Claims{Language: "zh-TW", Customer: "k-77", Name: "Amy"}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	claims := "X-Ringway-Claims: " + cred.Claims + "\r\n"
	forged := "X-Ringway-Claims: " + cred.Claims[:len(cred.Claims)-4] + "AAAA\r\n"
	if res := o.login(cred).Invite("help", forged).ExpectFinal(); res.StatusCode != 403 {
		t.Errorf("forged claims: %s", res.StartLine())
	}
	other, _, err := MintWith(o.n.config(), console.MintRequest{Subject: "c-5"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if res := o.login(other).Invite("help", claims).ExpectFinal(); res.StatusCode != 403 {
		t.Errorf("somebody else's claims: %s", res.StartLine())
	}
	out := o.login(cred).Invite("help", claims, "X-Ringway-Priority: 9\r\n")
	in := zh1.ExpectCall()
	in.Ring(1)
	in.Answer()
	out.Expect(200)
	o.event(out, store.VisitConnect, "")
	for _, h := range in.Invitation().Headers() {
		if strings.HasPrefix(strings.ToLower(h.Name()), "x-ringway") && strings.Contains(h.Value(), cred.Claims) || strings.EqualFold(h.Name(), "X-Ringway-Priority") {
			t.Errorf("the agent received %s", h)
		}
	}
	out.Bye()
	in.ExpectBye()
	if row := o.over(out); row.Customer != "k-77" || row.Language != "zh-TW" {
		t.Errorf("the claims came to %q, %q", row.Customer, row.Language)
	}
	o.quiet(patience)
	o.silent()
}

// carrier opens a carrier's switch on its own address; the office's trunk leads to it.
func (o *office) carrier(address string) *siptest.Handset {
	return siptest.NewPhone(o.t, siptest.Phone{Server: o.server, Local: address, Patience: patience})
}

// TestTrunks: a carrier is known by its address; what is dialled through it needs a permission.
func TestTrunks(t *testing.T) {
	o := openOffice(t)
	carrier := o.carrier("127.0.0.2")
	o.reload(true, edit{"ringway.yaml", "sip:127.0.0.2:15999", "sip:" + carrier.Addr()})
	zh1, en1 := o.agent("zh1"), o.phone("en1")
	in := carrier.Invite("+886255551234")
	rung := zh1.ExpectCall() // nothing is known of the caller: at the last step everyone is wanted
	rung.Ring(1)
	rung.Answer()
	in.Expect(200)
	o.event(in, store.VisitConnect, "")
	in.Bye()
	rung.ExpectBye()
	if row := o.over(in); row.Trunk != "carrier" || row.Kind != store.Customer {
		t.Errorf("trunk %q, kind %s", row.Trunk, row.Kind)
	}
	stranger := o.carrier("127.0.0.3")
	if res := stranger.Invite("+886255551234").ExpectFinal(); res.StatusCode/100 != 4 {
		t.Errorf("a stranger's call: %s", res.StartLine())
	}
	out := en1.Invite("00441234")
	far := carrier.ExpectCall()
	if user := far.Invitation().Recipient.User; user != "00441234" {
		t.Errorf("the carrier is asked for %q", user)
	}
	if from := far.Invitation().From().Address.User; from != "+88621234" {
		t.Errorf("the carrier sees %q calling", from)
	}
	far.Ring(1)
	far.Answer()
	out.Expect(200)
	far.Bye()
	out.ExpectBye()
	if row := o.over(out); row.Kind == store.Customer {
		t.Errorf("a call out is of kind %s", row.Kind)
	}
	if res := en1.Invite("99123").ExpectFinal(); res.StatusCode/100 < 4 {
		t.Errorf("dialled without permission: %s", res.StartLine())
	}
	o.quiet(patience)
	o.silent()
}

// TestMessagesBetweenPhones: the proxy path.
func TestMessagesBetweenPhones(t *testing.T) {
	o := openOffice(t)
	zh1, en1 := o.phone("zh1"), o.phone("en1")
	if res := zh1.Ask("MESSAGE", "sip:en1@wayfare.example", "", ""); res.StatusCode != 200 {
		t.Fatalf("MESSAGE: %s", res.StartLine())
	}
	if got := en1.ExpectOutside("MESSAGE"); got.From().Address.User != "zh1" {
		t.Errorf("from %s", got.From().Address.User)
	}
	if res := zh1.Ask("MESSAGE", "sip:211@wayfare.example", "", ""); res.StatusCode != 200 {
		t.Fatalf("MESSAGE to a number: %s", res.StartLine())
	}
	en1.ExpectOutside("MESSAGE")
	if res := zh1.Ask("MESSAGE", "sip:en3@wayfare.example", "", ""); res.StatusCode != 480 {
		t.Errorf("MESSAGE to a phone that is off: %s", res.StartLine())
	}
	o.silent()
}
