package sqlite

import (
	"cmp"
	"slices"

	"ringway/store"
)

// merge is a set of events; one that several queries found stands in it once.
type merge struct {
	seen   map[identity]bool
	events []store.Event
}

type identity struct {
	node, boot string
	seq        uint64
}

func (m *merge) add(events []store.Event) {
	if m.seen == nil {
		m.seen = map[identity]bool{}
	}
	for _, e := range events {
		if id := (identity{e.Node, e.Boot, e.Seq}); !m.seen[id] {
			m.seen[id] = true
			m.events = append(m.events, e)
		}
	}
}

func (m *merge) sorted() []store.Event {
	slices.SortStableFunc(m.events, func(a, b store.Event) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Node, b.Node), cmp.Compare(a.Boot, b.Boot), cmp.Compare(a.Seq, b.Seq))
	})
	return m.events
}
