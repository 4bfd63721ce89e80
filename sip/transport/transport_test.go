package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// closedByPeer says that the far side ends the connection, whatever it sent before.
func closedByPeer(t *testing.T, c net.Conn) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	_, err := io.Copy(io.Discard, c)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal("connection still open")
	}
}

func TestStreamAnswersOnItsConnectionAndKeepsOrder(t *testing.T) {
	b := openBench(t, Options{Limits: Limits{Shards: 1}})
	phone := b.dial(t, TCP)
	alive(t, phone)
	text := options("first", phone) + "\r\n" + options("second", phone)
	for i := range text { // one byte a segment
		write(t, phone, text[i:i+1])
	}
	alive(t, phone)
	b.mu.Lock()
	defer b.mu.Unlock()
	same(t, "messages", len(b.got), 2)
	same(t, "order", b.got[0].(*sipmsg.Request).Recipient.User, "first")
}

func TestStreamPingIsAnsweredByPong(t *testing.T) {
	b := openBench(t, Options{})
	phone := b.dial(t, TCP)
	write(t, phone, "\r\n\r\n")
	same(t, "pong", read(t, phone), "\r\n")
	alive(t, phone)
}

// A line end alone is a keep-alive that many phones send: it is no message that never comes.
func TestStreamSurvivesALoneLineEnd(t *testing.T) {
	b := openBench(t, Options{Limits: Limits{WholeMessage: 50 * time.Millisecond, Idle: 5 * time.Second}})
	phone := b.dial(t, TCP)
	alive(t, phone)
	write(t, phone, "\r\n")
	time.Sleep(120 * time.Millisecond)
	alive(t, phone)
}

func TestStreamWithoutSoundLengthIsRefusedAndClosed(t *testing.T) {
	for name, length := range map[string]string{
		"none": "", "negative": "Content-Length: -1\r\n", "two": "Content-Length: 0\r\nl: 0\r\n", "words": "Content-Length: x\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			b := openBench(t, Options{})
			phone := b.dial(t, TCP)
			write(t, phone, strings.Replace(options("alive", phone), "Content-Length: 0\r\n", length, 1))
			if got := read(t, phone); !strings.HasPrefix(got, "SIP/2.0 400 ") {
				t.Errorf("answer %q", got)
			}
			closedByPeer(t, phone)
		})
	}
}

func TestStreamLimits(t *testing.T) {
	short := Limits{FirstMessage: 50 * time.Millisecond, WholeMessage: 50 * time.Millisecond, Idle: 100 * time.Millisecond, Stream: 4096}
	for name, first := range map[string]string{
		"silent": "", "half a message": "OPTIONS sip:a@example.org SIP/2.0\r\n", "too large": strings.Repeat("x", 5000),
		"noise": "\n\n\n", "waits for its body": "OPTIONS sip:a@example.org SIP/2.0\r\nContent-Length: 99\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			phone := openBench(t, Options{Limits: short}).dial(t, TCP)
			if first != "" {
				write(t, phone, first)
			}
			closedByPeer(t, phone)
		})
	}
	t.Run("idle", func(t *testing.T) {
		phone := openBench(t, Options{Limits: short}).dial(t, TCP)
		alive(t, phone)
		closedByPeer(t, phone)
	})
}

func TestConnectionsAreCapped(t *testing.T) {
	t.Run("per source", func(t *testing.T) {
		b := openBench(t, Options{Limits: Limits{PerSource: 2}})
		first, second := b.dial(t, TCP), b.dial(t, TCP)
		alive(t, first)
		alive(t, second)
		closedByPeer(t, b.dial(t, TCP))
		alive(t, first)
	})
	t.Run("in all, the idlest goes", func(t *testing.T) {
		b := openBench(t, Options{Limits: Limits{Connections: 2}})
		first, second := b.dial(t, TCP), b.dial(t, TCP)
		alive(t, first)
		alive(t, second)
		third := b.dial(t, TCP)
		alive(t, third)
		closedByPeer(t, first)
		alive(t, second)
	})
}

