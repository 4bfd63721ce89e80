package node

import (
	"strings"
	"testing"
	"time"

	"ringway/console"
	"ringway/sip/siptest"
	"ringway/store"
	"ringway/store/report"
)

func TestTheCallerKeepsThePlaceThroughMisses(t *testing.T) {
	o := openOffice(t)
	zh1 := o.agent("zh1")
	zh2 := o.agent("zh2")
	zh3 := o.agent("zh3")
	first, second := o.customer("zh-TW"), o.customer("zh-TW")
	a := first.Invite("help")
	a.Expect(200)
	o.offered(a, "zh1")
	in := zh1.ExpectCall()
	in.Ring(1)
	in.Decline(603)
	in = zh2.ExpectCall()
	in.Ring(1)
	in.Decline(600)
	in = zh3.ExpectCall()
	in.Ring(1)
	o.event(a, store.OfferRinging, "")
	b := second.Invite("help")
	b.Expect(200)
	o.offered(b, "zh2") // who was busy rests 200 ms; zh1 300 ms
	other := zh2.ExpectCall()
	other.Ring(1)
	o.event(b, store.OfferRinging, "")
	in.Answer()
	o.event(a, store.VisitConnect, "")
	a.Bye()
	in.ExpectBye()
	if got := o.offers(a); len(got) != 3 || got[2] != "zh3" {
		t.Errorf("offered to %v", got)
	}
	b.Bye()
	other.ExpectCancel()
	o.quiet(patience)
	o.silent()
}

// TestEachMissHasItsConsequence: what the answer of a phone makes of its agent.
func TestEachMissHasItsConsequence(t *testing.T) {
	o := openOffice(t)
	zh1 := o.agent("zh1")
	for _, c := range []struct {
		name    string
		miss    func(*siptest.Call)
		outcome store.OfferOutcome
		state   store.AgentBucket
		act     func()
	}{
		{"declines", func(c *siptest.Call) { c.Ring(1); c.Decline(603) }, store.Declined, store.Available, func() { o.dial(zh1, "*49") }},
		{"is away", func(c *siptest.Call) { c.Ring(1); c.Decline(480) }, store.Declined, store.Available, func() { o.dial(zh1, "*49") }},
		{"presses reject", func(c *siptest.Call) { c.Ring(1); c.Decline(486) }, store.Declined, store.Available, func() { o.dial(zh1, "*49") }},
		{"sends elsewhere", func(c *siptest.Call) { c.Decline(302, "Contact: <sip:zh2@wayfare.example>\r\n") }, store.Declined, store.Available,
			func() { o.dial(zh1, "*49") }},
		{"is busy everywhere", func(c *siptest.Call) { c.Ring(1); c.Decline(600) }, store.Busy, store.Available, func() {}},
		{"lets it ring", func(c *siptest.Call) { c.Ring(1); c.ExpectCancel() }, store.NoAnswer, store.NotResponding, func() { o.dial(zh1, "*49") }},
		{"has no codec", func(c *siptest.Call) { c.Ring(1); c.Decline(488) }, store.MediaFailed, store.NotResponding, func() { o.dial(zh1, "*49") }},
		{"is mute", func(*siptest.Call) {}, store.OfferUnreachable, store.Unreachable, func() { zh1.Register() }},
	} {
		caller := o.customer("zh-TW").Invite("help")
		caller.Expect(200)
		in := zh1.ExpectCall()
		c.miss(in)
		o.event(caller, store.OfferEnd, string(c.outcome))
		caller.Bye()
		o.event(caller, store.VisitLeave, string(store.Abandoned))
		o.want("zh1", c.state)
		c.act()
		o.want("zh1", store.Available)
		if t.Failed() {
			t.Fatalf("who %s", c.name)
		}
	}
	o.monitored()
}

func TestTheSearchWidens(t *testing.T) {
	o := openOffice(t)
	ja1, en1 := o.agent("ja1"), o.agent("en1")
	o.dial(ja1, "*48")
	a := o.customer("ja").Invite("help") // step 0: Japanese; she paused. Step 1: nobody speaks a little. Step 2: anyone
	a.Expect(200)
	in := en1.ExpectCall()
	in.Answer()
	o.event(a, store.VisitConnect, "")
	if v := o.visit(a); v.Steps != 3 || v.Leave.Sub(v.Enter) < 900*time.Millisecond {
		t.Errorf("anyone was wanted at step %d after %s", v.Steps, v.Leave.Sub(v.Enter))
	}
	in.Bye()
	a.ExpectBye()
	o.quiet(patience)
	o.silent()
}

func TestAHeadStartGoesBeforeALongerWait(t *testing.T) {
	o := openOffice(t)
	plain := o.customer("zh-TW").Invite("help")
	plain.Expect(200)
	o.event(plain, store.VisitEnter, "")
	vip := o.customer("zh-TW").Invite("vip")
	vip.Expect(200)
	claimed := o.app(console.MintRequest{Subject: "c-1", Claims: store.Claims{Language: "zh-TW", Priority: time.Minute}}).Invite("help")
	claimed.Expect(200)
	o.event(claimed, store.VisitEnter, "")
	o.event(vip, store.VisitEnter, "")
	zh1 := o.phone("zh1")
	o.dial(zh1, "*45")
	for _, caller := range []*siptest.Call{claimed, vip, plain} {
		in := zh1.ExpectCall()
		in.Answer()
		o.event(caller, store.VisitConnect, "")
		in.Bye()
		caller.ExpectBye()
	}
	o.quiet(patience)
	o.silent()
}

