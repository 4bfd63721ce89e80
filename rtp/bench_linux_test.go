package rtp

import (
	"encoding/json"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// load is one measurement.
type load struct {
	streams []string // codec of each; the streams 2i and 2i+1 are joined
	warm    time.Duration
	run     time.Duration
	cpu     func() time.Duration                               // CPU time of what is measured
	setUp   func(b *testing.B, from []netip.AddrPort) []uint16 // gives each stream a port of the switch
}

// measure runs a load and reports it.
func measure(b *testing.B, l load) tally {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), generatorKey+"=1")
	cmd.Stderr = os.Stderr
	stdin, _ := cmd.StdinPipe()
	stdout, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { stdin.Close(); _ = cmd.Wait() }()
	in, out := json.NewDecoder(stdout), json.NewEncoder(stdin)
	var from []netip.AddrPort
	check := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	check(out.Encode(order{l.streams}))
	check(in.Decode(&from))
	to := targets{l.setUp(b, from), l.warm, l.run}
	// A process whose only busy goroutine is a saturated loop polls its pipes late; a switch has timers, and so have we.
	awake := time.NewTicker(5 * time.Millisecond)
	defer awake.Stop()
	done := make(chan struct{})
	defer close(done)
	go func() {
		for {
			select {
			case <-awake.C:
			case <-done:
				return
			}
		}
	}()
	check(out.Encode(to))
	var word string
	check(in.Decode(&word))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := l.cpu()
	var t tally
	check(in.Decode(&t))
	spent := l.cpu() - began
	if spent <= 0 {
		b.Fatal("what is measured does not run")
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(spent.Nanoseconds())/1000/float64(max(t.Received, 1)), "cpu-µs/packet")
	if t.P99 > 0 { // no delay of streams whose packets hold something else than when they left
		b.ReportMetric(float64(t.P50.Microseconds())/1000, "delay-p50-ms")
		b.ReportMetric(float64(t.P99.Microseconds())/1000, "delay-p99-ms")
	}
	b.ReportMetric(float64(t.Late.Microseconds())/1000, "generator-late-p99-ms")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(max(t.Received, 1)), "allocs/packet")
	b.ReportMetric(100*(1-float64(t.Received)/float64(max(t.Sent, 1))), "lost-%")
	b.ReportMetric(float64(t.Received)/l.run.Seconds(), "packets/s")
	b.ReportMetric(0, "ns/op")
	return t
}

// ownCPU is the CPU time of this process.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// calls names the codecs of n calls.
func calls(n int, a, b string) (streams []string) {
	for range n {
		streams = append(streams, a, b)
	}
	return streams
}

// ours joins the streams two by two on an engine.
func ours(o Options, streams []string) func(b *testing.B, from []netip.AddrPort) []uint16 {
	return func(b *testing.B, from []netip.AddrPort) []uint16 {
		return joined(b, o, pairs{streams, from}, func(*Engine, *Session, *Session) {})
	}
}

// pairs is a set of streams and where they come from.
type pairs struct {
	streams []string
	from    []netip.AddrPort
}

// joined joins the streams two by two on an engine and tells of each pair.
func joined(b *testing.B, o Options, p pairs, tell func(*Engine, *Session, *Session)) (to []uint16) {
	e := open(b, o)
	var pair [2]*Session
	for i, at := range p.from {
		opts := LeaseOptions{Expected: at, Signalled: netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})}
		if i%2 == 1 {
			opts.Near = pair[0]
		}
		s, err := e.Lease(opts)
		if err != nil {
			b.Fatal(err)
		}
		f := formats[p.streams[i]]
		if err := s.Apply(Params{Remote: at, Codec: f, SendPT: f.PayloadType, RecvPT: f.PayloadType, Answered: true}); err != nil {
			b.Fatal(err)
		}
		if pair[i%2] = s; i%2 == 1 {
			if err := Join(pair[0], pair[1]); err != nil {
				b.Fatal(err)
			}
			tell(e, pair[0], pair[1])
		}
		to = append(to, s.Local().Port())
	}
	runtime.GC()
	return to
}

