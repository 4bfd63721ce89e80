package node

import (
	"testing"
	"time"

	"ringway/store"
)

// TestHoldPlaysMusicTowardsTheOtherSide, and only the agent's hold counts as hold.
func TestHoldPlaysMusicTowardsTheOtherSide(t *testing.T) {
	o := openOffice(t)
	zh1 := o.agent("zh1")
	out, in := o.talk(o.customer("zh-TW"), "help", zh1)
	out.Send(440)
	in.Send(880)
	in.WantTone(t, 440)
	out.WantTone(t, 880)
	in.Reinvite("sendonly")
	o.want("zh1", store.Hold)
	out.Forget()
	if !heard(func() bool { return out.Packets() > 25 && out.Hears(880) != 880 }) {
		t.Errorf("the customer on hold heard %d packets, the agent's tone %v", out.Packets(), out.Hears(880))
	}
	in.Reinvite("sendrecv")
	o.want("zh1", store.Talk)
	out.WantTone(t, 880)
	out.Reinvite("sendonly")
	in.Forget()
	if !heard(func() bool { return in.Packets() > 25 && in.Hears(440) != 440 }) {
		t.Errorf("the agent on hold heard %d packets, the customer's tone %v", in.Packets(), in.Hears(440))
	}
	if !o.b.within(0, func() bool { return o.b.is("zh1", store.Talk) }) {
		t.Error("the customer's hold counts as the agent's")
	}
	out.Reinvite("sendrecv")
	in.WantTone(t, 440)
	in.Bye()
	out.ExpectBye()
	o.quiet(patience)
	o.silent()
}

// heard asks the ears of a phone until they tell, for at most five seconds.
func heard(told func() bool) bool {
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if told() {
			return true
		}
	}
	return false
}

// TestAPhoneThatForgotItsCallIsFound: it was switched off and on; silence makes the switch ask, and the answer ends the call.
func TestAPhoneThatForgotItsCallIsFound(t *testing.T) {
	o := openOffice(t, edit{"ringway.yaml", "address: 127.0.0.1}", "address: 127.0.0.1, timeout: 1s}"})
	zh1 := o.agent("zh1")
	out, in := o.talk(o.customer("zh-TW"), "help", zh1)
	out.Send(440)
	in.Send(880)
	in.WantTone(t, 440)
	out.WantTone(t, 880)
	in.Lose()
	out.ExpectBye()
	row := o.over(out)
	if row.EndedBy != "switch" || row.Disposition != store.DispositionAnswered || row.Cause != "dead" {
		t.Errorf("the call ended by %s, %s, %s", row.EndedBy, row.Disposition, row.Cause)
	}
	o.want("zh1", store.Available)
	o.quiet(patience)
	o.silent()
}

// TestARestartKeepsTheDaysFigures: who answered calls today has answered them after a restart.
func TestARestartKeepsTheDaysFigures(t *testing.T) {
	o := openOffice(t, edit{"queues.yaml", "rank: most_capable", "rank: [calls, idle]"})
	zh1, zh2 := o.agent("zh1"), o.agent("zh2")
	out, in := o.talk(o.customer("zh-TW"), "help", zh1)
	out.Bye()
	in.ExpectBye()
	o.over(out)
	o.want("zh1", store.Available)
	o.dial(zh2, "*49") // from now on zh1 is free the longest, and would be chosen if her call were forgotten
	o.listen = o.server
	o.close()
	o.start()
	zh1.ExpectOutside("OPTIONS")
	zh2.ExpectOutside("OPTIONS")
	o.want("zh1", store.Available)
	o.want("zh2", store.Available)
	out = o.customer("zh-TW").Invite("help")
	o.offered(out, "zh2")
	in = zh2.ExpectCall()
	in.Ring(1)
	in.Answer()
	out.Expect(200)
	out.Bye()
	in.ExpectBye()
	o.quiet(patience)
	o.silent()
}

// TestARestartKeepsAgentsAndProvesPhones: who was available is so again when her phone answers OPTIONS, who paused has paused, and
// who was in a call has wrap-up.
func TestARestartKeepsAgentsAndProvesPhones(t *testing.T) {
	o := openOffice(t, edit{"ringway.yaml", "limits: {", "limits: {max_expires: 1h, "})
	zh1, zh2, zh3, en1 := o.agent("zh1"), o.agent("zh2"), o.agent("zh3"), o.agent("en1")
	o.dial(zh2, "*48")
	o.want("zh2", store.NotReady)
	en1.Close() // switched off without a word
	o.dial(zh1, "*49")
	address := o.server
	o.close()
	o.listen = address
	o.start()
	zh1.ExpectOutside("OPTIONS")
	zh3.ExpectOutside("OPTIONS")
	o.want("zh1", store.Available)
	o.want("zh3", store.Available)
	o.want("zh2", store.NotReady)
	if is := o.state("en1").State; is != string(store.Unreachable) {
		t.Errorf("en1 is %s, though her phone said nothing since", is)
	}
	out, in := o.talk(o.customer("zh-TW"), "help", zh3) // zh1 dialled last: idle time outlives the restart
	if got := o.offers(out); len(got) != 1 || got[0] != "zh3" {
		t.Errorf("offered to %v: zh3 was free the longest", got)
	}
	out.Bye()
	in.ExpectBye()
	o.quiet(patience)
	o.silent()
}
