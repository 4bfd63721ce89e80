package node

import (
	"bytes"
	"fmt"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"
)

// callees are phones that answer whatever comes: 180 and 200 at once.
//
//	INVITE ──▶ 180, 200 ── ACK ──▶ (ending: BYE ──▶ 200)     BYE, OPTIONS ──▶ 200
type callees struct {
	ending bool // they hang up as soon as they are connected
	calls  atomic.Int64
}

func (c *callees) take(p *peer, msg []byte) {
	switch {
	case status(msg) != 0:
	case bytes.HasPrefix(msg, []byte("INVITE")):
		p.send(p.reply(msg, 180, nobody))
		p.send(p.reply(msg, 200, speech(int(c.calls.Add(1))+1<<15)))
	case bytes.HasPrefix(msg, []byte("ACK")):
		if c.ending {
			p.send(fmt.Appendf(p.via("BYE", "sip:switch@"+p.to.String()), "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: 1 BYE\r\n"+nobody,
				field(msg, "To"), field(msg, "From"), field(msg, "Call-ID")))
		}
	default:
		p.send(p.reply(msg, 200, nobody))
	}
}

// callers place calls, by digest where they are asked.
//
//	INVITE ──▶ (401 ── ACK, INVITE ──▶) 200 ── ACK ──▶ (ending: BYE ──▶ 200)     BYE ──▶ 200
type callers struct {
	peer           *peer
	ending         bool // they hang up as soon as they are answered; else the other side does, or nobody
	answered, over atomic.Int64
	failed         atomic.Int64
	odd            atomic.Pointer[string]
}

func newCallers(tb testing.TB, ip string, to netip.AddrPort, ending bool) *callers {
	c := &callers{ending: ending}
	c.peer = openPeer(tb, ip, to, c.take)
	return c
}

// call begins the n-th call.
func (c *callers) call(n int, exten string) {
	from := fmt.Sprintf("\"Ann\" <sip:p%05d@example.org>;tag=t%d", n%100, n)
	c.invite(from, "<sip:"+exten+"@example.org>", fmt.Sprintf("call-%d@%s", n, c.peer.at), 1, nil, n)
}

func (c *callers) invite(from, to, id string, seq int, credentials []byte, n int) {
	b := c.peer.via("INVITE", uriOf([]byte(to)))
	c.peer.send(fmt.Appendf(b, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d INVITE\r\nContact: <sip:ann@%s>\r\nUser-Agent: bench\r\n"+
		"Allow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\nSupported: replaces\r\n%s%s", from, to, id, seq, c.peer.at, credentials, speech(n)))
}

func (c *callers) take(p *peer, msg []byte) {
	code, cseq := status(msg), field(msg, "CSeq")
	invite := bytes.HasSuffix(cseq, []byte("INVITE"))
	switch {
	case code == 0 && bytes.HasPrefix(msg, []byte("ACK")):
	case code == 0:
		if bytes.HasPrefix(msg, []byte("BYE")) {
			c.over.Add(1)
		}
		p.send(p.reply(msg, 200, nobody))
	case code < 200:
	case code == 200 && invite:
		c.answered.Add(1)
		p.send(c.inside("ACK", msg, 0))
		if c.ending {
			p.send(c.inside("BYE", msg, 1))
		}
	case code == 200:
		c.over.Add(1)
	case invite:
		c.refused(p, msg, code)
	}
}

// inside is a request of the dialog that a 200 belongs to.
func (c *callers) inside(method string, answer []byte, later int) []byte {
	return fmt.Appendf(c.peer.via(method, uriOf(field(answer, "Contact"))), "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\n"+nobody,
		field(answer, "From"), field(answer, "To"), field(answer, "Call-ID"), number(field(answer, "CSeq"))+later, method)
}

// refused acknowledges a final answer (on the branch of the INVITE) and answers a challenge.
func (c *callers) refused(p *peer, msg []byte, code int) {
	to, from, seq := field(msg, "To"), field(msg, "From"), number(field(msg, "CSeq"))
	uri := uriOf(to)
	p.send(fmt.Appendf(nil, "ACK %s SIP/2.0\r\nVia: %s\r\nMax-Forwards: 70\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d ACK\r\n"+nobody,
		uri, field(msg, "Via"), from, to, field(msg, "Call-ID"), seq))
	challenge := field(msg, "WWW-Authenticate")
	if code != 401 || challenge == nil {
		c.failed.Add(1)
		text := string(msg)
		c.odd.CompareAndSwap(nil, &text)
		return
	}
	bare, _, _ := bytes.Cut(to, []byte(";tag="))
	c.invite(string(from), string(bare), string(field(msg, "Call-ID")), seq+1, authorization(challenge, userOf(from), "INVITE", uri), seq+1)
}

