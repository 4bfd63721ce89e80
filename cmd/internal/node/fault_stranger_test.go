package node

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// Strangers call without credentials, with forged ones, and for a domain that is not ours; each INVITE comes twice, and the
// first answer is acknowledged. Each gets one final answer, nothing before and nothing after it, less than 1.5 times what it
// sent, and leaves nothing behind (RFC 3261 §8.2.7, conformance §4).
func TestInvitesOfStrangersLeaveNothing(t *testing.T) {
	const forged = "Authorization: Digest username=\"p01\", realm=\"wayfare.example\", nonce=\"c2lwOjgwMEB3YXlmYXJlLmV4YW1wbGU\", " +
		"uri=\"sip:800@wayfare.example\", response=\"00000000000000000000000000000000\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"a\"\r\n"
	for _, c := range []struct{ name, domain, credentials, answer string }{
		{"no credentials", "wayfare.example", "", "401"},
		{"stale credentials", "wayfare.example", forged, "401"},
		{"foreign domain", "elsewhere.example", "", "403"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := openAnnex(t, annexOptions{})
			s := openStranger(t, a.server)
			const calls = 300
			for i := range calls {
				first := s.invite(i, c.domain, c.credentials)
				s.send(s.ack(i, c.domain, first))
				again := s.invite(i, c.domain, c.credentials)
				for _, got := range []string{first, again} {
					if !strings.HasPrefix(got, "SIP/2.0 "+c.answer) {
						t.Fatalf("INVITE %d: %s", i, got)
					}
				}
			}
			s.send(s.ack(calls-1, c.domain, ""))
			if st := a.table.Stats(); st.Live+st.Lingering+int(st.Repetitions)+int(st.Strays) != 0 {
				t.Errorf("left: %+v", st)
			}
			if more := s.receive(1200 * time.Millisecond); more != "" {
				t.Errorf("unasked: %s", more)
			}
			if s.got*2 > s.sent*3 {
				t.Errorf("%d bytes for %d", s.got, s.sent)
			}
			if n := a.calls.Stats(); n.Calls+n.Legs+int(n.Total) != 0 {
				t.Errorf("calls: %+v", n)
			}
		})
	}
}

// stranger is a socket that nobody knows.
type stranger struct {
	t         *testing.T
	conn      *net.UDPConn
	sent, got int // bytes
}

func openStranger(t *testing.T, server string) *stranger {
	t.Helper()
	to, err := net.ResolveUDPAddr("udp", server)
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.DialUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 8, 1)}, to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &stranger{t: t, conn: c}
}

func (s *stranger) send(text string) {
	n, err := s.conn.Write([]byte(text))
	if err != nil {
		s.t.Fatal(err)
	}
	s.sent += n
}

func (s *stranger) receive(within time.Duration) string {
	buf := make([]byte, 65536)
	_ = s.conn.SetReadDeadline(time.Now().Add(within))
	n, err := s.conn.Read(buf)
	if err != nil {
		return ""
	}
	s.got += n
	return string(buf[:n])
}

// invite sends the i-th call and returns what comes first.
func (s *stranger) invite(i int, domain, credentials string) string {
	s.send(s.request("INVITE", i, domain, "") + credentials + "Content-Length: 0\r\n\r\n")
	return s.receive(5 * time.Second)
}

// ack acknowledges a failure, with its tag.
func (s *stranger) ack(i int, domain, answer string) string {
	_, rest, _ := strings.Cut(answer, "To: <sip:800@"+domain+">")
	tag, _, _ := strings.Cut(rest, "\r\n")
	return s.request("ACK", i, domain, tag) + "Content-Length: 0\r\n\r\n"
}

func (s *stranger) request(method string, i int, domain, tag string) string {
	return fmt.Sprintf("%s sip:800@%[3]s SIP/2.0\r\nVia: SIP/2.0/UDP %[4]s;branch=z9hG4bKs%[2]d;rport\r\nMax-Forwards: 70\r\n"+
		"From: <sip:p01@%[3]s>;tag=%[2]d\r\nTo: <sip:800@%[3]s>%[5]s\r\nCall-ID: stranger-%[2]d\r\nCSeq: 1 %[1]s\r\nContact: <sip:p01@%[4]s>\r\n",
		method, i, domain, s.conn.LocalAddr(), tag)
}
