package transaction

import "sync"

// mergeKey is what stays the same of a request that came twice, on two ways (RFC 3261 §8.2.2.2); 0 for requests in dialogs.
type mergeKey uint64

// merges knows which transaction first saw a request outside a dialog, to find the same one come another way: it gets 482.
// Its locks are leaves, taken under a shard's.
type merges [shardCount]struct {
	mu    sync.Mutex          // guards what follows
	first map[mergeKey]uint64 // → half of the transaction's key; no pointers
}

func (m *merges) init() {
	for i := range m {
		m[i].first = map[mergeKey]uint64{}
	}
}

// others says whether another transaction than tx has the request already.
func (m *merges) others(merge mergeKey, tx key) bool {
	if merge == 0 {
		return false
	}
	p := &m[merge%shardCount]
	p.mu.Lock()
	defer p.mu.Unlock()
	first, ok := p.first[merge]
	return ok && first != tx[1]
}

// add enters a transaction, unless another one is there.
func (m *merges) add(merge mergeKey, tx key) {
	if merge == 0 {
		return
	}
	p := &m[merge%shardCount]
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.first[merge]; !ok {
		p.first[merge] = tx[1]
	}
}

func (m *merges) remove(merge mergeKey, tx key) {
	if merge == 0 {
		return
	}
	p := &m[merge%shardCount]
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.first[merge] == tx[1] {
		delete(p.first, merge)
	}
}
