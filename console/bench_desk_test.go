package console

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ringway/acd"
	"ringway/config/diag"
	"ringway/console/desk"
	"ringway/store"
)

// BenchmarkDesks opens 300 desks by HTTP and measures what they cost when nothing happens, and how long an event that concerns
// all of them takes to the last. The readers run in this process too, so what is idle counts both sides.
func BenchmarkDesks(b *testing.B) {
	const agents = 300
	var people strings.Builder
	people.WriteString("people:\n")
	for i := range agents {
		fmt.Fprintf(&people, "  - {id: p%03d, name: Person %d, role: agent, phones: [a%03d]}\n", i, i, i)
	}
	var l diag.List
	spec := acd.LoadSpec(acd.File{Name: "queues.yaml", Text: []byte(`queues: {help: {members: "role == 'agent'"}, flights: {members: "true"}}`)},
		acd.File{Name: "people.yaml", Text: []byte(people.String())}, &l)
	if err := l.Err(); err != nil {
		b.Fatal(err)
	}
	sink := &observed{}
	router := acd.NewRouter(acd.RouterOptions{Sink: sink})
	defer router.Stop()
	hub := desk.New(desk.Options{Router: router, Calls: noCalls{}, Control: noCalls{}, Sink: noCalls{}, Spec: func() *acd.Spec { return spec }})
	defer hub.Close()
	sink.hub = hub
	router.Apply(spec)
	mux := http.NewServeMux()
	mux.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		tab, err := hub.Open(r.Context(), r.URL.Query().Get("agent"), "tab")
		if err != nil {
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		deskEvents(r.Context(), tab, &events{w, http.NewResponseController(w)})
	})
	server, at := serveBench(b, mux)
	defer server.Close()
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	came := make(chan string, 100_000)
	var readers sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 0}}
	for i := range agents {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/stream?agent=p%03d", at, i), nil)
		if err != nil {
			b.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		readers.Go(func() {
			defer resp.Body.Close()
			lines := bufio.NewReaderSize(resp.Body, 16<<10)
			for {
				line, err := lines.ReadString('\n')
				if err != nil {
					return
				}
				if strings.HasPrefix(line, "data: ") {
					came <- line
				}
			}
		})
	}
	awaitStates(b, came, agents, `"state":"offline"`)
	idle := 10 * time.Second
	if os.Getenv("RINGWAY_BENCH_IDLE") != "" {
		idle = time.Minute
	}
	before, start := cpuTime(b), time.Now()
	time.Sleep(idle)
	cost := 100 * float64(cpuTime(b)-before) / float64(time.Since(start))
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		for i := range agents {
			router.Post(acd.Command{Agent: fmt.Sprintf("p%03d", i), Verb: acd.Join})
		}
		awaitStates(b, came, agents, `"joined":["flights","help"]`)
		took = append(took, time.Since(start))
		for i := range agents {
			router.Post(acd.Command{Agent: fmt.Sprintf("p%03d", i), Verb: acd.LeaveVerb})
		}
		awaitStates(b, came, agents, `"joined":[]`)
	}
	b.ReportMetric(cost, "idle_%core")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "all_ms_median")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "all_ms_max")
	leave()
	readers.Wait()
	client.CloseIdleConnections()
}

// observed hands what a router records to a hub.
type observed struct{ hub *desk.Hub }

func (o *observed) Record(r store.Record) { o.hub.Observe(r) }

// awaitStates waits until each of n agents sent a state that says something.
func awaitStates(b *testing.B, came <-chan string, n int, says string) {
	b.Helper()
	seen := map[string]bool{}
	limit := time.After(time.Minute)
	for len(seen) < n {
		select {
		case line := <-came:
			if _, rest, ok := strings.Cut(line, `"id":"`); ok && strings.Contains(line, says) {
				id, _, _ := strings.Cut(rest, `"`)
				seen[id] = true
			}
		case <-limit:
			b.Fatalf("%d of %d desks show %s", len(seen), n, says)
		}
	}
}

func serveBench(b *testing.B, h http.Handler) (io.Closer, string) {
	b.Helper()
	s := &http.Server{Handler: h}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go s.Serve(l) //nolint:errcheck // ends with Close
	return s, "http://" + l.Addr().String()
}

// cpuTime is what this process has used.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
