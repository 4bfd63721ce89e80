//go:build soak

package node

import (
	"fmt"
	"testing"
	"time"
)

// TestSoakCalls places 100,000 calls, and half as many through the queue, and expects that what the switch holds in the end
// is what it held after the first tenth.
func TestSoakCalls(t *testing.T) {
	for _, c := range []struct {
		traffic
		calls int
	}{
		{traffic{name: "carrier-to-phone", from: "127.0.1.1", rate: 300}, 100_000},
		{traffic{name: "carrier-to-queue", from: "127.0.1.1", rate: 80, agents: 300}, 50_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, c.traffic, true)
			s.run(c.calls / 10)
			s.quiet()
			time.Sleep(lingering)
			first := s.rest()
			for range 9 {
				s.run(c.calls / 10)
			}
			s.quiet()
			time.Sleep(lingering)
			last := s.rest()
			t.Logf("after %d calls %s; after %d calls %s", c.calls/10, first, c.calls, last)
			expectFlat(t, first, last)
		})
	}
}

// TestSoakRegistrations offers 5,000 registrations a second for a minute: lingering transactions must not grow memory.
func TestSoakRegistrations(t *testing.T) {
	const rate, phones = 5000, 10_000
	users := phoneNames(phones)
	p := startProcess(t, crowd{phones: phones}.write(t))
	r := newRegistrants(t, 2, 250, p.addr, nil)
	r.all(t, users)
	next := 0
	offer := func(seconds int) {
		n, from := seconds*rate, next
		next += n
		done := r.done.Load()
		pace(rate, n, func(i int) { r.register((from+i)%phones, users[(from+i)%phones], 1+(from+i)/phones) })
		if got := await(&r.done, done+int64(n)) - done; got < int64(n)*99/100 {
			t.Errorf("%d of %d registrations", got, n)
		}
	}
	offer(15) // as many transactions linger as may
	first := p.usage()
	offer(60)
	last := p.usage()
	t.Logf("full of lingering transactions %s; a minute later %s", first, last)
	if last.RSS > first.RSS*5/4 {
		t.Errorf("resident memory grew from %d to %d MB", first.RSS>>20, last.RSS>>20)
	}
	if last.Lost > 0 {
		t.Errorf("%d records lost", last.Lost)
	}
	time.Sleep(lingering)
	expectFlat(t, first, p.rest())
}

// expectFlat allows a heap a few MB of noise, and nothing else to grow.
func expectFlat(t *testing.T, first, last usage) {
	t.Helper()
	const noise = 4 << 20
	if last.Live > first.Live+noise {
		t.Errorf("live heap grew from %d to %d KB", first.Live>>10, last.Live>>10)
	}
	if last.RSS > first.RSS+first.RSS/5+noise {
		t.Errorf("resident memory grew from %d to %d KB", first.RSS>>10, last.RSS>>10)
	}
	if last.Goroutines > first.Goroutines+2 {
		t.Errorf("goroutines grew from %d to %d", first.Goroutines, last.Goroutines)
	}
	if last.Lost > 0 {
		t.Errorf("%d records lost", last.Lost)
	}
}

// String is what matters in a log.
func (u usage) String() string {
	return fmt.Sprintf("RSS %.1f MB, live %.1f MB, %d goroutines, CPU %s", float64(u.RSS)/1e6, float64(u.Live)/1e6, u.Goroutines, u.CPU.Round(time.Millisecond))
}
