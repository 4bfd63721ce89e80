package node

import (
	"testing"
	"time"

	"ringway/sip/siptest"
	"ringway/store"
)

// Lost and doubled messages of single calls on a running switch, where packages below test the state machines: each
// leaves one CDR and nothing else (conformance §3).
func TestMessagesLostDoubledAndLate(t *testing.T) {
	for name, play := range map[string]func(alice, bob *siptest.Handset){
		"INVITE doubled":        func(alice, _ *siptest.Handset) { alice.Meddle(siptest.Rule{Match: "INVITE", Copies: 2}) },
		"our INVITE lost twice": func(_, bob *siptest.Handset) { bob.Meddle(lost("INVITE", 2)) },
		"180 doubled":           func(_, bob *siptest.Handset) { bob.Meddle(siptest.Rule{Match: "180", Copies: 12}) },
		"200 lost on the way out": func(alice, _ *siptest.Handset) {
			alice.Meddle(lost("200 INVITE", 2))
		},
		"200 doubled":     func(_, bob *siptest.Handset) { bob.Meddle(siptest.Rule{Match: "200 INVITE", Copies: 3}) },
		"ACK lost":        func(alice, _ *siptest.Handset) { alice.Meddle(siptest.Rule{Match: "ACK", Times: 2, Drop: true}) },
		"our ACK lost":    func(_, bob *siptest.Handset) { bob.Meddle(lost("ACK", 2)) },
		"BYE doubled":     func(alice, _ *siptest.Handset) { alice.Meddle(siptest.Rule{Match: "BYE", Copies: 2}) },
		"our BYE lost":    func(_, bob *siptest.Handset) { bob.Meddle(lost("BYE", 2)) },
		"200 to BYE lost": func(_, bob *siptest.Handset) { bob.Meddle(siptest.Rule{Match: "200 BYE", Times: 1, Drop: true}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAnnex(t, annexOptions{})
			alice, bob := a.phone("p01"), a.phone("p02")
			play(alice, bob)
			out, in := a.talk(alice, bob)
			alive(t, out, in)
			if res := out.Bye(); res.StatusCode != 200 {
				t.Errorf("BYE: %s", res.StartLine())
			}
			in.ExpectBye()
			if row := a.seen.cdr(t, out); row.Disposition != store.DispositionAnswered || row.Cause != "normal" || row.EndedBy != "caller" {
				t.Errorf("on record is %+v", row)
			}
			a.settled(10 * time.Second)
		})
	}
}

// lost drops what comes in, so many times.
func lost(what string, times int) siptest.Rule {
	return siptest.Rule{Match: what, Received: true, Times: times, Drop: true}
}

// What comes for a dialog that is over, or that nobody knows, gets 481 and makes nothing; what no dialog understands gets
// 405 or 501 and harms nothing.
func TestRequestsThatFitNoDialog(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{})
	alice, bob := a.phone("p01"), a.phone("p02")
	out, in := a.talk(alice, bob)
	for _, method := range []string{"NONSENSE", "SUBSCRIBE", "PUBLISH"} {
		if res := out.Ask(method, ""); res.StatusCode < 400 || res.StatusCode >= 600 {
			t.Errorf("%s in a dialog gets %s", method, res.StartLine())
		}
	}
	alive(t, out, in)
	out.Bye()
	in.ExpectBye()
	for _, method := range []string{"BYE", "NOTIFY", "INFO", "OPTIONS", "UPDATE", "INVITE"} {
		if res := out.Ask(method, ""); res.StatusCode != 481 {
			t.Errorf("%s after BYE gets %s, want 481", method, res.StartLine())
		}
	}
	out.Ack() // late, for nothing
	a.settled(10 * time.Second)
	if n := a.calls.Stats().Total; n != 1 {
		t.Errorf("there were %d calls, want 1", n)
	}
}

// A caller cancels at the instant the phone answers, again and again: whoever is faster, there is one CDR and no call is
// left (CANCEL crossing 200: ACK, then BYE).
func TestCancelAgainstAnswer(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{})
	alice, bob := a.phone("p01"), a.phone("p02")
	for range 60 {
		out := alice.Invite("p02")
		in := bob.ExpectCall()
		in.Ring(1)
		out.Expect(180)
		in.Answer()
		out.Cancel()
		switch res := out.ExpectFinal(); res.StatusCode {
		case 487:
		case 200:
			out.Bye()
		default:
			t.Errorf("the caller got %s", res.StartLine())
		}
		in.ExpectBye()
		row := a.seen.cdr(t, out)
		if row.Disposition != store.DispositionAnswered && row.Disposition != store.DispositionCanceled {
			t.Errorf("on record is %+v", row)
		}
	}
	a.settled(10 * time.Second)
}
