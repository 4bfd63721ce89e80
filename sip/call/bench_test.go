package call

import (
	"bytes"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ringway/store"
)

// BenchmarkInviteBye is a whole call: INVITE through dialplan and dial to a phone, 180, 200, ACK, BYE, with SDP, ports and
// records. The figure "cpu-µs/call" is CPU time of the whole process: the two peers' text handling and all four UDP
// sockets' system calls are in it.
func BenchmarkInviteBye(b *testing.B) {
	r := newBenchRig(b)
	callee := newEcho(b)
	r.phones.contacts["bob"] = append(r.phones.contacts["bob"], addrOf(callee))
	const lines = 8
	var wg sync.WaitGroup
	runtime.GC()
	before := cpu()
	b.ResetTimer()
	for i := range lines {
		wg.Add(1)
		go func() {
			defer wg.Done()
			caller := newBenchCaller(b, r, i)
			for n := i; n < b.N; n += lines {
				caller.call(n)
			}
		}()
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/call")
}

// BenchmarkHeldCall reports the memory of an answered call that nobody ends: two legs, joined media.
func BenchmarkHeldCall(b *testing.B) {
	r := newBenchRig(b)
	callee := newEcho(b)
	r.phones.contacts["bob"] = append(r.phones.contacts["bob"], addrOf(callee))
	caller := newBenchCaller(b, r, 1)
	for n := range 50 {
		caller.hold(n)
	}
	before := memory()
	b.ResetTimer()
	for n := range b.N {
		caller.hold(1000 + n)
	}
	b.StopTimer()
	b.ReportMetric(float64(memory()-before)/float64(b.N), "B/call")
}

func memory() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

type forgetful struct{}

func (forgetful) Record(store.Record) {}

func newBenchRig(b *testing.B) *rig {
	r := newRig(b, func(o *Options) { o.Recorder, o.Agents = forgetful{}, nil })
	return r
}

// newEcho is a phone that answers everything, by copying what a response copies.
func newEcho(b *testing.B) *net.UDPConn {
	c := loopback(b)
	go runEcho(c)
	return c
}

func runEcho(c *net.UDPConn) {
	buf := make([]byte, 65536)
	for calls := 0; ; {
		n, from, err := c.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		msg := buf[:n]
		switch {
		case bytes.HasPrefix(msg, []byte("INVITE")):
			calls++
			_, _ = c.WriteToUDPAddrPort(echo(msg, 180, addrOf(c).String(), ""), from)
			_, _ = c.WriteToUDPAddrPort(echo(msg, 200, addrOf(c).String(), speechAt(calls, "0")), from)
		case bytes.HasPrefix(msg, []byte("BYE")), bytes.HasPrefix(msg, []byte("OPTIONS")):
			_, _ = c.WriteToUDPAddrPort(echo(msg, 200, addrOf(c).String(), ""), from)
		}
	}
}

// speechAt is a description whose address differs from call to call, as phones' do. Nobody listens there.
func speechAt(n int, formats string) string {
	return fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.1.%d.%d\r\nt=0 0\r\nm=audio %d RTP/AVP %s\r\n"+
		"a=rtpmap:101 telephone-event/8000\r\n", n>>8&255, n&255, 2048+2*(n%9000), formats)
}

func echo(req []byte, status int, at, body string) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "SIP/2.0 %d OK\r\n", status)
	head, _, _ := bytes.Cut(req, []byte("\r\n\r\n"))
	for _, line := range bytes.Split(head, []byte("\r\n"))[1:] {
		for _, name := range []string{"Via:", "From:", "To:", "Call-ID:", "CSeq:"} {
			if bytes.HasPrefix(line, []byte(name)) {
				out.Write(line)
				if name == "To:" && !bytes.Contains(line, []byte("tag=")) {
					out.WriteString(";tag=e")
				}
				out.WriteString("\r\n")
			}
		}
	}
	kind := ""
	if body != "" {
		kind = "Content-Type: application/sdp\r\n"
	}
	fmt.Fprintf(&out, "Contact: <sip:bob@%s>\r\n%sContent-Length: %d\r\n\r\n%s", at, kind, len(body), body)
	return out.Bytes()
}

type benchCaller struct {
	b    *testing.B
	r    *rig
	c    *net.UDPConn
	name string
	buf  []byte
}

func newBenchCaller(b *testing.B, r *rig, i int) *benchCaller {
	k := &benchCaller{b: b, r: r, c: loopback(b), name: fmt.Sprintf("caller%d", i), buf: make([]byte, 65536)}
	return k
}

func (k *benchCaller) send(method string, n, seq int, to, branch, body string) {
	at := addrOf(k.c)
	kind := ""
	if body != "" {
		kind = "Content-Type: application/sdp\r\n"
	}
	_, _ = fmt.Fprintf(writer{k}, "%s sip:100@%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%s%d;rport\r\nFrom: \"Ann\" <sip:%s@example.org>;tag=%d\r\n"+
		"To: %s\r\nCall-ID: %s-%d\r\nCSeq: %d %s\r\nContact: <sip:%s@%s>\r\nMax-Forwards: 70\r\nUser-Agent: bench\r\nAllow: INVITE, ACK, BYE, CANCEL\r\n%sContent-Length: %d\r\n\r\n%s",
		method, k.r.addr, at, branch, n, k.name, n, to, k.name, n, seq, method, k.name, at, kind, len(body), body)
}

type writer struct{ k *benchCaller }

func (w writer) Write(p []byte) (int, error) { return w.k.c.WriteToUDPAddrPort(p, w.k.r.addr) }

func (k *benchCaller) expect(method string) (to string) {
	for {
		_ = k.c.SetReadDeadline(time.Now().Add(10 * time.Second))
		n, _, err := k.c.ReadFromUDPAddrPort(k.buf)
		if err != nil {
			k.b.Fatal("no answer") // of the only call under way
			return ""
		}
		text := string(k.buf[:n])
		if strings.HasPrefix(text, "SIP/2.0 200") && strings.Contains(text, " "+method+"\r\n") {
			_, rest, _ := strings.Cut(text, "\r\nTo: ")
			to, _, _ = strings.Cut(rest, "\r\n")
			return to
		}
	}
}

func (k *benchCaller) hold(n int) string {
	k.send("INVITE", n, 1, "<sip:100@example.org>", "i", speechAt(n, "0 8 101"))
	to := k.expect("INVITE")
	k.send("ACK", n, 1, to, "a", "")
	return to
}

func (k *benchCaller) call(n int) {
	to := k.hold(n)
	k.send("BYE", n, 2, to, "b", "")
	k.expect("BYE")
}
