package node

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ringway/console"
	"ringway/sip/siptest"
	"ringway/store"
)

// adapter lets a phone of siptest, which speaks UDP, be on TCP: each datagram becomes a message on a connection to the switch,
// and back.
//
//	phone ── UDP ── adapter ── TCP ── switch
type adapter struct {
	t      testing.TB
	server string // of the switch
	near   *net.UDPConn
	wg     sync.WaitGroup

	mu    sync.Mutex // guards what follows
	phone *net.UDPAddr
	far   net.Conn // nil: lost
}

func openAdapter(t testing.TB, server string) *adapter {
	t.Helper()
	near, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	a := &adapter{t: t, server: server, near: near}
	a.connect()
	a.wg.Add(1)
	go a.runOut()
	t.Cleanup(func() {
		a.near.Close()
		a.lose()
		a.wg.Wait()
	})
	return a
}

// connect opens the connection, at first or anew.
func (a *adapter) connect() {
	a.t.Helper()
	far, err := net.Dial("tcp", a.server)
	if err != nil {
		a.t.Fatal(err)
	}
	a.mu.Lock()
	a.far = far
	a.mu.Unlock()
	a.wg.Add(1)
	go a.runIn(far)
}

// lose ends the connection; what the phone sends goes nowhere.
func (a *adapter) lose() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.far != nil {
		a.far.Close()
		a.far = nil
	}
}

// runOut carries what the phone sends.
func (a *adapter) runOut() {
	defer a.wg.Done()
	buf := make([]byte, 65536)
	for {
		n, from, err := a.near.ReadFromUDP(buf)
		if err != nil {
			return
		}
		a.mu.Lock()
		a.phone = from
		if a.far != nil {
			_, _ = a.far.Write(buf[:n])
		}
		a.mu.Unlock()
	}
}

// runIn carries what the switch sends.
func (a *adapter) runIn(far net.Conn) {
	defer a.wg.Done()
	r := bufio.NewReader(far)
	for {
		text, err := readMessage(r)
		if err != nil {
			return
		}
		a.mu.Lock()
		to := a.phone
		a.mu.Unlock()
		_, _ = a.near.WriteToUDP([]byte(text), to)
	}
}

// readMessage reads up to the end of the body that Content-Length announces.
func readMessage(r *bufio.Reader) (string, error) {
	var b strings.Builder
	length := 0
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return "", err
		}
		b.WriteString(line)
		if name, value, ok := strings.Cut(line, ":"); ok && textproto.CanonicalMIMEHeaderKey(name) == "Content-Length" {
			length, _ = strconv.Atoi(strings.TrimSpace(value))
		}
		if line == "\r\n" {
			break
		}
	}
	body := make([]byte, length)
	_, err := io.ReadFull(r, body)
	return b.String() + string(body), err
}

// streamAgent is an agent whose phone is on TCP, joined to her queues.
func (o *office) streamAgent(account string) (*siptest.Handset, *adapter) {
	o.t.Helper()
	server := ""
	for _, at := range o.n.Addrs() {
		if proto, addr, _ := strings.Cut(at, " "); proto == "tcp" {
			server = addr
		}
	}
	a := openAdapter(o.t, server)
	p := siptest.NewPhone(o.t, siptest.Phone{User: account, Password: "pw", Domain: "wayfare.example", Server: a.near.LocalAddr().String(), Patience: patience})
	p.Register()
	o.dial(p, "*45")
	o.want(account, store.Available)
	return p, a
}

// TestAgentsOnStreams: what an agent's phone answers means the same on TCP as on UDP, and explain tells why she was not asked again.
// When her connection is lost she is unreachable from the next offer on, without a wait, until her phone registers anew.
func TestAgentsOnStreams(t *testing.T) {
	o := openOffice(t, edit{"queues.yaml", "declined_rest: 300ms, declined_caller: 800ms", "declined_rest: 10ms, declined_caller: 5s"})
	zh1, line := o.streamAgent("zh1")
	back := func() { o.dial(zh1, "*49") }
	anew := func() { line.connect(); zh1.Register() }
	for i, c := range []struct {
		name    string
		before  func()
		miss    func(*siptest.Call)
		outcome store.OfferOutcome
		state   store.AgentBucket
		act     func()
		explain string
	}{
		{name: "declines", miss: func(c *siptest.Call) { c.Ring(1); c.Decline(603) }, outcome: store.Declined, state: store.Available, act: back,
			explain: "declined this very caller"},
		{name: "is busy", miss: func(c *siptest.Call) { c.Ring(1); c.Decline(600) }, outcome: store.Busy, state: store.Available, act: back},
		{name: "lets it ring", miss: func(c *siptest.Call) { c.Ring(1); c.ExpectCancel() }, outcome: store.NoAnswer, state: store.NotResponding, act: back},
		{name: "has no codec", miss: func(c *siptest.Call) { c.Decline(488) }, outcome: store.MediaFailed, state: store.NotResponding, act: back},
		{name: "loses the connection while it rings", miss: func(c *siptest.Call) { c.Ring(1); line.lose() }, outcome: store.OfferUnreachable,
			state: store.Unreachable, act: anew},
		{name: "lost it before", before: func() { line.lose(); time.Sleep(50 * time.Millisecond) }, outcome: store.OfferUnreachable, state: store.Unreachable, act: anew},
	} {
		if c.before != nil {
			c.before()
		}
		caller := o.customerNumbered(i).Invite("help")
		caller.Expect(200)
		if c.miss != nil {
			c.miss(zh1.ExpectCall())
		}
		asked := time.Now()
		o.event(caller, store.OfferEnd, string(c.outcome))
		if c.outcome == store.OfferUnreachable && time.Since(asked) > time.Second {
			t.Errorf("who %s is given up after %v", c.name, time.Since(asked))
		}
		if c.explain != "" {
			o.event(caller, store.VisitStep, "2")
		}
		caller.Bye()
		o.event(caller, store.VisitLeave, string(store.Abandoned))
		o.want("zh1", c.state)
		c.act()
		o.want("zh1", store.Available)
		if why := o.explain(); !strings.Contains(why, c.explain) || !strings.Contains(why, "zh1") {
			t.Errorf("explain says\n%s", why)
		}
		if t.Failed() {
			t.Fatalf("who %s", c.name)
		}
	}
	waiting, in := o.talk(o.customerNumbered(9), "help", zh1)
	waiting.Bye()
	in.ExpectBye()
	o.monitored()
}

// customerNumbered is one of many customers, so that whom one was declined by is another's chance.
func (o *office) customerNumbered(i int) *siptest.Handset {
	o.t.Helper()
	return o.app(console.MintRequest{Subject: fmt.Sprintf("c-%d", i), Claims: store.Claims{Language: "zh-TW", Customer: fmt.Sprintf("k-%d", i)}})
}

// TestMediaOfStreams: with both phones on TCP each packet is heard from the answer on, as on UDP.
func TestMediaOfStreams(t *testing.T) {
	o := openOffice(t)
	zh1, _ := o.streamAgent("zh1")
	call, in := o.talk(o.customer("zh-TW"), "help", zh1)
	alive(t, call, in)
	in.Bye()
	call.ExpectBye()
	o.quiet(patience)
	o.silent()
}
