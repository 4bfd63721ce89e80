package node

import (
	"slices"
	"testing"

	"ringway/store"
)

// queuesOf lists the queues that an agent serves by the events. The lock is held.
func (b *board) queuesOf(agent string) []string {
	joined := map[string]bool{}
	for _, e := range b.events[""] {
		if e.Kind == store.AgentQueue && e.Agent == agent {
			joined[e.Queue] = e.State == "join"
		}
	}
	var out []string
	for q, in := range joined {
		if in {
			out = append(out, q)
		}
	}
	slices.Sort(out)
	return out
}

func (o *office) wantQueues(agent string, queues ...string) {
	o.t.Helper()
	if !o.b.within(patience, func() bool { return slices.Equal(o.b.queuesOf(agent), queues) }) {
		o.t.Errorf("%s serves other queues than %v", agent, queues)
	}
}

func TestAgentsJoinPauseAndLeaveByDialling(t *testing.T) {
	o := openOffice(t)
	p := o.phone("zh1")
	o.dial(p, "*45700")
	o.wantQueues("zh1", "help")
	o.want("zh1", store.Available)
	o.dial(p, "*45")
	o.wantQueues("zh1", "help", "urgent")
	o.dial(p, "*48")
	o.want("zh1", store.NotReady)
	if reason := o.state("zh1").Reason; reason != "break" {
		t.Errorf("paused for %q", reason)
	}
	waiting := o.customer("zh-TW").Invite("help")
	waiting.Expect(200)
	o.event(waiting, store.VisitEnter, "")
	if got := o.offers(waiting); len(got) > 0 {
		t.Errorf("a call was offered to %v, who paused", got)
	}
	o.dial(p, "*49")
	in := p.ExpectCall()
	in.Ring(1)
	in.Answer()
	in.ExpectAck()
	waiting.Bye()
	in.ExpectBye()
	o.dial(p, "*46")
	o.want("zh1", store.Offline)
	o.wantQueues("zh1")
	o.quiet(patience)
	o.silent()
}

func TestHotDesk(t *testing.T) {
	o := openOffice(t)
	hall := o.phone("hall")
	takes := func(number, pin string) {
		t.Helper()
		c := hall.Invite("*47")
		c.Expect(200)
		for _, d := range number + "#" + pin + "#" {
			c.SendDigit(byte(d))
		}
		c.ExpectBye()
	}
	takes("201", "1234")
	takes("201", "4711")
	o.dial(hall, "*45")
	o.want("zh1", store.Available)
	_, in := o.talk(o.customer("zh-TW"), "help", hall)
	in.Bye()
	o.want("zh1", store.Available)
	wrong := 0
	o.b.within(0, func() bool {
		for _, events := range o.b.events {
			for _, e := range events {
				if e.Kind == store.UserEvent && e.State == "wrong_pin" {
					wrong++
				}
			}
		}
		return true
	})
	if wrong != 1 {
		t.Errorf("%d wrong pins were heard of, want 1", wrong)
	}
	o.quiet(patience)
	o.silent()
}

func TestASecondDialogMakesBusy(t *testing.T) {
	o := openOffice(t)
	zh1, en1 := o.agent("zh1"), o.phone("en1")
	chat := en1.Invite("201")
	in := zh1.ExpectCall()
	in.Ring(1)
	in.Answer()
	chat.Expect(200)
	o.want("zh1", store.Outbound)
	waiting := o.customer("zh-TW").Invite("help")
	waiting.Expect(200)
	o.event(waiting, store.VisitStep, "2") // everybody is wanted by now
	if got := o.offers(waiting); len(got) > 0 {
		t.Errorf("a call was offered to %v, who talks", got)
	}
	chat.Bye()
	in.ExpectBye()
	rung := zh1.ExpectCall()
	rung.Ring(1)
	rung.Answer()
	o.event(waiting, store.VisitConnect, "")
	rung.Bye()
	waiting.ExpectBye()
	if row := o.over(chat); row.Kind != store.Internal {
		t.Errorf("a call between phones is of kind %s", row.Kind)
	}
	o.quiet(patience)
	o.silent()
}
