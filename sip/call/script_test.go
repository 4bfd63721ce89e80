package call

import (
	"testing"
	"time"

	"ringway/store"
)

// atRest waits until nobody takes the call's turns, and tells whether its script rests too.
func atRest(t *testing.T, c *Call) bool {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		c.box.mu.Lock()
		idle, rested := !c.box.running, c.rested != nil
		c.box.mu.Unlock()
		if idle {
			return rested
		}
	}
	t.Fatal("the call is never at rest")
	return false
}

func TestATalkingCallHasNoGoroutine(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.accept(bob.sdp("0"))
	a.answered()
	if !atRest(t, r.only()) {
		t.Error("its script does not rest")
	}
	b.hangup()
	a.gone()
	r.wants(store.DispositionAnswered, Normal, "agent", 200)
}

func TestAPanicWakesAScriptAtRest(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.accept(bob.sdp("0"))
	a.answered()
	c := r.only()
	if !atRest(t, c) {
		t.Fatal("its script does not rest")
	}
	c.post(message{do: func() { panic("test") }}, false)
	a.gone()
	b.gone()
	r.wants(store.DispositionAnswered, Panicked, "switch", 200)
	if ev := r.notes.events(); !has(ev, "user.event") {
		t.Errorf("the h extension did not run: %v", ev)
	}
	r.m.count.panics.Store(0)
}
