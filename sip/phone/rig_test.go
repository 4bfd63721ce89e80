package phone

import (
	"context"
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"go.uber.org/goleak"

	"ringway/codecs"
	"ringway/codecs/g711"
	"ringway/sip/auth"
	"ringway/sip/transaction"
	"ringway/sip/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.Cleanup(os.Exit)) }

var (
	lo    = netip.MustParseAddr("127.0.0.1")
	ulaw  = codecs.NewSet(g711.PCMU())
	voice = Media{Local: netip.AddrPortFrom(lo, 40000)}
)

// office is a small registrar on loopback: it challenges, keeps one contact of each user, and refuses what a test wants.
type office struct {
	t     *testing.T
	layer *transport.Layer
	came  chan string // users as they register
	table *transaction.Table
	auth  *auth.Server

	mu       sync.Mutex // guards what follows
	contacts map[string]netip.AddrPort
	requests []string // methods seen, in order
	refuse   int      // status for the next REGISTER, 0: none
	least    string   // Min-Expires of 423, "" for none
	life     string   // granted
}

func newOffice(t *testing.T, proto transport.Proto) *office {
	o := &office{t: t, came: make(chan string, 64), contacts: map[string]netip.AddrPort{}, life: "600"}
	o.auth = auth.NewServer(auth.Options{Accounts: o})
	var err error
	ready := make(chan struct{})
	o.table = transaction.New(transaction.Options{
		Send: func(f transport.Flow, m sipmsg.Message) error { return o.layer.Send(f, m) },
		Via:  func(f transport.Flow) *sipmsg.ViaHeader { return o.layer.Via(f) }, Core: o,
	})
	o.layer, err = transport.Open(transport.Options{Listen: []transport.Listener{{Proto: proto, Addr: netip.AddrPortFrom(lo, 0)}},
		Handler: func(m sipmsg.Message, f transport.Flow) { <-ready; o.table.Receive(m, f) }})
	if err != nil {
		t.Fatal(err)
	}
	close(ready)
	t.Cleanup(func() { o.layer.Stop(); o.table.Stop() })
	return o
}

// Realm, Account and App make the office auth.Accounts: one realm, one password.
func (o *office) Realm(string) (string, bool) { return "example.org", true }

func (o *office) Account(_, user string) (auth.Account, bool) {
	return auth.Account{Name: user, AOR: "sip:" + user + "@example.org", Context: "phones", Secret: auth.Secret{Plain: "sesame"}}, true
}

func (o *office) App(string) (auth.App, bool) { return auth.App{}, false }

func (o *office) Ack(*sipmsg.Request, transport.Flow)       {}
func (o *office) Response(*sipmsg.Response, transport.Flow) {}

// Request registers; nothing else is served.
func (o *office) Request(s *transaction.Server) {
	req := s.Request()
	o.mu.Lock()
	o.requests = append(o.requests, string(req.Method))
	o.mu.Unlock()
	if req.Method != sipmsg.REGISTER {
		s.Respond(transport.NewResponse(req, 405, "Method Not Allowed")) //nolint:errcheck // the test fails anyhow
		return
	}
	v := o.auth.Check(req, auth.Peer{Source: s.Flow().Remote.Addr()})
	if v.Response != nil {
		s.Respond(v.Response) //nolint:errcheck // as above
		return
	}
	s.Respond(o.register(req)) //nolint:errcheck // as above
}

func (o *office) register(req *sipmsg.Request) *sipmsg.Response {
	o.mu.Lock()
	defer o.mu.Unlock()
	user, c := req.To().Address.User, req.Contact()
	asked := c.Params.GetOr("expires", "")
	switch {
	case o.refuse != 0:
		return transport.NewResponse(req, o.refuse, "Refused")
	case asked == "0":
		delete(o.contacts, user)
		return transport.NewResponse(req, 200, "OK")
	case o.least != "" && asked != o.least:
		res := transport.NewResponse(req, 423, "Interval Too Brief")
		res.AppendHeader(sipmsg.NewHeader("Min-Expires", o.least))
		return res
	}
	at, _ := netip.ParseAddr(c.Address.Host)
	o.contacts[user] = netip.AddrPortFrom(at, uint16(c.Address.Port))
	o.came <- user
	res := transport.NewResponse(req, 200, "OK")
	back := &sipmsg.ContactHeader{Address: c.Address}
	back.Params.Add("expires", o.life)
	res.AppendHeader(back)
	return res
}

func (o *office) addr() netip.AddrPort { return o.layer.Addrs()[0].Addr }

// contact is where a user is registered.
func (o *office) contact(user string) (netip.AddrPort, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	at, ok := o.contacts[user]
	return at, ok
}

func (o *office) seen() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string(nil), o.requests...)
}

// change alters the office between two requests.
func (o *office) change(f func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f()
}

// openPhone makes a phone of the office and closes it with the test.
func openPhone(t *testing.T, o Options) *Phone {
	t.Helper()
	if o.Domain == "" {
		o.Domain = "example.org"
	}
	if o.Password == "" {
		o.Password = "sesame"
	}
	if o.Codecs == nil {
		o.Codecs = ulaw
	}
	p, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close(soon(t)) })
	return p
}

// inside runs f on the phone's loop and waits for it.
func inside(t *testing.T, p *Phone, f func()) {
	t.Helper()
	done := make(chan struct{})
	if err := p.post(func() { f(); close(done) }, false); err != nil {
		t.Fatal(err)
	}
	<-done
}

// soon is a context for what has to be over in a moment.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// tape records the events of a call.
type tape chan Event

func newTape() tape { return make(tape, 64) }

func (p tape) put(e Event) { p <- e }

// await reads events up to one of kind.
func (p tape) await(t *testing.T, kind Kind) Event {
	t.Helper()
	limit := time.After(5 * time.Second)
	for {
		select {
		case e := <-p:
			if e.Kind == kind {
				return e
			}
			if e.Kind == Ended {
				t.Fatalf("call ended (%d, %s) before %s", e.Status, e.Reason, kind)
			}
		case <-limit:
			t.Fatalf("no %s", kind)
		}
	}
}

// pair are two phones that send everything to each other: no switch between them.
type pair struct {
	alice, bob *Phone
	ringing    chan *Call // calls that came to bob, with bobs as their tape
	bobs       tape
}

func newPair(t *testing.T, tcp bool) *pair {
	p := &pair{ringing: make(chan *Call, 4), bobs: newTape()}
	incoming := func(c *Call) {
		c.Notify(p.bobs.put)
		p.ringing <- c
	}
	server := netip.AddrPortFrom(lo, 9) // bob sends nothing but inside calls, where they came from
	if tcp {
		server = newOffice(t, transport.TCP).addr()
	}
	p.bob = openPhone(t, Options{Server: server, TCP: tcp, User: "bob", Incoming: incoming, Codecs: codecs.NewSet(g711.PCMA(), g711.PCMU())})
	p.alice = openPhone(t, Options{Server: p.bob.Addr(), TCP: tcp, User: "alice", Name: `Alice "Al" L`})
	return p
}

// call lets alice call bob.
func (p *pair) call(t *testing.T) (mine *Call, his *Call, tp tape) {
	t.Helper()
	tp = newTape()
	mine, err := p.alice.Call(CallOptions{To: "bob", Media: voice, Notify: tp.put, Headers: []Header{{"X-Booking", "B-42"}}})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case his = <-p.ringing:
	case <-time.After(5 * time.Second):
		t.Fatal("bob's phone does not ring")
	}
	return mine, his, tp
}
