package node

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"ringway/store"
)

// The machine's clock jumps an hour ahead and then two back, in the middle of a call: nobody's registration ends, the
// call's record says how long it really was, and each jump is an event (conformance §6, semantics §4).
func TestClockJumpsAnHour(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	a := openAnnex(t, annexOptions{wall: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	alice, bob := a.phone("p01"), a.phone("p02")
	mei := a.agent("mei")
	out, in := a.talk(alice, bob)
	began := time.Now()
	for i, jump := range []time.Duration{time.Hour, -2 * time.Hour} {
		time.Sleep(1100 * time.Millisecond) // the clock looked at the wall in between
		ahead.Add(int64(jump))
		eventually(t, 5*time.Second, "an event of the jump", func() bool { return len(a.seen.all(store.ClockStep)) == i+1 })
		ms := a.seen.all(store.ClockStep)[i].Data[store.DataMS]
		var got int64
		if _, err := fmt.Sscan(ms, &got); err != nil || got/1000 != jump.Milliseconds()/1000 && (got+1000)/1000 != jump.Milliseconds()/1000 && (got-1000)/1000 != jump.Milliseconds()/1000 {
			t.Errorf("a jump of %v is on record as %s ms", jump, ms)
		}
		if n := a.Status(context.Background()).Bindings; n != 3 {
			t.Errorf("after a jump of %v %d phones are registered, want 3", jump, n)
		}
		if s := a.stateOf("mei"); s != store.Available {
			t.Errorf("after a jump of %v mei is %s", jump, s)
		}
		alive(t, out, in)
		alice.Register() // nonces live on
		customer := bob.Invite("700")
		offered := mei.ExpectCall()
		offered.Answer()
		customer.Expect(200)
		offered.ExpectAck()
		customer.Bye()
		offered.ExpectBye()
		eventually(t, 5*time.Second, "mei's wrap-up ends", func() bool { return a.stateOf("mei") == store.Available })
	}
	out.Bye()
	in.ExpectBye()
	lasted := time.Since(began)
	row := a.seen.cdr(t, out)
	if d := row.End.Sub(row.Answer); d < lasted-time.Second || d > lasted+time.Second {
		t.Errorf("a call of %v is on record with %v", lasted, d)
	}
	a.settled(5 * time.Second)
}
