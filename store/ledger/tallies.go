package ledger

import (
	"maps"
	"slices"
)

// tallies are accounts by name, opened when first needed.
type tallies[T any] struct {
	fresh  func(name string) T
	byName map[string]*T
}

func newTallies[T any](fresh func(string) T) *tallies[T] {
	return &tallies[T]{fresh: fresh, byName: map[string]*T{}}
}

func (t *tallies[T]) get(name string) *T {
	x := t.byName[name]
	if x == nil {
		made := t.fresh(name)
		x = &made
		t.byName[name] = x
	}
	return x
}

// each posts to one name and to the account of all together.
func (t *tallies[T]) each(name string, post func(*T)) {
	post(t.get(name))
	post(t.get(""))
}

func (t *tallies[T]) sorted() []T {
	out := make([]T, 0, len(t.byName))
	for _, name := range slices.Sorted(maps.Keys(t.byName)) {
		out = append(out, *t.byName[name])
	}
	return out
}
