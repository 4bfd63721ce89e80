package call

import (
	"runtime"
	"sync"
	"testing"
	"time"
)

// TestARequestBehindAByeIsAnswered: both wait for the loop together, and the first ends the dialog.
func TestARequestBehindAByeIsAnswered(t *testing.T) {
	r := newRig(t)
	alice := r.phone("alice")
	a := alice.call("200", alice.sdp("0"))
	a.answered()
	c, holds, hold := r.only(), make(chan struct{}), make(chan struct{})
	release := sync.OnceFunc(func() { close(hold) })
	defer release() // Stop waits for the call, also when the test fails
	c.must(message{do: func() { close(holds); <-hold }})
	<-holds
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
	release()
	alice.expect("200 BYE", "INVITE")
	a.failed("481")
}
