package node

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/config"
	"ringway/config/diag"
	"ringway/console"
	"ringway/console/stream"
	"ringway/sip/siptest"
	"ringway/store"
	"ringway/store/storetest/monitor"
)

// office is a running switch on testdata/config/crowd, with a board and a monitor on its records. Phones are siptest's.
type office struct {
	t       *testing.T
	n       *Node
	b       *board
	mon     *monitor.Monitor
	dir     string // of the configuration, a copy
	data    string
	server  string
	console bool   // it has one; everybody's password is consolePassword
	listen  string // where the next start listens; "" is a free port
	post    *inbox
}

// edit changes one file of an office's configuration: the old text must be there.
type edit struct{ file, old, new string }

// openOffice starts a switch. Everything ends with the test, and nothing may be left.
func openOffice(t *testing.T, edits ...edit) *office {
	t.Helper()
	return openOfficeAs(t, &office{t: t}, edits...)
}

// openOfficeWithConsole starts one in which people log in to the console.
func openOfficeWithConsole(t *testing.T, edits ...edit) *office {
	t.Helper()
	return openOfficeAs(t, &office{t: t, console: true}, edits...)
}

func openOfficeAs(t *testing.T, o *office, edits ...edit) *office {
	t.Helper()
	t.Cleanup(func() { goleak.VerifyNone(t) })
	o.dir, o.data = filepath.Join(t.TempDir(), "crowd"), t.TempDir()
	if err := os.CopyFS(o.dir, os.DirFS("../../../testdata/config/crowd")); err != nil {
		t.Fatal(err)
	}
	o.edit(edits...)
	o.start()
	t.Cleanup(func() {
		if o.n != nil {
			o.close()
		}
	})
	return o
}

func (o *office) edit(edits ...edit) {
	o.t.Helper()
	for _, e := range edits {
		path := filepath.Join(o.dir, e.file)
		text, err := os.ReadFile(path)
		if err != nil {
			o.t.Fatal(err)
		}
		if !strings.Contains(string(text), e.old) {
			o.t.Fatalf("%s has no %q", e.file, e.old)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(string(text), e.old, e.new, 1)), 0o644); err != nil {
			o.t.Fatal(err)
		}
	}
}

// start brings the switch up, again with the same data after a stop.
func (o *office) start() {
	o.t.Helper()
	c, found, source := config.Load(o.dir)
	if c == nil {
		var b strings.Builder
		_ = diag.Render(&b, found, source)
		o.t.Fatal(b.String())
	}
	watch := promises
	if o.listen != "" {
		watch.Twins = nil // how long people were idle before the restart is not in this run's records
	}
	o.b, o.mon, o.post = newBoard(), monitor.New(watch), newInbox()
	b, mon := o.b, o.mon
	go o.post.runReading(func(batch []store.Record) {
		for _, r := range batch {
			mon.Observe(r)
			if r.Event != nil {
				if err := stream.Check(*r.Event); err != nil {
					o.t.Errorf("an event that the catalogue does not describe: %v", err)
				}
			}
		}
		b.observe(batch)
	})
	at, passwords := noConsole, map[string]string{}
	if o.console {
		at = func(string) string { return "127.0.0.1:0" }
		passwords = map[string]string{"lin": consolePassword, "ada": consolePassword}
	}
	n, err := Start(context.Background(), Options{Config: c, Data: o.data, Version: "test", Console: at, Passwords: passwords, Listen: func([]config.Listener) []config.Listener {
		list := loopback(nil)
		if o.listen != "" {
			list[0].Address = netip.MustParseAddrPort(o.listen)
		}
		return list
	}, Observe: o.post.put})
	if err != nil {
		o.post.close()
		o.t.Fatal(err)
	}
	o.n = n
	_, o.server, _ = strings.Cut(n.Addrs()[0], " ")
}

// close stops the switch; dialogs that nobody answers have a second for their goodbye.
func (o *office) close() {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := o.n.Stop(ctx); err != nil {
		o.t.Error(err)
	}
	o.post.close()
	o.n = nil
}

