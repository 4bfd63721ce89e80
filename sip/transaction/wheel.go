package transaction

import "time"

// A timing wheel: setting and clearing a timer cost the same, however many run.
//
//	slot   0    1    2   …   due%slots   …   1023
//	       │    │    │           │
//	      ring ring ring        alarm ⇄ alarm ⇄ alarm     doubly linked, so an alarm leaves in O(1)
//	            ▲
//	            now: each tick empties one slot; alarms due in a later round stay

const wheelSlots = 1024

// alarm is one timer inside its owner. The zero value is not set.
type alarm struct {
	next, prev *alarm
	due        int64 // tick
	owner      timed
}

// timed is what owns alarms. ring is called with the shard's lock held.
type timed interface{ ring(a *alarm, out *outbox) }

// wheel is owned by its shard, under the shard's lock.
type wheel struct {
	tick  time.Duration
	start time.Time
	now   int64 // last tick dealt with
	set   int   // alarms set
	slots [wheelSlots]alarm
	due   []*alarm // scratch of empty
}

func newWheel(tick time.Duration, start time.Time) *wheel {
	w := &wheel{tick: tick, start: start}
	for i := range w.slots {
		s := &w.slots[i]
		s.next, s.prev = s, s
	}
	return w
}

// after sets an alarm d from now, replacing what it was set to.
func (w *wheel) after(a *alarm, d time.Duration, owner timed, now time.Time) {
	w.clear(a)
	a.owner = owner
	a.due = w.tickAfter(d, now)
	s := &w.slots[a.due%wheelSlots]
	a.prev, a.next = s.prev, s
	s.prev.next, s.prev = a, a
	w.set++
}

// tickAfter is the tick at which d from now has passed.
func (w *wheel) tickAfter(d time.Duration, now time.Time) int64 {
	return max(int64((now.Sub(w.start)+d+w.tick-1)/w.tick), w.now+1)
}

// clear takes an alarm out.
func (w *wheel) clear(a *alarm) {
	if a.next == nil {
		return
	}
	a.prev.next, a.next.prev = a.next, a.prev
	a.next, a.prev, a.owner = nil, nil, nil
	w.set--
}

// advance rings all that is due. A long pause of the process rings each alarm once.
func (w *wheel) advance(now time.Time, out *outbox) {
	to := int64(now.Sub(w.start) / w.tick)
	if w.set == 0 {
		w.now = max(w.now, to)
		return
	}
	from := w.now + 1
	if to-from >= wheelSlots {
		from = to - wheelSlots + 1 // every slot once
	}
	w.now = max(w.now, to)
	for t := from; t <= to; t++ {
		w.empty(&w.slots[t%wheelSlots], to, out)
	}
}

// empty rings what is due in one slot. Ringing one alarm may clear or set others, so they are gathered first.
func (w *wheel) empty(s *alarm, now int64, out *outbox) {
	w.due = w.due[:0]
	for a := s.next; a != s; a = a.next {
		if a.due <= now {
			w.due = append(w.due, a)
		}
	}
	for i, a := range w.due {
		w.due[i] = nil
		if a.next != nil && a.due <= now {
			owner := a.owner
			w.clear(a)
			owner.ring(a, out)
		}
	}
}
