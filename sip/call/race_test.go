package call

import (
	"context"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"ringway/codecs"
	"ringway/codecs/g711"
	"ringway/rtp"
	"ringway/sip/transport"
	"ringway/store"
)

func TestCallerGivesUpWhileItRings(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.reply(180, "")
	alice.expect("180 INVITE")
	start := time.Now()
	a.request("CANCEL", "")
	b.cancelled()
	if d := time.Since(start); d > 200*time.Millisecond {
		t.Errorf("the phone rang on for %s", d)
	}
	a.failed("487")
	r.wants(store.DispositionCanceled, Canceled, "caller", 487)
}

func TestCallerGivesUpBeforeThePhoneSaysAnything(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	a.request("CANCEL", "")
	a.failed("487")
	r.wants(store.DispositionCanceled, Canceled, "caller", 487)
	for end := time.Now().Add(time.Second); len(r.m.Calls()) > 0; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatal("a call that is over counts as up while its last INVITE waits for an answer")
		}
	}
	b.reply(180, "") // only now may the CANCEL leave
	b.cancelled()
}

func TestCancelCrosses200(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.reply(180, "")
	alice.expect("180 INVITE")
	a.request("CANCEL", "")
	bob.expect("CANCEL", "INVITE")
	b.reply(200, bob.sdp("0")) // bob was faster
	bob.expect("ACK", "CANCEL", "INVITE")
	b.gone()
	a.failed("487")
	r.wants(store.DispositionCanceled, Canceled, "caller", 487)
}

func TestByeInTheEarlyDialog(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.reply(180, "")
	a.learn(alice.expect("180 INVITE"))
	a.request("BYE", "")
	alice.expect("200 BYE")
	a.failed("487")
	b.cancelled()
	r.wants(store.DispositionCanceled, Canceled, "caller", 487)
}

func TestByeBeforeAck(t *testing.T) {
	r := newRig(t)
	alice := r.phone("alice")
	a := alice.call("200", alice.sdp("0"))
	a.learn(alice.expect("200 INVITE"))
	a.hangup()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
}

func TestLostAckRepeatsThe200(t *testing.T) {
	r := newRig(t)
	alice := r.phone("alice")
	a := alice.call("200", alice.sdp("0"))
	a.learn(alice.expect("200 INVITE"))
	alice.expect("200 INVITE")
	alice.expect("200 INVITE")
	a.request("ACK", "")
	a.hangup()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
}

func TestRepeatedInviteMakesOneCall(t *testing.T) {
	r := newRig(t)
	alice := r.phone("alice")
	body := alice.sdp("0")
	a := alice.call("200", body)
	text := a.text("INVITE", a.inviteSeq, a.branch, body, nil)
	alice.send(text)
	a.learn(alice.expect("200 INVITE"))
	alice.send(text)
	a.request("ACK", "")
	a.p.quiet(100*time.Millisecond, "200 INVITE")
	if n := r.m.Stats().Total; n != 1 {
		t.Fatalf("%d calls", n)
	}
	a.hangup()
}

func TestByeAgainstBye(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.accept(bob.sdp("0"))
	a.answered()
	a.request("BYE", "")
	alice.expect("200 BYE")
	ours := bob.expect("BYE")
	b.request("BYE", "") // bob hung up before ours reached him
	bob.expect("200 BYE", "BYE")
	bob.respond(ours, 200, "", "")
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
}

func TestForkedAnswerIsHungUp(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.accept(bob.sdp("0"))
	a.answered()
	bob.respond(b.invite, 200, b.invite.get("To")+";tag=other", bob.sdp("0"))
	bob.expect("ACK")
	if m := bob.expect("BYE"); !strings.Contains(m.get("To"), "tag=other") {
		t.Fatalf("BYE to %s", m.get("To"))
	} else {
		bob.respond(m, 200, "", "")
	}
	a.hangup()
	b.gone()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
}

func TestUselessAnswerGoesToTheNext(t *testing.T) {
	r := newRig(t)
	alice, bob, carol := r.phone("alice"), r.phone("bob"), r.phone("carol")
	a := alice.call("102", alice.sdp("0"))
	b := bob.rings()
	b.reply(200, "")
	bob.expect("ACK")
	b.gone()
	c := carol.rings()
	c.accept(carol.sdp("0"))
	a.answered()
	a.hangup()
	c.gone()
}

func TestDeadPeerIsFoundByProbing(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Limits.Probe = 50 * time.Millisecond })
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.accept(bob.sdp("0"))
	a.answered()
	b.request("INVITE", bob.sdp("0", "a=sendonly"))
	bob.expect("200 INVITE")
	b.request("ACK", "")
	probe := bob.expect("OPTIONS")
	bob.respond(probe, 200, "", "")
	probe = bob.expect("OPTIONS")
	bob.respond(probe, 481, "", "")
	a.gone()
	r.wants(store.DispositionAnswered, Dead, "switch", 200)
}

func TestHoldIsProbedAMinuteLater(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.accept(bob.sdp("0"))
	a.answered()
	b.request("INVITE", bob.sdp("0", "a=sendonly"))
	bob.expect("200 INVITE")
	b.request("ACK", "")
	bob.quiet(300 * time.Millisecond)
	a.hangup()
	b.gone()
}

func TestDurationLimit(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Limits.Duration = 100 * time.Millisecond })
	alice := r.phone("alice")
	a := alice.call("200", alice.sdp("0"))
	a.answered()
	a.gone()
	r.wants(store.DispositionAnswered, TooLong, "switch", 200)
}

