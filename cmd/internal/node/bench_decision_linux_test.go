package node

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ringway/acd"
	"ringway/config/diag"
	"ringway/store"
	"ringway/store/sqlite"
	"ringway/store/writer"
)

// exchange is the queue core of a company with 3,000 agents, 20 queues, 200 call profiles and 10,000 waiting, whose
// records go through the writer into SQLite, as the router's do. Its clock is virtual.
type exchange struct {
	tb       testing.TB
	now      time.Time
	state    *acd.State
	sink     *writer.Writer
	rnd      *rand.Rand
	profiles []store.Profile
	wake     time.Time
	talking  []conversation
	next     int
	waiting  int
	took     []time.Duration // by the clock, with whatever else the machine did meanwhile
	cpu      []time.Duration // of the thread alone
}

type conversation struct{ leg, agent string }

const (
	exchangeAgents, exchangeQueues, exchangeWaiting = 3000, 20, 10_000
)

var (
	tongues = []string{"zh-TW", "en", "ja", "de", "fr", "ko", "th", "vi", "es", "it"}
	lands   = []string{"TW", "GB", "JP", "DE", "FR", "KR", "TH", "VN", "ES", "IT"}
	zones   = []string{"Asia/Taipei", "Europe/London", "Asia/Tokyo", "Europe/Berlin", "America/New_York"}
)

func exchangeSpec(tb testing.TB) *acd.Spec {
	var q, p strings.Builder
	q.WriteString("queues:\n")
	for i := range exchangeQueues {
		fmt.Fprintf(&q, "  q%02d:\n    number: \"7%02d\"\n    members: \"role == 'agent'\"\n    wrap_up: 5s\n    max_wait: 1h\n    steps:\n", i, i)
		q.WriteString("      - {after: 0s, want: \"speaks(agent, caller.language) >= 3 and serves(agent, caller.region)\"}\n" +
			"      - {after: 20s, want: \"speaks(agent, caller.language) >= 3\"}\n      - {after: 60s, want: \"speaks(agent, caller.language) >= 1\"}\n")
	}
	p.WriteString("people:\n")
	for i := range exchangeAgents {
		fmt.Fprintf(&p, "  - {id: agent%04d, role: agent, languages: {%s: %d, %s: 3}, skills: {flights: %d, hotels: %d}, regions: [%s, %s], zone: %s, phones: [p%04d]}\n", i,
			tongues[i%10], 3+i%3, tongues[(i+1+i/10%9)%10], 1+i%5, 1+i/5%5, lands[i%10], lands[(i+1)%10], zones[i%5], i)
	}
	var l diag.List
	s := acd.LoadSpec(acd.File{Name: "queues.yaml", Text: []byte(q.String())}, acd.File{Name: "people.yaml", Text: []byte(p.String())}, &l)
	if l.HasErrors() {
		tb.Fatal(l.Err())
	}
	return s
}

func newExchange(tb testing.TB) *exchange {
	db, err := sqlite.Open(context.Background(), filepath.Join(tb.TempDir(), "ringway.db"), sqlite.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	x := &exchange{tb: tb, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), state: acd.NewState(1), rnd: rand.New(rand.NewPCG(1, 2)),
		sink: writer.New(db, writer.Options{Node: "bench", Boot: "b"})}
	tb.Cleanup(func() {
		if err := x.sink.Close(context.Background()); err != nil {
			tb.Error(err)
		}
		if h := x.sink.Health(); h.Lost.Total() > 0 {
			tb.Errorf("%d records lost", h.Lost.Total())
		}
		db.Close()
	})
	x.step(acd.Apply{Spec: exchangeSpec(tb)})
	for i := range 200 {
		p := store.Profile{Language: tongues[i%10], Region: lands[i/2%10], Zone: zones[i%5]}
		if i%2 == 0 {
			p.Skills = map[string]int{"flights": 1 + i%4, "hotels": 2}
		}
		x.profiles = append(x.profiles, p)
	}
	for i := range exchangeAgents {
		x.step(acd.Phone{Account: fmt.Sprintf("p%04d", i), Registered: true})
		for k := range 3 {
			x.step(acd.Command{Agent: fmt.Sprintf("agent%04d", i), Verb: acd.Join, Queue: fmt.Sprintf("q%02d", (i+k*7)%exchangeQueues)})
		}
	}
	for x.waiting < exchangeWaiting {
		x.arrive()
		x.now = x.now.Add(2 * time.Millisecond)
	}
	if err := x.sink.Flush(context.Background()); err != nil {
		tb.Fatal(err)
	}
	x.took, x.cpu = nil, nil
	return x
}

