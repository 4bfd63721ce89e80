package auth

import (
	"sync"
	"time"
)

// counts remembers the last nonce count used with each nonce that was answered rightly, in slots by the time of issue:
//
//	issued ─▶ │ slot 1 │ slot 2 │ … │ newest │
//	  floor ──┘  dropped together: everything issued before the floor is stale
//
// Its memory has a bound. When it is reached the oldest slot goes and the floor rises, so that forgetting a nonce never
// lets a count be used again: it costs those phones one more round trip.
type counts struct {
	mu    sync.Mutex // a leaf; guards all below
	slots []countSlot
	total int
	floor time.Duration // nonces issued before it are stale

	width    time.Duration // of a slot
	lifetime time.Duration
	bound    int
}

type countSlot struct {
	from time.Duration
	used map[[nonceID]byte]countUse
}

type countUse struct {
	count uint32
	mark  uint64 // hash of the whole request it came with
}

// usage is the verdict on a nonce count.
type usage int

const (
	useFresh usage = iota // higher than any before
	useAgain              // the same request again: a retransmission
	useStale              // reused, lower, or too old
)

func newCounts(lifetime time.Duration, bound int) *counts {
	return &counts{lifetime: lifetime, width: max(lifetime/256, time.Millisecond), bound: bound}
}

// stale tells whether a nonce issued then is too old at now, both since the issuer's start.
func (c *counts) stale(issued, now time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return issued < c.floor || now-issued > c.lifetime || issued > now+time.Second
}

// use takes a count of a nonce whose password was right; mark stands for the request.
func (c *counts) use(id [nonceID]byte, issued, now time.Duration, u countUse) usage {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget(now)
	if issued < c.floor {
		return useStale
	}
	s := c.slot(issued)
	last, known := s.used[id]
	switch {
	case known && u.count == last.count && u.mark == last.mark:
		return useAgain
	case known && u.count <= last.count:
		return useStale
	}
	if !known {
		c.total++
	}
	s.used[id] = u
	for c.total > c.bound && len(c.slots) > 0 {
		c.drop(now)
	}
	return useFresh
}

// forget drops the slots whose nonces are all too old.
func (c *counts) forget(now time.Duration) {
	for len(c.slots) > 0 && c.slots[0].from+c.width <= now-c.lifetime {
		c.drop(now)
	}
}

// drop forgets the oldest slot and raises the floor, but never above the nonces that are issued from now on.
func (c *counts) drop(now time.Duration) {
	c.floor = max(c.floor, min(c.slots[0].from+c.width, now+1))
	c.total -= len(c.slots[0].used)
	c.slots[0].used = nil
	c.slots = c.slots[1:]
}

// slot finds the slot for a time of issue, or makes it in its place.
func (c *counts) slot(issued time.Duration) *countSlot {
	from := issued - issued%c.width
	i := len(c.slots)
	for i > 0 && c.slots[i-1].from >= from {
		i--
	}
	if i == len(c.slots) || c.slots[i].from != from {
		c.slots = append(c.slots, countSlot{})
		copy(c.slots[i+1:], c.slots[i:])
		c.slots[i] = countSlot{from: from, used: make(map[[nonceID]byte]countUse)}
	}
	return &c.slots[i]
}
