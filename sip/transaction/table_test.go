package transaction_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"go.uber.org/goleak"

	"ringway/sip/transaction"
	"ringway/sip/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	udp = transport.Flow{Proto: transport.UDP, Local: netip.MustParseAddrPort("192.0.2.1:5060"), Remote: netip.MustParseAddrPort("192.0.2.9:5060")}
	tcp = transport.Flow{Proto: transport.TCP, Local: udp.Local, Remote: udp.Remote, Conn: 7}
)

// stage is a table between a recorded wire and a recorded core, in virtual time.
type stage struct {
	*transaction.Table
	t     *testing.T
	began time.Time

	mu      sync.Mutex
	wire    []string // "500ms INVITE", "0s 200"
	last    []sipmsg.Message
	core    []string // "request INVITE", "ack", "response 200"
	told    []string // events of servers and clients
	servers []*transaction.Server
	broken  error // what Send answers
}

// play runs a script in a bubble of virtual time, and stops the table at its end.
func play(t *testing.T, o transaction.Options, script func(s *stage)) {
	synctest.Test(t, func(t *testing.T) {
		s := &stage{t: t, began: time.Now()}
		o.Send = s.send
		o.Core = s
		o.Via = func(f transport.Flow) *sipmsg.ViaHeader {
			return &sipmsg.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: f.Proto.Upper(), Host: "192.0.2.1", Port: 5060}
		}
		s.Table = transaction.New(o)
		defer s.Stop()
		script(s)
	})
}

func (s *stage) send(_ transport.Flow, m sipmsg.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return s.broken
	}
	s.wire = append(s.wire, fmt.Sprintf("%v %s", time.Since(s.began).Round(100*time.Millisecond), what(m)))
	s.last = append(s.last, m)
	return nil
}

func what(m sipmsg.Message) string {
	switch m := m.(type) {
	case *sipmsg.Request:
		return string(m.Method)
	case *sipmsg.Response:
		return fmt.Sprint(m.StatusCode)
	}
	return "?"
}

// Request implements transaction.Core.
func (s *stage) Request(tx *transaction.Server) {
	s.note(&s.core, "request "+string(tx.Request().Method))
	s.mu.Lock()
	s.servers = append(s.servers, tx)
	s.mu.Unlock()
	tx.Notify(func(e transaction.ServerEvent) {
		s.note(&s.told, [...]string{"", "cancelled", "acked", "unacked"}[e.Kind])
	})
}

// Ack implements transaction.Core.
func (s *stage) Ack(*sipmsg.Request, transport.Flow) { s.note(&s.core, "ack") }

// Response implements transaction.Core.
func (s *stage) Response(r *sipmsg.Response, _ transport.Flow) {
	s.note(&s.core, fmt.Sprintf("response %d", r.StatusCode))
}

func (s *stage) note(list *[]string, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, text)
}

// notify is told of a client transaction.
func (s *stage) notify(e transaction.ClientEvent) {
	switch e.Kind {
	case transaction.Response:
		s.note(&s.told, fmt.Sprint(e.Response.StatusCode))
	case transaction.Timeout:
		s.note(&s.told, "timeout")
	case transaction.TransportError:
		s.note(&s.told, "transport error")
	}
}

// wants compares one of the lists with words separated by ", ".
func (s *stage) wants(name string, list *[]string, want string) {
	s.t.Helper()
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if got := strings.Join(*list, ", "); got != want {
		s.t.Errorf("%s:\n got %s\nwant %s", name, got, want)
	}
}

func (s *stage) respond(status int) error {
	tx := s.servers[len(s.servers)-1]
	return tx.Respond(transport.NewResponse(tx.Request(), status, "Some Reason"))
}

