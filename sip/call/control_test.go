package call

import (
	"errors"
	"testing"

	"ringway/codecs"
	"ringway/codecs/g711"
	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/store"
)

// conversation is alice talking with bob.
func conversation(t *testing.T, r *rig) (c talk) {
	t.Helper()
	r.phones.belong(map[string]string{"bob": "robert"})
	c.alice, c.bob = r.phone("alice"), r.phone("bob")
	c.a = c.alice.call("100", c.alice.sdp("0"))
	c.b = c.bob.rings()
	c.b.accept(c.bob.sdp("0"))
	c.port = mediaPort(c.a.answered())
	r.notes.saw(t, "call.answer")
	return c
}

// talk is a conversation; port is where the switch hears alice.
type talk struct {
	alice, bob *phone
	a, b       *dialog
	port       uint16
}

// hears waits for alice to hear what the switch plays: the sample value of a sound of the rig.
func (c talk) hears(sound byte) {
	c.alice.t.Helper()
	c.alice.speak(c.port, 1, 0x55) // so that the source is known
	c.alice.hears(ulaw(sound))
}

func (r *rig) talker(agent string) Talker {
	r.t.Helper()
	calls := r.m.Calls()
	if len(calls) != 1 {
		r.t.Fatalf("%d calls are up", len(calls))
	}
	return Talker{Call: calls[0].ID, Agent: agent}
}

func inPhones(string) string { return "phones" }

// Hold from a desk: the other side hears music, the phone is told nothing, and it counts as the agent's hold.
func TestDeskHolds(t *testing.T) {
	r := newRig(t)
	c := conversation(t, r)
	for range 2 { // the second one changes nothing
		if err := r.m.Hold(t.Context(), r.talker("robert"), true); err != nil {
			t.Fatal(err)
		}
	}
	c.hears(0x33)
	if got := r.m.Calls()[0].State; got != Held {
		t.Errorf("the call is %v", got)
	}
	if err := r.m.Hold(t.Context(), r.talker("robert"), false); err != nil {
		t.Fatal(err)
	}
	c.bob.speak(mediaPort(c.b.invite), 10, 0x66)
	c.alice.hears(0x66)
	if ev := r.notes.events(); !has(ev, "leg.hold", "leg.resume") || has(ev, "leg.hold", "leg.hold") {
		t.Errorf("events: %v", ev)
	}
	c.a.hangup()
	c.b.gone()
}

// A hold by desk and one by phone overlap: the other side waits until both are over.
func TestDeskAndPhoneHold(t *testing.T) {
	r := newRig(t)
	c := conversation(t, r)
	if err := r.m.Hold(t.Context(), r.talker("robert"), true); err != nil {
		t.Fatal(err)
	}
	for _, direction := range []string{"a=sendonly", "a=sendrecv"} {
		c.b.request("INVITE", c.bob.sdp("0", direction))
		c.bob.expect("200 INVITE")
		c.b.request("ACK", "")
	}
	if err := r.m.Hold(t.Context(), r.talker("robert"), true); err != nil { // behind the phone's
		t.Fatal(err)
	}
	if got := r.m.Calls()[0].State; got != Held {
		t.Errorf("the phone took the call back, and it is %v", got)
	}
	if err := r.m.Hold(t.Context(), r.talker("robert"), false); err != nil {
		t.Fatal(err)
	}
	if ev := r.notes.events(); !has(ev, "leg.hold", "leg.resume") || has(ev, "leg.hold", "leg.hold") {
		t.Errorf("events: %v", ev)
	}
	c.a.hangup()
	c.b.gone()
}

