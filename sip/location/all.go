package location

import (
	"cmp"
	"slices"
	"time"
)

// All returns copies of all live bindings, by address of record: for lists that people read, not for routing.
func (s *Store) All(now time.Time) []Binding {
	var out []Binding
	for i := range s.shards {
		h := &s.shards[i]
		h.mu.Lock()
		for _, r := range h.records {
			out = append(out, live(r.bindings, now)...)
		}
		h.mu.Unlock()
	}
	slices.SortFunc(out, func(a, b Binding) int { return cmp.Or(cmp.Compare(a.AOR, b.AOR), cmp.Compare(a.Contact, b.Contact)) })
	return out
}
