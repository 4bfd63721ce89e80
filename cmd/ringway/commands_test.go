package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ringway/cmd/internal/node"
	"ringway/console"
	"ringway/console/hooks"
	"ringway/store"
	"ringway/store/sqlite"
)

// standIn is a switch that answers what it was told to.
type standIn struct {
	agents   []console.AgentView
	bindings []console.BindingView
	asked    []console.AgentCommand
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) // 20:00 in Taipei

func (s *standIn) Status(context.Context) console.Status {
	return console.Status{Node: "n1", Version: "dev", Config: "abc", Started: noon, Zone: "Asia/Taipei", Listeners: []string{"udp 127.0.0.1:5060"}}
}
func (s *standIn) Reload(context.Context) console.Reload {
	return console.Reload{Version: "abc", Report: "ringway.yaml:1:1: error[CF001]: no\n"}
}
func (s *standIn) Agents(context.Context) []console.AgentView { return s.agents }
func (s *standIn) Agent(_ context.Context, c console.AgentCommand) (console.AgentView, error) {
	s.asked = append(s.asked, c)
	if c.Agent != "mei" {
		return console.AgentView{}, console.ErrUnknown
	}
	return console.AgentView{ID: "mei", Name: "Mei Lin", State: "not_ready", Reason: c.Reason, Queues: []string{"help"}}, nil
}
func (s *standIn) Mint(context.Context, console.MintRequest) (console.Credential, error) {
	return console.Credential{AOR: "sip:c-1@app.example.org", User: "u", Expires: noon}, nil
}
func (s *standIn) Forget(context.Context, string) (console.Forgotten, error) {
	return console.Forgotten{Calls: 3, Sessions: 1}, nil
}
func (s *standIn) Calls(context.Context) []console.LiveCall       { return nil }
func (s *standIn) Webhooks() console.Webhooks                     { return hooks.New(hooks.Options{}) }
func (s *standIn) Bindings(context.Context) []console.BindingView { return s.bindings }

