package dialplan

import "slices"

// table finds the extension for a number inside one context: a map for exact names, and for patterns a trie whose
// branches stand in the order of the search, so that the first leaf reached is the best match.
//
//	_64NX   6 ─ 4 ─ N ─ X ■          one node a position; single characters are looked up, larger sets are tried in
//	_64XX           └ X ─ X ■        order; "." and "!" are tried after all sets of their position
//	_6.       └ . ■
type table struct {
	exact map[string]*Extension
	root  trie
}

type trie struct {
	single   map[byte]*trie
	sets     []branch   // larger than one character, in order
	end      *Extension // pattern that ends here
	dot, any *Extension // pattern that goes on with "." or "!"
}

type branch struct {
	set  charset
	next *trie
}

func newTable() *table { return &table{exact: map[string]*Extension{}} }

// add enters an extension; it returns the one that is there already, which wins.
func (t *table) add(e *Extension) *Extension {
	if !isPattern(e.Name) {
		key := squash(e.Name)
		if old := t.exact[key]; old != nil {
			return old
		}
		t.exact[key] = e
		return nil
	}
	n := &t.root
	for _, set := range e.pattern.elems {
		n = n.child(set)
	}
	slot := &n.end
	switch e.pattern.tail {
	case '.':
		slot = &n.dot
	case '!':
		slot = &n.any
	}
	if *slot != nil {
		return *slot
	}
	*slot = e
	return nil
}

func (n *trie) child(set charset) *trie {
	if set.size() == 1 {
		if n.single == nil {
			n.single = map[byte]*trie{}
		}
		b := set.first()
		if n.single[b] == nil {
			n.single[b] = &trie{}
		}
		return n.single[b]
	}
	i, found := slices.BinarySearchFunc(n.sets, set, func(b branch, s charset) int {
		switch {
		case b.set.less(s):
			return -1
		case s.less(b.set):
			return 1
		}
		return 0
	})
	if !found {
		n.sets = slices.Insert(n.sets, i, branch{set, &trie{}})
	}
	return n.sets[i].next
}

// find returns the best extension for a squashed number, nil when none fits.
func (t *table) find(number string) *Extension {
	if e := t.exact[number]; e != nil {
		return e
	}
	return t.root.find(number)
}

func (n *trie) find(rest string) *Extension {
	if rest == "" {
		if n.end != nil {
			return n.end
		}
		return n.any
	}
	if next := n.single[rest[0]]; next != nil {
		if e := next.find(rest[1:]); e != nil {
			return e
		}
	}
	for _, b := range n.sets {
		if b.set.has(rest[0]) {
			if e := b.next.find(rest[1:]); e != nil {
				return e
			}
		}
	}
	if n.dot != nil {
		return n.dot
	}
	return n.any
}

// extends tells whether a longer number that begins with the squashed prefix could be found, so that it is worth waiting
// for another digit.
func (t *table) extends(prefix string) bool {
	for name := range t.exact {
		if len(name) > len(prefix) && name[:len(prefix)] == prefix && !special[name] {
			return true
		}
	}
	return t.root.extends(prefix)
}

func (n *trie) extends(rest string) bool {
	if n.dot != nil || n.any != nil {
		return true
	}
	if rest == "" {
		return len(n.single) > 0 || len(n.sets) > 0
	}
	if next := n.single[rest[0]]; next != nil && next.extends(rest[1:]) {
		return true
	}
	return slices.ContainsFunc(n.sets, func(b branch) bool { return b.set.has(rest[0]) && b.next.extends(rest[1:]) })
}