// promises are the words of testdata/config/crowd that the monitor holds the switch to.
var promises = monitor.Options{
	Queues: map[string]monitor.Queue{
		"help":    {WrapUp: 200 * time.Millisecond, DeclinedRest: 300 * time.Millisecond, DeclinedCaller: 800 * time.Millisecond, BusyRest: 200 * time.Millisecond},
		"flights": {WrapUp: 300 * time.Millisecond, DeclinedRest: 300 * time.Millisecond, DeclinedCaller: 800 * time.Millisecond, BusyRest: 200 * time.Millisecond},
		"urgent": {WrapUp: 100 * time.Millisecond, DeclinedRest: 300 * time.Millisecond, DeclinedCaller: 800 * time.Millisecond, BusyRest: 200 * time.Millisecond,
			RingAll: true},
		"preview": {DeclinedRest: 300 * time.Millisecond, DeclinedCaller: 800 * time.Millisecond, BusyRest: 200 * time.Millisecond},
	},
	Twins: map[string]string{"zh1": "zh", "zh2": "zh", "zh3": "zh", "en1": "en", "en2": "en", "en3": "en", "ja1": "ja", "ja2": "ja", "ja3": "ja",
		"fly1": "fly", "fly2": "fly"},
	Wants: wanted,
}

// levels are people.yaml's languages.
var levels = map[string]map[string]int{
	"zh": {"zh-TW": 5, "en": 2}, "en": {"en": 5}, "ja": {"ja": 5, "en": 2}, "fly": {"en": 4, "zh-TW": 3, "ja": 3}, "fly3": {"ja": 3, "en": 1},
}

// wanted says by hand what the steps of queues.yaml say.
func wanted(agent string, v store.Visit, step int) bool {
	group := agent[:len(agent)-1]
	level := levels[group][v.Language]
	if agent == "fly3" {
		level = levels["fly3"][v.Language]
	}
	switch v.Queue {
	case "help":
		return level >= 3 || step >= 1 && level >= 1 || step >= 2
	case "flights":
		return group == "fly" && (level >= 3 || step >= 1)
	case "urgent":
		return group == "zh" || group == "ja" || agent == "fly3"
	case "preview":
		return group == "ja" || agent == "fly3"
	}
	return false
}

// agents are the people with phones, in the order of people.yaml.
var agents12 = []string{"zh1", "zh2", "zh3", "en1", "en2", "en3", "ja1", "ja2", "ja3", "fly1", "fly2", "fly3"}

// phone opens an account's phone, registered.
func (o *office) phone(account string) *siptest.Handset {
	o.t.Helper()
	p := siptest.NewPhone(o.t, siptest.Phone{User: account, Password: "pw", Domain: "wayfare.example", Server: o.server, Patience: patience})
	p.Register()
	return p
}

// agent opens a phone whose owner joins all queues that she may serve.
func (o *office) agent(account string) *siptest.Handset {
	o.t.Helper()
	p := o.phone(account)
	o.dial(p, "*45")
	o.want(account, store.Available)
	return p
}

// dial dials a feature code and waits until it is carried out.
func (o *office) dial(p *siptest.Handset, code string) {
	o.t.Helper()
	c := p.Invite(code)
	c.Expect(200)
	c.ExpectBye()
	c.Close()
}

// want waits until an agent is in a state.
func (o *office) want(agent string, state store.AgentBucket) {
	o.t.Helper()
	if !o.b.within(patience, func() bool { return o.b.is(agent, state) }) {
		o.b.mu.Lock()
		defer o.b.mu.Unlock()
		o.t.Fatalf("%s is %s, want %s", agent, o.b.states[agent].State, state)
	}
}

// customer opens the app of a customer who speaks a language, with a session of its own.
func (o *office) customer(language string) *siptest.Handset {
	o.t.Helper()
	return o.app(console.MintRequest{Subject: "c-" + strings.ToLower(language) + "-1", Claims: store.Claims{Language: language, Customer: "k-1"}})
}

func (o *office) app(r console.MintRequest) *siptest.Handset {
	o.t.Helper()
	cred, err := o.n.Mint(context.Background(), r)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.login(cred)
}

func (o *office) login(c console.Credential) *siptest.Handset {
	o.t.Helper()
	user, _, _ := strings.Cut(strings.TrimPrefix(c.AOR, "sip:"), "@")
	return siptest.NewPhone(o.t, siptest.Phone{User: user, Login: c.User, Password: c.Password, Domain: c.Realm, Server: o.server, Patience: patience})
}

// talk brings a customer and an agent together.
func (o *office) talk(customer *siptest.Handset, exten string, agent *siptest.Handset) (out, in *siptest.Call) {
	o.t.Helper()
	out = customer.Invite(exten)
	in = agent.ExpectCall()
	in.Ring(1)
	in.Answer()
	out.Expect(200)
	o.event(out, store.VisitConnect, "")
	return out, in
}

