package acd

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/store"
)

// centre is a company of 3,000 agents, 20 queues and 200 call profiles with 10,000 waiting.
type centre struct {
	d        *desk
	rnd      *rand.Rand
	profiles []store.Profile
	talking  []string // legs
	next     int
	took     []time.Duration
	bytes    int
	records  int
}

var (
	benchLangs = []string{"zh-TW", "en", "ja", "de", "fr", "ko", "th", "vi", "es", "it"}
	benchLands = []string{"TW", "GB", "JP", "DE", "FR", "KR", "TH", "VN", "ES", "IT"}
	benchZones = []string{"Asia/Taipei", "Europe/London", "Asia/Tokyo", "Europe/Berlin", "America/New_York"}
)

func benchQueues() string {
	var b strings.Builder
	b.WriteString("queues:\n")
	for i := range 20 {
		fmt.Fprintf(&b, "  q%02d:\n    number: \"7%02d\"\n    members: \"role == 'agent'\"\n    wrap_up: 5s\n    max_wait: 1h\n    announce: {position: true, every: 60s}\n    steps:\n", i, i)
		b.WriteString("      - {after: 0s, want: \"speaks(agent, caller.language) >= 3 and serves(agent, caller.region)\"}\n")
		b.WriteString("      - {after: 20s, want: \"speaks(agent, caller.language) >= 3\"}\n      - {after: 60s, want: \"speaks(agent, caller.language) >= 1\"}\n")
	}
	return b.String()
}

func benchPeople() string {
	var b strings.Builder
	b.WriteString("people:\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "  - {id: agent%04d, languages: {%s: %d, %s: 3}, skills: {flights: %d, hotels: %d}, regions: [%s, %s], zone: %s, phones: [p%04d]}\n", i,
			benchLangs[i%10], 3+i%3, benchLangs[(i*7+3)%10+0*i], 1+i%5, 1+i/5%5, benchLands[i%10], benchLands[(i+1)%10], benchZones[i%5], i)
	}
	return strings.ReplaceAll(b.String(), "{en: 3, en: 3}", "{en: 3}")
}

func newCentre(b testing.TB) *centre {
	c := &centre{d: newDesk(b, "", ""), rnd: rand.New(rand.NewPCG(1, 2))}
	people := benchPeople()
	for i := range benchLangs { // an agent whose two languages are the same one
		for level := 3; level <= 5; level++ {
			people = strings.ReplaceAll(people, fmt.Sprintf("{%s: %d, %s: 3}", benchLangs[i], level, benchLangs[i]), fmt.Sprintf("{%s: %d}", benchLangs[i], level))
		}
	}
	c.step(Apply{mustLoad(b, benchQueues(), people)})
	for i := range 200 {
		p := store.Profile{Language: benchLangs[i%10], Region: benchLands[(i/2)%10], Zone: benchZones[i%5]}
		if i%2 == 0 {
			p.Skills = map[string]int{"flights": 1 + i%4, "hotels": 2}
		}
		c.profiles = append(c.profiles, p)
	}
	for i := range 3000 {
		id := fmt.Sprintf("agent%04d", i)
		c.step(Phone{Account: fmt.Sprintf("p%04d", i), Registered: true})
		for k := range 3 {
			c.step(Command{Agent: id, Verb: Join, Queue: fmt.Sprintf("q%02d", (i+k*7)%20)})
		}
	}
	for len(c.d.s.visits) < 10000+2900 {
		c.arrive()
		c.d.now = c.d.now.Add(2 * time.Millisecond)
	}
	return c
}

// step runs one input and what is due before it as the router would, and keeps the time of each Step that decided.
func (c *centre) step(in Input) {
	for next := c.d.s.timers.next(); !next.IsZero() && !next.After(c.d.now); next = c.d.s.timers.next() {
		c.run(Tick{})
	}
	c.run(in)
}

func (c *centre) run(in Input) {
	start := time.Now()
	out := Step(c.d.now, c.d.s, in)
	for _, o := range out { // the sink
		if r, ok := o.(Record); ok {
			c.records++
			if r.Visit != nil {
				c.bytes += len(r.Visit.ID)
			}
		}
	}
	took := time.Since(start)
	decided := false
	for _, o := range out {
		switch o := o.(type) {
		case OfferOut:
			decided = true
			for _, f := range o.Offers {
				leg := "l-" + f.ID
				c.talking = append(c.talking, leg)
				c.later(OfferResult{Offer: f.ID, Outcome: store.Answered, Leg: leg})
			}
		case Record:
			decided = decided || o.Decision != nil
		}
	}
	if decided {
		c.took = append(c.took, took)
	}
}

// later answers an offer at once: what matters here is the decision.
func (c *centre) later(in Input) { c.run(in) }

func (c *centre) arrive() {
	c.next++
	v := fmt.Sprintf("v%d", c.next)
	p := c.profiles[c.rnd.IntN(len(c.profiles))]
	p.Priority = time.Duration(c.rnd.IntN(30)) * time.Second
	c.step(Enter{Visit: v, Call: "c-" + v, Queue: fmt.Sprintf("q%02d", c.rnd.IntN(20)), Profile: p})
}

