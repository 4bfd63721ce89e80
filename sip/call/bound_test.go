package call

import (
	"testing"
	"time"

	"ringway/store"
)

// Limits that change while a call is up: it goes on as it began, the next one meets the new ones.
func TestBoundsChangeForTheNextCall(t *testing.T) {
	r := newRig(t)
	alice, carol := r.phone("alice"), r.phone("carol")
	a := alice.call("200", alice.sdp("0"))
	a.answered()
	r.m.Bound(1, 50*time.Millisecond)
	carol.call("200", carol.sdp("0")).failed("503")
	r.m.Bound(2, 50*time.Millisecond)
	c := carol.call("200", carol.sdp("0"))
	c.answered()
	c.gone()
	r.wants(store.DispositionAnswered, TooLong, "switch", 200)
	a.hangup() // still up
	r.m.Bound(0, 0)
	if b := r.m.bound.Load(); b.calls != 10000 || b.duration != 4*time.Hour {
		t.Errorf("zero is %+v", b)
	}
}
