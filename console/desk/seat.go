package desk

import (
	"context"

	"ringway/store"
)

// seat is one agent's desks. It belongs to the hub's goroutine.
type seat struct {
	agent string
	tabs  map[string]*Tab
	early string // an offer whose card was on the screen before its call presented it
	turn  uint64 // of the tab opened last
}

// Tab is one desk: a browser's stream.
type Tab struct {
	hub    *Hub
	agent  string
	id     string
	turn   uint64
	states chan *State // holds the newest
	done   chan struct{}
}

// Open opens a desk. A tab of the same id takes the place of the one before; of too many, the oldest ends.
func (h *Hub) Open(ctx context.Context, agent, id string) (*Tab, error) {
	if h.o.Spec().Person(agent) == nil {
		return nil, ErrAgent
	}
	t := &Tab{hub: h, agent: agent, id: id, states: make(chan *State, 1), done: make(chan struct{})}
	err := h.ask(ctx, func() error {
		h.sit(t)
		return nil
	})
	if err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// States brings the newest state after each change.
func (t *Tab) States() <-chan *State { return t.states }

// Done is closed when the desk is over: replaced, one too many, or the switch stops.
func (t *Tab) Done() <-chan struct{} { return t.done }

// Close closes the desk. It may be called again.
func (t *Tab) Close() { t.hub.mail.put(func() { t.hub.rise(t) }, true) }

// sit puts a tab at its agent's seat.
func (h *Hub) sit(t *Tab) {
	s := h.seats[t.agent]
	if s == nil {
		s = &seat{agent: t.agent, tabs: map[string]*Tab{}}
		h.seats[t.agent] = s
		h.setOpen(t.agent, true)
	}
	if before := s.tabs[t.id]; before != nil {
		close(before.done)
	} else if len(s.tabs) >= maxTabs {
		oldest := t
		for _, other := range s.tabs {
			if oldest == t || other.turn < oldest.turn {
				oldest = other
			}
		}
		delete(s.tabs, oldest.id)
		close(oldest.done)
	}
	s.turn++
	t.turn = s.turn
	s.tabs[t.id] = t
	h.due[t.agent] = true
}

// rise takes a tab away, and with the last one the desk.
func (h *Hub) rise(t *Tab) {
	s := h.seats[t.agent]
	if s == nil || s.tabs[t.id] != t {
		return
	}
	delete(s.tabs, t.id)
	close(t.done)
	if len(s.tabs) > 0 {
		h.due[t.agent] = true // the others see how many there are
		return
	}
	delete(h.seats, t.agent)
	h.setOpen(t.agent, false)
	for _, p := range h.offers {
		if p.offer.Agent == t.agent {
			p.answer(store.DeskAnswer{Act: store.DeskClosed})
		}
	}
}

// send gives each tab the newest state, in place of one that it has not read.
func (s *seat) send(state *State) {
	for _, t := range s.tabs {
		select {
		case <-t.states:
		default:
		}
		t.states <- state // holds one, and nobody else writes
	}
}
