//go:build real

package main

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"ringway/store"
)

// A better level in people.yaml and `ringway reload` send the next call to Wei, and `explain` says why.
func TestReloadChangesWhoGetsTheNextCall(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.edit("queues.yaml", "wrap_up: 30s", "wrap_up: 0s")
	s.start()
	mei := s.agentPhone("mei", "agent", "{{ring}}", "100")
	wei := s.agentPhone("wei", "agent", "{{ring}}", "100")
	s.call("customer", "help", "{{talk}}", "500").succeed()
	mei.succeed()
	s.idle()

	s.edit("people.yaml", "name: Mei Lin,     role: agent, languages: {zh-TW: 5", "name: Mei Lin,     role: agent, languages: {zh-TW: 3")
	out := s.must("reload")
	if !strings.Contains(out, "is in force") || !strings.Contains(out, "person mei changed") {
		t.Errorf("reload says\n%s", out)
	}
	s.call("customer", "help", "{{talk}}", "500").succeed()
	wei.succeed()
	s.idle()
	s.written()
	calls := s.calls()
	if len(calls) != 2 || calls[0].PlanVersion == calls[1].PlanVersion {
		t.Fatalf("on record are %+v", calls)
	}
	for i, want := range []string{ // Mei Lin spoke it at level 5 for the first call, at 3 for the second
		"Mei Lin came before Wei Chen by language: 5 against 4.",
		"Wei Chen came before Mei Lin by language: 4 against 3.",
	} {
		if got := s.must("explain", "call", calls[i].ID); !strings.Contains(got, want) {
			t.Errorf("explain does not say %q but\n%s", want, got)
		}
	}
}

// A refused reload prints all findings, changes nothing, and no call notices; SIGHUP does what `ringway reload` does.
func TestBadEditHurtsNoCall(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	mei := s.agentPhone("mei", "agent", "{{ring}}", "100")
	customer := s.call("customer", "help", "{{talk}}", "4000")
	s.becomes("mei", store.Talk)
	before := s.status().Config

	s.edit("dialplan/calls.yaml", "queue: {name: help, language: zh-TW}", "queue: {name: helpp, language: zh-TW}")
	s.edit("queues.yaml", "ring_time: 3s", "ring_time: 3")
	r := s.ringway("reload")
	if r.code != exitRefused || !strings.Contains(r.out, "refused; still on configuration "+before) {
		t.Errorf("reload: exit %d\n%s%s", r.code, r.out, r.err)
	}
	for _, finding := range []string{"dialplan/calls.yaml:", "'help'", "queues.yaml:10:16: error["} {
		if !strings.Contains(r.out, finding) {
			t.Errorf("the findings do not name %q:\n%s", finding, r.out)
		}
	}
	s.signal(syscall.SIGHUP)
	if !within(5*time.Second, func() bool { return strings.Contains(s.logged(), "the new configuration is refused") }) {
		t.Error("SIGHUP does not reload")
	}
	if now := s.status(); now.Config != before || now.Calls != 1 {
		t.Errorf("after a refused reload: %+v", now)
	}

	s.edit("dialplan/calls.yaml", "name: helpp", "name: help")
	s.edit("queues.yaml", "ring_time: 3", "ring_time: 4s")
	s.signal(syscall.SIGHUP)
	if !within(5*time.Second, func() bool { return s.status().Config != before }) {
		t.Error("SIGHUP does not apply a good configuration")
	}
	customer.succeed()
	mei.succeed()
	if c := s.onlyCall(); c.PlanVersion != before {
		t.Errorf("the call began on %s and is on record with %s", before, c.PlanVersion)
	}
}

func TestListenerNeedsARestart(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	s.edit("ringway.yaml", "codecs: [opus, G722, PCMU, PCMA]", "codecs: [PCMU]")
	if r := s.ringway("reload"); r.code != exitRefused || !strings.Contains(r.out, "a change of 'codecs' needs a restart") {
		t.Errorf("reload: exit %d\n%s", r.code, r.out)
	}
}