// complain says what went wrong first.
func (c *callers) complain() string {
	if text := c.odd.Load(); text != nil {
		return *text
	}
	return "no refusal"
}

// traffic is a kind of call.
type traffic struct {
	name   string
	from   string // address of the callers: 127.0.1.x is the carrier, others are asked for a digest
	agents int    // through the queue to so many agents; 0: straight to a phone
	rate   int    // calls a second
}

// site is a running switch with registered phones and callers.
type site struct {
	*process
	traffic
	callers *callers
	callees *callees
	next    int
}

// sitePhones are at an address each, as phones are.
const sitePhones = 1000

func newSite(tb testing.TB, t traffic, ending bool) *site {
	tb.Helper()
	crew := crowd{phones: sitePhones, agents: t.agents}
	s := &site{process: startProcess(tb, crew.write(tb)), traffic: t}
	s.callees = &callees{ending: ending && t.agents > 0}
	var r *registrants
	r = newRegistrants(tb, 4, sitePhones+t.agents, s.addr, func(p *peer, msg []byte) {
		if status(msg) != 0 && s.callees.calls.Load() == 0 {
			r.take(p, msg)
			return
		}
		s.callees.take(p, msg)
	})
	r.all(tb, append(phoneNames(sitePhones), crew.agentNames()...))
	if t.agents > 0 {
		s.do(order{Do: "join", Names: crew.agentNames()})
	}
	s.callers = newCallers(tb, t.from, s.addr, ending && t.agents == 0)
	return s
}

// run places n calls and waits until they are over, or answered when nobody ends them.
func (s *site) run(n int) {
	s.tb.Helper()
	count := &s.callers.over
	if !s.callers.ending && !s.callees.ending {
		count = &s.callers.answered
	}
	want := count.Load() + int64(n)
	pace(s.rate, n, func(int) {
		exten := "700"
		if s.agents == 0 {
			exten = fmt.Sprintf("p%05d", s.next%sitePhones)
		}
		s.callers.call(s.next, exten)
		s.next++
	})
	if got := await(count, want); got < want-int64(n)/100 {
		s.tb.Fatalf("%d of %d calls; %d refused; %s", got-want+int64(n), n, s.callers.failed.Load(), s.callers.complain())
	}
}

// BenchmarkSwitchCall places calls of no length: from a carrier and from a phone by digest to a registered phone, and from
// a carrier through the queue to an agent; each with SDP, two media ports, and its records in SQLite.
func BenchmarkSwitchCall(b *testing.B) {
	for _, t := range []traffic{
		{name: "carrier-to-phone", from: "127.0.1.1", rate: 200},
		{name: "carrier-to-phone-busy", from: "127.0.1.1", rate: 500},
		{name: "phone-to-phone", from: "127.0.3.1", rate: 200},
		{name: "carrier-to-queue", from: "127.0.1.1", rate: 100, agents: 300},
	} {
		b.Run(t.name, func(b *testing.B) { callBench(b, t, 6*time.Second) })
	}
}

func callBench(b *testing.B, t traffic, long time.Duration) {
	s := newSite(b, t, true)
	s.run(2 * t.rate)
	s.profile(t.name)
	before, began := s.usage(), time.Now()
	n := int(long.Seconds()) * t.rate
	s.run(n)
	took := time.Since(began)
	after := s.usage()
	b.ReportMetric(float64((after.CPU-before.CPU).Microseconds())/1000/float64(n), "cpu-ms/call")
	b.ReportMetric(float64(n)/took.Seconds(), "calls/s")
	b.ReportMetric(float64(s.callers.failed.Load()), "failed")
	b.ReportMetric(float64(after.RSS)/1e6, "rss-MB")
	b.ReportMetric(float64(after.Lost), "lost-records")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(n), "allocs/call")
	b.ReportMetric(float64(after.GCs-before.GCs)/took.Seconds(), "gc/s")
	b.ReportMetric(0, "ns/op")
	s.heap(t.name)
	s.quiet()
}
