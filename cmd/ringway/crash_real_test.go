//go:build real

package main

import (
	"fmt"
	"testing"
	"time"

	"ringway/store"
)

// What stands in the moment of kill -9, and what becomes of it:
//
//	20 calls talk to agent000 … agent019              closed as crashed, the agents in wrap-up
//	 4 callers wait for Japanese, which nobody serves  flow-out by restart
//	 1 call to Mei has ended                           stays as it is; Mei's wrap-up goes on
//	Wei is paused                                      not ready, for the same reason
//	Aiko is free, and her phone answers OPTIONS        available without doing anything
//	agent020 is free, and her phone is gone            not available before it registers again
const (
	crashTalking = 20
	crashWaiting = 4
	crashCalls   = crashTalking + crashWaiting + 1
)

// crashSite is a site with the traffic above, and the agents' phones.
type crashSite struct {
	*site
	names  []string
	port   int // of the phones of names
	phones *sipp
	alive  *sipp // Aiko's phone
}

func startTraffic(t *testing.T) *crashSite {
	t.Helper()
	s := &crashSite{site: newSite(t), port: freePort(t)}
	s.names = s.staff(crashTalking + 1)
	s.edit("people.yaml", "languages: {ja: 5, en: 3}", "languages: {fr: 5}") // Aiko can help nobody here
	s.start()
	mei := s.agentPhone("mei", "agent", "{{ring}}", "50")
	s.call("customer", "help", "{{talk}}", "300").succeed()
	mei.succeed()
	s.becomes("mei", store.WrapUp)
	s.alive = s.agentPhone("aiko", "agent-alive")
	s.register(freePort(t), "wei")
	s.must("agent", "wei", "join")
	s.must("agent", "wei", "pause", "lunch")
	s.register(s.port, s.names...)
	for _, a := range s.names[:crashTalking] {
		s.must("agent", a, "join")
	}
	s.phones = s.sipp(scenario{file: "agent", words: []string{"{{ring}}", "50"}, port: s.port})
	for number, n := range map[string]int{"korea": crashTalking, "japan": crashWaiting} {
		s.sipp(scenario{file: "customer", words: []string{"{{talk}}", "60000"}, ip: carrierIP,
			args: []string{"-m", fmt.Sprint(n), "-r", "50", "-s", number}})
	}
	const up = "SELECT (SELECT COUNT(*) FROM visits WHERE connected IS NOT NULL AND ended IS NULL) || ' talk, ' || (SELECT COUNT(*) FROM visits WHERE left IS NULL) || ' wait'"
	want := fmt.Sprintf("%d talk, %d wait", crashTalking, crashWaiting)
	if !within(15*time.Second, func() bool { return s.column(up) == want }) {
		t.Fatalf("%s, want %s", s.column(up), want)
	}
	s.must("agent", s.names[crashTalking], "join") // the last, free
	s.becomes(s.names[crashTalking], store.Available)
	time.Sleep(300 * time.Millisecond) // a group of records is at most 200 ms old
	return s
}

