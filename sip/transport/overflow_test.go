package transport

import (
	"net/netip"
	"testing"
	"time"
)

func TestOverflowOfTheReceiveBufferIsCounted(t *testing.T) {
	busy := make(chan struct{})
	b := openBench(t, Options{Limits: Limits{ReceiveBuffer: 4096}, Verified: func(netip.AddrPort) bool { <-busy; return true }})
	phone := b.dial(t, UDP)
	if got := b.Stats(); got.ReceiveBuffer <= 0 || got.ReceiveBuffer > 64<<10 || got.Overflow != 0 {
		t.Errorf("at the start %d of %d bytes overflowed", got.Overflow, got.ReceiveBuffer)
	}
	for range 200 { // the reader waits, the buffer holds a few
		write(t, phone, options("much", phone))
	}
	var got uint64
	for end := time.Now().Add(5 * time.Second); got == 0 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		got = b.Stats().Overflow
	}
	close(busy)
	if got < 100 || got >= 200 {
		t.Errorf("%d of 200 datagrams were counted as dropped", got)
	}
	time.Sleep(2 * overflowEvery) // two more looks
	if again := b.Stats().Overflow; again != got {
		t.Errorf("counted again: %d, then %d", got, again)
	}
}