// event waits for an event of a call.
func (o *office) event(c *siptest.Call, kind store.EventKind, state string) {
	o.t.Helper()
	o.b.until(o.t, fmt.Sprintf("%s %s of a call", kind, state), func() bool { return o.b.has(c.ID, kind, state) })
}

// offered waits until a call was offered to these agents, in order.
func (o *office) offered(c *siptest.Call, agents ...string) {
	o.t.Helper()
	if !o.b.within(patience, func() bool { return len(o.b.offersOf(c.ID)) >= len(agents) }) || !slices.Equal(o.offers(c), agents) {
		o.t.Errorf("the call was offered to %v, want %v", o.offers(c), agents)
	}
}

func (o *office) offers(c *siptest.Call) []string {
	o.b.mu.Lock()
	defer o.b.mu.Unlock()
	return o.b.offersOf(c.ID)
}

// events lists what is on record of a call so far.
func (o *office) events(c *siptest.Call) []store.Event {
	o.b.mu.Lock()
	defer o.b.mu.Unlock()
	return slices.Clone(o.b.of(c.ID))
}

// state is the last one of an agent.
func (o *office) state(agent string) store.Event {
	o.b.mu.Lock()
	defer o.b.mu.Unlock()
	return o.b.states[agent]
}

// over waits until a call is on record as ended, and returns its row.
func (o *office) over(c *siptest.Call) store.Call {
	o.t.Helper()
	o.b.until(o.t, "the end of a call", func() bool { return o.b.finished[o.b.calls[c.ID]] > 0 })
	o.b.mu.Lock()
	defer o.b.mu.Unlock()
	return o.b.rows[o.b.calls[c.ID]]
}

// quiet waits until no call is left, not even a dialog on its way down, and checks that nothing else is.
func (o *office) quiet(d time.Duration) {
	o.t.Helper()
	var left string
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		s, calls, media := o.n.Status(context.Background()), o.n.calls.Stats(), o.n.media.Stats()
		if left = ""; s.Calls+s.Waiting+calls.Calls+calls.Legs+calls.Setups+media.Sessions > 0 {
			left = fmt.Sprintf("%+v, %+v, %+v", s, calls, media)
			continue
		}
		return
	}
	o.t.Errorf("something is left: %s", left)
}

// monitored checks that the monitor has found nothing so far, where calls may linger.
func (o *office) monitored() {
	o.t.Helper()
	o.post.settle()
	for _, v := range o.mon.Violations() {
		o.t.Error(v)
	}
}

// silent checks that the monitor had nothing to say.
func (o *office) silent() {
	o.t.Helper()
	o.silentBut(0)
}

// silentBut lets pass what was late by no more than the machine was tired, and says how much that was.
func (o *office) silentBut(tired time.Duration) {
	o.t.Helper()
	o.post.settle()
	late, worst := 0, monitor.Violation{}
	for _, v := range o.mon.Finish() {
		if v.Over > 0 && v.Over <= tired {
			if late++; v.Over > worst.Over {
				worst = v
			}
			continue
		}
		o.t.Error(v)
		o.tell(v)
	}
	if late > 0 {
		o.t.Logf("%d times late on a machine that is itself late (allowed %s), by %s at most: %s", late, tired, worst.Over, worst)
	}
}

// tell prints what was on record around a violation: of the calls and people that it names.
func (o *office) tell(v monitor.Violation) {
	o.b.mu.Lock()
	defer o.b.mu.Unlock()
	var near []store.Event
	for id, events := range o.b.events {
		for _, e := range events {
			names := id != "" && strings.Contains(v.Text, id) || e.Agent != "" && strings.Contains(v.Text, e.Agent) || e.Visit != "" && strings.Contains(v.Text, e.Visit)
			if d := e.At.Sub(v.At); names && d > -3*time.Second && d < 3*time.Second {
				near = append(near, e)
			}
		}
	}
	slices.SortStableFunc(near, func(a, b store.Event) int { return a.At.Compare(b.At) })
	for _, e := range near {
		o.t.Logf("    %s %s %s call %s leg %s visit %s offer %s state %s %s", e.At.UTC().Format("05.000000"), e.Kind, e.Agent, e.Call, e.Leg, e.Visit, e.Offer, e.State, e.Reason)
	}
}
