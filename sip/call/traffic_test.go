package call

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"ringway/store"
)

// Two hundred callers at once, each with a whim of its own, to an agent who answers, declines or does not care: nothing is
// left, and there is exactly one CDR for each call (notes.check).
func TestTrafficLeavesOneRecordEach(t *testing.T) {
	r := newRig(t)
	whimsical(t, r, "bob")
	whimsical(t, r, "carol")
	var wg sync.WaitGroup
	for line := range 8 {
		wg.Add(1)
		runCaller(&wg, func() {
			rnd := rand.New(rand.NewPCG(1, uint64(line)))
			for n := range 25 {
				caller(t, r, fmt.Sprintf("w%d-%d", line, n), rnd)
			}
		})
	}
	wg.Wait()
	kinds := r.notes.dispositions(t, 200)
	if kinds[store.DispositionAnswered] == 0 || kinds[store.DispositionCanceled] == 0 || kinds[store.DispositionBusy] == 0 {
		t.Errorf("traffic was too tame: %v", kinds)
	}
}

// dispositions waits for so many CDRs and counts them by disposition.
func (n *notes) dispositions(t *testing.T, calls int) map[store.Disposition]int {
	t.Helper()
	for deadline := time.After(20 * time.Second); ; {
		n.mu.Lock()
		kinds, total := map[store.Disposition]int{}, 0
		for _, r := range n.records {
			if r.Call != nil && !r.Call.End.IsZero() {
				kinds[r.Call.Disposition]++
				total++
			}
		}
		n.mu.Unlock()
		if total >= calls {
			return kinds
		}
		select {
		case <-n.changed:
		case <-deadline:
			t.Fatalf("%d CDRs of %d", total, calls)
		}
	}
}

func runCaller(wg *sync.WaitGroup, f func()) {
	go func() {
		defer wg.Done()
		f()
	}()
}

// caller calls once, and gives up, talks, or hangs up at a moment of its own.
func caller(t *testing.T, r *rig, name string, rnd *rand.Rand) {
	p := newPhone(t, name, r.addr)
	exten := []string{"100", "101", "200", "202", "204"}[rnd.IntN(5)]
	a := p.call(exten, p.sdp("0"))
	patience := time.Now().Add(time.Duration(rnd.IntN(60)) * time.Millisecond)
	tagged, cancelled := false, false
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		until := patience
		if cancelled {
			until = deadline
		}
		m := p.read(until)
		switch {
		case m == nil && tagged:
			a.request("BYE", "")
			cancelled = true
		case m == nil && !cancelled:
			a.request("CANCEL", "")
			cancelled = true
		case m == nil, m.is("200 BYE"), m.is("481 BYE"):
			return
		case m.is("200 INVITE"):
			a.learn(m)
			tagged, cancelled = true, false
			a.request("ACK", "")
			if rnd.IntN(2) == 0 {
				patience = time.Now()
			}
		case m.is("BYE"):
			p.respond(m, 200, "", "")
			return
		case strings.HasSuffix(m.get("CSeq"), "INVITE") && m.line > "SIP/2.0 3":
			p.send(strings.Replace(a.text("ACK", a.inviteSeq, a.branch, "", nil), "To: "+a.remote, "To: "+m.get("To"), 1))
			return
		}
	}
	t.Errorf("%s to %s hangs", name, exten)
}

// whimsical is a phone that answers some calls, refuses others, rings on, and hangs up now and then.
func whimsical(t *testing.T, r *rig, account string) {
	p := newPhone(t, account, r.addr)
	r.phones.mu.Lock()
	r.phones.contacts[account] = []netip.AddrPort{addrOf(p.sip)}
	r.phones.mu.Unlock()
	done := make(chan struct{})
	stop := make(chan struct{})
	runPhone(done, func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if m := p.read(time.Now().Add(20 * time.Millisecond)); m != nil {
				p.whim(m)
			}
		}
	})
	t.Cleanup(func() { close(stop); <-done })
}

func runPhone(done chan struct{}, f func()) {
	go func() {
		defer close(done)
		f()
	}()
}

// whim decides by the Call-ID, so that repetitions get the same answer.
func (p *phone) whim(m *packet) {
	sum := 0
	for _, c := range m.callID() {
		sum += int(c)
	}
	to := m.get("To") + ";tag=w" + m.callID()
	switch {
	case m.is("INVITE") && strings.Contains(m.get("To"), "tag="), m.is("BYE"), m.is("OPTIONS"):
		p.respond(m, 200, m.get("To"), "")
	case m.is("CANCEL"):
		p.respond(m, 200, to, "")
		invite := *m
		for i, h := range m.headers {
			if h[0] == "CSeq" {
				invite.headers = append([][2]string(nil), m.headers...)
				invite.headers[i][1] = strings.Replace(h[1], "CANCEL", "INVITE", 1)
			}
		}
		p.respond(&invite, 487, to, "")
	case m.is("INVITE") && sum%4 == 0:
		p.respond(m, 486, to, "")
	case m.is("INVITE"):
		p.respond(m, 180, to, "")
		if sum%4 != 1 {
			p.respond(m, 200, to, p.sdp("0"))
		}
	}
}

func (m *packet) callID() string { return m.get("Call-ID") }
