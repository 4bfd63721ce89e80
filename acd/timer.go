package acd

import "time"

// timer is a place in the heap, embedded by what has deadlines. An owner has one timer, set to its next deadline.
type timer struct {
	at    time.Time
	seq   uint64 // order among equals: when it was set
	index int    // in the heap, from 1; 0 is not set
	fire  due
}

// due is what a timer calls: the owner looks which of its deadlines have passed.
type due interface{ due(s *State) }

// timers is a binary heap by (at, seq).
type timers struct {
	heap []*timer
	seq  uint64
}

// set moves a timer; the zero time takes it out.
func (h *timers) set(t *timer, at time.Time) {
	if t.index > 0 && t.at.Equal(at) {
		return
	}
	h.remove(t)
	if at.IsZero() {
		return
	}
	h.seq++
	t.at, t.seq = at, h.seq
	h.heap = append(h.heap, t)
	t.index = len(h.heap)
	h.up(t.index - 1)
}

func (h *timers) remove(t *timer) {
	if t.index == 0 {
		return
	}
	i, last := t.index-1, len(h.heap)-1
	h.swap(i, last)
	h.heap[last] = nil
	h.heap = h.heap[:last]
	t.index, t.at = 0, time.Time{}
	if i < last {
		h.down(i)
		h.up(i)
	}
}

// next is the earliest deadline, zero when there is none.
func (h *timers) next() time.Time {
	if len(h.heap) == 0 {
		return time.Time{}
	}
	return h.heap[0].at
}

// pop takes out a timer that is due.
func (h *timers) pop(now time.Time) *timer {
	if len(h.heap) == 0 || h.heap[0].at.After(now) {
		return nil
	}
	t := h.heap[0]
	h.remove(t)
	return t
}

func (h *timers) less(i, j int) bool {
	a, b := h.heap[i], h.heap[j]
	if c := a.at.Compare(b.at); c != 0 {
		return c < 0
	}
	return a.seq < b.seq
}

func (h *timers) swap(i, j int) {
	h.heap[i], h.heap[j] = h.heap[j], h.heap[i]
	h.heap[i].index, h.heap[j].index = i+1, j+1
}

func (h *timers) up(i int) {
	for i > 0 && h.less(i, (i-1)/2) {
		h.swap(i, (i-1)/2)
		i = (i - 1) / 2
	}
}

func (h *timers) down(i int) {
	for {
		c := 2*i + 1
		if c >= len(h.heap) {
			return
		}
		if c+1 < len(h.heap) && h.less(c+1, c) {
			c++
		}
		if !h.less(c, i) {
			return
		}
		h.swap(i, c)
		i = c
	}
}

// earliest is the earliest of the instants that are set.
func earliest(times ...time.Time) time.Time {
	var best time.Time
	for _, t := range times {
		if !t.IsZero() && (best.IsZero() || t.Before(best)) {
			best = t
		}
	}
	return best
}
