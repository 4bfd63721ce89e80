package call

import (
	"runtime"
	"testing"
	"time"
)

// TestARequestBehindAByeIsAnswered: both wait for the loop together, and the first ends the dialog.
func TestARequestBehindAByeIsAnswered(t *testing.T) {
	r := newRig(t)
	alice := r.phone("alice")
	a := alice.call("200", alice.sdp("0"))
	a.answered()
	c, hold := r.only(), make(chan struct{})
	c.box.must(message{do: func() { <-hold }})
	a.request("BYE", "")
	a.request("INVITE", alice.sdp("0"))
	waiting := func() int {
		c.box.mu.Lock()
		defer c.box.mu.Unlock()
		n := 0
		for _, m := range c.box.list {
			if m.server != nil {
				n++
			}
		}
		return n
	}
	for end := time.Now().Add(2 * time.Second); waiting() < 2; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatal("the requests did not reach the call")
		}
	}
	close(hold)
	alice.expect("200 BYE", "INVITE")
	a.failed("481")
}
