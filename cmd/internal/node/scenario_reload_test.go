package node

import (
	"context"
	"strings"
	"testing"
	"time"

	"ringway/sip/siptest"
	"ringway/store"
)

// reload applies edits to the running switch.
func (o *office) reload(wanted bool, edits ...edit) {
	o.t.Helper()
	o.edit(edits...)
	if r := o.n.Reload(context.Background()); r.Applied != wanted {
		o.t.Fatalf("applied %t, want %t: %s %s", r.Applied, wanted, r.Changes, r.Report)
	}
}

// TestReloadWhileCallsAreUp: a call keeps the plan that it started with, waiting callers meet the new queue, and who talks is not
// touched.
func TestReloadWhileCallsAreUp(t *testing.T) {
	o := openOffice(t)
	zh1, ja1 := o.agent("zh1"), o.agent("ja1")
	o.dial(ja1, "*48")
	talking, in := o.talk(o.customer("zh-TW"), "help", zh1)
	waiting := o.customer("ja").Invite("quiet") // with the results of the old plan
	waiting.Expect(200)
	second := o.customer("ja").Invite("help")
	second.Expect(200)
	o.event(waiting, store.VisitEnter, "")
	o.event(second, store.VisitEnter, "")
	o.reload(true,
		edit{"queues.yaml", `"role == 'manager'"`, `"role == 'agent' and team == 'tokyo'"`},
		edit{"queues.yaml", "max_wait: 700ms", "max_wait: 10s"},
		edit{"dialplan/10-customers.yaml", "timeout: \"help,late\", full: \"help,full\", key: \"help,key\"", "timeout: \"help,full\", full: \"help,full\", key: \"help,full\""})
	o.dial(ja1, "*45") // the queue is new to her
	o.dial(ja1, "*49")
	rung := ja1.ExpectCall() // second waited with the longer list; whoever it is, one of both
	rung.Ring(1)
	rung.Answer()
	o.b.until(t, "one of both is helped", func() bool {
		return o.b.has(waiting.ID, store.VisitConnect, "") || o.b.has(second.ID, store.VisitConnect, "")
	})
	o.b.mu.Lock()
	helped, other := waiting, second
	if o.b.has(second.ID, store.VisitConnect, "") {
		helped, other = second, waiting
	}
	o.b.mu.Unlock()
	if talking.Ended() || in.Ended() {
		t.Error("the reload ended a conversation")
	}
	helped.Bye()
	rung.ExpectBye()
	rung = ja1.ExpectCall()
	rung.Ring(1)
	rung.Answer()
	o.event(other, store.VisitConnect, "")
	other.Bye()
	rung.ExpectBye()
	in.Bye()
	talking.ExpectBye()
	if was, is := o.over(waiting).PlanVersion, o.n.config().Version; was == is || was == "" {
		t.Errorf("a call that began before the reload is pinned to %s, now %s", was, is)
	}
	o.quiet(patience)
	o.monitored()
}

// TestOldPlanAfterReload: the branch that a call takes is the one that it started with.
func TestOldPlanAfterReload(t *testing.T) {
	o := openOffice(t)
	old := o.customer("en").Invite("quiet")
	old.Expect(200)
	o.event(old, store.VisitEnter, "")
	o.reload(true, edit{"dialplan/10-customers.yaml", `on: {timeout: "help,late", full: "help,full", key: "help,key"`, `on: {timeout: "help,full", full: "help,full", key: "help,key"`})
	young := o.customer("en").Invite("quiet")
	young.Expect(200)
	for c, want := range map[*siptest.Call]string{old: "late", young: "full"} {
		c.ExpectBye()
		o.event(c, store.UserEvent, want)
	}
	o.quiet(patience)
	o.silent()
}

func TestARemovedQueueCloses(t *testing.T) {
	o := openOffice(t, edit{"queues.yaml", "max_wait: 700ms\n    max_length: 3", "max_wait: 60s\n    max_length: 3"}) // however long the reload takes
	waiting := o.customer("en").Invite("quiet")
	waiting.Expect(200)
	o.event(waiting, store.VisitEnter, "")
	o.reload(true,
		edit{"queues.yaml", "\n  quiet:\n    number: \"704\"", "\n  calm:\n    number: \"704\""},
		edit{"dialplan/10-customers.yaml", "- queue: quiet", "- queue: calm"})
	waiting.ExpectBye()
	o.event(waiting, store.VisitLeave, string(store.Closed))
	o.event(waiting, store.UserEvent, "closed")
	o.quiet(patience)
	o.silent()
}

// TestARefusedReloadChangesNothing: neither a mistake nor a change that needs a restart.
func TestARefusedReloadChangesNothing(t *testing.T) {
	o := openOffice(t)
	zh1 := o.agent("zh1")
	out, in := o.talk(o.customer("zh-TW"), "help", zh1)
	before := o.n.config().Version
	o.reload(false, edit{"queues.yaml", "ring_time: 1s", "ring_time: soon"})
	o.edit(edit{"queues.yaml", "ring_time: soon", "ring_time: 1s"}, edit{"ringway.yaml", "realm: wayfare.example", "realm: other.example"})
	if r := o.n.Reload(context.Background()); r.Applied || !strings.Contains(r.Report, "needs a restart") {
		t.Errorf("a new realm is applied %t: %s", r.Applied, r.Report)
	}
	if o.n.config().Version != before {
		t.Error("a refused reload changed the configuration")
	}
	out.Send(440)
	in.WantTone(t, 440)
	out.Bye()
	in.ExpectBye()
	_, in = o.talk(o.customer("zh-TW"), "help", zh1)
	in.Bye()
	o.quiet(patience)
	o.silent()
}

// TestAPersonWhoLeavesFinishesHerCall: removed from people.yaml, she talks on, and is offline after the wrap-up.
func TestAPersonWhoLeavesFinishesHerCall(t *testing.T) {
	o := openOffice(t)
	zh3 := o.agent("zh3")
	out, in := o.talk(o.customer("zh-TW"), "help", zh3)
	o.reload(true, edit{"people.yaml",
		"  - {id: zh3, name: Zia,  team: taipei, role: agent, languages: {zh-TW: 5, en: 2}, regions: [TW], zone: Asia/Taipei, phones: [zh3]}\n", ""})
	time.Sleep(50 * time.Millisecond)
	if in.Ended() || !o.b.within(0, func() bool { return o.b.is("zh3", store.Talk) }) {
		t.Error("her call did not survive the reload")
	}
	out.Bye()
	in.ExpectBye()
	o.want("zh3", store.Offline)
	o.quiet(patience)
	o.silent()
}
