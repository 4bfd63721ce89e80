package call

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/rtp"
	"ringway/store"
)

// withScript makes extension 300 run f on the script goroutine, as an application would.
func withScript(t *testing.T, f func(ctx context.Context, ch dialplan.Channel)) func(*Options) {
	app := dialplan.App{Name: "test", Doc: "Runs the test's own steps.", Prepare: func(*dialplan.Args) dialplan.Step {
		return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) {
			f(ctx, r.Channel())
			return "", nil
		})
	}}
	var l diag.List
	files := []dialplan.File{{Name: "script.yaml", Data: []byte("contexts: {phones: {extensions: {\"300\": [{test: {}}, {hangup: normal}]}}}\n")}}
	p := dialplan.Load(files, dialplan.LoadOptions{Apps: append(apps.All(), app)}, &l)
	if l.HasErrors() {
		t.Fatal(l.All())
	}
	return func(o *Options) { o.Plan = func() *dialplan.Plan { return p } }
}

// dialled is what a Dial came to, with the hooks that ran.
type dialled struct {
	mu    sync.Mutex
	hooks []string
	res   dialplan.DialResult
	err   error
	done  chan struct{}
}

func (d *dialled) hook(name string) func(dialplan.Target) {
	return func(t dialplan.Target) {
		d.mu.Lock()
		d.hooks = append(d.hooks, name+" "+t.Agent)
		d.mu.Unlock()
	}
}

func (d *dialled) wait(t *testing.T) dialplan.DialResult {
	t.Helper()
	select {
	case <-d.done:
		return d.res
	case <-time.After(10 * time.Second):
		t.Fatal("Dial does not return")
		panic("unreachable")
	}
}

func offer(d *dialled, spec dialplan.Dial) func(context.Context, dialplan.Channel) {
	d.done = make(chan struct{})
	spec.OnRinging, spec.OnAnswer, spec.OnConnect = d.hook("ringing"), d.hook("answer"), d.hook("connect")
	spec.Queue, spec.KeepMusic = "support", true
	return func(ctx context.Context, ch dialplan.Channel) {
		defer close(d.done)
		if d.err = ch.Answer(ctx); d.err == nil {
			d.res, d.err = ch.Dial(ctx, spec)
		}
	}
}

func mei(auto bool) dialplan.Target {
	return dialplan.Target{Agent: "mei", Offer: "o1", Phones: []dialplan.Phone{{Account: "desk", AutoAnswer: auto}, {Account: "soft"}}, Headers: map[string]string{"X-Card": "7"}}
}

func TestOfferRingsAllPhonesOfAnAgent(t *testing.T) {
	var d dialled
	r := newRig(t, withScript(t, offer(&d, dialplan.Dial{Targets: []dialplan.Target{mei(true)}, Ring: 5 * time.Second})))
	alice, desk, soft := r.phone("alice"), r.phone("desk"), r.phone("soft")
	a := alice.call("300", alice.sdp("0"))
	a.answered()
	b, s := desk.rings(), soft.rings()
	if !strings.Contains(b.invite.get("Call-Info"), "answer-after=0") || b.invite.get("Alert-Info") == "" || b.invite.get("X-Card") != "7" {
		t.Errorf("%+v", b.invite.headers)
	}
	if s.invite.get("Call-Info") != "" || s.invite.get("Alert-Info") != "" || s.invite.get("X-Card") != "7" {
		t.Errorf("the phone that answers by hand is asked to answer by itself: %+v", s.invite.headers)
	}
	b.reply(180, "")
	s.reply(180, "")
	b.accept(desk.sdp("0"))
	s.cancelled()
	b.hangup()
	a.gone()
	res := d.wait(t)
	if res.Outcome != store.Answered || res.Target.Agent != "mei" || res.Answered.IsZero() || res.Ended.IsZero() || len(res.Targets) != 1 {
		t.Errorf("%+v", res)
	}
	if got := strings.Join(d.hooks, ", "); got != "ringing mei, answer mei, connect mei" {
		t.Errorf("hooks: %s", got)
	}
	r.wants(store.DispositionAnswered, Normal, "agent", 200)
}

func TestOfferOutcomes(t *testing.T) {
	for _, c := range []struct {
		name string
		desk func(b *dialog)
		want store.OfferOutcome
	}{
		{"603", func(b *dialog) { b.reply(180, ""); b.reply(603, ""); b.p.expect("ACK") }, store.Declined},
		{"486", func(b *dialog) { b.reply(180, ""); b.reply(486, ""); b.p.expect("ACK") }, store.Declined},
		{"rings on", func(b *dialog) { b.reply(180, ""); b.cancelled() }, store.NoAnswer},
		{"never rings", func(b *dialog) { b.reply(100, ""); b.cancelled() }, store.OfferUnreachable},
		{"302", func(b *dialog) { b.reply(302, ""); b.p.expect("ACK") }, store.Declined},
		{"488", func(b *dialog) { b.reply(488, ""); b.p.expect("ACK") }, store.MediaFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			var d dialled
			target := dialplan.Target{Agent: "mei", Offer: "o1", Account: "desk"}
			r := newRig(t, withScript(t, offer(&d, dialplan.Dial{Targets: []dialplan.Target{target}, Ring: 300 * time.Millisecond})))
			alice, desk := r.phone("alice"), r.phone("desk")
			a := alice.call("300", alice.sdp("0"))
			a.answered()
			c.desk(desk.rings())
			if res := d.wait(t); res.Outcome != c.want || res.Target.Agent != "" {
				t.Errorf("%+v, want %s", res, c.want)
			}
			a.gone()
		})
	}
}

