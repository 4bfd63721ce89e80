package transport

import (
	"bytes"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

const torture = "../../testdata/torture"

// verdict of a torture message: accepted (0), or the status of the refusal, or drop.
const (
	accept = 0
	drop   = -1
)

// tortureTable is the table of conformance §2 as far as it is this package's: what the rooms above decide (404, 401, 405, 415,
// 420, 406) is accepted here.
var tortureTable = []struct {
	name    string
	verdict int
	check   func(t *testing.T, m sipmsg.Message)
}{
	{"wsinv", accept, func(t *testing.T, m sipmsg.Message) {
		same(t, "Max-Forwards", m.(*sipmsg.Request).MaxForwards().Value(), "68")
		same(t, "Vias", len(m.GetHeaders("via")), 3)
		same(t, "To tag", m.To().Params.GetOr("tag", ""), "1918181833n")
		same(t, "From tag", m.From().Params.GetOr("tag", ""), "98asjd8")
		same(t, "q", m.(*sipmsg.Request).Contact().Params.GetOr("q", ""), "0.33")
		same(t, "body", len(m.Body()), 150)
	}},
	{"intmeth", accept, func(t *testing.T, m sipmsg.Message) {
		same(t, "method", string(m.(*sipmsg.Request).Method), "!interesting-Method0123456789_*+`.%indeed'~")
	}},
	{"esc01", accept, func(t *testing.T, m sipmsg.Message) {
		same(t, "user", m.(*sipmsg.Request).Recipient.User, "sips%3Auser%40example.com")
		same(t, "host", m.(*sipmsg.Request).Recipient.Host, "example.net")
	}},
	{"escnull", accept, func(t *testing.T, m sipmsg.Message) {
		all := m.GetHeaders("contact")
		same(t, "contacts", len(all), 2)
		same(t, "first", all[0].(*sipmsg.ContactHeader).Address.User, "%00")
		same(t, "second", all[1].(*sipmsg.ContactHeader).Address.User, "%00%00")
		same(t, "shortcut", m.(*sipmsg.Request).Contact().Address.User, "%00")
	}},
	{"esc02", accept, func(t *testing.T, m sipmsg.Message) {
		same(t, "method", string(m.(*sipmsg.Request).Method), "RE%47IST%45R") // which is not REGISTER
	}},
	{"lwsdisp", accept, func(t *testing.T, m sipmsg.Message) { same(t, "name", m.From().DisplayName, "caller") }},
	{"longreq", accept, func(t *testing.T, m sipmsg.Message) { same(t, "Vias", len(m.GetHeaders("via")), 35) }},
	{"dblreq", accept, func(t *testing.T, m sipmsg.Message) {
		same(t, "method", m.(*sipmsg.Request).Method, sipmsg.REGISTER)
		same(t, "body", len(m.Body()), 0)
	}},
	{"semiuri", accept, func(t *testing.T, m sipmsg.Message) {
		same(t, "user", m.(*sipmsg.Request).Recipient.User, "user;par=u%40example.net")
		same(t, "parameters", len(m.(*sipmsg.Request).Recipient.UriParams), 0)
	}},
	{"transports", accept, nil},
	{"mpart01", accept, func(t *testing.T, m sipmsg.Message) {
		same(t, "binary", bytes.Contains(m.Body(), []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}), true)
	}},
	{"unreason", accept, nil},
	{"noreason", accept, func(t *testing.T, m sipmsg.Message) { same(t, "reason", m.(*sipmsg.Response).Reason, "") }},
	{"badinv01", 400, nil},
	{"clerr", 400, nil},
	{"ncl", 400, nil},
	{"scalar02", 400, nil},
	{"scalarlg", drop, nil},
	{"quotbal", 400, nil},
	{"ltgtruri", 400, nil},
	{"lwsruri", 400, nil},
	{"lwsstart", 400, nil},
	{"trws", 400, nil},
	{"escruri", 400, nil},
	{"baddate", accept, nil},
	{"regbadct", 400, nil},
	{"badaspec", 400, nil},
	{"baddn", 400, nil},
	{"badvers", 505, nil},
	{"mismatch01", 400, nil},
	{"mismatch02", 400, nil},
	{"bigcode", drop, nil},
	{"badbranch", accept, nil}, // transaction falls back to RFC 2543 matching
	{"insuf", 400, nil},
	{"unkscm", 416, nil},
	{"novelsc", 416, nil},
	{"unksm2", accept, nil}, // the registrar's business
	{"bext01", accept, nil},
	{"invut", accept, nil},
	{"regaut01", accept, nil},
	{"multi01", 400, nil},
	{"mcl01", 400, nil},
	{"bcast", accept, nil}, // a response to nothing of ours: dropped by transaction; nothing leaves
	{"zeromf", accept, nil},
	{"cparam01", accept, func(t *testing.T, m sipmsg.Message) {
		c := m.(*sipmsg.Request).Contact()
		same(t, "header parameter", c.Params.Has("unknownparam") && !c.Address.UriParams.Has("unknownparam"), true)
	}},
	{"cparam02", accept, func(t *testing.T, m sipmsg.Message) {
		c := m.(*sipmsg.Request).Contact()
		same(t, "URI parameter", !c.Params.Has("unknownparam") && c.Address.UriParams.Has("unknownparam"), true)
	}},
	{"regescrt", accept, func(t *testing.T, m sipmsg.Message) {
		same(t, "kept", m.(*sipmsg.Request).Contact().Address.String(), "sip:user@example.com?Route=%3Csip:sip.example.com%3E")
	}},
	{"sdp01", accept, nil},
	{"inv2543", accept, nil},

	{"v6good", accept, func(t *testing.T, m sipmsg.Message) {
		same(t, "host", m.(*sipmsg.Request).Recipient.Host, "[2001:db8::10]")
	}},
	{"v6bad", 400, nil},
	{"v6port", accept, func(t *testing.T, m sipmsg.Message) { same(t, "port", m.(*sipmsg.Request).Recipient.Port, 5070) }},
	{"v6portinside", accept, func(t *testing.T, m sipmsg.Message) { same(t, "port", m.(*sipmsg.Request).Recipient.Port, 0) }},
	{"v6received", accept, nil},
	{"v6receivedbare", accept, nil},
	{"v6mapped", accept, nil},
	{"v6mixed", accept, nil},
	{"v6open", 400, nil},

	{"barelf", 400, nil},
	{"barecr", 400, nil},
	{"nul", 400, nil},
	{"badack", drop, nil},
	{"novia", drop, nil},
	{"badesc", 400, nil},
	{"spacecolon", accept, func(t *testing.T, m sipmsg.Message) {
		same(t, "removed", m.(*sipmsg.Request).RemoveHeader("X-Ringway-Claims"), true)
	}},
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// bench is a layer that records what it hands on and what it sends.
type bench struct {
	*Layer
	mu   sync.Mutex
	got  []sipmsg.Message
	sent []string
}

// openBench listens on UDP and TCP of loopback; OPTIONS to "alive" is answered with 200.
func openBench(t *testing.T, o Options) *bench {
	t.Helper()
	b := &bench{}
	if o.Listen == nil {
		home := netip.MustParseAddrPort("127.0.0.1:0")
		o.Listen = []Listener{{UDP, home}, {TCP, home}}
	}
	o.Tap = func(tr Trace) {
		if !tr.Incoming {
			b.mu.Lock()
			b.sent = append(b.sent, tr.Text)
			b.mu.Unlock()
		}
	}
	handler := o.Handler
	if handler == nil {
		handler = func(m sipmsg.Message, f Flow) {
			if r, ok := m.(*sipmsg.Request); ok && r.Recipient.User == "alive" {
				if err := b.Send(f, NewResponse(r, 200, "OK")); err != nil {
					t.Errorf("answer: %v", err)
				}
				return
			}
			if r, ok := m.(*sipmsg.Request); ok && r.Recipient.User == "panic" {
				panic("a handler's bug")
			}
			b.mu.Lock()
			b.got = append(b.got, m)
			b.mu.Unlock()
		}
	}
	o.Handler = nil
	var err error
	if b.Layer, err = Open(o); err != nil {
		t.Fatal(err)
	}
	b.Serve(handler)
	t.Cleanup(b.Stop)
	return b
}

// dial returns a raw client socket to the listener of that protocol.
func (b *bench) dial(t *testing.T, p Proto) net.Conn {
	t.Helper()
	for _, a := range b.Addrs() {
		if a.Proto == p {
			c, err := net.Dial(string(p), a.Addr.String())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { c.Close() })
			return c
		}
	}
	t.Fatal("no listener")
	return nil
}