func parse(t *testing.T, text string) sipmsg.Message {
	t.Helper()
	m, err := transport.Parse(strings.ReplaceAll(text, "\n", "\r\n") + "\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// request makes a request that a peer sends; branch and tags can be chosen.
func (s *stage) request(method, branch string, more ...string) sipmsg.Message {
	to := "<sip:b@example.org>"
	for _, m := range more {
		if tag, ok := strings.CutPrefix(m, "to-tag="); ok {
			to += ";tag=" + tag
		}
	}
	return parse(s.t, method+" sip:b@example.org SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch="+branch+";rport\nMax-Forwards: 70\nFrom: <sip:a@example.org>;tag=a\nTo: "+
		to+"\nCall-ID: c1\nCSeq: 1 "+method)
}

// answer makes a response of the peer to the last request sent of that method.
func (s *stage) answer(method sipmsg.RequestMethod, status int) sipmsg.Message {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.last) - 1; i >= 0; i-- {
		if r, ok := s.last[i].(*sipmsg.Request); ok && r.Method == method {
			return transport.NewResponse(r, status, "Some Reason")
		}
	}
	s.t.Fatalf("no %s was sent", method)
	return nil
}

// ours makes a request of ours, as a leg hands it over: without Via.
func ours(method sipmsg.RequestMethod) *sipmsg.Request {
	r := sipmsg.NewRequest(method, sipmsg.Uri{Scheme: "sip", User: "b", Host: "example.org"})
	r.AppendHeader(&sipmsg.FromHeader{Address: sipmsg.Uri{Scheme: "sip", Host: "example.org"}, Params: sipmsg.HeaderParams{{K: "tag", V: "x"}}})
	r.AppendHeader(&sipmsg.ToHeader{Address: sipmsg.Uri{Scheme: "sip", User: "b", Host: "example.org"}})
	id := sipmsg.CallIDHeader("ours")
	r.AppendHeader(&id)
	r.AppendHeader(&sipmsg.CSeqHeader{SeqNo: 1, MethodName: method})
	return r
}

func TestInviteFailsAndIsRepeatedUntilAck(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		s.Receive(s.request("INVITE", "z9hG4bK1"), udp)
		if err := s.respond(486); err != nil {
			t.Fatal(err)
		}
		time.Sleep(4 * time.Second)
		s.wants("wire", &s.wire, "0s 100, 0s 486, 500ms 486, 1.5s 486, 3.5s 486")
		s.Receive(s.request("INVITE", "z9hG4bK1"), udp)
		s.Receive(s.request("ACK", "z9hG4bK1"), udp)
		s.Receive(s.request("ACK", "z9hG4bK1"), udp)
		time.Sleep(time.Minute)
		s.wants("wire", &s.wire, "0s 100, 0s 486, 500ms 486, 1.5s 486, 3.5s 486, 4s 486")
		s.wants("core", &s.core, "request INVITE")
		s.wants("told", &s.told, "acked")
	})
}

func TestInviteWithoutAckEnds(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		s.Receive(s.request("INVITE", "z9hG4bK1"), udp)
		if err := s.respond(500); err != nil {
			t.Fatal(err)
		}
		time.Sleep(33 * time.Second)
		s.wants("told", &s.told, "unacked")
		if n := s.Stats().Lingering; n != 0 {
			t.Errorf("%d linger", n)
		}
		if got := len(s.wire); got != 12 { // 100, then at 0, 0.5, 1.5, 3.5, 7.5 … 31.5 s
			t.Errorf("%d messages: %v", got, s.wire)
		}
	})
}

func TestUnverifiedPeerGetsOneFailureOnly(t *testing.T) {
	play(t, transaction.Options{Verified: func(transport.Flow) bool { return false }}, func(s *stage) {
		s.Receive(s.request("INVITE", "z9hG4bK1"), udp)
		_ = s.respond(500)
		time.Sleep(time.Minute)
		s.wants("wire", &s.wire, "0s 100, 0s 500")
	})
}

func TestStreamsRepeatNothing(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		s.Receive(s.request("INVITE", "z9hG4bK1"), tcp)
		_ = s.respond(500)
		time.Sleep(time.Second)
		_, _ = s.Send(ours(sipmsg.OPTIONS), tcp, s.notify)
		time.Sleep(33 * time.Second)
		s.wants("wire", &s.wire, "0s 100, 0s 500, 1s OPTIONS")
		s.wants("told", &s.told, "unacked, timeout")
	})
}

func TestInviteAccepted(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		s.Receive(s.request("INVITE", "z9hG4bK1"), udp)
		_ = s.respond(180)
		s.Receive(s.request("INVITE", "z9hG4bK1"), udp)
		_ = s.respond(200)
		s.Receive(s.request("INVITE", "z9hG4bK1"), udp) // absorbed: the core repeats its 2xx
		_ = s.respond(200)
		s.Receive(s.request("ACK", "z9hG4bK2", "to-tag=b"), udp)
		s.wants("wire", &s.wire, "0s 100, 0s 180, 0s 180, 0s 200, 0s 200")
		s.wants("core", &s.core, "request INVITE, ack")
		if err := s.respond(486); !errors.Is(err, transaction.ErrFinal) {
			t.Errorf("failure after success: %v", err)
		}
		time.Sleep(33 * time.Second)
		if err := s.respond(180); !errors.Is(err, transaction.ErrTerminated) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestCancel(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		s.Receive(s.request("CANCEL", "z9hG4bK1"), udp)
		s.Receive(s.request("INVITE", "z9hG4bK1"), udp)
		s.Receive(s.request("CANCEL", "z9hG4bK1"), udp)
		_ = s.respond(487)
		s.Receive(s.request("CANCEL", "z9hG4bK1"), udp)
		s.wants("wire", &s.wire, "0s 481, 0s 100, 0s 200, 0s 487, 0s 200")
		s.wants("told", &s.told, "cancelled")
		s.wants("core", &s.core, "request INVITE")
	})
}