func TestConnectReusesOnlyOurOwnConnections(t *testing.T) {
	closed := make(chan Flow, 1)
	b := openBench(t, Options{Closed: func(f Flow, _ error) { closed <- f }})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	to := netip.MustParseAddrPort(ln.Addr().String())
	f, err := b.Connect(context.Background(), TCP, to)
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.Connect(context.Background(), TCP, to)
	if err != nil || again != f {
		t.Errorf("second connect: %v %v, want %v", again, err, f)
	}
	trunk, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Write(f, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	same(t, "received", read(t, trunk), "hello")
	trunk.Close()
	same(t, "closed", <-closed, f)
	if err := b.Write(f, []byte("hello")); !errors.Is(err, ErrNoFlow) {
		t.Errorf("write to a closed flow: %v", err)
	}

	phone := b.dial(t, TCP) // a peer that connected is no way to its address
	alive(t, phone)
	if _, err := b.Connect(context.Background(), TCP, netip.MustParseAddrPort(phone.LocalAddr().String())); err == nil {
		t.Error("an accepted connection was reused")
	}
}

func TestForbiddenDestinations(t *testing.T) {
	b := openBench(t, Options{})
	for _, to := range []string{"255.255.255.255:5060", "224.0.0.1:5060", "0.0.0.0:5060", "127.0.0.1:0"} {
		if _, err := b.Connect(context.Background(), UDP, netip.MustParseAddrPort(to)); !errors.Is(err, ErrForbidden) {
			t.Errorf("%s: %v", to, err)
		}
	}
}

func TestIPv6Listener(t *testing.T) {
	home := netip.MustParseAddrPort("[::1]:0")
	b := openBench(t, Options{Listen: []Listener{{UDP, home}, {TCP, home}}})
	alive(t, b.dial(t, UDP))
	alive(t, b.dial(t, TCP))
}

func TestRepliesFollowRport(t *testing.T) {
	source := Flow{Proto: UDP, Remote: netip.MustParseAddrPort("192.0.2.7:40000")}
	for via, want := range map[string]string{
		"SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bK1;rport": "192.0.2.7:40000",
		"SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bK1":       "192.0.2.7:5062",
		"SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1":            "192.0.2.7:5060",
		"SIP/2.0/UDP 10.0.0.1;maddr=198.51.100.1":         "192.0.2.7:5060",
	} {
		v := &sipmsg.ViaHeader{}
		if _, _, err := parseVia(via, v, &kit{}); err != nil {
			t.Fatal(err)
		}
		stamp(v, source.Remote)
		same(t, via, ReplyFlow(source, v).Remote.String(), want)
		same(t, via+" received", v.Params.GetOr("received", ""), "192.0.2.7")
	}
}

func TestSerialiserRefusesInjectedLines(t *testing.T) {
	for _, evil := range []string{"a\r\nX: y", "a\nb", "a\rb", "a\x00b"} {
		req := sipmsg.NewRequest(sipmsg.OPTIONS, sipmsg.Uri{Scheme: "sip", Host: "example.org"})
		req.AppendHeader(&sipmsg.FromHeader{DisplayName: evil, Address: sipmsg.Uri{Scheme: "sip", Host: "example.org"}})
		if _, err := Marshal(req); !errors.Is(err, ErrUnsafe) {
			t.Errorf("%q in a name: %v", evil, err)
		}
		res := sipmsg.NewResponse(200, evil)
		if _, err := Marshal(res); !errors.Is(err, ErrUnsafe) {
			t.Errorf("%q in a reason: %v", evil, err)
		}
	}
}

func TestPanicCostsOneMessage(t *testing.T) {
	b := openBench(t, Options{Limits: Limits{Shards: 1}})
	phone := b.dial(t, UDP)
	write(t, phone, options("panic", phone))
	alive(t, phone)
	same(t, "panics", b.Stats().Panics, 1)
}

// Whatever looks at a message before its shard has it may panic too: over UDP that costs the message, on a stream the connection.
func TestPanicBeforeTheShard(t *testing.T) {
	var armed, ended atomic.Bool
	verified := func(netip.AddrPort) bool {
		if armed.CompareAndSwap(true, false) {
			panic("a bug in who is verified")
		}
		return false
	}
	b := openBench(t, Options{Limits: Limits{Shards: 1, Connections: 1}, Verified: verified, Closed: func(Flow, error) {
		ended.Store(true)
		panic("a bug in who is told of the end")
	}})
	phone := b.dial(t, UDP)
	armed.Store(true)
	write(t, phone, options("nobody", phone))
	alive(t, phone)
	same(t, "panics over UDP", b.Stats().Panics, 1)

	stream := b.dial(t, TCP)
	alive(t, stream)
	armed.Store(true)
	late := b.dial(t, TCP) // there is room for one: who may make way is asked
	if _, err := late.Read(make([]byte, 1)); err == nil {
		t.Error("a connection that could not be entered stays open")
	}
	alive(t, stream)
	panicked := func(when string, want uint64, more func() bool) { // a connection is closed before its panic is counted
		t.Helper()
		for end := time.Now().Add(5 * time.Second); !more() || b.Stats().Panics != want; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%d panics %s, want %d", b.Stats().Panics, when, want)
			}
		}
	}
	panicked("while a stream comes", 2, func() bool { return true })
	stream.Close()
	panicked("after a stream's end", 3, ended.Load)
	alive(t, phone)
}

func TestOverloadShedsOnlyNewRequests(t *testing.T) {
	m := newMailbox(2)
	fresh, urgent := letter{peek: peek("INVITE sip:a SIP/2.0\r\nTo: <sip:a>\r\n\r\n")}, letter{peek: peek("BYE sip:a SIP/2.0\r\n\r\n")}
	var taken []bool
	for _, l := range []letter{fresh, fresh, fresh, urgent, urgent, urgent} {
		taken = append(taken, m.put(l))
	}
	same(t, "taken", fmt.Sprint(taken), "[true true false true true false]")
}

