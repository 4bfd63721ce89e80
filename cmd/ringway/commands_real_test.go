//go:build real

package main

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringway/console"
)

var update = flag.Bool("update", false, "write golden files anew")

func TestExitCodes(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	nobody := t.TempDir() // a data folder without a switch
	fresh := filepath.Join(t.TempDir(), "company")
	for _, c := range []struct {
		line string
		code int
		says string // on either output
	}{
		{"help", exitDone, "A SIP switch that finds the agent who can help"},
		{"--version", exitDone, "ringway version"},
		{"check " + s.dir, exitDone, ": good (version "},
		{"init " + fresh, exitDone, "Check it with 'ringway check " + fresh + "'"},
		{"check " + fresh, exitDone, ": good (version "},
		{"init " + fresh, exitRefused, "ringway: "},
		{"check " + nobody, exitRefused, "ringway.yaml"},
		{"status --data " + s.data, exitDone, "listening on"},
		{"agents --data " + s.data, exitDone, "Mei Lin"},
		{"agent mei join --data " + s.data, exitDone, "Mei Lin is unreachable; in help"},
		{"agent mei leave --data " + s.data, exitDone, "Mei Lin is offline; in no queue"},
		{"agent mei pause --data " + s.data, exitRefused, "mei: is in no queue: join one first"},
		{"agent noone join --data " + s.data, exitRefused, `unknown agent "noone"`},
		{"agent mei join --queue nothing --data " + s.data, exitRefused, `unknown queue "nothing"`},
		{"token c-1 --data " + s.data, exitDone, "sip:c-1@app.wayfare.example"},
		{"token c-1 --config " + s.dir, exitDone, "sip:c-1@app.wayfare.example"},
		{"token c-1 --domain other.example --data " + s.data, exitRefused, "other.example"},
		{"calls --data " + s.data, exitDone, "disposition"},
		{"call nothing --data " + s.data, exitRefused, `there is no call "nothing"`},
		{"explain agent noone --data " + s.data, exitRefused, `people.yaml has no id "noone"`},
		{"report daily --data " + s.data, exitDone, "Asia/Taipei"},
		{"report daily --format xml --data " + s.data, exitUsage, `there is no format "xml"`},
		{"serve " + s.dir + " --data " + s.data, exitRefused, "another ringway is running on this data folder"},
		{"status --data " + nobody, exitNotRunning, "no ringway is running on this data folder"},
		{"reload --data " + nobody, exitNotRunning, "no ringway is running on this data folder"},
		{"agent mei join --data " + nobody, exitNotRunning, "no ringway is running on this data folder"},
		{"token c-1 --data " + nobody, exitNotRunning, "no ringway is running on this data folder"},
		{"dance", exitUsage, `unknown command "dance"`},
		{"check", exitUsage, "accepts 1 arg(s), received 0"},
		{"status --colour", exitUsage, "unknown flag: --colour"},
	} {
		r := command(t, strings.Fields(c.line)...)
		if r.code != c.code || !strings.Contains(r.out+r.err, c.says) {
			t.Errorf("ringway %s: exit %d, want %d with %q\n%s%s", c.line, r.code, c.code, c.says, r.out, r.err)
		}
		if r.code != exitDone && r.code != exitRefused && r.out != "" {
			t.Errorf("ringway %s: an error on standard output: %s", c.line, r.out)
		}
	}
}

// Everything that is wrong in a folder comes at once.
func TestCheckShowsAllFindings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.edit("ringway.yaml", "realm: wayfare.example\n\nrtp", "realm: wayfare.example\n\nport: 5060\nrtp")
	s.edit("ringway.yaml", "match: [127.0.0.2/32]", "match: [127.0.0.2/33]")
	s.edit("people.yaml", "zone: Asia/Tokyo,  phones: [{account: ken}]", "zone: Asia/Tokio,  phones: [{account: kenn}]")
	s.edit("queues.yaml", "speaks(agent, caller.language) >= 1", "speak(agent, caller.language) >= 1")
	s.edit("dialplan/calls.yaml", `"*45": [answer, agent_join, hangup]`, `"*45": [answer, agent_joint, hangup]`)
	s.edit("ringway.yaml", s.at(), "127.0.0.1:5060")
	r := command(t, "check", s.dir)
	if r.code != exitRefused {
		t.Errorf("exit %d", r.code)
	}
	const golden = "../../testdata/config/real-findings.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(s.plain(r.out)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.plain(r.out); got != string(want) {
		t.Errorf("check prints\n%s\nwant (%s)\n%s", got, golden, want)
	}
	var list []struct{ Severity, Code, Message string }
	if err := json.Unmarshal([]byte(command(t, "check", s.dir, "--json").out), &list); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(r.out, "error[") + strings.Count(r.out, "warning["); n != len(list) {
		t.Errorf("%d findings as text, %d as JSON", n, len(list))
	}
}

func TestStatusSpeaksJSON(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	if now := decode[console.Status](t, s.must("status", "--json")); now.Node != "real-1" || len(now.Listeners) != 2 || now.Records.Degraded {
		t.Errorf("status is %+v", now)
	}
	info, err := os.Stat(filepath.Join(s.data, console.SocketName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the control socket: %v, mode %v", err, info.Mode())
	}
}
