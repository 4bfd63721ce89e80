//go:build real

package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Load: agents of one SIPp, whose RTP all comes from one address and is echoed, and customers of another.
const (
	crowd      = 200 // agents
	crowdCalls = 600
	crowdLimit = 200 // calls at once
)

// echoed is how many per cent of the packets that callers sent in conversation came back from the agents.
const echoed = `SELECT CAST(100 * SUM(b.packets) / SUM(a.packets * (v.ended - v.connected) * 1.0 / (c.ended - c.answered)) AS INTEGER)
	FROM calls c JOIN visits v ON v.call = c.id JOIN legs a ON a.call = c.id AND a.direction = 'in' JOIN legs b ON b.call = c.id AND b.direction = 'out'`

// staff adds n agents who speak Korean to a site that does not run yet, and returns their names.
func (s *site) staff(n int) []string {
	s.t.Helper()
	var accounts, people strings.Builder
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("agent%03d", i)
		fmt.Fprintf(&accounts, "  %s: {password: pw-%s, context: from-phones}\n", names[i], names[i])
		fmt.Fprintf(&people, "  - {id: %s, name: Agent %03d, role: agent, languages: {ko: 5}, phones: [{account: %s}]}\n", names[i], i, names[i])
	}
	s.edit("ringway.yaml", "accounts:\n", "accounts:\n"+accounts.String())
	s.edit("people.yaml", "people:\n", "people:\n"+people.String())
	return names
}

// speech writes a second of a tone as PCMU, for SIPp's rtp_stream.
func speech(t *testing.T) string {
	t.Helper()
	pcm := make([]byte, 8000)
	for i := range pcm {
		pcm[i] = 0xff // silence but for a tick every 10 ms: what matters is that packets flow
		if math.Mod(float64(i), 80) == 0 {
			pcm[i] = 0x80
		}
	}
	path := filepath.Join(t.TempDir(), "speech.ulaw")
	if err := os.WriteFile(path, pcm, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestLoad: one after the other, since SIPp itself takes most of the machine.
func TestLoad(t *testing.T) {
	t.Parallel()
	t.Run("UDP", func(t *testing.T) { testLoad(t, "u1") })
	t.Run("TCP", func(t *testing.T) { testLoad(t, "t1") })
}

func testLoad(t *testing.T, transport string) {
	t.Helper()
	s := newSite(t)
	names := s.staff(crowd)
	s.edit("queues.yaml", "wrap_up: 30s", "wrap_up: 0s")
	first := portBlock(t, 4*crowdLimit)
	s.edit("ringway.yaml", "rtp: {ports: ", fmt.Sprintf("rtp: {ports: %d-%d, address: 127.0.0.1} # instead of ", first, first+4*crowdLimit-1))
	s.start()
	port := freePort(t)
	s.register(port, names...)
	for _, a := range names {
		s.must("agent", a, "join")
	}
	agents := s.sipp(scenario{file: "agent", words: []string{"{{ring}}", "100"}, port: port, args: []string{"-rtp_echo", "-aa", "-l", "1000"}})
	customers := s.sipp(scenario{file: "customer-speaks", words: []string{"{{speech}}", speech(t), "{{talk}}", "3000"}, ip: carrierIP, media: 4 * crowdLimit,
		args: []string{"-m", fmt.Sprint(crowdCalls), "-l", fmt.Sprint(crowdLimit), "-r", "60", "-t", transport, "-s", "korea"}})
	customers.succeed()
	if agents.ended() {
		t.Errorf("the agents' SIPp ended early: %s", agents.errors())
	}
	s.idle()
	s.written()
	for _, fact := range []struct {
		text string
		want int
	}{
		{"SELECT COUNT(*) FROM calls WHERE disposition = 'answered' AND cause = 'normal' AND ended_by = 'caller'", crowdCalls},
		{"SELECT COUNT(*) FROM calls", crowdCalls},
		{"SELECT COUNT(DISTINCT sip_id) FROM calls", crowdCalls},
		{"SELECT COUNT(*) FROM visits WHERE result = 'connected' AND ended IS NOT NULL", crowdCalls},
		{"SELECT COUNT(*) FROM offers WHERE outcome = 'answered'", crowdCalls},
		{"SELECT COUNT(*) FROM legs WHERE answered IS NOT NULL AND ended IS NOT NULL", 2 * crowdCalls},
		{"SELECT COUNT(*) FROM events WHERE kind = 'call.end'", crowdCalls},
		{"SELECT COUNT(*) FROM legs WHERE ended IS NULL", 0},
	} {
		if got := s.count(fact.text); got != fact.want {
			t.Errorf("%s: %d, want %d", fact.text, got, fact.want)
		}
	}
	t.Logf("echoed %d %%, callers waited %s ms at most", s.count(echoed), s.column("SELECT MAX(connected - entered) / 1000 FROM visits"))
	if t.Failed() {
		t.Logf("offers: %s", s.column("SELECT outcome || ' ' || status || ' ' || COUNT(*) FROM offers GROUP BY outcome, status"))
	}
	// 3 s are 150 packets, where SIPp keeps its own pace.
	if got := s.count("SELECT COUNT(*) FROM legs WHERE packets < 50"); got > 0 {
		t.Errorf("%d of %d legs sent less than 1 s of speech; least %s", got, 2*crowdCalls, s.column("SELECT MIN(packets) FROM legs"))
	}
	// Agents echo what they hear, which is what was said after the connect.
	if got := s.count(echoed); got < 90 {
		t.Errorf("%d %% of the speech came back from the agents", got)
	}
	if ports := s.mediaPorts(); ports > 8 {
		t.Errorf("%d media ports are still open", ports)
	}
}

// mediaPorts counts the switch's UDP sockets but that of SIP, once they are given back.
func (s *site) mediaPorts() int {
	n := 0
	within(5*time.Second, func() bool {
		n = s.sockets("udp") - 1
		return n <= 8
	})
	return n
}
