package stream

import "ringway/store"

// Subscription is a view of the live stream for parts of the switch itself. It has no past: what it misses while it is not
// read is counted as lost, and its owner then looks at the whole state again.
type Subscription struct {
	h   *Hub
	w   *waiter
	seq uint64
}

// Subscribe begins with the next event. Close it when it is no longer needed.
func (h *Hub) Subscribe(f Filter) (*Subscription, error) {
	w, err := h.join(f)
	if err != nil {
		return nil, err
	}
	return &Subscription{h: h, w: w, seq: h.Head().Seq}, nil
}

// Ready has a notice when there may be something to take. Many events are one notice.
func (s *Subscription) Ready() <-chan struct{} { return s.w.ready }

// Take returns what came since the last time; lost says that there was more than the hub's memory holds, so that some of it
// is gone. It belongs to one goroutine.
func (s *Subscription) Take() (events []store.Event, lost bool) {
	fresh, p, first := s.h.after(s.seq, len(s.h.ring))
	if p == behind {
		fresh, _, _ = s.h.after(max(first, 1)-1, len(s.h.ring))
		lost = true
	}
	for _, e := range fresh {
		s.seq = e.Event.Seq
		if s.w.filter.Matches(&e.Event) {
			events = append(events, e.Event)
		}
	}
	return events, lost
}

// Close ends the subscription.
func (s *Subscription) Close() { s.h.leave(s.w) }