func TestRingAllHasOneWinner(t *testing.T) {
	o := openOffice(t)
	var phones []*siptest.Handset
	for _, name := range []string{"zh1", "zh2", "zh3"} {
		phones = append(phones, o.agent(name))
	}
	a := o.customer("zh-TW").Invite("urgent")
	a.Expect(200)
	var rung []*siptest.Call
	for _, p := range phones {
		in := p.ExpectCall()
		in.Ring(1)
		rung = append(rung, in)
	}
	o.b.until(t, "three phones ring", func() bool {
		n := 0
		for _, e := range o.b.events[o.b.calls[a.ID]] {
			if e.Kind == store.OfferRinging {
				n++
			}
		}
		return n == 3
	})
	rung[1].Answer()
	rung[2].Answer() // a moment too late
	o.event(a, store.VisitConnect, "")
	var won string
	for _, e := range o.events(a) {
		if e.Kind == store.VisitConnect {
			won = e.Agent
		}
	}
	if won != "zh2" && won != "zh3" {
		t.Fatalf("%s won", won)
	}
	rung[0].ExpectCancel()
	o.want("zh1", store.Available)
	a.Bye()
	if won == "zh2" {
		rung[1].ExpectBye()
	} else {
		rung[2].ExpectBye()
	}
	outcomes := map[store.OfferOutcome]int{}
	o.over(a)
	for _, e := range o.events(a) {
		if e.Kind == store.OfferEnd {
			outcomes[store.OfferOutcome(e.State)]++
		}
	}
	if outcomes[store.Answered] != 1 || outcomes[store.LostRace] != 2 {
		t.Errorf("outcomes %v", outcomes)
	}
	o.quiet(patience)
	o.silent()
}

func TestPreviewFallsBackToRing(t *testing.T) {
	o := openOffice(t)
	ja1 := o.agent("ja1")
	a, in := o.talk(o.customer("ja"), "preview", ja1)
	found := false
	for _, e := range o.events(a) {
		found = found || e.Kind == store.OfferStart && e.Reason == "preview_without_desk"
	}
	if !found {
		t.Error("the record does not say that preview fell back to ring")
	}
	a.Bye()
	in.ExpectBye()
	o.want("ja1", store.Available) // no wrap-up there
	o.quiet(patience)
	o.silent()
}

// TestResultsOfAQueueBranch: the dialplan goes where `on:` says.
func TestResultsOfAQueueBranch(t *testing.T) {
	o := openOffice(t)
	late := o.customer("en").Invite("quiet")
	late.Expect(200)
	key := o.customer("en").Invite("quiet")
	key.Expect(200)
	third := o.customer("en").Invite("quiet")
	third.Expect(200)
	for _, c := range []*siptest.Call{late, key, third} {
		o.event(c, store.VisitEnter, "")
	}
	full := o.customer("en").Invite("quiet")
	full.Expect(200)
	key.SendDigit('1')
	empty := o.customer("en").Invite("closed")
	empty.Expect(200)
	third.Bye()
	for c, want := range map[*siptest.Call]string{late: "late", key: "key", full: "full", empty: "empty"} {
		c.ExpectBye()
		o.event(c, store.UserEvent, want)
	}
	for c, want := range map[*siptest.Call]store.VisitResult{late: store.TimedOut, key: store.Key, full: store.Full, empty: store.Empty, third: store.Abandoned} {
		o.event(c, store.VisitLeave, string(want))
	}
	o.quiet(patience)
	o.silent()
}

// TestWhoHasNoShiftIsToldAndPassedOver where the queue requires one: she has joined, and explain says why she gets nothing.
func TestWhoHasNoShiftIsToldAndPassedOver(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	other := strings.ToLower(time.Now().In(zone).AddDate(0, 0, 3).Weekday().String()[:3])
	o := openOffice(t, edit{"queues.yaml", "  flights:\n", "  flights:\n    require_shift: true\n"},
		edit{"people.yaml", "phones: [fly1]}", "phones: [fly1], shifts: [{days: " + other + ", hours: \"09:00-18:00\"}]}"})
	fly1 := o.phone("fly1")
	o.dial(fly1, "*45701")
	o.wantQueues("fly1", "flights")
	a := o.customer("en").Invite("flights")
	a.Expect(200)
	o.event(a, store.VisitStep, "1")
	a.Bye()
	o.over(a)
	if why := o.explain(); !strings.Contains(why, "off shift") || !strings.Contains(why, "fly1") {
		t.Errorf("explain says\n%s", why)
	}
}

// TestWhoDeclinedACallerIsNotAskedAgain for a while, though she is free: explain says so.
func TestWhoDeclinedACallerIsNotAskedAgain(t *testing.T) {
	o := openOffice(t, edit{"queues.yaml", "declined_caller: 800ms", "declined_caller: 5s"})
	zh1 := o.agent("zh1")
	a := o.customer("zh-TW").Invite("help")
	a.Expect(200)
	in := zh1.ExpectCall()
	in.Ring(1)
	in.Decline(603)
	o.event(a, store.VisitStep, "2") // her rest is over by now
	a.Bye()
	o.over(a)
	o.offered(a, "zh1")
	if why := o.explain(); !strings.Contains(why, "declined this very caller") {
		t.Errorf("explain says\n%s", why)
	}
}

// explain is what `ringway explain call` says of the calls so far.
func (o *office) explain() string {
	o.t.Helper()
	o.post.settle()
	o.b.mu.Lock()
	defer o.b.mu.Unlock()
	var text strings.Builder
	if err := (report.Words{}).WriteCall(&text, o.b.decisions); err != nil {
		o.t.Fatal(err)
	}
	return text.String()
}

// visit is the last visit of a call.
func (o *office) visit(c *siptest.Call) store.Visit {
	o.b.mu.Lock()
	defer o.b.mu.Unlock()
	for _, v := range o.b.visits {
		if v.Call == o.b.calls[c.ID] {
			return v
		}
	}
	return store.Visit{}
}