// A caller who is turned away because the switch is behind learns when to come again; whoever asks something else learns it
// by asking again.
func TestWhoIsShedLearnsWhenToComeAgain(t *testing.T) {
	b := openBench(t, Options{Limits: Limits{Shards: 1}})
	phone := b.dial(t, UDP)
	flow := Flow{Proto: UDP, Local: b.Addrs()[0].Addr, Remote: netip.MustParseAddrPort(phone.LocalAddr().String())}
	s := b.shards[0]
	for _, method := range []string{"OPTIONS", "INVITE"} {
		text := strings.ReplaceAll(options("800", phone), "OPTIONS", method)
		s.turn.Lock()
		s.shed(&letter{text: text, flow: flow, peek: peek(text)})
		s.turn.Unlock()
	}
	got := read(t, phone)
	if !strings.HasPrefix(got, "SIP/2.0 503 ") || !strings.Contains(got, "CSeq: 1 INVITE\r\n") || !regexp.MustCompile(`\r\nRetry-After: [5-9]\r\n`).MatchString(got) {
		t.Errorf("got %q", got)
	}
}

func TestPeek(t *testing.T) {
	for text, want := range map[string]peeked{
		"SIP/2.0 200 OK\r\nI: abc\r\n\r\n":                                    {callID: "abc", urgent: true},
		"INVITE sip:a SIP/2.0\r\ncall-id : abc\r\nTo: <sip:a>\r\n\r\n":        {callID: "abc", method: "INVITE"},
		"INVITE sip:a SIP/2.0\r\nt: <sip:a>;tag=7\r\nCall-ID: abc\r\n\r\n":    {callID: "abc", method: "INVITE", urgent: true},
		"CANCEL sip:a SIP/2.0\r\nCall-ID: abc\r\n\r\n":                        {callID: "abc", method: "CANCEL", urgent: true},
		"INVITE sip:a SIP/2.0\r\nTo: <sip:a>\r\n\r\nCall-ID: in the body\r\n": {method: "INVITE"},
	} {
		same(t, text, peek(text), want)
	}
}

func TestUnverifiedSourcesGetNoMoreThanOneAndAHalf(t *testing.T) {
	proven := NewVerifiedSet(0, nil)
	b := openBench(t, Options{Verified: proven.Has})
	phone := b.dial(t, UDP)
	alive(t, phone)
	f := Flow{Proto: UDP, Local: b.Addrs()[0].Addr, Remote: netip.MustParseAddrPort(phone.LocalAddr().String())}
	big := []byte("SIP/2.0 200 OK\r\n" + strings.Repeat("x", 2000))
	if err := b.Write(f, big); !errors.Is(err, ErrAmplifies) {
		t.Errorf("before proof: %v", err)
	}
	proven.Add(f.Remote)
	if err := b.Write(f, big); err != nil {
		t.Errorf("after proof: %v", err)
	}
}

func TestShownAddress(t *testing.T) {
	l, err := Open(Options{
		Listen:    []Listener{{UDP, netip.MustParseAddrPort("127.0.0.1:0")}},
		Addresses: Addresses{Advertised: netip.MustParseAddr("203.0.113.5"), LocalNets: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Stop()
	local := l.Addrs()[0].Addr
	for to, want := range map[string]string{"198.51.100.9:5060": "203.0.113.5", "10.1.2.3:5060": "127.0.0.1", "127.0.0.1:5060": "127.0.0.1"} {
		f := Flow{Proto: UDP, Local: local, Remote: netip.MustParseAddrPort(to)}
		same(t, to, l.Shown(f), netip.AddrPortFrom(netip.MustParseAddr(want), local.Port()))
	}
}

func TestLargeDatagrams(t *testing.T) {
	b := openBench(t, Options{Limits: Limits{Shards: 1}})
	phone := b.dial(t, UDP)
	write(t, phone, options("big", phone, strings.Repeat("X-Filler: "+strings.Repeat("y", 1000)+"\r\n", 10)))
	write(t, phone, options("too-big", phone, strings.Repeat("X-Filler: "+strings.Repeat("y", 1000)+"\r\n", 20)))
	alive(t, phone)
	b.mu.Lock()
	defer b.mu.Unlock()
	same(t, "handed on", len(b.got), 1)
	same(t, "too large", b.Stats().TooLarge, 1)
}

func TestHeaderLimits(t *testing.T) {
	for name, more := range map[string]string{
		"too many":      strings.Repeat("X-A: 1\r\n", 300),
		"too long":      "X-A: " + strings.Repeat("x", 9000) + "\r\n",
		"too long fold": "X-A: x\r\n" + strings.Repeat(" "+strings.Repeat("x", 1000)+"\r\n", 10),
	} {
		text := "OPTIONS sip:a@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@example.org>;tag=1\r\nTo: <sip:a@example.org>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n" + more + "\r\n"
		if _, err := Parse(text); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
