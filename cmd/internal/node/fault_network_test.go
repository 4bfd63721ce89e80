package node

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ringway/sip/siptest"
	"ringway/store"
)

// Calls between phones over bad lines: 100 ± 50 ms of delay each way, which reorders, 1 % of the datagrams doubled, and
// so many lost (conformance §6).
func TestCallsOverABadNetwork(t *testing.T) {
	for _, c := range []struct {
		loss         float64
		calls, least int // of them so many succeed
	}{
		{0.01, 1000, 999},
		{0.05, 500, 495},
	} {
		t.Run(fmt.Sprintf("loss %.0f%%", 100*c.loss), func(t *testing.T) {
			t.Parallel()
			w := badWeather{annex: openAnnex(t, annexOptions{}), weather: weather{Loss: c.loss, Twice: 0.01, Delay: 100 * time.Millisecond, Jitter: 50 * time.Millisecond}}
			w.run(c.calls)
			if got := int(w.succeeded.Load()); got < c.least {
				t.Errorf("%d of %d calls succeeded, want %d:\n%s", got, c.calls, c.least, strings.Join(w.attempt.failures(), "\n"))
			}
			rows := 0
			for _, n := range w.seen.dispositions() {
				rows += n
			}
			if rows != c.calls {
				t.Errorf("%d calls left %d CDRs", c.calls, rows)
			}
			if got := w.seen.dispositions()[store.DispositionAnswered]; got < c.least {
				t.Errorf("%d CDRs say answered, want %d", got, c.least)
			}
			if f := w.fate(); f.Lost == 0 || f.Doubled == 0 {
				t.Errorf("the weather was too fair: %+v", f)
			}
		})
	}
}

// badWeather is pairs of phones that call each other over bad lines.
type badWeather struct {
	*annex
	attempt   *attempt
	weather   weather
	succeeded atomic.Int64
	callers   sync.WaitGroup
	answerers sync.WaitGroup

	mu     sync.Mutex // guards what follows
	lines  []*badLine
	called []*siptest.Handset // the phones that are called
}

// pairs is how many conversations there are at one time.
const pairs = 25

func (w *badWeather) run(calls int) {
	w.attempt = &attempt{TB: w.t}
	for i := range pairs {
		w.callers.Add(1)
		go w.runPair(i, calls/pairs)
	}
	w.callers.Wait()
	if w.t.Failed() || w.succeeded.Load() < int64(calls) { // who failed in the middle hung up nothing
		for _, c := range w.calls.Calls() {
			w.calls.End(c.ID, "normal")
		}
	}
	w.settled(40 * time.Second) // before the phones go: a BYE may still be under way
	for _, p := range w.called {
		p.Close()
	}
	w.answerers.Wait()
}

// runPair lets one phone call the other, time after time.
func (w *badWeather) runPair(i, calls int) {
	defer w.callers.Done()
	var from, to *siptest.Handset
	if !try(func() { from, to = w.phoneOver(2*i), w.phoneOver(2*i+1) }) {
		return
	}
	w.mu.Lock()
	w.called = append(w.called, to)
	w.mu.Unlock()
	w.answerers.Add(1)
	go w.runAnswer(to)
	for range calls {
		if try(func() { w.call(from, to.User) }) {
			w.succeeded.Add(1)
		}
	}
}

func (w *badWeather) phoneOver(n int) *siptest.Handset {
	l := openLine(w.attempt, w.server, w.weather, uint64(n))
	w.mu.Lock()
	w.lines = append(w.lines, l)
	w.mu.Unlock()
	p := w.silentPhone(w.attempt, siptest.Phone{User: fmt.Sprintf("p%02d", n), Server: l.addr(), Patience: 40 * time.Second})
	p.Register()
	return p
}

// call calls and hangs up. A busy test machine may make the switch refuse with 503: like any phone it comes again then.
func (w *badWeather) call(from *siptest.Handset, to string) {
	c := from.Invite(to)
	res := c.ExpectFinal()
	for again := 0; res.StatusCode == 503 && res.GetHeader("Retry-After") != nil && again < 5; again++ {
		time.Sleep(time.Second)
		c = from.Invite(to)
		res = c.ExpectFinal()
	}
	if res.StatusCode != 200 {
		w.attempt.Fatalf("INVITE: %s", res.StartLine())
	}
	if res := c.Bye(); res.StatusCode != 200 {
		w.attempt.Fatalf("BYE: %s", res.StartLine())
	}
}

// runAnswer takes the calls of one phone until it is closed.
func (w *badWeather) runAnswer(to *siptest.Handset) {
	defer w.answerers.Done()
	for {
		select {
		case c := <-to.Calls():
			c.Ring(1)
			c.Answer()
		case <-to.Closed():
			return
		}
	}
}

func (w *badWeather) fate() (sum fate) {
	for _, l := range w.lines {
		f := l.told()
		sum.Passed, sum.Lost, sum.Doubled = sum.Passed+f.Passed, sum.Lost+f.Lost, sum.Doubled+f.Doubled
	}
	return sum
}
