package past

import (
	"container/heap"
	"time"
)

// agenda is what is due when; what is due at one moment happens in the order in which it was planned.
type agenda struct {
	list moments
	seq  int
}

type moment struct {
	at  time.Time
	seq int
	do  func()
}

func (a *agenda) plan(at time.Time, do func()) {
	a.seq++
	heap.Push(&a.list, moment{at, a.seq, do})
}

// next takes the moment that is due first.
func (a *agenda) next() (moment, bool) {
	if len(a.list) == 0 {
		return moment{}, false
	}
	m, ok := heap.Pop(&a.list).(moment)
	return m, ok
}

type moments []moment

func (m moments) Len() int { return len(m) }
func (m moments) Less(i, j int) bool {
	if m[i].at.Equal(m[j].at) {
		return m[i].seq < m[j].seq
	}
	return m[i].at.Before(m[j].at)
}
func (m moments) Swap(i, j int) { m[i], m[j] = m[j], m[i] }

// Push is for container/heap.
func (m *moments) Push(x any) {
	if v, ok := x.(moment); ok {
		*m = append(*m, v)
	}
}

// Pop is for container/heap.
func (m *moments) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}