func TestOtherMethods(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		s.Receive(s.request("OPTIONS", "z9hG4bK1"), udp)
		s.Receive(s.request("OPTIONS", "z9hG4bK1"), udp)
		_ = s.respond(200)
		s.Receive(s.request("OPTIONS", "z9hG4bK1"), udp)
		s.wants("wire", &s.wire, "0s 200, 0s 200")
		s.wants("core", &s.core, "request OPTIONS")
		time.Sleep(33 * time.Second)
		s.Receive(s.request("OPTIONS", "z9hG4bK1"), udp)
		s.wants("core", &s.core, "request OPTIONS, request OPTIONS")
	})
}

func TestUnansweredRequestIsForgotten(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		s.Receive(s.request("INFO", "z9hG4bK1", "to-tag=b"), udp)
		time.Sleep(33 * time.Second)
		if err := s.respond(200); !errors.Is(err, transaction.ErrTerminated) {
			t.Errorf("late answer (RFC 4320): %v", err)
		}
		s.wants("wire", &s.wire, "")
		if n := s.Stats().Live; n != 0 {
			t.Errorf("%d live", n)
		}
	})
}

func TestChallengeLeavesNothing(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		s.Receive(s.request("REGISTER", "z9hG4bK1"), udp)
		_ = s.respond(401)
		if st := s.Stats(); st.Live+st.Lingering != 0 {
			t.Errorf("left: %+v", st)
		}
	})
}

func TestMergedRequest(t *testing.T) {
	play(t, transaction.Options{}, func(s *stage) {
		s.Receive(s.request("INVITE", "z9hG4bK1"), udp)
		s.Receive(s.request("INVITE", "z9hG4bK2"), udp)
		s.wants("wire", &s.wire, "0s 100, 0s 482")
		s.wants("core", &s.core, "request INVITE")
	})
}

func TestBranchOfRFC2543(t *testing.T) {
	for _, branch := range []string{"z9hG4bK", "1"} {
		play(t, transaction.Options{}, func(s *stage) {
			s.Receive(s.request("INVITE", branch), udp)
			s.Receive(s.request("INVITE", branch), udp)
			_ = s.respond(404)
			s.Receive(s.request("ACK", branch, "to-tag=b"), udp)
			other := s.request("OPTIONS", branch)
			s.Receive(other, udp)
			s.wants("wire", &s.wire, "0s 100, 0s 100, 0s 404")
			s.wants("core", &s.core, "request INVITE, request OPTIONS")
			s.wants("told", &s.told, "acked")
		})
	}
}

func TestTableIsCapped(t *testing.T) {
	play(t, transaction.Options{Limits: transaction.Limits{Live: 1}}, func(s *stage) {
		s.Receive(s.request("INVITE", "z9hG4bK1", "to-tag=1"), udp)
		s.Receive(s.request("OPTIONS", "z9hG4bK2"), udp)
		s.wants("wire", &s.wire, "0s 100, 0s 503")
		if s.Stats().Full != 1 {
			t.Error("not counted")
		}
	})
}

func TestLingeringIsCapped(t *testing.T) {
	play(t, transaction.Options{Limits: transaction.Limits{Lingering: 80}}, func(s *stage) {
		for i := range 1000 {
			s.Receive(s.request("OPTIONS", fmt.Sprintf("z9hG4bK%d", i), fmt.Sprint("to-tag=", i)), udp)
			_ = s.respond(200)
		}
		if st := s.Stats(); st.Lingering > 80 || st.Evicted < 900 || st.Live != 0 {
			t.Errorf("%+v", st)
		}
	})
}

func TestLongPauseRingsTimersOnce(t *testing.T) {
	var shift time.Duration
	var mu sync.Mutex
	now := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return time.Now().Add(shift)
	}
	play(t, transaction.Options{Now: now}, func(s *stage) {
		_, _ = s.Send(ours(sipmsg.OPTIONS), udp, s.notify)
		mu.Lock()
		shift = 10 * time.Second // the process was stopped
		mu.Unlock()
		time.Sleep(100 * time.Millisecond)
		s.wants("wire", &s.wire, "0s OPTIONS, 0s OPTIONS")
	})
}
