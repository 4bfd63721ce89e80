package call

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"go.uber.org/goleak"

	"ringway/codecs"
	"ringway/codecs/g711"
	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/rtp"
	"ringway/sip/leg"
	"ringway/sip/transaction"
	"ringway/sip/transport"
	"ringway/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.Cleanup(os.Exit)) }

// rig is a switch on loopback: real transport, transactions and media around a Manager.
type rig struct {
	t       testing.TB
	m       *Manager
	layer   *transport.Layer
	table   *transaction.Table
	engine  *rtp.Engine
	addr    netip.AddrPort
	notes   *notes
	phones  *directory
	answers map[string]byte // sounds: name → sample value

	bob, carrier *phone // where a test keeps them
}

const plan = `
contexts:
  phones:
    extensions:
      "100": [ {dial: {account: bob, ring: 5s}}, {hangup: normal} ]
      "101": [ {dial: {account: [bob, carol], ring: 5s}}, {hangup: busy} ]
      "102": [ {dial: {account: [bob, carol], ring: 1s, sequence: true}}, {hangup: normal} ]
      "103": [ {dial: {trunk: carrier, number: "49301234", ring: 5s}}, {hangup: congestion} ]
      "104": [ {dial: {account: carol, ring: 5s}}, {hangup: normal} ]
      "200": [ answer, {wait: 60s} ]
      "201": [ {wait: 60s} ]
      "202": [ busy ]
      "203": [ answer, {playback: welcome}, {read: {var: pin, digits: 3, timeout: 5s}}, {log: "${pin}"}, {hangup: normal} ]
      "204": [ answer, {dial: {account: bob, ring: 5s, music: waltz}}, {hangup: normal} ]
      "205": [ progress, {wait: 60s} ]
      "45": [ {agent_join: {quiet: true}}, {hangup: normal} ]
      "46": [ {agent_join: {quiet: true}}, {dial: {account: bob, ring: 5s}}, {hangup: normal} ]
      "47": [ {queue: {name: support, answer: on_connect}}, {wait: 60s} ]
      h: [ {user_event: {name: over}} ]
`

func newRig(t testing.TB, change ...func(*Options)) *rig {
	t.Helper()
	r := &rig{t: t, notes: &notes{changed: make(chan struct{}, 1)}, phones: &directory{contacts: map[string][]netip.AddrPort{}},
		answers: map[string]byte{"welcome": 0x11, "waltz": 0x22, "hold": 0x33}}
	set := codecs.NewSet(g711.PCMU(), g711.PCMA())
	var err error
	if r.engine, err = rtp.Open(rtp.Options{Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, Codecs: set, PortMin: 21000, PortMax: 29000}); err != nil {
		t.Fatal(err)
	}
	var findings diag.List
	p := dialplan.Load([]dialplan.File{{Name: "plan.yaml", Data: []byte(plan)}}, dialplan.LoadOptions{Apps: apps.All()}, &findings)
	if findings.HasErrors() {
		t.Fatal(findings.All())
	}
	o := Options{Node: "n1", Product: "Ringway", Media: r.engine, Codecs: set, Plan: func() *dialplan.Plan { return p },
		Gatekeeper: r, Phones: r.phones, Trunks: r, Sounds: r, HoldMusic: "hold", Recorder: r.notes, Agents: r.notes}
	for _, f := range change {
		f(&o)
	}
	r.open(o)
	t.Cleanup(r.close)
	return r
}

func (r *rig) open(o Options) {
	var err error
	ready := make(chan struct{}) // a datagram may come before the table is made
	defer close(ready)
	r.layer, err = transport.Open(transport.Options{Listen: []transport.Listener{{Proto: transport.UDP, Addr: netip.MustParseAddrPort("127.0.0.1:0")}},
		Handler: func(m sipmsg.Message, f transport.Flow) { <-ready; r.table.Receive(m, f) }})
	if err != nil {
		r.t.Fatal(err)
	}
	if a, ok := o.Paths.(*astray); ok {
		a.Paths = r.layer
	} else {
		o.Paths = r.layer
	}
	r.m = New(o)
	r.table = transaction.New(transaction.Options{Send: r.layer.Send, Write: r.layer.Write, Via: r.layer.Via, Core: r})
	r.m.Use(r.table)
	r.addr = r.layer.Addrs()[0].Addr
	r.phones.layer, r.phones.to = r.layer, r.addr
}