func TestBusyIsAPhoneThatHoldsAnotherDialog(t *testing.T) {
	var d dialled
	target := dialplan.Target{Agent: "mei", Offer: "o1", Account: "desk"}
	f := offer(&d, dialplan.Dial{Targets: []dialplan.Target{target}, Ring: 5 * time.Second})
	r := newRig(t, withScript(t, func(ctx context.Context, ch dialplan.Channel) {
		if ch.Info().Account == "desk" {
			_ = ch.Wait(ctx, time.Minute)
			return
		}
		f(ctx, ch)
	}))
	alice, desk := r.phone("alice"), r.phone("desk")
	own := desk.call("300", desk.sdp("0")) // she is on the phone herself
	desk.expect("100 INVITE")
	for limit := time.Now().Add(5 * time.Second); r.m.dialogs("desk") == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("her own call never counts") // its goroutine counts it, some time after the 100
		}
	}
	a := alice.call("300", alice.sdp("0"))
	a.answered()
	b := desk.rings()
	b.reply(486, "")
	desk.expect("ACK")
	if res := d.wait(t); res.Outcome != store.Busy {
		t.Errorf("%+v", res)
	}
	a.gone()
	own.request("CANCEL", "")
	own.failed("487")
}

func TestNoBindingIsUnreachable(t *testing.T) {
	var d dialled
	r := newRig(t, withScript(t, offer(&d, dialplan.Dial{Targets: []dialplan.Target{mei(false)}})))
	alice := r.phone("alice")
	a := alice.call("300", alice.sdp("0"))
	a.answered()
	if res := d.wait(t); res.Outcome != store.OfferUnreachable {
		t.Errorf("%+v", res)
	}
	a.gone()
}

func TestCallerLeavesWhileTheAgentsPhoneRings(t *testing.T) {
	var d dialled
	r := newRig(t, withScript(t, offer(&d, dialplan.Dial{Targets: []dialplan.Target{mei(false)}, Ring: 5 * time.Second})))
	alice, desk := r.phone("alice"), r.phone("desk")
	a := alice.call("300", alice.sdp("0"))
	a.answered()
	b := desk.rings()
	b.reply(180, "")
	r.notes.saw(t, "leg.ringing")
	start := time.Now()
	a.hangup()
	b.cancelled()
	if took := time.Since(start); took > 200*time.Millisecond {
		t.Errorf("rang on for %s", took)
	}
	d.wait(t)
	if !errors.Is(d.err, dialplan.ErrEnded) {
		t.Errorf("Dial returned %v", d.err)
	}
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
}

func TestWithdrawnOfferIsCancelledWithItsCause(t *testing.T) {
	var d dialled
	ring := make(chan struct{})
	spec := dialplan.Dial{Targets: []dialplan.Target{mei(false)}, Ring: 5 * time.Second}
	f := offer(&d, spec)
	r := newRig(t, withScript(t, func(ctx context.Context, ch dialplan.Channel) {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		done := make(chan struct{})
		runWhen(ring, done, func() { cancel(errors.New("priority call")) })
		f(ctx, ch)
		<-done
	}))
	alice, desk := r.phone("alice"), r.phone("desk")
	a := alice.call("300", alice.sdp("0"))
	a.answered()
	b := desk.rings()
	b.reply(180, "")
	r.notes.saw(t, "leg.ringing")
	close(ring)
	if reason := b.cancelled().get("Reason"); !strings.Contains(reason, "priority call") {
		t.Errorf("Reason: %s", reason)
	}
	if res := d.wait(t); res.Outcome != store.CallerLeft || !errors.Is(d.err, context.Canceled) {
		t.Errorf("%+v, %v", res, d.err)
	}
	a.gone()
}

// runWhen runs f once when start closes, and closes done.
func runWhen(start, done chan struct{}, f func()) {
	go func() {
		defer close(done)
		<-start
		f()
	}()
}

func TestPortsExhausted(t *testing.T) {
	small, err := rtp.Open(rtp.Options{PortMin: 29500, PortMax: 29503, MaxSessions: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer small.Close()
	r := newRig(t, func(o *Options) { o.Media = small })
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("200", alice.sdp("0"))
	a.answered()
	if m := bob.call("200", bob.sdp("0")).failed("503"); m.get("Retry-After") == "" {
		t.Error("the 503 does not say when to come again")
	}
	a.hangup()
}

// Linphone 5.1 on a machine with both families, which came by IPv4: it hears, and is heard, and its call does not wait for ever.
func TestAnOfferOfTheOtherFamily(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", fmt.Sprintf("v=0\r\no=sam 1637 929 IN IP6 fd00::2\r\ns=Talk\r\nc=IN IP6 fd00::2\r\nt=0 0\r\n"+
		"a=rtcp-xr:rcvr-rtt=all:10000 stat-summary=loss,dup,jitt,TTL voip-metrics\r\nm=audio %d RTP/AVP 0 96\r\n"+
		"a=rtpmap:96 telephone-event/8000\r\na=rtcp-fb:* trr-int 1000\r\na=rtcp-fb:* ccm tmmbr\r\n", addrOf(alice.rtp).Port()))
	b := bob.rings()
	b.accept(bob.sdp("0"))
	ok := a.answered()
	bob.speak(mediaPort(b.invite), 10, 0x55)
	alice.hears(0x55)
	alice.speak(mediaPort(ok), 10, 0x66)
	bob.hears(0x66)
	a.hangup()
	b.gone()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
}
