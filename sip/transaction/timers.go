package transaction

import (
	"runtime/debug"
	"time"
)

// withDefaults fills zero fields with the values of RFC 3261 table 4.
func (t Timers) withDefaults() Timers {
	if t.T1 <= 0 {
		t.T1 = 500 * time.Millisecond
	}
	if t.T2 <= 0 {
		t.T2 = 8 * t.T1
	}
	if t.T4 <= 0 {
		t.T4 = 10 * t.T1
	}
	return t
}

// long is 64·T1: timers B, F, H, J, L, and D, which must be at least 32 s by the RFC's T1.
func (t Timers) long() time.Duration { return 64 * t.T1 }

// grow is the next interval of timer G: T1, doubling up to T2.
func (t Timers) grow(last time.Duration) time.Duration {
	if last == 0 {
		return t.T1
	}
	return min(2*last, t.T2)
}

// tick is the grain of the wheel: a fiftieth of T1, at least a millisecond.
func (t Timers) tick() time.Duration { return max(t.T1/50, time.Millisecond) }

// wait is zero on reliable transports: timers D, I, J, K.
func (t *Table) wait(d time.Duration, reliable bool) time.Duration {
	if reliable {
		return 0
	}
	return d
}

// runTimers advances the wheels while any alarm is set, and sleeps otherwise.
func (t *Table) runTimers() {
	defer t.group.Done()
	for {
		select {
		case <-t.stop:
			return
		case <-t.wake:
		}
		if !t.tickUntilIdle() {
			return
		}
	}
}

// tickUntilIdle is false when the table stops.
func (t *Table) tickUntilIdle() bool {
	ticker := time.NewTicker(t.timers.tick())
	defer ticker.Stop()
	for busy := true; busy; {
		select {
		case <-t.stop:
			return false
		case <-ticker.C:
		}
		busy = false
		for _, s := range t.shards {
			busy = t.round(s) || busy
		}
	}
	return true
}

// round rings what is due in one shard. A panic of somebody who is told of it costs this round.
func (t *Table) round(s *shard) (busy bool) {
	defer func() {
		if r := recover(); r != nil {
			busy = true
			t.count.panics.Add(1)
			t.log.Error("panic in a timer", "err", r, "stack", string(debug.Stack()))
		}
	}()
	var out outbox
	busy = s.advance(t.now(), &out)
	t.flush(&out)
	return busy
}
