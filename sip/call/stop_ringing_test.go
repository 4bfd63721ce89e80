package call

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/dialplan"
	"ringway/store"
)

// A word to stop ringing that comes with the answer, or after it, ends nothing: the conversation goes on.
func TestStopRingingNeverEndsAConversation(t *testing.T) {
	var d dialled
	talking := make(chan struct{})
	f := offer(&d, dialplan.Dial{Targets: []dialplan.Target{mei(false)}, Ring: 5 * time.Second})
	r := newRig(t, withScript(t, func(ctx context.Context, ch dialplan.Channel) {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		done := make(chan struct{})
		runWhen(talking, done, func() { cancel(dialplan.StopRinging("declined_at_desk")) })
		f(ctx, ch)
		<-done
	}))
	alice, desk := r.phone("alice"), r.phone("desk")
	a := alice.call("300", alice.sdp("0"))
	a.answered()
	b := desk.rings()
	b.accept(desk.sdp("0"))
	r.notes.saw(t, "leg.answer")
	close(talking)
	a.request("INFO", "")
	alice.expect("200 INFO")
	b.hangup() // which a dialog that was ended would not take
	a.gone()
	if res := d.wait(t); res.Outcome != store.Answered {
		t.Errorf("%+v, %v", res, d.err)
	}
	r.wants(store.DispositionAnswered, Normal, "agent", 200)
}

// What rings is cancelled by it, and another Dial may follow at once: the phone is told why.
func TestStopRingingAndRingAnew(t *testing.T) {
	var first, second dialled
	ring := make(chan struct{})
	spec := dialplan.Dial{Targets: []dialplan.Target{{Agent: "mei", Offer: "o1", Account: "desk"}}, Ring: 5 * time.Second}
	one, two := offer(&first, spec), offer(&second, spec)
	r := newRig(t, withScript(t, func(ctx context.Context, ch dialplan.Channel) {
		short, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		done := make(chan struct{})
		runWhen(ring, done, func() { cancel(dialplan.StopRinging("accepted_at_desk")) })
		one(short, ch)
		<-done
		two(ctx, ch)
	}))
	alice, desk := r.phone("alice"), r.phone("desk")
	a := alice.call("300", alice.sdp("0"))
	a.answered()
	b := desk.rings()
	b.reply(180, "")
	r.notes.saw(t, "leg.ringing")
	close(ring)
	if reason := b.cancelled().get("Reason"); !strings.Contains(reason, "accepted at desk") {
		t.Errorf("Reason: %s", reason)
	}
	again := desk.rings()
	again.accept(desk.sdp("0"))
	again.hangup()
	a.gone()
	if res := second.wait(t); res.Outcome != store.Answered {
		t.Errorf("%+v, %v", res, second.err)
	}
	r.notes.cdr(t)
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	var causes []string
	for _, rec := range r.notes.records {
		if rec.Leg != nil && rec.Leg.Account == "desk" {
			causes = append(causes, rec.Leg.Cause)
		}
	}
	if want := []string{"accepted_at_desk", string(Normal)}; !slices.Equal(causes, want) {
		t.Errorf("legs of the desk's phone ended with %q, want %q", causes, want)
	}
}
