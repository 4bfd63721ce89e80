//go:build real

package main

import (
	"strings"
	"testing"

	"ringway/store"
)

func TestQueueCallEndedByTheCustomer(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	mei := s.agentPhone("mei", "agent", "{{ring}}", "200")
	s.call("customer", "help", "{{talk}}", "1500").succeed()
	mei.succeed()
	c := s.onlyCall()
	if c.Disposition != store.DispositionAnswered || c.EndedBy != "caller" || c.Kind != store.Customer || c.Trunk != "carrier" {
		t.Errorf("on record is %+v", c)
	}
	if got := s.offers(c.ID); got != "mei answered 200" {
		t.Errorf("offers were: %s", got)
	}
	s.becomes("mei", store.WrapUp)
}

func TestQueueCallEndedByTheAgent(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	mei := s.agentPhone("mei", "agent-ends", "{{talk}}", "500")
	s.call("customer-stays", "help").succeed()
	mei.succeed()
	if c := s.onlyCall(); c.Disposition != store.DispositionAnswered || c.EndedBy != "agent" || c.Cause != "normal" {
		t.Errorf("on record is %+v", c)
	}
}

// Each way in which Mei's phone does not take the call sends the customer to Wei, who keeps the place.
func TestMissesGoToTheNextAgent(t *testing.T) {
	for _, miss := range []struct {
		name, file, status string
		offers             string
		mei                store.AgentBucket // afterwards
	}{
		{"Busy", "agent-refuses", "486 Busy Here", "mei declined 486, wei answered 200", store.Available},
		{"BusyEverywhere", "agent-refuses", "600 Busy Everywhere", "mei busy 600, wei answered 200", store.Available},
		{"Declined", "agent-refuses", "603 Decline", "mei declined 603, wei answered 200", store.Available},
		{"Redirected", "agent-refuses", "302 Moved Temporarily", "mei declined 302, wei answered 200", store.Available},
		{"Failed", "agent-refuses", "500 Broken", "mei no_answer 500, wei answered 200", store.NotResponding},
		{"NoAnswer", "agent-silent", "", "mei no_answer 408, wei answered 200", store.NotResponding},
		{"MediaFailed", "agent-refuses", "488 Not Acceptable Here", "mei media_failed 488, wei answered 200", store.NotResponding},
	} {
		t.Run(miss.name, func(t *testing.T) {
			t.Parallel()
			s := startSite(t)
			mei := s.agentPhone("mei", miss.file, "{{status}}", miss.status, "{{contact}}", "<sip:ken@wayfare.example>")
			wei := s.agentPhone("wei", "agent", "{{ring}}", "100")
			s.call("customer", "help", "{{talk}}", "5000").succeed()
			mei.succeed()
			wei.succeed()
			c := s.onlyCall()
			if got := s.offers(c.ID); got != miss.offers {
				t.Errorf("offers were: %s; want %s", got, miss.offers)
			}
			s.becomes("mei", miss.mei)
			s.becomes("wei", store.WrapUp)
			if got := s.column("SELECT result || ' ' || agent || ' ' || offers FROM visits"); got != "connected wei 2" {
				t.Errorf("the visit is on record as: %s", got)
			}
		})
	}
}

func TestUnreachablePhoneGoesToTheNextAgent(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	s.register(freePort(t), "mei") // and then nobody is at that port
	s.must("agent", "mei", "join")
	wei := s.agentPhone("wei", "agent", "{{ring}}", "100")
	s.call("customer", "help", "{{talk}}", "6000").succeed()
	wei.succeed()
	if got := s.offers(s.onlyCall().ID); got != "mei unreachable 408, wei answered 200" {
		t.Errorf("offers were: %s", got)
	}
	s.becomes("mei", store.Unreachable)
}

func TestCustomerLeavesWhileItRings(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	mei := s.agentPhone("mei", "agent-silent")
	s.call("customer", "help", "{{talk}}", "1000").succeed()
	mei.succeed()
	if !strings.Contains(mei.messages(), "Reason: ") {
		t.Error("the CANCEL says no reason")
	}
	c := s.onlyCall()
	if got := s.offers(c.ID); got != "mei caller_left 0" {
		t.Errorf("offers were: %s", got)
	}
	if got := s.column("SELECT result FROM visits"); got != "abandoned" {
		t.Errorf("the visit is on record as: %s", got)
	}
	s.becomes("mei", store.Available)
}
