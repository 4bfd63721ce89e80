package call

import (
	"strings"
	"testing"

	"ringway/store"
)

// What one side says of the end reaches the other side and the record (RFC 3326).
func TestReasonOfTheAgentsByeReachesTheCaller(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.accept(bob.sdp("0"))
	a.answered()
	b.request("BYE", "", `Reason: Q.850;cause=38;text="Network out of order"`)
	bob.expect("200 BYE")
	if reason := a.gone().get("Reason"); !strings.Contains(reason, `Q.850;cause=38;text="Network out of order"`) {
		t.Errorf("the caller's BYE says %q", reason)
	}
	if c := r.notes.cdr(t); c.Q850 != 38 || c.Cause != string(Normal) || c.EndedBy != byAgent {
		t.Errorf("%+v", c)
	}
}

func TestReasonOfTheCallersByeReachesTheAgent(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.accept(bob.sdp("0"))
	a.answered()
	a.request("BYE", "", `Reason: Q.850;cause=31`)
	alice.expect("200 BYE")
	if reason := b.gone().get("Reason"); !strings.Contains(reason, "Q.850;cause=31") {
		t.Errorf("the agent's BYE says %q", reason)
	}
	if c := r.notes.cdr(t); c.Q850 != 31 {
		t.Errorf("%+v", c)
	}
}

func TestReasonOfARefusalReachesTheCaller(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.reply(486, "", `Reason: Q.850;cause=20;text="Subscriber absent"`)
	bob.expect("ACK")
	if reason := a.failed("480").get("Reason"); !strings.Contains(reason, `Q.850;cause=20;text="Subscriber absent"`) {
		t.Errorf("the caller's 480 says %q", reason)
	}
	if c := r.notes.cdr(t); c.Q850 != 20 || c.Disposition != store.DispositionNoAnswer {
		t.Errorf("%+v", c)
	}
}

func TestCallCompletedElsewhereReachesTheRingingPhone(t *testing.T) {
	r := newRig(t)
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.reply(180, "")
	alice.expect("180 INVITE")
	a.request("CANCEL", "", `Reason: SIP;cause=200;text="Call completed elsewhere"`)
	a.failed("487")
	if reason := b.cancelled().get("Reason"); reason != `SIP;cause=200;text="Call completed elsewhere"` {
		t.Errorf("the CANCEL says %q", reason)
	}
	r.wants(store.DispositionCanceled, Canceled, "caller", 487)
}

// A dialplan that names a cause of its own is believed, whatever the one called said.
func TestCauseOfTheDialplanGoesFirst(t *testing.T) {
	r := newRig(t)
	alice, carrier := r.phone("alice"), r.phone("carrier")
	a := alice.call("103", alice.sdp("0"))
	b := carrier.rings()
	b.reply(404, "", "Reason: Q.850;cause=1")
	carrier.expect("ACK")
	if reason := a.failed("503").get("Reason"); !strings.Contains(reason, "Q.850;cause=42") {
		t.Errorf("the caller's 503 says %q", reason)
	}
}
