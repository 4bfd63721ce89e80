package node

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ringway/config"
	"ringway/config/diag"
	"ringway/console"
	"ringway/sip/siptest"
	"ringway/store"
)

// annex is a small company of its own that a fault befalls: a running switch, phones p00 … p99 that call each other,
// agents mei and tom behind 700, and music behind 800.
type annex struct {
	*Node
	t         *testing.T
	dir, data string
	server    string // host:port
	options   Options
	log       *lines
	seen      *witness
}

// annexOptions say what is special about an annex; the zero value works.
type annexOptions struct {
	limits  string // of ringway.yaml, as "calls: 20"
	rtp     string // further keys, as "ports: 20000-20003"
	realm   string // "" is wayfare.example
	trunks  string // as "carrier: {match: [192.0.2.0/24], context: phones}"
	observe func(store.Record)
	wall    func() time.Time
	driver  string // of the database; "" is SQLite
}

const annexPlan = `contexts:
  phones:
    extensions:
      "_pXX": [{dial: {account: "${exten}", ring: 20s}}]
      mei: [{dial: {account: mei, ring: 20s}}]
      tom: [{dial: {account: tom, ring: 20s}}]
      "700": [answer, {queue: {name: help}}, hangup]
      "800": [answer, {start_music: hold}, {wait: 600s}]
      "801": [answer, {playback: welcome}, {wait: 600s}]
      "802": [answer, {user_event: {name: mark}}, {wait: 600s}]
      user: [busy]
`

const annexQueues = `queues:
  help:
    number: "700"
    members: "role == 'agent'"
    rank: linear
    steps: [{after: 0s, want: "true"}]
    ring_time: 2s
    wrap_up: 200ms
    max_wait: 5m
    music: hold
  broken:
    number: "701"
    members: "role == 'agent'"
    rank: linear
    steps: [{after: 0s, want: "true"}]
`

const annexPeople = `people:
  - {id: mei, name: Mei Lin,  role: agent, languages: {en: 5}, zone: UTC, phones: [{account: mei}]}
  - {id: tom, name: Tom Hill, role: agent, languages: {en: 4}, zone: UTC, phones: [{account: tom}]}
`

// openAnnex starts one. It ends with the test, and nothing may be left of its calls.
func openAnnex(t *testing.T, o annexOptions) *annex {
	t.Helper()
	a := &annex{t: t, dir: t.TempDir(), data: t.TempDir(), log: &lines{}, seen: newWitness(o.observe)}
	var accounts strings.Builder
	for i := range 100 {
		fmt.Fprintf(&accounts, "  p%02d: {password: pw, context: phones}\n", i)
	}
	a.write("ringway.yaml", `node: annex
realm: `+cmp.Or(o.realm, "wayfare.example")+`
trunks: {`+o.trunks+`}
listeners: [{protocol: udp, address: "127.0.0.1:5060"}, {protocol: tcp, address: "127.0.0.1:5060"}]
rtp: {address: 127.0.0.1, `+o.rtp+`}
codecs: [PCMU]
limits: {`+o.limits+`}
accounts:
  mei: {password: pw, context: phones}
  tom: {password: pw, context: phones}
`+accounts.String())
	a.write("dialplan/10-annex.yaml", annexPlan)
	a.write("queues.yaml", annexQueues)
	a.write("people.yaml", annexPeople)
	c, found, source := config.Load(a.dir)
	if c == nil {
		var b strings.Builder
		_ = diag.Render(&b, found, source)
		t.Fatal(b.String())
	}
	if o.driver != "" {
		c.Settings.Database.Driver = o.driver
	}
	a.options = Options{Config: c, Data: a.data, Version: "test", Console: noConsole, Listen: loopback, Observe: a.seen.observe, Wall: o.wall,
		Log: slog.New(slog.NewTextHandler(a.log, nil))}
	a.again(t)
	t.Cleanup(func() {
		stop(t, a.Node)
		a.seen.balanced(t)
		if t.Failed() {
			t.Logf("log of the switch:\n%s", a.log.text())
		}
	})
	return a
}

// again starts the switch on its folders, the first time or after a stop.
func (a *annex) again(t *testing.T) {
	t.Helper()
	n, err := Start(context.Background(), a.options)
	if err != nil {
		t.Fatal(err)
	}
	a.Node = n
	_, a.server, _ = strings.Cut(n.Addrs()[0], " ")
}

// write puts one file of the configuration in place.
func (a *annex) write(name, text string) {
	a.t.Helper()
	path := filepath.Join(a.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		a.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

// phone opens an account's phone, registered.
func (a *annex) phone(account string) *siptest.Handset {
	a.t.Helper()
	p := a.silentPhone(a.t, siptest.Phone{User: account})
	p.Register()
	return p
}

// silentPhone opens a phone that has not registered.
func (a *annex) silentPhone(t testing.TB, o siptest.Phone) *siptest.Handset {
	t.Helper()
	o.Password, o.Domain = "pw", "wayfare.example"
	if o.Server == "" {
		o.Server = a.server
	}
	if o.Patience == 0 {
		o.Patience = 15 * time.Second
	}
	return siptest.NewPhone(t, o)
}

// agent opens the phone of an agent who has joined her queues.
func (a *annex) agent(name string) *siptest.Handset {
	a.t.Helper()
	p := a.phone(name)
	if _, err := a.Agent(context.Background(), console.AgentCommand{Agent: name, Verb: "join"}); err != nil {
		a.t.Fatal(err)
	}
	return p
}

// stateOf is the state of an agent now.
func (a *annex) stateOf(name string) store.AgentBucket {
	for _, v := range a.Agents(context.Background()) {
		if v.ID == name {
			return store.AgentBucket(v.State)
		}
	}
	return ""
}

// talk connects two phones.
func (a *annex) talk(from, to *siptest.Handset) (out, in *siptest.Call) {
	a.t.Helper()
	out = from.Invite(to.User)
	in = to.ExpectCall()
	in.Ring(1)
	in.Answer()
	out.Expect(200)
	in.ExpectAck()
	return out, in
}

// alive says that both still hear each other, anew.
func alive(t *testing.T, out, in *siptest.Call) {
	t.Helper()
	out.Send(440)
	in.Send(1000)
	out.Forget()
	in.Forget()
	in.WantTone(t, 440)
	out.WantTone(t, 1000)
}

// eventually asks until yes, or fails.
func eventually(t testing.TB, limit time.Duration, what string, yes func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !yes(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", limit, what)
		}
	}
}

// settled waits until nothing is left of any call: no dialog, no media port, no transaction that waits for an answer.
func (a *annex) settled(limit time.Duration) {
	a.t.Helper()
	var left string
	for end := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		c, m, x := a.calls.Stats(), a.media.Stats(), a.table.Stats()
		if c.Calls == 0 && c.Legs == 0 && c.Setups == 0 && m.Sessions == 0 && x.Live == 0 {
			return
		}
		left = fmt.Sprintf("%d calls, %d set-ups, %d dialogs, %d media sessions, %d transactions", c.Calls, c.Setups, c.Legs, m.Sessions, x.Live)
		if time.Now().After(end) {
			a.t.Fatalf("after %v there are left: %s", limit, left)
		}
	}
}

// lines is a log that can be searched.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write takes one line.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// count is how many lines say something.
func (l *lines) count(what string) (n int) {
	for line := range strings.Lines(l.text()) {
		if strings.Contains(line, what) {
			n++
		}
	}
	return n
}