// The caller goes on at another number; the leg of whoever handed her on ends with that as its cause.
func TestTransfer(t *testing.T) {
	r := newRig(t)
	c, carol := conversation(t, r), r.phone("carol")
	if err := r.m.Transfer(t.Context(), r.talker("robert"), Handover{Context: inPhones, Exten: "999"}); !errors.Is(err, ErrCannotTransfer) {
		t.Errorf("a number that nobody has: %v", err)
	}
	if err := r.m.Transfer(t.Context(), r.talker("robert"), Handover{Context: inPhones, Exten: "104"}); err != nil {
		t.Fatal(err)
	}
	c.b.gone()
	d := carol.rings()
	c.hears(0x33) // music until carol is there
	d.accept(carol.sdp("0"))
	carol.speak(mediaPort(d.invite), 10, 0x77)
	c.alice.hears(0x77)
	c.a.hangup()
	d.gone()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
	if !r.notes.ended(store.TransferBlind) || !has(r.notes.events(), "leg.end", "leg.answer", "user.event", "call.end") {
		t.Errorf("events: %v", r.notes.events())
	}
}

// A place of another plan takes the caller; the h extension of the plan she came by still runs.
func TestTransferToAnotherPlan(t *testing.T) {
	r := newRig(t)
	var l diag.List
	p := dialplan.Load([]dialplan.File{{Name: "x.yaml", Data: []byte(`contexts: {elsewhere: {extensions: {"_.": [{playback: welcome}, {wait: 60s}]}}}`)}},
		dialplan.LoadOptions{Apps: apps.All()}, &l)
	if l.HasErrors() {
		t.Fatal(l.All())
	}
	c := conversation(t, r)
	to := Handover{Plan: p, Context: func(string) string { return "elsewhere" }, Exten: "help"}
	if err := r.m.Transfer(t.Context(), r.talker("robert"), to); err != nil {
		t.Fatal(err)
	}
	c.b.gone()
	c.hears(0x11)
	c.a.hangup()
	r.wants(store.DispositionAnswered, Normal, "caller", 200)
	if !has(r.notes.events(), "leg.end", "user.event", "call.end") {
		t.Errorf("events: %v", r.notes.events())
	}
}

// A desk hangs up as a phone does; who does not talk can do nothing, and a caller cannot be handed on by herself.
func TestDeskHangsUp(t *testing.T) {
	r := newRig(t)
	c := conversation(t, r)
	if err := r.m.HangUp(t.Context(), r.talker("mallory")); !errors.Is(err, ErrNotTalking) {
		t.Errorf("a stranger: %v", err)
	}
	caller := Talker{Call: r.talker("").Call, Account: "alice"}
	if err := r.m.Transfer(t.Context(), caller, Handover{Context: inPhones, Exten: "104"}); !errors.Is(err, ErrNotTheirs) {
		t.Errorf("the caller: %v", err)
	}
	if err := r.m.HangUp(t.Context(), r.talker("robert")); err != nil {
		t.Fatal(err)
	}
	c.b.gone()
	c.a.gone()
	r.wants(store.DispositionAnswered, Normal, "agent", 200)
	if err := r.m.Hold(t.Context(), caller, true); !errors.Is(err, ErrNoCall) {
		t.Errorf("a call that is over: %v", err)
	}
}

// TestCallerHangsUpAtTheDesk: that the call ends before the answer is there does not make the deed a refusal.
func TestCallerHangsUpAtTheDesk(t *testing.T) {
	for range 20 {
		r := newRig(t)
		c := conversation(t, r)
		if err := r.m.HangUp(t.Context(), Talker{Call: r.talker("").Call, Account: "alice"}); err != nil {
			t.Fatal(err)
		}
		c.a.gone()
		c.b.gone()
	}
}

// ulaw is how a sample of a sound of the rig travels.
func ulaw(sound byte) byte {
	enc, err := g711.PCMU().NewEncoder(codecs.EncoderOptions{Rate: 8000})
	if err != nil {
		panic(err)
	}
	out := make([]byte, 1)
	if _, err := enc.Encode(out, []int16{int16(sound) * 100}); err != nil {
		panic(err)
	}
	return out[0]
}

// ended tells whether a leg ended for a reason.
func (n *notes) ended(reason string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, r := range n.records {
		if r.Event != nil && r.Event.Kind == store.LegEnd && r.Event.Reason == reason {
			return true
		}
	}
	return false
}