func (r *rig) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	r.m.Stop(ctx)
	r.layer.Stop()
	r.table.Stop()
	if s := r.m.Stats(); s.Calls != 0 || s.Legs != 0 || s.Setups != 0 || s.Panics != 0 {
		r.t.Errorf("left behind: %+v", s)
	}
	if n := len(r.m.phones); n != 0 {
		r.t.Errorf("%d phones are still counted", n)
	}
	for deadline := time.Now().Add(2 * time.Second); r.engine.Stats().Sessions != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) { // the media loops let go a moment later
			r.t.Errorf("%d media sessions are still leased", r.engine.Stats().Sessions)
			break
		}
	}
	r.engine.Close()
	r.notes.check(r.t)
}

func (r *rig) Request(s *transaction.Server) {
	if !r.m.Request(s) {
		_ = s.Respond(leg.NewResponse(s.Request(), 405, "x"))
	}
}
func (r *rig) Ack(req *sipmsg.Request, f transport.Flow)       { r.m.Ack(req, f) }
func (r *rig) Response(res *sipmsg.Response, f transport.Flow) { r.m.Response(res, f) }

// Admit believes the user part of From.
func (r *rig) Admit(req *sipmsg.Request, _ transport.Flow) (Caller, *sipmsg.Response) {
	user := req.From().Address.User
	c := Caller{Kind: store.Internal, Account: user, Agent: r.phones.PersonOf(user), Context: "phones", Number: user, Name: req.From().DisplayName}
	switch user {
	case "nobody":
		c.Context = ""
	case "guest":
		c.Kind, c.Claims = store.Customer, store.Claims{Customer: "customer-7"}
	}
	return c, nil
}

// Route knows one trunk: the phone "carrier".
func (r *rig) Route(name, number, _ string) (Route, error) {
	list := r.phones.at(name)
	if name != "carrier" || len(list) == 0 {
		return Route{}, errors.New("unknown trunk")
	}
	at := list[0]
	return Route{Target: sipmsg.Uri{Scheme: "sip", User: number, Host: at.Addr().String(), Port: int(at.Port())}, Proto: transport.UDP,
		Addr: at, Trusted: true}, nil
}

// Sound is a second of one value.
func (r *rig) Sound(name, _ string) (*rtp.Source, error) {
	v, ok := r.answers[name]
	if !ok {
		return nil, errors.New("missing")
	}
	pcm := make([]int16, 800)
	for i := range pcm {
		pcm[i] = int16(v) * 100
	}
	return rtp.NewSource(name, 8000, pcm), nil
}

// directory is where the accounts' phones are.
type directory struct {
	layer    *transport.Layer
	to       netip.AddrPort
	people   map[string]string // account → person
	mu       sync.Mutex
	contacts map[string][]netip.AddrPort
}

func (d *directory) at(account string) []netip.AddrPort {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]netip.AddrPort(nil), d.contacts[account]...)
}

func (d *directory) Contacts(account string, _ time.Time) ([]Contact, bool) {
	if account == "ghost" {
		return nil, false
	}
	var out []Contact
	for _, at := range d.at(account) {
		flow, err := d.layer.Connect(context.Background(), transport.UDP, at)
		if err != nil {
			return nil, true
		}
		out = append(out, Contact{URI: sipmsg.Uri{Scheme: "sip", User: account, Host: at.Addr().String(), Port: int(at.Port())}, Flow: flow})
	}
	return out, true
}

// App knows an app as a phone whose account is its address of record.
func (d *directory) App(aor string, now time.Time) []Contact {
	out, _ := d.Contacts(aor, now)
	return out
}

func (d *directory) PersonOf(account string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.people[account]
}

// forget has no phone of an account any more.
func (d *directory) forget(account string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.contacts, account)
}

// belong says whose accounts they are.
func (d *directory) belong(people map[string]string) {
	d.mu.Lock()
	d.people = people
	d.mu.Unlock()
}

func (d *directory) AccountOf(u sipmsg.Uri) (string, bool) {
	return u.User, len(d.at(u.User)) > 0
}

// phone makes a registered phone of an account.
func (r *rig) phone(account string) *phone {
	r.t.Helper()
	p := newPhone(r.t, account, r.addr)
	r.phones.mu.Lock()
	defer r.phones.mu.Unlock()
	r.phones.contacts[account] = append(r.phones.contacts[account], addrOf(p.sip))
	return p
}

