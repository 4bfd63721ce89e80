package phone

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/sip/transport"
)

func TestRegisterAndUnregister(t *testing.T) {
	for _, tcp := range []bool{false, true} {
		proto := transport.UDP
		if tcp {
			proto = transport.TCP
		}
		o := newOffice(t, proto)
		p := openPhone(t, Options{Server: o.addr(), TCP: tcp, User: "mei"})
		if err := p.Register(soon(t)); err != nil {
			t.Fatal(err)
		}
		if at, ok := o.contact("mei"); !ok || at != p.Addr() {
			t.Fatalf("registered at %v, listens on %v", at, p.Addr())
		}
		if got := o.seen(); !slices.Equal(got, []string{"REGISTER", "REGISTER"}) {
			t.Fatalf("the registrar saw %v", got)
		}
		if err := p.Unregister(soon(t)); err != nil {
			t.Fatal(err)
		}
		if _, ok := o.contact("mei"); ok {
			t.Fatal("still registered")
		}
	}
}

// A bug in what the loop is asked to do costs that, and the phone goes on.
func TestPanicCostsOneThing(t *testing.T) {
	o := newOffice(t, transport.UDP)
	p := openPhone(t, Options{Server: o.addr(), User: "mei"})
	if err := p.post(func() { panic("test") }, false); err != nil {
		t.Fatal(err)
	}
	if err := p.Register(soon(t)); err != nil {
		t.Error(err)
	}
}

func TestCloseUnregisters(t *testing.T) {
	o := newOffice(t, transport.UDP)
	p := openPhone(t, Options{Server: o.addr(), User: "mei"})
	if err := p.Register(soon(t)); err != nil {
		t.Fatal(err)
	}
	p.Close(soon(t))
	if _, ok := o.contact("mei"); ok {
		t.Fatal("still registered")
	}
}

func TestWrongPasswordIsToldOnce(t *testing.T) {
	o := newOffice(t, transport.UDP)
	p := openPhone(t, Options{Server: o.addr(), User: "mei", Password: "wrong"})
	err := p.Register(soon(t))
	if err == nil || !strings.Contains(err.Error(), "sip:mei@example.org") {
		t.Fatalf("wrong password: %v", err)
	}
	if n := len(o.seen()); n != 2 {
		t.Fatalf("%d attempts with a wrong password", n)
	}
}

func TestTooBriefIsRaised(t *testing.T) {
	o := newOffice(t, transport.UDP)
	o.change(func() { o.least = "900" })
	p := openPhone(t, Options{Server: o.addr(), User: "mei", Expires: time.Minute})
	if err := p.Register(soon(t)); err != nil {
		t.Fatal(err)
	}
	inside(t, p, func() {
		if p.reg.asked != 15*time.Minute {
			t.Errorf("asks for %s", p.reg.asked)
		}
	})
}

func TestLostStreamIsRegisteredAgain(t *testing.T) {
	o := newOffice(t, transport.TCP)
	p := openPhone(t, Options{Server: o.addr(), TCP: true, User: "mei"})
	if err := p.Register(soon(t)); err != nil {
		t.Fatal(err)
	}
	<-o.came
	inside(t, p, func() { p.streamLost(p.flow) })
	select {
	case <-o.came:
	case <-time.After(5 * time.Second):
		t.Fatal("not registered again")
	}
}

// TestRegistrationSteps walks the pure machine on a clock of its own.
func TestRegistrationSteps(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r := newRegistration(Options{User: "mei", Domain: "example.org", Expires: 10 * time.Minute}, parse(t, "sip:mei@192.0.2.1:5060"))
	first := sent(t, r.step(now, regAsk{}))
	if out := r.step(now, regAsk{}); len(out) != 0 {
		t.Fatalf("a second wish sends %v", out)
	}
	out := r.step(now, ok(first, "200"))
	if at := woken(t, out); at != now.Add(200*time.Second-20*time.Second) || r.state != regBound {
		t.Fatalf("refresh at %s in state %s", at.Sub(now), r.state)
	}
	now = now.Add(180 * time.Second)
	second := sent(t, r.step(now, regTick{}))
	if second.CSeq().SeqNo != first.CSeq().SeqNo+1 || string(*second.CallID()) != string(*first.CallID()) {
		t.Fatalf("refresh is %s", second.String())
	}
	for _, wait := range []time.Duration{2, 4, 8, 16, 32, 60, 60} {
		out := r.step(now, regFailed{seq: r.seq, err: errSilence})
		if at := woken(t, out); at != now.Add(wait*time.Second) {
			t.Fatalf("tries again after %s, not %d s", at.Sub(now), wait)
		}
		sent(t, r.step(now, regTick{}))
	}
	if out := r.step(now, regFailed{seq: 1, err: errSilence}); len(out) != 0 {
		t.Fatal("an old failure counts")
	}
	leave := sent(t, r.step(now, regLeave{}))
	if v := leave.Contact().Params.GetOr("expires", ""); v != "0" || !r.busy() {
		t.Fatalf("leaves with expires %q", v)
	}
	r.step(now, regFailed{seq: r.seq, err: errSilence})
	if r.state != regIdle {
		t.Fatalf("after leaving: %s", r.state)
	}
}
