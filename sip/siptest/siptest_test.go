package siptest_test

import (
	"testing"

	"go.uber.org/goleak"

	"ringway/sip/siptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pair is two phones that call each other directly.
func pair(t *testing.T) (mei, tom *siptest.Handset) {
	tom = siptest.NewPhone(t, siptest.Phone{User: "tom", Server: "127.0.0.1:9"})
	mei = siptest.NewPhone(t, siptest.Phone{User: "mei", Server: tom.Addr()})
	tom.Server = mei.Addr()
	return mei, tom
}

func TestCallWithTones(t *testing.T) {
	mei, tom := pair(t)
	out := mei.Invite("tom")
	in := tom.ExpectCall()
	in.Ring(3)
	out.Expect(180)
	in.Answer()
	out.Expect(200)
	in.ExpectAck()
	out.Send(440)
	in.Send(1000)
	in.WantTone(t, 440)
	out.WantTone(t, 1000)
	if got := out.Hears(440, 700); got != 0 {
		t.Errorf("heard %v Hz that nobody sent", got)
	}
	out.SendDigit('7')
	if res := out.Reinvite("sendonly"); res.StatusCode != 200 {
		t.Errorf("hold: %s", res.StartLine())
	}
	if res := in.Bye(); res.StatusCode != 200 {
		t.Errorf("BYE: %s", res.StartLine())
	}
	out.ExpectBye()
	if in.Digits() != "7" {
		t.Errorf("digits %q", in.Digits())
	}
}

func TestDecline(t *testing.T) {
	mei, tom := pair(t)
	out := mei.Invite("tom")
	in := tom.ExpectCall()
	in.Decline(486)
	out.Expect(486)
	in.ExpectAck()
}

func TestCancel(t *testing.T) {
	mei, tom := pair(t)
	out := mei.Invite("tom")
	in := tom.ExpectCall()
	in.Ring(1)
	out.Expect(180)
	out.Cancel()
	in.ExpectCancel()
	out.Expect(487)
	in.ExpectAck()
}

func TestMeddling(t *testing.T) {
	mei, tom := pair(t)
	mei.Meddle(siptest.Rule{Match: "ACK", Times: 1, Drop: true})
	tom.Meddle(siptest.Rule{Match: "180", Copies: 2})
	tom.Meddle(siptest.Rule{Match: "INVITE", Received: true, Times: 1, Drop: true}) // it comes again after 500 ms
	out := mei.Invite("tom")
	in := tom.ExpectCall()
	in.Ring(1)
	for range 3 {
		out.Expect(180)
	}
	in.Answer()
	out.Expect(200)
	in.ExpectAck() // of the repeated 200
	out.Bye()
	in.ExpectBye()
}
