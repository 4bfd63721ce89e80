package location

import "ringway/store"

// Persister keeps bindings across a restart. Save never blocks: it queues. Changes of one address of record come in the
// order in which they happened.
type Persister interface {
	Save(change store.BindingChange)
}

// Watcher hears when an address of record became reachable or lost its last binding; refreshes are not told. It never
// blocks: it posts. Changes of one address of record come in order.
type Watcher interface {
	Reachable(aor string, registered bool)
}

// notice is something to tell after the lock was released: a change to save, or a change of reachability.
type notice struct {
	save       *store.BindingChange
	aor        string
	registered bool
}

// deliver tells what was noted while the shard was locked, in order and without holding the lock: the first goroutine
// to come delivers for those that change the shard meanwhile, so nobody waits for a slow listener.
func (s *Store) deliver(h *shard) {
	h.mu.Lock()
	if h.delivering {
		h.mu.Unlock()
		return
	}
	h.delivering = true
	for len(h.notices) > 0 {
		batch := h.notices
		h.notices = nil
		h.mu.Unlock()
		for _, n := range batch {
			s.tell(n)
		}
		h.mu.Lock()
	}
	h.delivering = false
	h.mu.Unlock()
}

func (s *Store) tell(n notice) {
	if n.save != nil {
		if s.o.Persister != nil {
			s.o.Persister.Save(*n.save)
		}
		return
	}
	if w := s.watcher.Load(); w != nil {
		(*w).Reachable(n.aor, n.registered)
	}
}
