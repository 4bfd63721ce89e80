package transaction

import "sync"

// merges knows which transaction first saw a request outside a dialog, to find the same one come another way (RFC 3261
// §8.2.2.2): it gets 482. A leaf lock of its own, taken under a shard's.
type merges struct {
	mu    sync.Mutex
	first map[key]key // merge key → transaction
}

// add enters a transaction; it is false when another one has the request already.
func (m *merges) add(merge, tx key) bool {
	if merge == (key{}) {
		return true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if other, ok := m.first[merge]; ok && other != tx {
		return false
	}
	m.first[merge] = tx
	return true
}

func (m *merges) remove(merge, tx key) {
	if merge == (key{}) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.first[merge] == tx {
		delete(m.first, merge)
	}
}
