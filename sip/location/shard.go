package location

import (
	"sync"
	"time"

	"ringway/store"
)

// shard is one part of the store.
type shard struct {
	mu         sync.Mutex // a leaf: nothing is called while it is held; guards all below
	records    map[string]*record
	due        deadlines
	notices    []notice // to be told after unlocking
	delivering bool     // somebody is telling them
}

// record is what is known of one address of record.
type record struct {
	bindings []Binding
	version  uint64
	deadline time.Duration // earliest of the bindings', since Store.base
	slot     int           // place in shard.due, -1 outside
}

// put makes bindings those of aor, noting what changed. The caller holds the lock and has checked the version.
func (h *shard) put(s *Store, aor string, bindings []Binding) {
	r := h.records[aor]
	if r == nil {
		r = &record{slot: -1}
		h.records[aor] = r
	}
	was := len(r.bindings)
	h.note(r.bindings, bindings)
	r.bindings = bindings
	r.version = s.version.Add(1)
	if (was == 0) != (len(bindings) == 0) {
		h.notices = append(h.notices, notice{aor: aor, registered: len(bindings) > 0})
	}
	if len(bindings) == 0 {
		h.due.drop(r)
		delete(h.records, aor)
		s.count.Add(-int64(was))
		return
	}
	s.count.Add(int64(len(bindings) - was))
	h.due.set(r, s.earliest(bindings))
}

// note says what of the bindings went and what came or was refreshed.
func (h *shard) note(old, now []Binding) {
	for i := range old {
		if find(now, &old[i]) < 0 {
			h.notices = append(h.notices, notice{save: &store.BindingChange{Binding: old[i].Binding, Removed: true}})
		}
	}
	for i := range now {
		j := find(old, &now[i])
		if j >= 0 && old[j].CSeq == now[i].CSeq && old[j].Expires.Equal(now[i].Expires) && old[j].CallID == now[i].CallID {
			continue // untouched
		}
		if j >= 0 && old[j].Contact != now[i].Contact { // rows are keyed by contact: the old spelling goes first
			h.notices = append(h.notices, notice{save: &store.BindingChange{Binding: old[j].Binding, Removed: true}})
		}
		h.notices = append(h.notices, notice{save: &store.BindingChange{Binding: now[i].Binding}})
	}
}

// find returns the place of the binding that is the same as b, or -1.
func find(list []Binding, b *Binding) int {
	for i := range list {
		if list[i].Same(b) {
			return i
		}
	}
	return -1
}

// expire drops what ended until now, and returns how many bindings that were. The caller holds the lock.
func (h *shard) expire(s *Store, now time.Time) int {
	gone, since := 0, now.Sub(s.base)
	for len(h.due) > 0 && h.due[0].deadline <= since {
		r := h.due[0]
		live := make([]Binding, 0, len(r.bindings))
		for _, b := range r.bindings {
			if b.Live(now) {
				live = append(live, b)
			}
		}
		if len(live) == len(r.bindings) { // readings with and without monotonic time were mixed
			h.due.set(r, since+time.Millisecond)
			continue
		}
		gone += len(r.bindings) - len(live)
		h.put(s, r.bindings[0].AOR, live)
	}
	return gone
}

// restore adds a binding that was kept, in place of one that is the same, without saving it again. The caller holds the
// lock.
func (h *shard) restore(s *Store, b Binding) {
	r := h.records[b.AOR]
	if r == nil {
		r = &record{slot: -1}
		h.records[b.AOR] = r
		h.notices = append(h.notices, notice{aor: b.AOR, registered: true})
	}
	if i := find(r.bindings, &b); i >= 0 {
		r.bindings[i] = b
	} else {
		r.bindings = append(r.bindings, b)
		s.count.Add(1)
	}
	r.version = s.version.Add(1)
	h.due.set(r, s.earliest(r.bindings))
}