// free ends one conversation and its wrap-up.
func (c *centre) free() {
	if len(c.talking) == 0 {
		return
	}
	i := c.rnd.IntN(len(c.talking))
	leg := c.talking[i]
	c.talking[i] = c.talking[len(c.talking)-1]
	c.talking = c.talking[:len(c.talking)-1]
	l := c.d.s.legs[leg]
	if l == nil {
		return
	}
	id := l.agent.id()
	c.step(LegDown{Leg: leg})
	c.step(WrapUpDone{Agent: id})
}

func (c *centre) mix(n int) {
	for i := range n {
		c.d.now = c.d.now.Add(3 * time.Millisecond)
		if i%2 == 0 {
			c.free()
		} else {
			c.arrive()
		}
	}
}

func percentile(d []time.Duration, p float64) float64 {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return float64(d[min(len(d)-1, int(float64(len(d))*p))].Nanoseconds()) / 1000
}

// BenchmarkDecision: agents freed, callers arriving and step boundaries mixed, 3,000 agents, 10,000 waiting, 20 queues,
// 200 profiles; each operation is one agent freed or one caller arrived.
func BenchmarkDecision(b *testing.B) {
	c := newCentre(b)
	c.took = nil
	b.ResetTimer()
	c.mix(b.N)
	b.StopTimer()
	n := float64(len(c.took))
	b.ReportMetric(percentile(c.took, 0.5), "p50-µs")
	b.ReportMetric(percentile(c.took, 0.99), "p99-µs")
	b.ReportMetric(percentile(c.took, 1), "max-µs")
	b.ReportMetric(n/float64(b.N), "decisions/op")
	waiting := 0
	for _, q := range c.d.s.queues {
		waiting += len(q.line)
	}
	b.ReportMetric(float64(waiting), "waiting")
	if err := Check(c.d.s); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkIdleCompany is the other end: nobody waits, all 3,000 agents are free, and each caller finds hundreds.
func BenchmarkIdleCompany(b *testing.B) {
	c := newCentre(b)
	for _, v := range sortedKeys(c.d.s.visits) {
		c.step(Leave{Visit: v, Reason: store.Abandoned})
	}
	c.d.now = c.d.now.Add(time.Minute)
	c.step(Tick{})
	c.took, c.talking = nil, nil
	b.ResetTimer()
	for range b.N {
		c.d.now = c.d.now.Add(10 * time.Millisecond)
		c.arrive()
		v := fmt.Sprintf("v%d", c.next)
		c.step(Leave{Visit: v, Reason: store.Abandoned})
	}
	b.StopTimer()
	b.ReportMetric(percentile(c.took, 0.5), "p50-µs")
	b.ReportMetric(percentile(c.took, 0.99), "p99-µs")
	b.ReportMetric(percentile(c.took, 1), "max-µs")
}

// TestDecisionRecordStaysSmall: at most 4 KB with 3,000 agents, long expressions and 20 ranks.
func TestDecisionRecordStaysSmall(t *testing.T) {
	people, queues := benchPeople(), strings.ReplaceAll(benchQueues(), "{after: 60s, want: \"", "{after: 60s, want: \"'"+strings.Repeat("é", 300)+"' != '' and ")
	for i := range benchLangs {
		for level := 3; level <= 5; level++ {
			people = strings.ReplaceAll(people, fmt.Sprintf("{%s: %d, %s: 3}", benchLangs[i], level, benchLangs[i]), fmt.Sprintf("{%s: %d}", benchLangs[i], level))
		}
	}
	d := newDesk(t, queues, people)
	d.step(Apply{mustLoad(t, queues, people)})
	for i := range 1500 {
		Step(d.now, d.s, Phone{Account: fmt.Sprintf("p%04d", i), Registered: i%3 > 0})
		Step(d.now, d.s, Command{Agent: fmt.Sprintf("agent%04d", i), Verb: Join, Queue: "q00"})
		if i%7 == 0 {
			Step(d.now, d.s, Command{Agent: fmt.Sprintf("agent%04d", i), Verb: Pause, Reason: "lunch"})
		}
	}
	d.step(Enter{Visit: "v1", Call: strings.Repeat("c", 60), Queue: "q00", Profile: store.Profile{Language: "en", Region: "GB"}})
	d.pass(2 * time.Minute)
	for id, r := range d.decision {
		b, err := json.Marshal(r)
		if err != nil || len(b) > 4096 {
			t.Errorf("%s takes %d bytes", id, len(b))
		}
		people := r.Eligible
		for _, x := range r.Removed {
			people += x.Count
		}
		if people != 3000 {
			t.Errorf("%s accounts for %d people", id, people)
		}
	}
	if len(d.decision) == 0 {
		t.Error("no decision")
	}
}

// BenchmarkApply is a reload under full load.
func BenchmarkApply(b *testing.B) {
	c := newCentre(b)
	b.ResetTimer()
	for range b.N {
		c.step(Apply{c.d.s.spec})
	}
}
