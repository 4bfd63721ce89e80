package call

import (
	"testing"
	"time"

	"ringway/dialplan"
	"ringway/rtp"
	"ringway/store"
)

// Two phones of one agent ring for one offer: the button that declines on one of them declines, though the
// other rings at that moment.
func TestBusyAtOneOfTwoRingingPhonesIsDeclined(t *testing.T) {
	var d dialled
	target := dialplan.Target{Agent: "mei", Offer: "o1", Account: "desk"}
	r := newRig(t, withScript(t, offer(&d, dialplan.Dial{Targets: []dialplan.Target{target}, Ring: 5 * time.Second})))
	alice, desk, soft := r.phone("alice"), r.phone("desk"), r.phone("desk") // one account, registered twice
	a := alice.call("300", alice.sdp("0"))
	a.answered()
	b, s := desk.rings(), soft.rings()
	b.reply(180, "")
	s.reply(180, "")
	b.reply(486, "")
	desk.expect("ACK")
	s.reply(488, "")
	soft.expect("ACK")
	if res := d.wait(t); res.Outcome != store.Declined {
		t.Errorf("%+v, want declined: we hold no other dialog on her phone", res)
	}
	a.gone()
}

// Who declines at one phone has declined, though her other one rings on until her time is up.
func TestDeclinedAtOnePhoneWhileTheOtherRingsOut(t *testing.T) {
	var d dialled
	target := dialplan.Target{Agent: "mei", Offer: "o1", Account: "desk"}
	r := newRig(t, withScript(t, offer(&d, dialplan.Dial{Targets: []dialplan.Target{target}, Ring: 300 * time.Millisecond})))
	alice, desk, soft := r.phone("alice"), r.phone("desk"), r.phone("desk")
	a := alice.call("300", alice.sdp("0"))
	a.answered()
	b, s := desk.rings(), soft.rings()
	s.reply(180, "")
	b.reply(486, "")
	desk.expect("ACK")
	s.cancelled()
	if res := d.wait(t); res.Outcome != store.Declined || res.Status != 486 {
		t.Errorf("%s, %d; want declined, 486", res.Outcome, res.Status)
	}
	a.gone()
}

// Our own shortage of ports is no miss of the agent's.
func TestShortageOfPortsIsNotTheAgentsFault(t *testing.T) {
	one, err := rtp.Open(rtp.Options{PortMin: 29504, PortMax: 29507, MaxSessions: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	var d dialled
	target := dialplan.Target{Agent: "mei", Offer: "o1", Account: "desk"}
	r := newRig(t, withScript(t, offer(&d, dialplan.Dial{Targets: []dialplan.Target{target}})), func(o *Options) { o.Media = one })
	alice := r.phone("alice")
	r.phone("desk")
	a := alice.call("300", alice.sdp("0"))
	a.answered()
	if res := d.wait(t); res.Outcome != store.ReservationLapsed || res.Status != 503 {
		t.Errorf("%+v, want lapsed: the fault was ours", res)
	}
	a.gone()
}