func write(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if _, err := c.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
}

// read returns the next bytes from a socket.
func read(t *testing.T, c net.Conn) string {
	t.Helper()
	buf := make([]byte, 65536)
	if err := c.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	n, err := c.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	return string(buf[:n])
}

// alive asks OPTIONS on the socket and wants 200 as the very next thing. With one shard, all that came before is done then.
func alive(t *testing.T, c net.Conn) {
	t.Helper()
	write(t, c, options("alive", c))
	if got := read(t, c); !strings.HasPrefix(got, "SIP/2.0 200 ") {
		t.Fatalf("not alive: %q", got)
	}
}

func options(user string, c net.Conn, headers ...string) string {
	return "OPTIONS sip:" + user + "@example.org SIP/2.0\r\nVia: SIP/2.0/" + strings.ToUpper(c.LocalAddr().Network()) + " " + c.LocalAddr().String() +
		";branch=z9hG4bKopt;rport\r\nMax-Forwards: 70\r\nFrom: <sip:a@example.org>;tag=1\r\nTo: <sip:" + user +
		"@example.org>\r\nCall-ID: options\r\nCSeq: 1 OPTIONS\r\n" + strings.Join(headers, "") + "Content-Length: 0\r\n\r\n"
}

func TestTortureOverUDP(t *testing.T) {
	for _, c := range tortureTable {
		t.Run(c.name, func(t *testing.T) {
			b := openBench(t, Options{Limits: Limits{Shards: 1}})
			phone := b.dial(t, UDP)
			raw, err := os.ReadFile(filepath.Join(torture, c.name+".sip"))
			if err != nil {
				t.Fatal(err)
			}
			write(t, phone, string(raw))
			alive(t, phone)
			b.mu.Lock()
			defer b.mu.Unlock()
			refusals := b.sent[:len(b.sent)-1] // the last is the answer to OPTIONS
			switch c.verdict {
			case accept:
				if len(b.got) != 1 || len(refusals) != 0 {
					t.Fatalf("handed on %d, answered %q", len(b.got), refusals)
				}
				if c.check != nil {
					c.check(t, b.got[0])
				}
				if _, err := Marshal(b.got[0]); err != nil {
					t.Errorf("can't be written again: %v", err)
				}
			case drop:
				if len(b.got) != 0 || len(refusals) != 0 {
					t.Fatalf("handed on %d, answered %q", len(b.got), refusals)
				}
			default:
				wantRefusal(t, b, refusals, c.verdict)
			}
		})
	}
}

func wantRefusal(t *testing.T, b *bench, refusals []string, status int) {
	t.Helper()
	if len(b.got) != 0 || len(refusals) != 1 {
		t.Fatalf("handed on %d, answered %q", len(b.got), refusals)
	}
	res, err := Parse(refusals[0])
	if status == 400 && err != nil && strings.HasPrefix(refusals[0], "SIP/2.0 400 ") {
		return // what could not be parsed is echoed as it came
	}
	if err != nil {
		t.Fatalf("refusal does not parse: %v\n%s", err, refusals[0])
	}
	same(t, "status", res.(*sipmsg.Response).StatusCode, status)
}

// TestTortureFilesAreAllTried keeps table and folder together.
func TestTortureFilesAreAllTried(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(torture, "*.sip"))
	if err != nil || len(files) != len(tortureTable) {
		t.Errorf("%d files, %d in the table (%v)", len(files), len(tortureTable), err)
	}
}
