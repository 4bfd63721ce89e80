package writer

import "ringway/store"

// class is what a record is worth when not everything can be kept.
type class int

const (
	classEvent    class = iota // given up first
	classDecision              //
	classState                 // bindings, agents, sessions
	classCDR                   // calls, legs, visits, offers, dispositions and notes of calls: given up last
	classes
)

// classOf returns the class of r. A record without content counts as an event.
func classOf(r store.Record) class {
	switch {
	case r.Event != nil:
		return classEvent
	case r.Decision != nil:
		return classDecision
	case r.Binding != nil, r.Agent != nil, r.Session != nil:
		return classState
	case r.Call != nil, r.Leg != nil, r.Visit != nil, r.Offer != nil, r.Outcome != nil, r.Note != nil, r.Recording != nil:
		return classCDR
	}
	return classEvent
}

// entry is a record with its place in the order of all records.
type entry struct {
	n uint64
	r store.Record
}

// ring is a queue that grows as needed; rings bounds it.
type ring struct {
	limit   int     // what it may hold, but for classCDR, which may use what others leave
	entries []entry // circular
	head    int
	length  int
}

const smallRing = 256

// push appends e.
func (r *ring) push(e entry) {
	if r.length == len(r.entries) {
		r.grow()
	}
	r.entries[(r.head+r.length)%len(r.entries)] = e
	r.length++
}

// first returns the order of the oldest entry.
func (r *ring) first() (n uint64, ok bool) {
	if r.length == 0 {
		return 0, false
	}
	return r.entries[r.head].n, true
}

// pop removes the oldest entry. The memory of a long queue is released once it is empty.
func (r *ring) pop() entry {
	e := r.entries[r.head]
	r.entries[r.head] = entry{}
	r.head = (r.head + 1) % len(r.entries)
	r.length--
	if r.length == 0 && len(r.entries) > 16*smallRing {
		r.entries, r.head = nil, 0
	}
	return e
}

func (r *ring) grow() {
	size := max(smallRing, 2*len(r.entries))
	grown := make([]entry, size)
	for i := range r.length {
		grown[i] = r.entries[(r.head+i)%len(r.entries)]
	}
	r.entries, r.head = grown, 0
}

// rings hold what waits, one ring per class, and give it back in the order in which it came.
type rings [classes]ring

// push takes e into the ring of its class, and makes room by giving up the oldest entry of the class that is worth least:
// first of its own class, where that is at its limit; then, where all there is room for is taken, of events, decisions and
// state in this order, and of CDRs last. It returns the class of what was lost, or e's own where nothing is worth less.
func (rs *rings) push(k class, e entry) (lost class, some bool) {
	switch {
	case k != classCDR && rs[k].length >= rs[k].limit:
		lost, some = k, true
	case rs.length() >= rs.room():
		if lost, some = rs.least(), true; lost > k {
			return k, true
		}
	}
	if some {
		rs[lost].pop()
	}
	rs[k].push(e)
	return lost, some
}

// room is how many entries fit in all.
func (rs *rings) room() int {
	total := 0
	for c := range rs {
		total += rs[c].limit
	}
	return total
}

// least is the class worth least of those that wait.
func (rs *rings) least() class {
	for c := range rs {
		if rs[c].length > 0 {
			return class(c)
		}
	}
	return classCDR
}

// take removes up to limit entries in order.
func (rs *rings) take(limit int) []entry {
	batch := make([]entry, 0, min(limit, rs.length()))
	for len(batch) < limit {
		oldest := -1
		var least uint64
		for c := range rs {
			if n, ok := rs[c].first(); ok && (oldest < 0 || n < least) {
				oldest, least = c, n
			}
		}
		if oldest < 0 {
			break
		}
		batch = append(batch, rs[oldest].pop())
	}
	return batch
}

// first returns the order of the oldest entry of all.
func (rs *rings) first() (n uint64, ok bool) {
	for c := range rs {
		if m, some := rs[c].first(); some && (!ok || m < n) {
			n, ok = m, true
		}
	}
	return n, ok
}

func (rs *rings) length() int {
	total := 0
	for c := range rs {
		total += rs[c].length
	}
	return total
}