func relayBench(b *testing.B, o Options, n int) {
	streams := calls(n, "PCMU", "PCMU")
	measure(b, load{streams: streams, warm: 2 * time.Second, run: 8 * time.Second, cpu: ownCPU, setUp: ours(o, streams)})
}

// BenchmarkRelay1000Calls relays 2,000 streams of 50 packets a second on one loop and four shared port pairs.
func BenchmarkRelay1000Calls(b *testing.B) { relayBench(b, Options{Loops: 1}, 1000) }

// BenchmarkRelay1000CallsSocketPerLeg is the same with a port pair for each leg.
func BenchmarkRelay1000CallsSocketPerLeg(b *testing.B) {
	relayBench(b, Options{Loops: 1, SocketPerLeg: true}, 1000)
}

// BenchmarkRelay100Calls shows what a small load costs: few packets share a wake-up.
func BenchmarkRelay100Calls(b *testing.B) { relayBench(b, Options{Loops: 1}, 100) }

// BenchmarkTranscode100Calls transcodes between G.711 and Opus, both directions, at complexity 5.
func BenchmarkTranscode100Calls(b *testing.B) {
	streams := calls(100, "PCMU", "opus")
	measure(b, load{streams: streams, warm: 2 * time.Second, run: 8 * time.Second, cpu: ownCPU, setUp: ours(Options{Loops: 1}, streams)})
}

// sink takes what is written: what a recording costs is measured, not what a disk does.
type sink struct{}

func (sink) WriteAt(b []byte, _ int64) (int, error) { return len(b), nil }
func (sink) Close() error                           { return nil }

// BenchmarkRelay300Calls and BenchmarkRecord300Calls differ by what it costs to record all of them.
func BenchmarkRelay300Calls(b *testing.B) { relayBench(b, Options{Loops: 1}, 300) }

// BenchmarkRecord300Calls records 300 calls that are relayed.
func BenchmarkRecord300Calls(b *testing.B) { recordBench(b, calls(300, "PCMU", "PCMU")) }

// BenchmarkRecord300CallsOpus does it where decoding costs most.
func BenchmarkRecord300CallsOpus(b *testing.B) { recordBench(b, calls(300, "opus", "opus")) }

// BenchmarkRelay300CallsOpus is what to compare it with.
func BenchmarkRelay300CallsOpus(b *testing.B) {
	streams := calls(300, "opus", "opus")
	measure(b, load{streams: streams, warm: 2 * time.Second, run: 8 * time.Second, cpu: ownCPU, setUp: ours(Options{Loops: 1}, streams)})
}

// BenchmarkTap is what recording adds to the loop for each packet.
func BenchmarkTap(b *testing.B) {
	t, buf := &tap{}, make([]byte, packetRoom)
	pk, p := &packet{buf: make([]byte, 160), end: 160}, &Params{Codec: formats["PCMU"]}
	for i := 0; b.Loop(); i++ {
		t.hear(0, pk, p)
		if i%100 == 99 {
			b.StopTimer()
			for _, ok := t.take(0, buf); ok; _, ok = t.take(0, buf) {
			}
			b.StartTimer()
		}
	}
	if t.lost.Load() > 0 {
		b.Error("the ring was full")
	}
}

func recordBench(b *testing.B, streams []string) {
	record := func(b *testing.B, from []netip.AddrPort) []uint16 {
		return joined(b, Options{Loops: 1}, pairs{streams, from}, func(e *Engine, left, right *Session) {
			o := RecordOptions{Left: left, Right: right, Open: func() (Tape, error) { return sink{}, nil }, Done: func(Recorded) {}}
			if _, err := e.Record(o); err != nil {
				b.Fatal(err)
			}
		})
	}
	measure(b, load{streams: streams, warm: 2 * time.Second, run: 8 * time.Second, cpu: ownCPU, setUp: record})
}
