package node

import (
	"sync/atomic"
	"testing"
	"time"

	"ringway/acd"
	"ringway/sip/edge"
	"ringway/sip/siptest"
	"ringway/store"
)

// A panic costs what design §4 says and no more, seen from the phones of a running switch: one call, one message, one
// input. Bugs are made here by taking away what the code relies on.

func TestPanicInACallsLoop(t *testing.T) {
	t.Parallel()
	var armed atomic.Bool
	a := openAnnex(t, annexOptions{observe: func(r store.Record) {
		if r.Event != nil && r.Event.Kind == store.CallAnswer && armed.CompareAndSwap(true, false) {
			panic("a bug in the loop")
		}
	}})
	out, in := a.talk(a.phone("p01"), a.phone("p02"))
	eventually(t, 5*time.Second, "its answer is on record", func() bool { return len(a.seen.all(store.CallAnswer)) == 1 })
	armed.Store(true)
	unlucky := a.phone("p03").Invite("800")
	if res := unlucky.ExpectFinal(); res.StatusCode == 200 {
		unlucky.ExpectBye()
	}
	if row := a.seen.cdr(t, unlucky); row.Cause != "panic" {
		t.Errorf("on record is %+v", row)
	}
	a.unharmed(out, in)
	if n := a.calls.Stats().Panics; n != 1 {
		t.Errorf("%d panics were counted", n)
	}
}

func TestPanicInACallsScript(t *testing.T) {
	t.Parallel()
	var armed atomic.Bool
	a := openAnnex(t, annexOptions{observe: func(r store.Record) {
		if r.Event != nil && r.Event.Kind == store.UserEvent && armed.CompareAndSwap(true, false) {
			panic("a bug in an application") // user_event records in the script's goroutine
		}
	}})
	out, in := a.talk(a.phone("p01"), a.phone("p02"))
	armed.Store(true)
	unlucky := a.phone("p03").Invite("802")
	unlucky.Expect(200)
	unlucky.ExpectBye()
	if row := a.seen.cdr(t, unlucky); row.Cause != "panic" || row.Disposition != store.DispositionAnswered {
		t.Errorf("on record is %+v", row)
	}
	a.unharmed(out, in)
}

// While the parts that messages go to are missing, each message panics in its shard. Their senders repeat them, and all
// goes well once the parts are back.
func TestPanicInAShard(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{})
	out, in := a.talk(a.phone("p01"), a.phone("p02"))
	p := a.phone("p03")
	a.edge.Use(edge.Parts{})
	delayed := p.Invite("800")
	eventually(t, 5*time.Second, "messages panic", func() bool { return a.transport.Stats().Panics > 1 })
	a.edge.Use(edge.Parts{Calls: a.calls, Table: a.table, Paths: a.transport})
	delayed.Expect(200)
	delayed.Bye()
	a.unharmed(out, in)
}

// A queue whose rank is broken panics whenever the router decides about it: callers of other queues and their agents do
// not notice.
func TestPanicInTheRoutersInput(t *testing.T) {
	t.Parallel()
	a := openAnnex(t, annexOptions{})
	out, in := a.talk(a.phone("p01"), a.phone("p02"))
	mei := a.agent("mei")
	spec := *a.config().Spec
	broken := *spec.Queue("broken")
	broken.Rank = []acd.RankItem{{Key: "no such key"}}
	queues := spec.Queues
	spec.Queues = nil
	for _, q := range queues {
		if q.Name == "broken" {
			q = &broken
		}
		spec.Queues = append(spec.Queues, q)
	}
	a.router.Apply(&spec)
	if _, err := a.router.Enter(acd.EnterOptions{Call: "none", Queue: "broken"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, 5*time.Second, "the router's input panics", func() bool { return a.router.Stats().Faults > 0 })
	customer := a.phone("p03").Invite("700")
	talk := mei.ExpectCall()
	talk.Answer()
	customer.Expect(200)
	talk.ExpectAck()
	alive(t, customer, talk)
	customer.Bye()
	talk.ExpectBye()
	a.unharmed(out, in)
	if err := a.router.Check(t.Context()); err != nil {
		t.Errorf("afterwards the invariants do not hold: %v", err)
	}
}

// unharmed says that a call that was up before is well, and that a new one gets in.
func (a *annex) unharmed(out, in *siptest.Call) {
	a.t.Helper()
	alive(a.t, out, in)
	c, d := a.talk(a.phone("p08"), a.phone("p09"))
	alive(a.t, c, d)
	c.Bye()
	d.ExpectBye()
	out.Bye()
	in.ExpectBye()
	a.settled(5 * time.Second)
}
