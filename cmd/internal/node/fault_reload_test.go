package node

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ringway/store"
)

func TestReloadUnderCalls(t *testing.T) {
	t.Parallel()
	reloadUnderCalls(t, 10*time.Second)
}

// reloadUnderCalls applies the configuration again every 150 ms, each time another one and sometimes a bad one, while calls
// come and go, one waits in a queue and one lasts: no call fails and nothing is reset. It takes this long, and longer where
// a busy machine has not applied thirty by then.
func reloadUnderCalls(t *testing.T, length time.Duration) {
	a := openAnnex(t, annexOptions{})
	mei := a.agent("mei")
	lasting, with := a.talk(a.phone("p01"), a.phone("p02"))
	busy := a.phone("p03").Invite("700")
	talk := mei.ExpectCall()
	talk.Answer()
	busy.Expect(200)
	waiting := a.phone("p04").Invite("700")
	waiting.Expect(200)
	eventually(t, 5*time.Second, "one caller waits", func() bool { return a.waiting() == 1 })
	r := &reloads{annex: a, stop: make(chan struct{}), done: make(chan struct{})}
	since := a.agentSince("mei")
	go r.run()
	alice, bob := a.phone("p05"), a.phone("p06")
	for end := time.Now().Add(length); time.Now().Before(end) || r.applied.Load() < 30; {
		out, in := a.talk(alice, bob)
		out.Bye()
		in.ExpectBye()
		if a.waiting() != 1 {
			t.Fatal("the caller in the queue lost the place")
		}
		if t.Failed() {
			break
		}
	}
	close(r.stop)
	<-r.done
	if len(r.wrong) > 0 || r.refused == 0 {
		t.Errorf("%d applied, %d refused: %s", r.applied.Load(), r.refused, strings.Join(r.wrong, "\n"))
	}
	if a.stateOf("mei") != store.Talk || !a.agentSince("mei").Equal(since) {
		t.Errorf("mei's state was reset to %s since %v, it was since %v", a.stateOf("mei"), a.agentSince("mei"), since)
	}
	alive(t, lasting, with)
	alive(t, busy, talk)
	busy.Bye()
	talk.ExpectBye()
	next := mei.ExpectCall()
	next.Answer()
	next.ExpectAck()
	waiting.Bye()
	next.ExpectBye()
	lasting.Bye()
	with.ExpectBye()
	a.settled(5 * time.Second)
	for _, d := range []store.Disposition{store.DispositionFailed, store.DispositionNoAnswer, store.DispositionCanceled} {
		if n := a.seen.dispositions()[d]; n > 0 {
			t.Errorf("%d calls are on record as %s", n, d)
		}
	}
}

// A hundred configurations in a row, in the middle of a call, leave nothing behind.
func TestReloadsLeaveNothing(t *testing.T) {
	a := openAnnex(t, annexOptions{})
	out, in := a.talk(a.phone("p01"), a.phone("p02"))
	r := &reloads{annex: a}
	many := func(n int) uint64 {
		for i := range n {
			r.once(i)
		}
		if _, err := a.router.Snapshot(t.Context()); err != nil { // the queues took them all
			t.Fatal(err)
		}
		return live()
	}
	before := many(20)
	if after := many(100); after > before+4<<20 {
		t.Errorf("after 100 reloads the heap grew from %d to %d KiB", before>>10, after>>10)
	}
	if len(r.wrong) > 0 {
		t.Error(strings.Join(r.wrong, "\n"))
	}
	out.Bye()
	in.ExpectBye()
	a.settled(5 * time.Second)
}

// reloads applies one configuration after the other.
type reloads struct {
	*annex
	stop, done chan struct{}
	applied    atomic.Int32
	refused    int
	wrong      []string
}

func (r *reloads) run() {
	defer close(r.done)
	tick := time.NewTicker(150 * time.Millisecond)
	defer tick.Stop()
	for i := 1; ; i++ {
		select {
		case <-r.stop:
			return
		case <-tick.C:
			r.once(i)
		}
	}
}

// once writes and applies the i-th configuration; each seventh is bad and must be refused.
func (r *reloads) once(i int) {
	queues := strings.Replace(annexQueues, "max_wait: 5m", fmt.Sprintf("max_wait: %dm", 5+i%3), 1)
	bad := i%7 == 6
	if bad {
		queues = strings.Replace(queues, "rank: linear", "rank: liner", 1)
	}
	plan := annexPlan + fmt.Sprintf("      \"9%03d\": [hangup]\n", i)
	for name, text := range map[string]string{"queues.yaml": queues, "dialplan/10-annex.yaml": plan} {
		r.write(name, text)
	}
	got := r.Reload(context.Background())
	switch {
	case got.Applied == bad:
		r.wrong = append(r.wrong, fmt.Sprintf("reload %d: applied is %v: %s", i, got.Applied, got.Report))
	case bad:
		r.refused++
	default:
		r.applied.Add(1)
	}
}

// agentSince is since when an agent is in her state.
func (a *annex) agentSince(id string) time.Time {
	for _, v := range a.Agents(context.Background()) {
		if v.ID == id {
			return v.Since
		}
	}
	return time.Time{}
}

// live is the heap in use after a collection, in bytes.
func live() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
