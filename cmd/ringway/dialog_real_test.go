//go:build real

package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/store"
)

func TestCancelWhileRinging(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	mei := s.agentPhone("mei", "agent-silent")
	s.call("customer-cancels", "mei").succeed()
	mei.succeed()
	if c := s.onlyCall(); c.Disposition != store.DispositionCanceled || c.EndedBy != "caller" || c.Status != 487 {
		t.Errorf("on record is %+v", c)
	}
}

func TestRedirectionIsFollowedByDialOnly(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	moved := []string{"{{status}}", "302 Moved Temporarily", "{{contact}}", "<sip:wei@wayfare.example>"}
	mei := s.agentPhone("mei", "agent-refuses", moved...)
	wei := s.agentPhone("wei", "agent", "{{ring}}", "100")
	s.call("customer", "mei", "{{talk}}", "1000").succeed()
	mei.succeed()
	wei.succeed()
	c := s.onlyCall()
	if got := s.column("SELECT account || ' ' || CASE WHEN answered IS NULL THEN status ELSE 'answered' END FROM legs WHERE direction = 'out' ORDER BY started"); got != "mei 302, wei answered" {
		t.Errorf("legs of %s: %s", c.ID, got)
	}
}

func TestRedirectionAwayIsNotFollowed(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	mei := s.agentPhone("mei", "agent-refuses", "{{status}}", "302 Moved Temporarily", "{{contact}}", "<sip:+15550100@"+carrierIP+">")
	s.call("customer-refused", "mei", "{{status}}", "486", "{{sdp}}", goodOffer).succeed()
	mei.succeed()
	if got := s.column("SELECT account || trunk FROM legs WHERE direction = 'out' AND call = ?", s.onlyCall().ID); got != "mei" {
		t.Errorf("called were: %s", got)
	}
}

func TestRepeatedInviteIsOneCall(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	s.call("customer-repeats", "menu").succeed()
	if c := s.onlyCall(); c.Disposition != store.DispositionAnswered {
		t.Errorf("on record is %+v", c)
	}
}

// T1 is 500 ms: the 200 is sent at 0, 0.5, 1.5, 3.5, 7.5, 11.5 … 31.5 s, BYE follows at 32 s.
func TestLostAck(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	began := time.Now()
	p := s.call("customer-deaf", "help")
	p.succeed()
	if took := time.Since(began); took < 31*time.Second || took > 36*time.Second {
		t.Errorf("BYE came after %s", took)
	}
	got := p.received()
	if n := len(slices.DeleteFunc(slices.Clone(got), func(l string) bool { return l != "SIP/2.0 200 OK" })); n != 11 {
		t.Errorf("200 came %d times, want 11: %q", n, got)
	}
	if last := got[len(got)-1]; !strings.HasPrefix(last, "BYE ") {
		t.Errorf("the last message was %q", last)
	}
	if c := s.onlyCall(); c.Cause != "no_ack" || c.EndedBy != "switch" {
		t.Errorf("on record is %+v", c)
	}
}

func TestDigitByInfo(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	s.call("customer-info", "menu", "{{key}}", "1").succeed()
	s.onlyCall()
	if got := s.column("SELECT state || ' ' || data FROM events WHERE kind = 'user.event'"); got != `pressed {"key":"1"}` {
		t.Errorf("the dialplan reported: %s", got)
	}
}

// The customer hears music in the queue and on hold, and nothing of ours in between.
func TestHoldPlaysMusic(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	ear := newEar(t, carrierIP)
	mei := s.agentPhone("mei", "agent-holds", "{{talk}}", "2500", "{{hold}}", "3000")
	customer := s.call("customer", "help", "{{talk}}", "9000", "[media_port]", ear.port())
	s.becomes("mei", store.Talk)
	ear.silent(t)
	s.becomes("mei", store.Hold)
	ear.hearsMusic(t)
	s.becomes("mei", store.Talk)
	ear.silent(t)
	customer.succeed()
	mei.succeed()
	s.onlyCall()
	if got := s.column("SELECT kind FROM events WHERE kind IN ('leg.hold', 'leg.resume') ORDER BY at"); got != "leg.hold, leg.resume" {
		t.Errorf("events: %s", got)
	}
}
