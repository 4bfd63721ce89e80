package console

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	hub "ringway/console/stream"
	"ringway/store"
)

// benchBrowsers is how many browsers the benchmarks connect.
const benchBrowsers = 300

// crowd is that many browsers that listen to a hub over real connections. Each tells when it got an event.
func crowd(b *testing.B) (h *hub.Hub, got chan time.Time, leave func()) {
	h = hub.New(hub.Options{Boot: "b"})
	mux := http.NewServeMux()
	a := &API{Parts: Parts{Events: h}, huma: humago.New(mux, huma.DefaultConfig("", "")), log: slog.New(slog.DiscardHandler)}
	huma.Get(a.huma, "/events", func(_ context.Context, in *eventsInput) (*huma.StreamResponse, error) { return a.events(in) })
	s := httptest.NewServer(mux)
	got = make(chan time.Time, 4*benchBrowsers)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{}}
	for range benchBrowsers {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/events", nil)
		if err != nil {
			b.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		wg.Go(func() {
			defer resp.Body.Close()
			buf := make([]byte, 4096)
			for {
				n, err := resp.Body.Read(buf)
				if err != nil {
					return
				}
				if strings.Contains(string(buf[:n]), "data:") {
					got <- time.Now()
				}
			}
		})
	}
	for h.Readers() < benchBrowsers {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(100 * time.Millisecond) // the first signs of life
	return h, got, func() {
		cancel()
		wg.Wait()
		client.CloseIdleConnections()
		s.Close()
		h.Close()
	}
}

// BenchmarkEventReachesAll measures how long one event takes to the last of 300 browsers.
func BenchmarkEventReachesAll(b *testing.B) {
	h, got, leave := crowd(b)
	defer leave()
	var worst, sum time.Duration
	var seq uint64
	n := 0
	for b.Loop() {
		seq++
		n++
		began := time.Now()
		h.Post(store.Event{Node: "n", Boot: "b", Seq: seq, At: began, Kind: store.AgentState, Agent: "mei", State: "talk"})
		last := began
		for range benchBrowsers {
			if at := <-got; at.After(last) {
				last = at
			}
		}
		sum += last.Sub(began)
		worst = max(worst, last.Sub(began))
		time.Sleep(25 * time.Millisecond) // past the hub's pause: each event comes to readers that sleep
	}
	b.ReportMetric(float64(sum.Microseconds())/1000/float64(n), "ms/last-of-300")
	b.ReportMetric(float64(worst.Microseconds())/1000, "ms/worst")
}

// BenchmarkIdleBrowsers measures what 300 browsers cost while nothing happens, both ends of the connections together.
func BenchmarkIdleBrowsers(b *testing.B) {
	_, _, leave := crowd(b)
	defer leave()
	const span = 20 * time.Second // at least one sign of life for each
	for b.Loop() {
		before := spent(b)
		time.Sleep(span)
		b.ReportMetric(100*float64(spent(b)-before)/float64(span), "%core")
	}
}

// spent is the processor time that the process has used.
func spent(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkBusyBrowsers measures what 300 browsers cost that want all of 50 events a second, both ends of the connections
// together.
func BenchmarkBusyBrowsers(b *testing.B) {
	h, got, leave := crowd(b)
	defer leave()
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-got:
			case <-done:
				return
			}
		}
	}()
	defer close(done)
	const span, pace = 5 * time.Second, 20 * time.Millisecond
	var seq uint64
	for b.Loop() {
		before := spent(b)
		for began := time.Now(); time.Since(began) < span; time.Sleep(pace) {
			seq++
			h.Post(store.Event{Node: "n", Boot: "b", Seq: seq, At: began, Kind: store.AgentState, Agent: "mei", State: "talk"})
		}
		b.ReportMetric(100*float64(spent(b)-before)/float64(span), "%core")
	}
}
