package siptest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Phone says what a phone is; Server is required, the zero value of every other field works.
type Phone struct {
	User     string // "" for a carrier that sends no credentials
	Password string
	Domain   string // of our address; the server's host when empty
	Server   string // host:port, UDP
	Login    string // user name of the digest where it differs from User
	Local    string // address to bind; the loopback address of the server's family when empty

	NoAck    bool          // never acknowledge a 2xx
	NoMedia  bool          // INVITE without an SDP offer; the ACK brings the answer
	Silent   bool          // answer nothing by itself (BYE, OPTIONS, CANCEL …)
	Extra    string        // header lines for every request, each ended by \r\n
	Patience time.Duration // longest wait for anything expected, 5 s
}

// Handset is a running phone.
type Handset struct {
	Phone
	t     testing.TB
	conn  *net.UDPConn
	local string // host:port of our socket
	stop  chan struct{}
	group sync.WaitGroup

	mu       sync.Mutex // guards what follows, and all calls
	calls    map[string]*Call
	incoming chan *Call
	outside  chan *sipmsg.Request             // requests outside of calls
	waiters  map[string]chan *sipmsg.Response // by branch
	replies  map[string]string                // by branch and method: what a repeated request gets
	rules    []*Rule
	cseq     int
	callID   string // of REGISTER
	closed   bool
}

// NewPhone opens a phone on a free port of the loopback address that reaches the server. It is closed by the test's clean-up.
func NewPhone(t testing.TB, o Phone) *Handset {
	t.Helper()
	if o.Patience == 0 {
		o.Patience = 5 * time.Second
	}
	server, err := net.ResolveUDPAddr("udp", o.Server)
	if err != nil {
		t.Fatalf("siptest: server %q: %v", o.Server, err)
	}
	if o.Domain == "" {
		o.Domain = server.IP.String()
	}
	if o.Login == "" {
		o.Login = o.User
	}
	at := net.ParseIP(o.Local)
	if at == nil {
		at = loopbackFor(server.IP)
	}
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: at})
	if err != nil {
		t.Fatalf("siptest: %v", err)
	}
	p := &Handset{
		Phone: o, t: t, conn: conn, local: conn.LocalAddr().String(), stop: make(chan struct{}),
		calls: map[string]*Call{}, incoming: make(chan *Call, 64), outside: make(chan *sipmsg.Request, 64), waiters: map[string]chan *sipmsg.Response{},
		replies: map[string]string{}, callID: token(),
	}
	p.group.Add(1)
	go p.runRead()
	t.Cleanup(p.Close)
	return p
}

func loopbackFor(server net.IP) net.IP {
	if server.To4() == nil {
		return net.IPv6loopback
	}
	return net.IPv4(127, 0, 0, 1)
}

// Close ends the phone at once, without a BYE, as a phone that lost its power does.
func (p *Handset) Close() {
	p.mu.Lock()
	first := !p.closed
	p.closed = true
	calls := p.calls
	p.mu.Unlock()
	if first {
		close(p.stop)
		p.conn.Close()
		for _, c := range calls {
			c.closeMedia()
		}
	}
	p.group.Wait()
}

// Closed is closed when the phone is.
func (p *Handset) Closed() <-chan struct{} { return p.stop }

// Addr returns the address of the phone's socket, host:port.
func (p *Handset) Addr() string { return p.local }

// begin counts one more goroutine, unless the phone is closed.
func (p *Handset) begin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.group.Add(1)
	return true
}

// sleep waits; it is false when the phone closes.
func (p *Handset) sleep(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-p.stop:
		return false
	case <-t.C:
		return true
	}
}

// runRead reads datagrams until the socket is closed.
func (p *Handset) runRead() {
	defer p.group.Done()
	buf := make([]byte, 65536)
	for {
		n, err := p.conn.Read(buf)
		if err != nil {
			return
		}
		text := string(buf[:n])
		if strings.Trim(text, "\r\n\x00") == "" || buf[0]&0xc0 == 0x80 { // a keep-alive, or RTCP for our neighbour's port + 1
			continue
		}
		msg, err := sipmsg.ParseMessage([]byte(text))
		if err != nil {
			p.t.Errorf("siptest: %s received what does not parse: %v\n%s", p.User, err, text)
			continue
		}
		for range p.copies(msg, false) {
			p.receive(msg)
		}
	}
}

// send puts one message on the wire, unless a rule says otherwise.
func (p *Handset) send(text string) {
	msg, err := sipmsg.ParseMessage([]byte(text))
	if err != nil {
		p.raw(text) // a test that sends nonsense means it
		return
	}
	for range p.copies(msg, true) {
		p.raw(text)
	}
}

// Raw sends any bytes to the server.
func (p *Handset) Raw(text string) { p.raw(text) }

func (p *Handset) raw(text string) {
	server, err := net.ResolveUDPAddr("udp", p.Server)
	if err == nil {
		_, err = p.conn.WriteToUDP([]byte(text), server)
	}
	select {
	case <-p.stop:
	default:
		if err != nil {
			p.t.Errorf("siptest: send: %v", err)
		}
	}
}

// sendUntil repeats a message at 0.5, 1, 2 … s until done is closed, at most seven times.
func (p *Handset) sendUntil(text string, done <-chan struct{}) {
	p.send(text)
	if p.begin() {
		go p.runRepeat(text, done)
	}
}

func (p *Handset) runRepeat(text string, done <-chan struct{}) {
	defer p.group.Done()
	for wait := 500 * time.Millisecond; wait < 40*time.Second; wait *= 2 {
		t := time.NewTimer(wait)
		select {
		case <-p.stop:
			t.Stop()
			return
		case <-done:
			t.Stop()
			return
		case <-t.C:
			p.send(text)
		}
	}
}

func token() string { return fmt.Sprintf("%x", rand.Uint64()) }

func branch() string { return "z9hG4bK" + token() }
