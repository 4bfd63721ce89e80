package node

import (
	"fmt"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// registrants are phones that register: first without credentials, then with the answer to the challenge. User i is at
// the address of peer i, modulo their number.
type registrants struct {
	peers        []*peer
	done, failed atomic.Int64
	challenged   atomic.Int64
	odd          atomic.Pointer[string] // the first answer that is neither 200 nor 401
}

// newRegistrants opens sockets at so many addresses of the loopback network 127.net.0.0.
func newRegistrants(tb testing.TB, net, addresses int, to netip.AddrPort, take func(*peer, []byte)) *registrants {
	r := &registrants{}
	if take == nil {
		take = r.take
	}
	for i := range addresses {
		r.peers = append(r.peers, openPeer(tb, fmt.Sprintf("127.%d.%d.%d", net, i/250, 1+i%250), to, take))
	}
	return r
}

// register begins one registration: user's round-th, so that CSeq rises.
func (r *registrants) register(i int, user string, round int) {
	p := r.peers[i%len(r.peers)]
	p.send(p.register(user, 2*round+1, nil))
}

func (p *peer) register(user string, seq int, credentials []byte) []byte {
	b := p.via("REGISTER", "sip:example.org")
	return fmt.Appendf(b, "From: <sip:%[1]s@example.org>;tag=%[1]s\r\nTo: <sip:%[1]s@example.org>\r\nCall-ID: %[1]s@%[2]s\r\nCSeq: %[3]d REGISTER\r\n"+
		"Contact: <sip:%[1]s@%[2]s>;expires=3600\r\nUser-Agent: bench\r\n%[4]sContent-Length: 0\r\n\r\n", user, p.at, seq, credentials)
}

func (r *registrants) take(p *peer, msg []byte) {
	switch status(msg) {
	case 200:
		r.done.Add(1)
	case 401:
		r.challenged.Add(1)
		user, _, _ := strings.Cut(string(field(msg, "Call-ID")), "@")
		p.send(p.register(user, number(field(msg, "CSeq"))+1, authorization(field(msg, "WWW-Authenticate"), user, "REGISTER", "sip:example.org")))
	default:
		r.failed.Add(1)
		text := string(msg)
		r.odd.CompareAndSwap(nil, &text)
	}
}

// all registers users, and fails the test where one can't.
func (r *registrants) all(tb testing.TB, users []string) {
	tb.Helper()
	before := r.done.Load()
	pace(4000, len(users), func(i int) { r.register(i, users[i], 0) })
	if n := await(&r.done, before+int64(len(users))) - before; n != int64(len(users)) {
		odd := ""
		if text := r.odd.Load(); text != nil {
			odd = *text
		}
		tb.Fatalf("%d of %d phones registered; %s", n, len(users), odd)
	}
}

func phoneNames(n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("p%05d", i))
	}
	return names
}

// BenchmarkSwitchRegister registers 10,000 phones again and again: REGISTER, 401, REGISTER, 200, and the binding in SQLite.
func BenchmarkSwitchRegister(b *testing.B) {
	for _, rate := range []int{1000, 5000} {
		b.Run(fmt.Sprintf("offered=%d", rate), func(b *testing.B) { registerBench(b, rate, 6*time.Second) })
	}
}

// registerBench offers registrations at a rate for so long, after everybody has registered once.
func registerBench(b *testing.B, rate int, long time.Duration) {
	const phones = 10_000
	users := phoneNames(phones)
	p := startProcess(b, crowd{phones: phones}.write(b))
	r := newRegistrants(b, 2, 250, p.addr, nil)
	r.all(b, users)
	round := func(rounds, from int) {
		pace(rate, rounds, func(i int) { r.register((from+i)%phones, users[(from+i)%phones], 1+(from+i)/phones) })
	}
	warm := rate * 2
	round(warm, 0)
	await(&r.done, int64(phones+warm))
	p.profile(fmt.Sprintf("register-%d", rate))
	before, done, challenged, failed := p.usage(), r.done.Load(), r.challenged.Load(), r.failed.Load()
	n := int(long.Seconds() * float64(rate))
	began := time.Now()
	round(n, warm)
	got := await(&r.done, done+int64(n)) - done
	took := time.Since(began)
	after := p.usage()
	p.heap(fmt.Sprintf("register-%d", rate))
	b.ReportMetric(float64((after.CPU-before.CPU).Microseconds())/1000/float64(max(got, 1)), "cpu-ms/registration")
	b.ReportMetric(float64(got)/took.Seconds(), "registrations/s")
	b.ReportMetric(100*float64(int64(n)-got)/float64(n), "lost-%")
	if got < int64(n) { // where they were lost
		b.Logf("of %d: %d got 401, %d got 200, %d something else; shed %d, no room for %d", n, r.challenged.Load()-challenged, got,
			r.failed.Load()-failed, after.Shed-before.Shed, after.Overflow-before.Overflow)
		if text := r.odd.Load(); text != nil {
			b.Log(*text)
		}
	}
	b.ReportMetric(float64(before.RSS)/1e6, "rss-before-MB")
	b.ReportMetric(float64(after.RSS)/1e6, "rss-after-MB")
	b.ReportMetric(float64(after.Lost), "lost-records")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(max(got, 1)), "allocs/registration")
	b.ReportMetric(float64(after.GCs-before.GCs)/took.Seconds(), "gc/s")
	b.ReportMetric(0, "ns/op")
}