func TestUnansweredLimit(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Limits.Unanswered = 100 * time.Millisecond })
	alice := r.phone("alice")
	alice.call("201", alice.sdp("0")).failed("480")
	r.wants(store.DispositionNoAnswer, NeverAnswer, "switch", 480)
}

func TestStopEndsCallsWithTheirRecords(t *testing.T) {
	r := newRig(t)
	alice := r.phone("alice")
	a := alice.call("200", alice.sdp("0"))
	a.answered()
	r.close()
	alice.expect("BYE")
	r.wants(store.DispositionAnswered, ShuttingDown, "switch", 200)
}

func TestFloodOfMessagesEndsOneCall(t *testing.T) {
	r := newRig(t)
	alice := r.phone("alice")
	a := alice.call("200", alice.sdp("0"))
	a.answered()
	c := r.only()
	block := make(chan struct{})
	c.post(message{do: func() { <-block }}, false)
	for range 2 * mailboxSize {
		c.post(message{do: func() {}}, false)
	}
	close(block)
	a.gone()
	r.wants(store.DispositionAnswered, MailboxFull, "switch", 200)
}

func TestPanicCostsOneCall(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("200", alice.sdp("0"))
	a.answered()
	c := r.only()
	b := bob.call("200", bob.sdp("0"))
	b.answered()
	c.post(message{do: func() { panic("test") }}, false)
	a.gone()
	r.wants(store.DispositionAnswered, Panicked, "switch", 200)
	b.request("OPTIONS", "")
	bob.expect("200 OPTIONS")
	b.hangup()
	r.m.count.panics.Store(0)
}

// astray are paths on which a stream can't be opened for a bug.
type astray struct{ Paths }

func (*astray) Connect(context.Context, transport.Proto, netip.AddrPort) (transport.Flow, error) {
	panic("test")
}

func TestPanicWhileAStreamIsOpenedIsACarrierThatCantBeReached(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Paths = &astray{} })
	alice, bob := r.phone("alice"), r.phone("bob")
	r.phone("carrier")
	b := bob.call("200", bob.sdp("0"))
	b.answered()
	alice.call("103", alice.sdp("0")).failed("503")
	if n := r.m.count.panics.Swap(0); n != 1 {
		t.Errorf("%d panics were counted", n)
	}
	b.request("OPTIONS", "")
	bob.expect("200 OPTIONS")
	b.hangup()
}

// only is the one call there is.
func (r *rig) only() *Call {
	r.m.mu.RLock()
	defer r.m.mu.RUnlock()
	for _, c := range r.m.calls {
		return c
	}
	return nil
}

func TestEarlyMediaIsRefreshed(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Limits.Refresh = 20 * time.Millisecond })
	alice := r.phone("alice")
	a := alice.call("205", alice.sdp("0"))
	first := alice.expect("183 INVITE").body
	if again := alice.expect("183 INVITE").body; again != first {
		t.Errorf("first\n%s\nthen\n%s", first, again)
	}
	a.request("CANCEL", "")
	a.failed("487")
	r.wants(store.DispositionCanceled, Canceled, "caller", 487)
}

// broken is a listener that panics whenever a leg goes down.
type broken struct{ *notes }

func (b broken) LegDown(l AgentLeg) {
	b.notes.LegDown(l)
	panic("test")
}

func TestPanicOnTheEndPathLosesNoRecord(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Agents = broken{o.Agents.(*notes)} })
	alice := r.phone("alice")
	a := alice.call("200", alice.sdp("0"))
	a.answered()
	a.request("BYE", "")
	alice.expect("200 BYE")
	if c := r.notes.cdr(t); c.Disposition != store.DispositionAnswered {
		t.Errorf("%+v", c)
	}
	r.m.count.panics.Store(0)
}

func TestSilenceEndsTheCallWhereTheLimitSaysSo(t *testing.T) {
	engine, err := rtp.Open(rtp.Options{Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, Codecs: codecs.NewSet(g711.PCMU()),
		PortMin: 29600, PortMax: 29699, Silence: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	r := newRig(t, func(o *Options) {
		o.Media, o.Limits.Silence, o.Limits.RTPTimeout = engine, 50*time.Millisecond, 100*time.Millisecond
	})
	alice := r.phone("alice")
	a := alice.call("200", alice.sdp("0"))
	a.answered()
	probe := alice.expect("OPTIONS") // asked first, then given up
	alice.respond(probe, 200, "", "")
	a.gone()
	r.wants(store.DispositionAnswered, RTPTimeout, "switch", 200)
}

// The time of an RTP time-out begins with the silence that lasts, not with one that was broken.
func TestBrokenSilenceBeginsAnew(t *testing.T) {
	const limit = 400 * time.Millisecond
	r := newRig(t, func(o *Options) { o.Limits.Silence, o.Limits.RTPTimeout = time.Nanosecond, limit })
	alice := r.phone("alice")
	a := alice.call("200", alice.sdp("0"))
	port := mediaPort(a.answered())
	a.request("OPTIONS", "") // behind the ACK
	alice.expect("200 OPTIONS")
	c := r.only()
	silent := func() { c.post(message{p: c.a, media: &rtp.Event{Kind: rtp.Silent}}, false) }
	silent()
	alice.respond(alice.expect("OPTIONS"), 200, "", "")
	begun := time.Now()
	alice.speak(port, 50, 0x55) // a quarter of a second
	silent()
	again := time.Now()
	a.gone()
	if lasted := time.Since(again); lasted < limit-20*time.Millisecond {
		t.Errorf("hung up %s after the second silence began, %s after the first; the limit is %s", lasted, time.Since(begun), limit)
	}
	r.wants(store.DispositionAnswered, RTPTimeout, "switch", 200)
}
