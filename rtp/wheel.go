package rtp

import "time"

// wheel is the pacing clock of a loop: one list of timers per tick, so that whatever is due costs nothing to find. The
// loop advances it every tickTime.
//
//	slot   0    1    2    3   …  255
//	       │    │    └ play(s9)
//	       │    └ play(s1) ⇄ digit(s4)        a packet time of 20 ms is four slots: new players take the emptiest of the
//	       └ play(s7)                         next four, so a thousand of them are sent in four portions, not in one
type wheel struct {
	now    int64 // ticks done
	firing bool  // those of now are being done
	slots  [256]timer
	load   [256]int
}

// timer is one thing to be done for a session; the session owns it. The zero value is not set.
type timer struct {
	fire       func(*timer)
	next, prev *timer
	slot       int
	due        int64
}

func (t *timer) set() bool { return t.next != nil }

// ticks rounds a time up to ticks, at least 1.
func ticks(d time.Duration) int64 { return max(int64((d+tickTime-1)/tickTime), 1) }

// after sets a timer to fire in n ticks, at most the wheel's turn; a set timer is moved.
func (w *wheel) after(t *timer, n int64) {
	w.stop(t)
	t.due = w.now + min(max(n, 1), int64(len(w.slots))-1)
	t.slot = int(t.due) % len(w.slots)
	head := &w.slots[t.slot]
	if head.next == nil {
		head.next, head.prev = head, head
	}
	t.prev, t.next = head.prev, head
	head.prev.next = t
	head.prev = t
	w.load[t.slot]++
}

// spread sets a timer to fire within n ticks, in the emptiest slot.
func (w *wheel) spread(t *timer, n int64) {
	best := int64(1)
	for i := int64(1); i <= n; i++ {
		if w.load[int(w.now+i)%len(w.slots)] < w.load[int(w.now+best)%len(w.slots)] {
			best = i
		}
	}
	w.after(t, best)
}

// stop takes a timer out.
func (w *wheel) stop(t *timer) {
	if t.next == nil {
		return
	}
	t.prev.next, t.next.prev = t.next, t.prev
	t.next, t.prev = nil, nil
	w.load[t.slot]--
}

// advance fires what is due up to a tick. A loop that was stopped for longer than the wheel's turn fires each timer once.
// When a timer panics, the next call goes on behind it.
func (w *wheel) advance(to int64) {
	w.now = max(w.now, to-int64(len(w.slots))+1)
	for w.behind(to) {
		if !w.firing {
			w.now++
			w.firing = true
		}
		head := &w.slots[int(w.now)%len(w.slots)]
		for head.next != nil && head.next != head { // what is set meanwhile never falls into this slot
			t := head.next
			w.stop(t)
			t.fire(t)
		}
		w.firing = false
	}
}

// behind tells whether something may be due up to a tick.
func (w *wheel) behind(to int64) bool { return w.now < to || w.firing }
