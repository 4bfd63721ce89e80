package rtp

import (
	"sync"
	"testing"
)

// TestCommandsKeepTheirOrder has several callers give one loop commands, which each does in the loop's place or sends,
// as it comes: what one caller gave is done in the order in which it gave it.
func TestCommandsKeepTheirOrder(t *testing.T) {
	e := open(t, Options{Loops: 1})
	pair(t, e, "PCMU", "PCMU") // so that the loop has work of its own
	l := e.loops[0]
	const callers, each = 4, 3000
	var done [callers][]int // owned by the loop
	var group sync.WaitGroup
	for c := range callers {
		group.Go(func() {
			for n := range each {
				if n%100 == 99 {
					l.call(func() { done[c] = append(done[c], n) })
				} else {
					l.do(func() { done[c] = append(done[c], n) })
				}
			}
		})
	}
	group.Wait()
	l.call(func() {
		for c := range done {
			if len(done[c]) != each {
				t.Errorf("caller %d: %d of %d commands were done", c, len(done[c]), each)
			}
			for i, n := range done[c] {
				if i != n {
					t.Fatalf("caller %d: command %d was done as the %dth", c, n, i)
				}
			}
		}
	})
}

// TestWhatWasSentComesFirst: a command that still waits is done before that of somebody who takes the loop's place.
func TestWhatWasSentComesFirst(t *testing.T) {
	e := open(t, Options{Loops: 1})
	l := e.loops[0]
	for range 100 {
		var order []string // owned by the loop
		l.mail.put(func() { order = append(order, "sent") })
		l.call(func() { order = append(order, "given") })
		l.call(func() {
			if len(order) != 2 || order[0] != "sent" {
				t.Error(order)
			}
		})
	}
}

// TestNobodyWaitsForThePlace: whoever finds the loop's place taken leaves the command, and the loop does it later.
func TestNobodyWaitsForThePlace(t *testing.T) {
	e := open(t, Options{Loops: 1})
	l := e.loops[0]
	for !l.poller.enter() {
	}
	done := make(chan struct{})
	if !l.do(func() { close(done) }) {
		t.Error("refused")
	}
	select {
	case <-done:
		t.Error("two had the place at once")
	default:
	}
	l.poller.leave()
	<-done
}
