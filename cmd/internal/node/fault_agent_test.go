package node

import (
	"testing"
	"time"

	"ringway/store"
)

// An agent's phone dies while it rings: the caller keeps the place and is offered to the next agent within one ring cycle;
// the dead phone is not offered again.
func TestAgentsPhoneDiesWhileItRings(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{})
	customer := a.phone("p01")
	mei := a.agent("mei")
	call := customer.Invite("700")
	ringing := mei.ExpectCall()
	ringing.Ring(1)
	tom := a.agent("tom")
	mei.Close()
	died := time.Now()
	next := tom.ExpectCall()
	if d := time.Since(died); d > 4*time.Second {
		t.Errorf("the next agent was rung after %v, ring time is 2 s", d)
	}
	next.Answer()
	call.Expect(200)
	next.ExpectAck()
	alive(t, call, next)
	if s := a.stateOf("mei"); s != store.NotResponding {
		t.Errorf("the agent of the dead phone is %s", s)
	}
	second := a.phone("p02").Invite("700") // tom talks, and mei's phone is dead: nobody is offered it
	second.Expect(200)
	eventually(t, 5*time.Second, "the second caller waits", func() bool { return a.waiting() == 1 })
	call.Bye()
	next.ExpectBye()
	again := tom.ExpectCall()
	again.Answer()
	again.ExpectAck()
	second.Bye()
	again.ExpectBye()
	if got := a.offersTo("mei"); got != 1 {
		t.Errorf("mei had %d offers, want 1", got)
	}
}

// An agent's phone dies in the conversation: what the caller sent last goes nowhere, the switch asks the phone whether it
// lives and ends the call when no answer comes, and the agent is not offered another one meanwhile.
func TestAgentsPhoneDiesWhileTalking(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{rtp: "timeout: 1s"})
	customer, mei := a.phone("p01"), a.agent("mei")
	customer.Patience = 60 * time.Second
	call := customer.Invite("700")
	talking := mei.ExpectCall()
	talking.Answer()
	call.Expect(200)
	talking.ExpectAck()
	alive(t, call, talking)
	mei.Close()
	second := a.phone("p02").Invite("700")
	second.Expect(200)
	call.ExpectBye() // after the 32 s that an unanswered OPTIONS takes
	if row := a.seen.cdr(t, call); row.Disposition != store.DispositionAnswered || row.EndedBy == "caller" {
		t.Errorf("on record is %+v", row)
	}
	if got := a.offersTo("mei"); got > 2 {
		t.Errorf("mei had %d offers", got)
	}
	second.Bye()
}

// waiting is how many callers wait in queues.
func (a *annex) waiting() int { return a.Status(a.t.Context()).Waiting }

// offersTo is how many offers an agent had.
func (a *annex) offersTo(agent string) (n int) {
	for _, e := range a.seen.all(store.OfferStart) {
		if e.Agent == agent {
			n++
		}
	}
	return n
}
