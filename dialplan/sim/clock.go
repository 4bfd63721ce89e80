package sim

import (
	"container/heap"
	"context"
	"errors"
	"sync"
	"time"
)

// Clock is virtual time for goroutines that wait in it. It counts those that are at work; when the count is zero
// nothing can happen any more at this instant, and the one that brought it there wakes whoever is due next:
//
//	work 2 ──Sleep──▶ 1 ──Sleep──▶ 0 ─▶ now = due of the next waiter ─▶ work 1 ──▶ …
//
// Waiters due at one instant wake one by one, in the order in which they came, so that a run always repeats itself.
type Clock struct {
	mu     sync.Mutex
	now    time.Time
	work   int
	seq    int
	queue  waiters
	asleep map[*waiter]bool // goroutines that wait, for a time or a signal
	ended  bool
	stuck  chan struct{} // closed when nobody works and nothing is due
}

// waiter is a goroutine that waits, or a function to call.
type waiter struct {
	due  time.Time // zero: only a signal wakes it
	seq  int
	at   int // index in the heap, -1 when it is not there
	wake chan struct{}
	call func()
	gone bool
	ctxs [2]context.Context // that end the wait early
}

// NewClock starts a clock.
func NewClock(now time.Time) *Clock {
	return &Clock{now: now, stuck: make(chan struct{}), asleep: map[*waiter]bool{}}
}

// Now is the virtual time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Work adds to the count of goroutines at work.
func (c *Clock) Work(delta int) {
	c.mu.Lock()
	c.work += delta
	c.advanceLocked()
	c.mu.Unlock()
}

// Stop lets no more time pass.
func (c *Clock) Stop() {
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
}

// After calls f at a time, on whatever goroutine lets time pass; f must not block.
func (c *Clock) After(d time.Duration, f func()) *waiter {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.newLocked(d)
	w.call = f
	return w
}

// Cancel makes a waiter of After never run.
func (c *Clock) Cancel(w *waiter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.removeLocked(w)
}

func (c *Clock) newLocked(d time.Duration) *waiter {
	c.seq++
	w := &waiter{seq: c.seq, at: -1, wake: make(chan struct{})}
	if d >= 0 {
		w.due = c.now.Add(d)
		heap.Push(&c.queue, w)
	}
	return w
}

// Wait blocks until d has passed (a negative d never does), s is signalled, or ctx or life ends; life may be nil.
func (c *Clock) Wait(ctx, life context.Context, d time.Duration, s *Signal) error {
	if life == nil {
		life = ctx
	}
	c.mu.Lock()
	if err := errors.Join(ctx.Err(), life.Err()); err != nil {
		c.mu.Unlock()
		return err
	}
	if s != nil && s.set {
		s.set = false
		c.mu.Unlock()
		return nil
	}
	w := c.newLocked(d)
	w.ctxs = [2]context.Context{ctx, life}
	c.asleep[w] = true
	if s != nil {
		s.waiting = append(s.waiting, w)
	}
	wake := func() {
		c.mu.Lock()
		c.wakeLocked(w)
		c.mu.Unlock()
	}
	stops := [2]func() bool{context.AfterFunc(ctx, wake), context.AfterFunc(life, wake)}
	c.work--
	c.advanceLocked()
	c.mu.Unlock()
	<-w.wake
	stops[0]()
	stops[1]()
	return errors.Join(ctx.Err(), life.Err())
}

// wakeLocked lets a waiter work again.
func (c *Clock) wakeLocked(w *waiter) {
	if w.gone {
		return
	}
	c.removeLocked(w)
	c.work++
	close(w.wake)
}

func (c *Clock) removeLocked(w *waiter) {
	w.gone = true
	delete(c.asleep, w)
	if w.at >= 0 {
		heap.Remove(&c.queue, w.at)
	}
}

// advanceLocked lets time pass while nobody works.
func (c *Clock) advanceLocked() {
	for c.work == 0 && !c.ended {
		if c.cancelledLocked() {
			return
		}
		if len(c.queue) == 0 {
			c.ended = true
			close(c.stuck)
			return
		}
		w := c.queue[0]
		if w.due.After(c.now) {
			c.now = w.due
		}
		if w.call == nil {
			c.wakeLocked(w)
			return
		}
		c.removeLocked(w)
		c.work++
		c.mu.Unlock()
		w.call()
		c.mu.Lock()
		c.work--
	}
}

// cancelledLocked wakes the goroutines whose wait was cut short, before any time passes.
func (c *Clock) cancelledLocked() bool {
	var cut []*waiter
	for w := range c.asleep {
		if w.ctxs[0].Err() != nil || w.ctxs[1].Err() != nil {
			cut = append(cut, w)
		}
	}
	for _, w := range cut {
		c.wakeLocked(w)
	}
	return len(cut) > 0
}

// Signal wakes those who wait for something other than time. Its fields are owned by the clock's lock.
type Signal struct {
	set     bool
	waiting []*waiter
}

// Signal wakes all that wait for s; when nobody does, the next one will not have to.
func (c *Clock) Signal(s *Signal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.set = true
	for _, w := range s.waiting {
		if !w.gone {
			s.set = false
			c.wakeLocked(w)
		}
	}
	s.waiting = s.waiting[:0]
}

// waiters is a heap by due time, then by arrival.
type waiters []*waiter

func (q waiters) Len() int { return len(q) }
func (q waiters) Less(i, j int) bool {
	if q[i].due.Equal(q[j].due) {
		return q[i].seq < q[j].seq
	}
	return q[i].due.Before(q[j].due)
}
func (q waiters) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].at, q[j].at = i, j
}

// Push is for container/heap.
func (q *waiters) Push(x any) {
	w, _ := x.(*waiter)
	w.at = len(*q)
	*q = append(*q, w)
}

// Pop is for container/heap.
func (q *waiters) Pop() any {
	old := *q
	w := old[len(old)-1]
	w.at = -1
	*q = old[:len(old)-1]
	return w
}