// notes keeps what was recorded.
type notes struct {
	mu      sync.Mutex
	records []store.Record
	up      map[string]int
	held    []bool
	legsUp  []AgentLeg
	changed chan struct{}
}

func (n *notes) Record(r store.Record) {
	n.mu.Lock()
	n.records = append(n.records, r)
	n.mu.Unlock()
	select {
	case n.changed <- struct{}{}:
	default:
	}
}

func (n *notes) legs(l AgentLeg, by int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.up == nil {
		n.up = map[string]int{}
	}
	n.up[l.Leg] += by
	if n.up[l.Leg] < 0 || n.up[l.Leg] > 1 {
		panic("leg up or down twice")
	}
}
func (n *notes) LegUp(l AgentLeg) {
	n.legs(l, 1)
	n.mu.Lock()
	n.legsUp = append(n.legsUp, l)
	n.mu.Unlock()
}

// lastUp is the dialog that began last.
func (n *notes) lastUp() AgentLeg {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.legsUp[len(n.legsUp)-1]
}

func (n *notes) LegDown(l AgentLeg) { n.legs(l, -1) }
func (n *notes) LegHeld(_ AgentLeg, held bool) {
	n.mu.Lock()
	n.held = append(n.held, held)
	n.mu.Unlock()
}

// events lists the kinds recorded so far.
func (n *notes) events() (out []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, r := range n.records {
		if r.Event != nil {
			out = append(out, string(r.Event.Kind))
		}
	}
	return out
}

// saw waits for events of these kinds, in this order.
func (n *notes) saw(t testing.TB, kinds ...string) {
	t.Helper()
	for deadline := time.After(10 * time.Second); !has(n.events(), kinds...); {
		select {
		case <-n.changed:
		case <-deadline:
			t.Fatalf("no %v in %v", kinds, n.events())
		}
	}
}

// cdr waits for the completed row of the only call.
func (n *notes) cdr(t testing.TB) store.Call {
	t.Helper()
	deadline := time.After(15 * time.Second)
	for {
		n.mu.Lock()
		for _, r := range n.records {
			if r.Call != nil && !r.Call.End.IsZero() {
				n.mu.Unlock()
				return *r.Call
			}
		}
		n.mu.Unlock()
		select {
		case <-n.changed:
		case <-deadline:
			t.Fatal("no CDR")
		}
	}
}

// check holds what must be true of any traffic: one CDR per call, each leg ended, each phone free.
func (n *notes) check(t testing.TB) {
	n.mu.Lock()
	defer n.mu.Unlock()
	begun, done, legs := map[string]int{}, map[string]int{}, map[string]int{}
	for _, r := range n.records {
		switch {
		case r.Call != nil && r.Call.End.IsZero():
			begun[r.Call.ID]++
		case r.Call != nil:
			done[r.Call.ID]++
			if r.Call.Disposition == "" || r.Call.Cause == "" || r.Call.EndedBy == "" {
				t.Errorf("CDR lacks something: %+v", r.Call)
			}
		case r.Event != nil && r.Event.Kind == store.LegStart:
			legs[r.Event.Leg]++
		case r.Event != nil && r.Event.Kind == store.LegEnd:
			legs[r.Event.Leg]--
		}
	}
	for id, c := range begun {
		if c != 1 || done[id] != 1 {
			t.Errorf("call %s: %d rows at the start, %d CDRs", id, c, done[id])
		}
	}
	for id, c := range legs {
		if c != 0 {
			t.Errorf("leg %s: started and ended differ by %d", id, c)
		}
	}
	for id, c := range n.up {
		if c != 0 {
			t.Errorf("leg %s is still up", id)
		}
	}
}

// wants compares the CDR.
func (r *rig) wants(disposition store.Disposition, cause Cause, by string, status int) {
	r.t.Helper()
	c := r.notes.cdr(r.t)
	if c.Disposition != disposition || c.Cause != string(cause) || c.EndedBy != by || c.Status != status {
		r.t.Fatalf("CDR says %s, %s, by %s, %d; want %s, %s, by %s, %d", c.Disposition, c.Cause, c.EndedBy, c.Status, disposition, cause, by, status)
	}
}

func has(list []string, want ...string) bool {
	i := 0
	for _, s := range list {
		if i < len(want) && s == want[i] {
			i++
		}
	}
	return i == len(want)
}
