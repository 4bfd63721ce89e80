package transaction_test

import (
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"syscall"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transaction"
	"ringway/sip/transport"
)

// registrar answers each first REGISTER of a Call-ID with 401 and each with credentials with 200, as a digest server would.
type registrar struct{}

func (registrar) Request(s *transaction.Server) {
	req := s.Request()
	if req.GetHeader("authorization") == nil {
		res := transport.NewResponse(req, 401, "Unauthorized")
		res.AppendHeader(sipmsg.NewHeader("WWW-Authenticate", `Digest realm="example.org", nonce="68d1a9f200c3", algorithm=MD5, qop="auth"`))
		_ = s.Respond(res)
		return
	}
	res := transport.NewResponse(req, 200, "OK")
	res.AppendHeader(req.Contact())
	_ = s.Respond(res)
}
func (registrar) Ack(*sipmsg.Request, transport.Flow)       {}
func (registrar) Response(*sipmsg.Response, transport.Flow) {}

// switchCPU is the CPU time of the process without that of the calling thread, on which the client runs.
func switchCPU() time.Duration {
	const thread = 1 // RUSAGE_THREAD
	var all, mine syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &all) != nil || syscall.Getrusage(thread, &mine) != nil {
		return 0
	}
	return time.Duration(all.Utime.Nano() + all.Stime.Nano() - mine.Utime.Nano() - mine.Stime.Nano())
}

// BenchmarkRegister measures REGISTER, 401, REGISTER, 200 over loopback: CPU of the switch's threads, garbage collection included, and
// what the lingering transactions leave on the heap.
func BenchmarkRegister(b *testing.B) {
	for _, window := range []int{1, 32} {
		b.Run(fmt.Sprintf("window=%d", window), func(b *testing.B) { benchmarkRegister(b, window) })
	}
}

func benchmarkRegister(b *testing.B, window int) {
	layer, err := transport.Open(transport.Options{
		Listen: []transport.Listener{{Proto: transport.UDP, Addr: netip.MustParseAddrPort("127.0.0.1:0")}},
	})
	if err != nil {
		b.Fatal(err)
	}
	table := transaction.New(transaction.Options{Send: layer.Send, Write: layer.Write, Core: registrar{}})
	layer.Serve(table.Receive)
	defer func() { layer.Stop(); table.Stop() }()
	conn, err := net.Dial("udp", layer.Addrs()[0].Addr.String())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	local := conn.LocalAddr().String()
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	b.ResetTimer()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cpu := switchCPU()
	buf := make([]byte, 4096)
	tx := make([]byte, 0, 1024)
	for sent, got := 0, 0; got < 2*b.N; {
		for sent < 2*b.N && sent-got < window {
			tx = appendRegister(tx[:0], local, sent)
			sent++
			if _, err := conn.Write(tx); err != nil {
				b.Fatal(err)
			}
		}
		_ = conn.SetReadDeadline(time.Now().Add(2 * time.Second))
		if _, err := conn.Read(buf); err != nil {
			b.Fatal(err)
		}
		got++
	}
	b.ReportMetric(float64((switchCPU()-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
	b.StopTimer()
	var after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "heap-MB")
	b.ReportMetric(float64(table.Stats().Lingering), "lingering")
}

func appendRegister(b []byte, local string, n int) []byte {
	b = fmt.Appendf(b, "REGISTER sip:example.org SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%d;rport\r\nMax-Forwards: 70\r\n"+
		"From: <sip:mei@example.org>;tag=%d\r\nTo: <sip:mei@example.org>\r\nCall-ID: reg%d@192.0.2.1\r\nCSeq: %d REGISTER\r\n"+
		"Contact: <sip:mei@%s>;expires=60\r\nUser-Agent: bench\r\n", local, n, n/2, n/2, n%2+1, local)
	if n%2 == 1 {
		b = append(b, "Authorization: Digest username=\"mei\", realm=\"example.org\", nonce=\"68d1a9f200c3\", uri=\"sip:example.org\", response=\"0123456789abcdef0123456789abcdef\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"abc\"\r\n"...)
	}
	return append(b, "Content-Length: 0\r\n\r\n"...)
}
