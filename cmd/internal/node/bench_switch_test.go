package node

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ringway/config"
	"ringway/console"
)

// The switch that is measured is this test binary started a second time, so that getrusage counts the whole running switch
// and nothing of the load. They talk by lines of JSON:
//
//	benchmark                                  switch
//	                                           starts on the configuration folder
//	◀─────────────────────────────── ready ────
//	─ order{Do: "usage"} ─────────────────────▶
//	◀─────────────────────────────── usage ────
//	─ (end of input) ─────────────────────────▶ stops

// switchKey names the configuration folder in the environment of a process that shall be the switch.
const switchKey = "RINGWAY_BENCH_SWITCH"

// profileKey names a folder for CPU and heap profiles of the switch.
const profileKey = "RINGWAY_BENCH_PROFILE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(switchKey); dir != "" {
		if err := runSwitch(dir); err != nil {
			fmt.Fprintln(os.Stderr, "switch:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// order asks the switch for something.
type order struct {
	Do    string // usage | rest | join | profile
	Names []string
}

// ready says where the switch listens.
type ready struct{ UDP netip.AddrPort }

// usage is what the switch has used so far, and holds now.
type usage struct {
	CPU         time.Duration // user and system
	RSS, Peak   int64         // bytes
	Live        int64         // bytes of objects
	Heap, Stack int64         // bytes of the spans and stacks that hold them
	Mallocs     uint64
	GCs         uint32
	Goroutines  int
	Calls       int
	Waiting     int
	Bindings    int
	Lingering   int
	Lost        uint64 // records
	Shed        uint64 // messages that came too many or waited too long
	Overflow    uint64 // datagrams for which the socket had no room
	Err         string
}

// runSwitch is the other process: `ringway serve` with an ear for orders.
func runSwitch(dir string) error {
	c, found, _ := config.Load(dir)
	if c == nil {
		return found.Err()
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	n, err := Start(context.Background(), Options{Config: c, Data: dir + "/data", Version: "bench", Console: noConsole, Log: log})
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	_, addr, _ := strings.Cut(n.Addrs()[0], " ")
	if err := out.Encode(ready{netip.MustParseAddrPort(addr)}); err != nil {
		return err
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var o order
		if err := json.Unmarshal(in.Bytes(), &o); err != nil {
			return err
		}
		if err := out.Encode(n.obey(o)); err != nil {
			return err
		}
	}
	pprof.StopCPUProfile()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return n.Stop(ctx)
}

func (n *Node) obey(o order) usage {
	var err error
	switch o.Do {
	case "rest": // what is held, without garbage: each collection halves a stack that is hardly used
		for range 3 {
			runtime.GC()
		}
		debug.FreeOSMemory()
	case "join":
		for _, name := range o.Names {
			if _, e := n.Agent(context.Background(), console.AgentCommand{Agent: name, Verb: "join"}); e != nil {
				err = e
			}
		}
	case "profile":
		err = startProfile(o.Names[0])
	case "heap":
		err = heapProfile(o.Names[0])
	}
	u := n.usage()
	if err != nil {
		u.Err = err.Error()
	}
	return u
}

func startProfile(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return pprof.StartCPUProfile(f) // ends with the process
}

func heapProfile(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	runtime.GC()
	return pprof.WriteHeapProfile(f)
}

func (n *Node) usage() usage {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s, wire := n.Status(context.Background()), n.transport.Stats()
	return usage{
		CPU: time.Duration(r.Utime.Nano() + r.Stime.Nano()),
		RSS: statusLine("self", "VmRSS:"), Peak: statusLine("self", "VmHWM:"),
		Live: int64(m.HeapAlloc), Heap: int64(m.HeapInuse), Stack: int64(m.StackInuse), Mallocs: m.Mallocs, GCs: m.NumGC,
		Goroutines: runtime.NumGoroutine(), Calls: n.calls.Stats().Calls, Waiting: s.Waiting, Bindings: s.Bindings,
		Lingering: n.table.Stats().Lingering, Lost: s.Records.Lost,
		Shed: wire.Overload, Overflow: wire.Overflow,
	}
}

// statusLine reads a size in bytes from /proc/PID/status.
func statusLine(pid, name string) int64 {
	text, _ := os.ReadFile("/proc/" + pid + "/status")
	for line := range bytes.Lines(text) {
		if f := bytes.Fields(line); len(f) == 3 && string(f[0]) == name {
			kb, _ := strconv.ParseInt(string(f[1]), 10, 64)
			return kb << 10
		}
	}
	return 0
}

// process is a running switch, seen from the benchmark.
type process struct {
	tb   testing.TB
	addr netip.AddrPort
	cmd  *exec.Cmd
	in   *json.Encoder
	out  *json.Decoder
}

// startProcess starts a switch on a configuration folder; it ends with the test.
func startProcess(tb testing.TB, dir string) *process {
	tb.Helper()
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), switchKey+"="+dir)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		stdin.Close()
		if err := cmd.Wait(); err != nil {
			tb.Errorf("the switch ended with %v", err)
		}
	})
	p := &process{tb: tb, cmd: cmd, in: json.NewEncoder(stdin), out: json.NewDecoder(stdout)}
	var r ready
	if err := p.out.Decode(&r); err != nil {
		tb.Fatal(err)
	}
	p.addr = r.UDP
	return p
}

func (p *process) do(o order) usage {
	p.tb.Helper()
	if err := p.in.Encode(o); err != nil {
		p.tb.Fatal(err)
	}
	var u usage
	if err := p.out.Decode(&u); err != nil {
		p.tb.Fatal(err)
	}
	if u.Err != "" {
		p.tb.Fatal(u.Err)
	}
	return u
}

func (p *process) usage() usage { return p.do(order{Do: "usage"}) }

// rest is what the switch holds when its garbage is collected and given back.
func (p *process) rest() usage { return p.do(order{Do: "rest"}) }

// profile begins a CPU profile where the environment asks for profiles.
func (p *process) profile(name string) {
	if dir := os.Getenv(profileKey); dir != "" {
		p.do(order{Do: "profile", Names: []string{dir + "/" + name + ".cpu"}})
	}
}

// heap writes a heap profile where the environment asks for profiles.
func (p *process) heap(name string) {
	if dir := os.Getenv(profileKey); dir != "" {
		p.do(order{Do: "heap", Names: []string{dir + "/" + name + ".heap"}})
	}
}

// quiet waits until no call is left.
func (p *process) quiet() usage {
	p.tb.Helper()
	for limit := time.Now().Add(90 * time.Second); ; {
		u := p.usage()
		if u.Calls == 0 {
			return u
		}
		if time.Now().After(limit) {
			p.tb.Fatalf("%d calls are left", u.Calls)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
