package node

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"ringway/sip/siptest"
)

// Twice and ten times as many callers as the switch takes come at once: calls that are up live on and are heard, whoever
// is refused hears so quickly, the room there is is used, and right afterwards calls get in as ever (conformance §6).
func TestOverload(t *testing.T) {
	for _, c := range []struct {
		times   int
		goodput float64
	}{{2, 0.9}, {10, 0.8}} {
		t.Run(fmt.Sprintf("%d times", c.times), func(t *testing.T) {
			const room, talking = 24, 2
			a := openAnnex(t, annexOptions{limits: fmt.Sprintf("calls: %d", room)})
			var outs, ins []*siptest.Call
			for i := range talking {
				out, in := a.talk(a.phone(fmt.Sprintf("p%02d", 80+2*i)), a.phone(fmt.Sprintf("p%02d", 81+2*i)))
				outs, ins = append(outs, out), append(ins, in)
			}
			r := &rush{annex: a, attempt: &attempt{TB: t}}
			r.run((room-talking)*c.times, room-talking)
			if wrong := r.attempt.failures(); len(wrong) > 0 {
				t.Errorf("some got neither in nor refused:\n%s", strings.Join(wrong, "\n"))
			}
			if got, least := r.most, int(c.goodput*(room-talking)); got < least {
				t.Errorf("%d calls were up at most, want %d of %d", got, least, room-talking)
			}
			if len(r.refused) == 0 || r.slowest() > 2*time.Second {
				t.Errorf("%d were refused, the slowest after %v", len(r.refused), r.slowest())
			}
			for i := range outs {
				alive(t, outs[i], ins[i])
			}
			began := time.Now()
			again := a.phone("p70").Invite("800")
			again.Expect(200)
			if d := time.Since(began); d > 2*time.Second {
				t.Errorf("afterwards a call takes %v to get in", d)
			}
			again.Bye()
			for i := range outs {
				outs[i].Bye()
				ins[i].ExpectBye()
			}
			a.settled(10 * time.Second)
		})
	}
}

// rush is many callers at once. Whoever gets in stays until all have had their answer.
type rush struct {
	*annex
	attempt *attempt
	wg      sync.WaitGroup

	mu      sync.Mutex // guards what follows
	in      []*siptest.Call
	refused []time.Duration
	most    int
}

func (r *rush) run(callers, room int) {
	phones := make([]*siptest.Handset, 20)
	for i := range phones {
		phones[i] = r.silentPhone(r.attempt, siptest.Phone{User: fmt.Sprintf("p%02d", i)})
		phones[i].Register()
	}
	for i := range callers {
		r.wg.Add(1)
		go r.runCaller(phones[i%len(phones)])
	}
	r.wg.Wait()
	r.most = len(r.in)
	if r.most > room {
		r.t.Errorf("%d calls got in where %d have room", r.most, room)
	}
	for _, c := range r.in {
		c.Bye()
	}
}

// runCaller calls once.
func (r *rush) runCaller(p *siptest.Handset) {
	defer r.wg.Done()
	try(func() {
		began := time.Now()
		c := p.Invite("800")
		res := c.ExpectFinal()
		took := time.Since(began)
		r.mu.Lock()
		defer r.mu.Unlock()
		if res.StatusCode == 200 {
			r.in = append(r.in, c)
			return
		}
		r.refused = append(r.refused, took)
		if res.StatusCode != 503 || res.GetHeader("Retry-After") == nil {
			r.attempt.Errorf("refused by %s", res.String())
		}
	})
}

func (r *rush) slowest() (d time.Duration) {
	for _, took := range r.refused {
		d = max(d, took)
	}
	return d
}
