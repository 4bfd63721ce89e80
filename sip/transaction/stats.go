package transaction

import "sync/atomic"

type counters struct {
	requests, sent, repeats, merged, full, strays, evicted, panics atomic.Uint64
}

// Stats are the counters since New, and what is in the table now.
type Stats struct {
	Requests    uint64 // new ones from the network
	Sent        uint64 // ours
	Repetitions uint64 // messages sent again, by a timer or because the peer repeated
	Merged      uint64 // answered 482
	Full        uint64 // answered 503 because of Limits.Live
	Strays      uint64 // responses that belong to nothing
	Evicted     uint64 // lingering transactions ended early because of Limits.Lingering
	Panics      uint64

	Live      int // without a final response
	Lingering int // kept only to absorb repetitions
}

// Stats returns the counters.
func (t *Table) Stats() Stats {
	c := &t.count
	s := Stats{
		Requests: c.requests.Load(), Sent: c.sent.Load(), Repetitions: c.repeats.Load(), Merged: c.merged.Load(),
		Full: c.full.Load(), Strays: c.strays.Load(), Evicted: c.evicted.Load(), Panics: c.panics.Load(), Live: int(t.live.Load()),
	}
	for _, sh := range t.shards {
		sh.mu.Lock()
		s.Lingering += sh.count + sh.kept.len()
		sh.mu.Unlock()
	}
	return s
}