func TestKillInTheMiddleOfTraffic(t *testing.T) {
	t.Parallel()
	s := startTraffic(t)
	ended := s.column("SELECT id || cause || answered || ended FROM calls WHERE ended IS NOT NULL")
	s.kill()
	s.phones.kill()
	s.start()

	if now := s.status(); now.Bindings != len(s.names)+3 || now.Calls != 0 || now.Waiting != 0 || now.Agents != len(s.names)+3 {
		t.Errorf("after the restart: %+v", now)
	}
	s.alive.succeed()
	s.becomes("aiko", store.Available)
	for _, a := range s.names[:crashTalking] {
		s.becomes(a, store.WrapUp)
	}
	s.becomes("mei", store.WrapUp)
	if wei := s.agent("wei"); wei.State != string(store.NotReady) || wei.Reason != "lunch" {
		t.Errorf("wei is %+v", wei)
	}
	s.becomes(s.names[crashTalking], store.Unreachable)

	for _, fact := range []struct{ what, text, want string }{
		{"the ended call", "SELECT id || cause || answered || ended FROM calls WHERE cause <> 'crashed'", ended},
		{"calls", "SELECT cause || ' ' || COUNT(*) FROM calls GROUP BY cause ORDER BY cause", fmt.Sprintf("crashed %d, normal 1", crashCalls-1)},
		{"open rows", `SELECT (SELECT COUNT(*) FROM calls WHERE ended IS NULL) + (SELECT COUNT(*) FROM legs WHERE ended IS NULL)
			+ (SELECT COUNT(*) FROM offers WHERE ended IS NULL) + (SELECT COUNT(*) FROM visits WHERE left IS NULL)`, "0"},
		{"visits", "SELECT result || ' ' || COUNT(*) FROM visits GROUP BY result ORDER BY result", fmt.Sprintf("connected %d, restart %d", crashTalking+1, crashWaiting)},
		{"ends of calls", "SELECT COUNT(*) || ' of ' || COUNT(DISTINCT call) FROM events WHERE kind = 'call.end'", fmt.Sprintf("%d of %d", crashCalls, crashCalls)},
		{"starts of calls", "SELECT COUNT(*) || ' of ' || COUNT(DISTINCT call) FROM events WHERE kind = 'call.start'", fmt.Sprintf("%d of %d", crashCalls, crashCalls)},
		{"calls that end before they start", "SELECT COUNT(*) FROM calls WHERE ended < started", "0"},
	} {
		if got := s.column(fact.text); got != fact.want {
			t.Errorf("%s: %s, want %s", fact.what, got, fact.want)
		}
	}
	if got, want := s.helpToday(), (daily{Offered: crashCalls, Answered: crashTalking + 1, FlowOut: crashWaiting}); got != want {
		t.Errorf("the report of the day counts %+v, want %+v", got, want)
	}

	// Nobody is rung before her phone was heard of.
	customer := s.call("customer", "korea", "{{talk}}", "6000")
	if !within(5*time.Second, func() bool { return s.status().Waiting == 1 }) {
		t.Error("the new caller does not wait")
	}
	time.Sleep(time.Second)
	if n := s.count("SELECT COUNT(*) FROM offers"); n != crashTalking+1 {
		t.Errorf("%d offers after the restart, before any phone registered", n-crashTalking-1)
	}
	port := freePort(t)
	s.register(port, s.names[crashTalking])
	phone := s.sipp(scenario{file: "agent", words: []string{"{{ring}}", "50"}, port: port, args: []string{"-m", "1"}})
	customer.succeed()
	phone.succeed()
	s.idle()
	s.written()
	if got := s.column("SELECT agent FROM offers ORDER BY started DESC LIMIT 1"); got != s.names[crashTalking] {
		t.Errorf("the call after the restart went to %s", got)
	}
	s.kill() // and once more: what was closed stays closed
	before := s.column("SELECT id || cause || ended FROM calls ORDER BY id")
	s.start()
	if got := s.column("SELECT id || cause || ended FROM calls ORDER BY id"); got != before {
		t.Error("a second restart changed records that were complete")
	}
}

// daily is what the report of a day counts for the queue.
type daily struct{ Offered, Answered, Abandoned, FlowOut, Waiting int }

func (s *site) helpToday() (d daily) {
	s.t.Helper()
	report := decode[struct {
		Sheets []struct {
			Kind, Name string
			Figures    []struct {
				Name  string
				Value *float64
			}
		}
	}](s.t, s.must("report", "daily", "--format", "json"))
	for _, sheet := range report.Sheets {
		if sheet.Kind != "queue" || sheet.Name != "help" {
			continue
		}
		for _, f := range sheet.Figures {
			to := map[string]*int{"offered": &d.Offered, "answered": &d.Answered, "abandoned": &d.Abandoned, "flow_out": &d.FlowOut, "waiting": &d.Waiting}[f.Name]
			if to != nil && f.Value != nil {
				*to = int(*f.Value)
			}
		}
	}
	return d
}
