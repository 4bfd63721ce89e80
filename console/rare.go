package console

import (
	"sync/atomic"
	"time"
)

// rare lets the first of many like things be told, and then one in each span of time, so that nobody fills a log by repeating
// himself.
type rare struct {
	next    atomic.Int64 // unix microseconds of the next one that is told
	skipped atomic.Int64 // since the last one that was
}

// due tells whether this one is told, and how many were not since the last.
func (r *rare) due(now time.Time, every time.Duration) (skipped int64, ok bool) {
	at := now.UnixMicro()
	if next := r.next.Load(); at >= next && r.next.CompareAndSwap(next, at+every.Microseconds()) {
		return r.skipped.Swap(0), true
	}
	r.skipped.Add(1)
	return 0, false
}