// step runs an input, after what is due before it.
func (x *exchange) step(in acd.Input) {
	for !x.wake.IsZero() && !x.wake.After(x.now) {
		x.run(acd.Tick{})
	}
	x.run(in)
}

// run is one step and what the router does with its records; what answers an offer is not in the time.
func (x *exchange) run(in acd.Input) {
	began, cpu := time.Now(), threadCPU()
	var answers []acd.Input
	offered := false
	for _, o := range acd.Step(x.now, x.state, in) {
		switch o := o.(type) {
		case acd.Record:
			x.sink.Record(o.Record)
			offered = offered || o.Decision != nil
		case acd.Wake:
			x.wake = o.At
		case acd.OfferOut:
			x.waiting--
			for _, f := range o.Offers {
				x.talking = append(x.talking, conversation{"l-" + f.ID, f.Agent})
				answers = append(answers, acd.OfferResult{Offer: f.ID, Outcome: store.Answered, Leg: "l-" + f.ID})
			}
		}
	}
	if offered {
		x.cpu = append(x.cpu, threadCPU()-cpu)
		x.took = append(x.took, time.Since(began))
	}
	for _, a := range answers {
		x.run(a)
	}
}

func (x *exchange) arrive() {
	x.next++
	p := x.profiles[x.rnd.IntN(len(x.profiles))]
	p.Priority = time.Duration(x.rnd.IntN(30)) * time.Second
	x.waiting++
	x.step(acd.Enter{Visit: fmt.Sprintf("v%d", x.next), Call: fmt.Sprintf("c%d", x.next), Queue: fmt.Sprintf("q%02d", x.rnd.IntN(exchangeQueues)), Profile: p})
}

// free ends one conversation and its wrap-up.
func (x *exchange) free() {
	if len(x.talking) == 0 {
		return
	}
	i := x.rnd.IntN(len(x.talking))
	t := x.talking[i]
	x.talking[i] = x.talking[len(x.talking)-1]
	x.talking = x.talking[:len(x.talking)-1]
	x.step(acd.LegDown{Leg: t.leg})
	x.step(acd.WrapUpDone{Agent: t.agent})
}

// threadCPU is the CPU time of the calling thread, to which the benchmark is locked.
func threadCPU() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t)
	return time.Duration(t.Nano())
}

// quantile is in µs.
func quantile(d []time.Duration, q float64) float64 {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return float64(d[int(q*float64(len(d)-1))].Nanoseconds()) / 1000
}

// BenchmarkSwitchDecision frees agents, lets callers arrive and steps widen, at 300 of each a second of virtual time as
// fast as it can, with every record written to SQLite meanwhile by the writer's goroutine.
func BenchmarkSwitchDecision(b *testing.B) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	x := newExchange(b)
	const n = 6000
	began := time.Now()
	for i := range n {
		x.now = x.now.Add(1666 * time.Microsecond)
		if i%2 == 0 {
			x.free()
		} else {
			x.arrive()
		}
		if i%500 == 499 { // the writer's ring holds 20,000 decisions: a real switch has seconds for as many
			if err := x.sink.Flush(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
	}
	took := time.Since(began)
	b.ReportMetric(float64(len(x.took))/took.Seconds(), "decisions/s")
	b.ReportMetric(quantile(x.took, 0.5), "p50-µs")
	b.ReportMetric(quantile(x.took, 0.99), "p99-µs")
	b.ReportMetric(quantile(x.cpu, 0.5), "p50-cpu-µs")
	b.ReportMetric(quantile(x.cpu, 0.99), "p99-cpu-µs")
	b.ReportMetric(quantile(x.cpu, 1), "max-cpu-µs")
	b.ReportMetric(float64(x.waiting), "waiting")
	b.ReportMetric(0, "ns/op")
}