// records writes a data folder as a switch leaves it: one call that asked no queue.
func recordsFolder(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	notes, err := json.Marshal(node.Notes{Database: filepath.Join(data, "ringway.db"), Zone: "Asia/Taipei", Names: map[string]string{"mei": "Mei Lin"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "switch.json"), notes, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(t.Context(), filepath.Join(data, "ringway.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	call := store.Call{ID: "call-1", Node: "n1", Kind: store.Service, Dialled: "*45", Start: noon, End: noon.Add(time.Second)}
	if err := errors.Join(db.Save(t.Context(), []store.Record{{Call: &call}}), db.Close()); err != nil {
		t.Fatal(err)
	}
	return data
}

// served adds a running switch to a data folder.
func served(t *testing.T, data string, s *standIn) string {
	t.Helper()
	c, err := console.Listen(data, s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return data
}

func ringway(t *testing.T, data string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var a, b bytes.Buffer
	code = run(t.Context(), append(args, "--data", data), &a, &b)
	return code, a.String(), b.String()
}

// Exit status: 0 done, 1 refused or findings, 2 usage, 5 not running. What was typed wrong is said before anything is
// asked: on a folder without a switch it is 2 and not 5.
func TestExitStatus(t *testing.T) {
	nobody, stopped := t.TempDir(), recordsFolder(t)
	running := served(t, recordsFolder(t), &standIn{})
	for _, c := range []struct {
		data string
		args []string
		code int
		says string
	}{
		{nobody, []string{"help"}, exitDone, "Usage:"},
		{nobody, []string{"report", "--help"}, exitDone, "daily"},
		{running, []string{"status"}, exitDone, "udp 127.0.0.1:5060"},
		{running, []string{"agents"}, exitDone, "nobody"},
		{running, []string{"bindings"}, exitDone, "nobody"},
		{running, []string{"webhooks"}, exitDone, "nobody is told"},
		{running, []string{"webhooks", "crm"}, exitRefused, "unknown webhook"},
		{running, []string{"webhooks", "crm", "--resend"}, exitRefused, "unknown webhook"},
		{nobody, []string{"webhooks", "--resend"}, exitUsage, "webhooks NAME"},
		{running, []string{"agent", "mei", "join"}, exitDone, "Mei Lin is not ready"},
		{running, []string{"agent", "mei", "join", "--queue", "help"}, exitDone, "Mei Lin"},
		{running, []string{"agent", "mei", "pause", "lunch"}, exitDone, "(lunch)"},
		{running, []string{"token", "c-1"}, exitDone, "sip:c-1@app.example.org"},
		{running, []string{"forget", "k-1"}, exitDone, "customer k-1 is forgotten: 3 call records, 1 app sessions"},
		{stopped, []string{"forget", "k-1"}, exitDone, "nothing on record names customer k-1"},
		{stopped, []string{"calls"}, exitDone, "call-1"},
		{stopped, []string{"calls", "--kind", "service", "--disposition", "busy", "--limit", "1000"}, exitDone, "time zone Asia/Taipei"},
		{stopped, []string{"calls", "--zone", "Europe/London"}, exitDone, "time zone Europe/London"},
		{stopped, []string{"report", "daily", "--date", "2026-03-02", "--format", "csv"}, exitDone, "2026-03-02"},
		{stopped, []string{"explain", "call", "call-1"}, exitDone, "asked no queue"},
		{stopped, []string{"explain", "agent", "mei", "--at", "15:04"}, exitDone, "No decision"},

		{running, []string{"agent", "nobody", "join"}, exitRefused, "unknown"},
		{running, []string{"reload"}, exitRefused, "refused; still on configuration abc"},
		{stopped, []string{"call", "nope"}, exitRefused, `there is no call "nope"`},
		{stopped, []string{"explain", "call", "nope"}, exitRefused, `there is no call "nope"`},
		{stopped, []string{"explain", "agent", "nobody"}, exitRefused, "people.yaml has no id"},
		{nobody, []string{"check", nobody}, exitRefused, "ringway.yaml"},
		{nobody, []string{"forget", "k-1"}, exitRefused, "no switch has run on this data folder yet"},
		{nobody, []string{"calls"}, exitRefused, "no switch has run on this data folder yet"},

		{nobody, []string{"init", ""}, exitUsage, "ringway init company"},
		{nobody, []string{"check", ""}, exitUsage, "ringway check company"},
		{nobody, []string{"serve", ""}, exitUsage, "ringway serve company"},
		{"", []string{"calls"}, exitUsage, "--data is empty"},
		{"", []string{"status"}, exitUsage, "--data is empty"},
		{nobody, []string{"init", os.DevNull}, exitRefused, "is no folder"},
		{nobody, []string{"dance"}, exitUsage, `unknown command "dance"`},
		{nobody, []string{"forget"}, exitUsage, "usage: ringway forget CUSTOMER"},
		{nobody, []string{"check"}, exitUsage, "usage: ringway check DIR"},
		{nobody, []string{"status", "--colour"}, exitUsage, "unknown flag: --colour"},
		{nobody, []string{"agent", "mei"}, exitUsage, "usage: ringway agent NAME join|leave|pause|resume"},
		{nobody, []string{"agent", "mei", "dance"}, exitUsage, "join, leave, pause or resume"},
		{nobody, []string{"agent", "mei", "jion"}, exitUsage, "did you mean 'join'?"},
		{nobody, []string{"agent", "mei", "join", "help"}, exitUsage, "ringway agent mei join --queue help"},
		{nobody, []string{"agent", "mei", "leave", "help"}, exitUsage, "--queue help"},
		{nobody, []string{"agent", "mei", "resume", "now"}, exitUsage, "takes no reason"},
		{nobody, []string{"agent", "mei", "pause", "--queue", "help"}, exitUsage, "in all queues at once"},
		{nobody, []string{"agent", "mei", "pause", "Mrs Lin called"}, exitUsage, "one short word"},
		{nobody, []string{"token", "a b"}, exitUsage, "letters, digits, _ and -"},
		{nobody, []string{"token", "c-1", "--zone", "Mars/X"}, exitUsage, "Asia/Taipei"},
		{nobody, []string{"token", "c-1", "--language", "!!"}, exitUsage, "as in zh-TW"},
		{nobody, []string{"token", "c-1", "--region", "TWN"}, exitUsage, "as in TW"},
		{nobody, []string{"token", "c-1", "--lifetime", "-1h"}, exitUsage, "--lifetime"},
		{nobody, []string{"calls", "--format", "xml"}, exitUsage, "table, csv or json"},
		{nobody, []string{"calls", "--zone", "Mars/X"}, exitUsage, "Asia/Taipei"},
		{nobody, []string{"calls", "--since", "yesterday-ish"}, exitUsage, "2026-03-02 15:04"},
		{nobody, []string{"calls", "--kind", "bogus"}, exitUsage, "customer, internal, outgoing or service"},
		{nobody, []string{"calls", "--disposition", "answerd"}, exitUsage, "did you mean 'answered'?"},
		{nobody, []string{"calls", "--limit", "-3"}, exitUsage, "1 to 1000"},
		{nobody, []string{"explain", "agent", "mei", "--at", "25:99"}, exitUsage, "15:04"},
		{nobody, []string{"report", "daily", "--date", "2026-13-01"}, exitUsage, "2026-03-02, today or yesterday"},
		{nobody, []string{"report"}, exitUsage, "report daily"},
		{nobody, []string{"explain"}, exitUsage, "explain call"},
		{nobody, []string{"report", "dialy"}, exitUsage, "did you mean 'daily'?"},

		{nobody, []string{"status"}, exitNotRunning, "no ringway is running"},
		{nobody, []string{"agents"}, exitNotRunning, "no ringway is running"},
		{nobody, []string{"bindings"}, exitNotRunning, "no ringway is running"},
		{nobody, []string{"reload"}, exitNotRunning, "no ringway is running"},
		{nobody, []string{"agent", "mei", "join"}, exitNotRunning, "no ringway is running"},
		{stopped, []string{"token", "c-1"}, exitNotRunning, "no ringway is running"},
	} {
		code, out, errOut := ringway(t, c.data, c.args...)
		if code != c.code || !strings.Contains(out+errOut, c.says) {
			t.Errorf("ringway %s: exit %d, want %d with %q\n%s%s", strings.Join(c.args, " "), code, c.code, c.says, out, errOut)
		}
		if c.code != exitDone && c.code != exitRefused && (out != "" || !strings.HasPrefix(errOut, "ringway: ")) {
			t.Errorf("ringway %s: an error reads %q, and %q on standard output", strings.Join(c.args, " "), errOut, out)
		}
	}
}

// A queue's name where a reason could stand once made the agent join all queues.
func TestAThirdWordIsNeverIgnored(t *testing.T) {
	s := &standIn{}
	data := served(t, t.TempDir(), s)
	for _, verb := range []string{"join", "leave", "resume"} {
		if code, _, _ := ringway(t, data, "agent", "mei", verb, "help"); code != exitUsage || len(s.asked) > 0 {
			t.Errorf("%s help: exit %d, the switch was asked %+v", verb, code, s.asked)
		}
	}
	if code, _, _ := ringway(t, data, "agent", "mei", "pause"); code != exitDone || len(s.asked) != 1 {
		t.Errorf("pause: exit %d, asked %+v", code, s.asked)
	}
}

// Times are the company's, and their zone is named, wherever the machine stands.
func TestTimesAreTheCompanys(t *testing.T) {
	data := served(t, recordsFolder(t), &standIn{
		agents: []console.AgentView{{ID: "mei", Name: "Mei Lin", State: "available", Since: noon, Queues: []string{"help"}},
			{ID: "ken", Name: "Ken Sato", State: "not_responding"}, {ID: "lin", Name: "Lin Wu", State: "offline"}},
		bindings: []console.BindingView{{AOR: "sip:mei@example.org", Contact: "sip:mei@192.0.2.1:5062", UserAgent: "baresip\x1b[2J", Expires: noon}},
	})
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"status"}, []string{"2026-03-02 20:00:00", "Asia/Taipei"}},
		{[]string{"agents"}, []string{"2026-03-02 20:00:00", "time zone Asia/Taipei", "not responding", "1 can take a call now"}},
		{[]string{"bindings"}, []string{"2026-03-02 20:00:00", "time zone Asia/Taipei", "sip:mei@192.0.2.1:5062", "baresip"}},
		{[]string{"token", "c-1"}, []string{"2026-03-02 20:00:00", "Asia/Taipei"}},
		{[]string{"calls"}, []string{"2026-03-02 20:00:00", "Asia/Taipei"}},
	} {
		_, out, errOut := ringway(t, data, c.args...)
		for _, want := range c.says {
			if !strings.Contains(out, want) {
				t.Errorf("%s does not say %q:\n%s%s", c.args[0], want, out, errOut)
			}
		}
		if strings.Contains(out, "\x1b") {
			t.Errorf("%s lets a phone write to the terminal: %q", c.args[0], out)
		}
	}
}

// Every command says in its help what it is, and every flag what it does.
func TestHelpIsWhole(t *testing.T) {
	for _, c := range rootCommand().Commands() {
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: %q", c.Name(), c.Short)
		}
	}
}

// TestNobodyCanTakeACallForAReason: the last line of `ringway agents` says what would help.
func TestNobodyCanTakeACallForAReason(t *testing.T) {
	for _, c := range []struct {
		states []store.AgentBucket
		says   string
	}{
		{nil, "see people.yaml"},
		{[]store.AgentBucket{store.Offline, store.Offline}, "ringway agent NAME join"},
		{[]store.AgentBucket{store.Offline, store.Unreachable}, "ringway bindings"},
		{[]store.AgentBucket{store.Unreachable, store.NotResponding}, "ringway agent NAME resume"},
		{[]store.AgentBucket{store.NotReady, store.Talk}, "ringway agent NAME resume"},
		{[]store.AgentBucket{store.Unreachable, store.Available}, "1 can take a call now"},
	} {
		var list []console.AgentView
		for _, s := range c.states {
			list = append(list, console.AgentView{State: string(s)})
		}
		if got := whoCan(list); !strings.Contains(got, c.says) {
			t.Errorf("%v: %s", c.states, got)
		}
	}
}
