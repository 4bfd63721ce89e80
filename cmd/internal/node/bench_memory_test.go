package node

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkSwitchHeld holds 2,000 answered calls without media and reports what each of them holds: two dialogs, two
// ports' places, a script, and the dialogs' share of the switch.
func BenchmarkSwitchHeld(b *testing.B) {
	s := newSite(b, traffic{from: "127.0.1.1", rate: 200}, false)
	s.run(200) // pools, caches and goroutines that stay
	time.Sleep(lingering)
	before := s.rest()
	const n = 2000
	s.run(n)
	time.Sleep(lingering) // what remains is what the calls hold as long as they last
	after := s.rest()
	s.heap("held")
	b.ReportMetric(float64(after.RSS-before.RSS)/n, "rss-B/call")
	b.ReportMetric(float64(after.Live-before.Live)/n, "live-B/call")
	b.ReportMetric(float64(after.Heap-before.Heap)/n, "heap-B/call")
	b.ReportMetric(float64(after.Stack-before.Stack)/n, "stack-B/call")
	b.ReportMetric(float64(after.Goroutines-before.Goroutines)/n, "goroutines/call")
	b.ReportMetric(float64(after.Calls), "calls")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkSwitchFlat places 5,000 calls one after the other, twice, and reports what the second half left behind.
func BenchmarkSwitchFlat(b *testing.B) {
	s := newSite(b, traffic{from: "127.0.1.1", rate: 250}, true)
	first, second := flat(s, 5000)
	b.ReportMetric(float64(second.Heap-first.Heap)/1e6, "heap-growth-MB")
	b.ReportMetric(float64(second.RSS-first.RSS)/1e6, "rss-growth-MB")
	b.ReportMetric(float64(second.RSS)/1e6, "rss-MB")
	b.ReportMetric(float64(second.Goroutines-first.Goroutines), "goroutine-growth")
	b.ReportMetric(0, "ns/op")
}

// lingering is how long transactions and ended calls may be remembered (64·T1, RFC 3261 §17), with room for slow ends.
const lingering = 36 * time.Second

// flat is what the switch holds after n calls and after twice as many, each time when nothing lingers any more.
func flat(s *site, n int) (first, second usage) {
	for _, u := range []*usage{&first, &second} {
		s.run(n)
		s.quiet()
		time.Sleep(lingering)
		*u = s.rest()
	}
	return first, second
}

// BenchmarkSwitchIdle is the resident memory of `ringway serve` on the starter configuration: the real program.
func BenchmarkSwitchIdle(b *testing.B) {
	dir := b.TempDir()
	program, company := filepath.Join(dir, "ringway"), filepath.Join(dir, "company")
	if out, err := exec.Command("go", "build", "-o", program, "ringway/cmd/ringway").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	if out, err := exec.Command(program, "init", company).CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	onLoopback(b, filepath.Join(company, "ringway.yaml"))
	cmd := exec.Command(program, "serve", company, "--data", filepath.Join(dir, "data"))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		b.Fatal(err)
	}
	time.Sleep(3 * time.Second)
	b.ReportMetric(float64(statusLine(strconv.Itoa(cmd.Process.Pid), "VmRSS:"))/1e6, "rss-MB")
	b.ReportMetric(float64(statusLine(strconv.Itoa(cmd.Process.Pid), "VmHWM:"))/1e6, "peak-MB")
	b.ReportMetric(0, "ns/op")
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		b.Error(err)
	}
}

// onLoopback moves the listeners of the starter configuration to free ports of the loopback address.
func onLoopback(b *testing.B, path string) {
	b.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	moved := strings.ReplaceAll(string(text), "0.0.0.0:5060", "127.0.0.1:0")
	moved = strings.Replace(moved, "rtp:\n", "rtp:\n  address: 127.0.0.1\n", 1)
	if err := os.WriteFile(path, []byte(moved), 0o600); err != nil {
		b.Fatal(err)
	}
}
