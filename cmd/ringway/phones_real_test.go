//go:build real

package main

import (
	"testing"
	"time"

	"ringway/store"
)

// conversation is how long tones flow both ways before anybody hangs up.
const conversation = 4 * time.Second

// The first call: a customer of the app, with Opus, reaches an agent at a desk phone and both hear each other.
func TestCustomerAndAgentHearEachOther(t *testing.T) {
	for name, agent := range map[string]voice{"PCMU": pcmuVoice, "G722": g722Voice} {
		t.Run("OpusTo"+name, func(t *testing.T) {
			t.Parallel()
			s := startSite(t)
			mei := s.phone(agent, "mei")
			mei.dial("*45")
			mei.expect("CALL_CLOSED")
			s.becomes("mei", store.Available)
			c := s.app(opusVoice, "c-1001", "zh-TW")
			c.dial("sip:help@app.wayfare.example")
			mei.expect("CALL_ESTABLISHED")
			time.Sleep(conversation)
			c.hangup()
			mei.expect("CALL_CLOSED")
			hears(t, "the customer", c, agent)
			hears(t, "the agent", mei, opusVoice)
			s.idle()
			s.written()
			if got := s.column("SELECT kind || ' ' || disposition FROM calls ORDER BY started"); got != "service answered, customer answered" {
				t.Errorf("on record: %s", got)
			}
			if n := s.count("SELECT MIN(packets) FROM legs WHERE call = (SELECT id FROM calls WHERE kind = 'customer')"); n < 150 {
				t.Errorf("a leg heard %d packets", n)
			}
		})
	}
}

func TestColleaguesHearEachOther(t *testing.T) {
	for _, v := range []struct {
		name           string
		caller, callee voice
	}{
		{"RelayPCMU", guestTone, pcmuVoice},
		{"PCMUToG722", guestTone, g722Voice},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			s := startSite(t)
			mei, wei := s.phone(v.caller, "mei"), s.phone(v.callee, "wei")
			mei.dial("202")
			wei.expect("CALL_ESTABLISHED")
			time.Sleep(conversation)
			mei.hangup()
			wei.expect("CALL_CLOSED")
			hears(t, "mei", mei, v.callee)
			hears(t, "wei", wei, v.caller)
			if c := s.onlyCall(); c.Kind != store.Internal {
				t.Errorf("the call is of kind %s", c.Kind)
			}
		})
	}
}

func TestAgentJoinsAndPausesByDialling(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	mei := s.phone(pcmuVoice, "mei")
	for _, step := range []struct {
		code  string
		state store.AgentBucket
		why   string
	}{
		{"*45", store.Available, ""},
		{"*48", store.NotReady, "break"},
		{"*49", store.Available, ""},
		{"*46", store.Offline, ""},
	} {
		mei.dial(step.code)
		mei.expect("CALL_CLOSED")
		s.becomes("mei", step.state)
		if got := s.agent("mei").Reason; got != step.why {
			t.Errorf("after %s the reason is %q, want %q", step.code, got, step.why)
		}
	}
}
