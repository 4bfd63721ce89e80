package transaction

import (
	"sync"
	"time"
)

// shard is a part of the table: a lock, the transactions whose keys fall here, and their timers.
type shard struct {
	table *Table

	mu      sync.Mutex // guards all that follows, and the transactions
	servers map[key]*serverTx
	clients map[key]*clientTx
	wheel   *wheel
	oldest  lingerer // head of the ring of those that wait only to absorb repetitions
	count   int      // in the ring
	kept    keptAnswers
}

// lingerer is a place in the shard's ring of lingering transactions, oldest first.
type lingerer struct {
	next, prev *lingerer
	tx         evictable
}

// evictable is a transaction that may end early.
type evictable interface{ evict() }

func newShard(t *Table) *shard {
	s := &shard{table: t, servers: map[key]*serverTx{}, clients: map[key]*clientTx{}, wheel: newWheel(t.timers.tick(), t.now()), kept: newKeptAnswers()}
	s.oldest.next, s.oldest.prev = &s.oldest, &s.oldest
	return s
}

// linger enters a transaction as the youngest, and ends the oldest when there are too many: memory has a bound at any rate.
func (s *shard) linger(tx evictable) {
	var l *lingerer
	switch tx := tx.(type) {
	case *serverTx:
		l = &tx.lingering
	case *clientTx:
		l = &tx.lingering
	}
	l.tx = tx
	l.prev, l.next = s.oldest.prev, &s.oldest
	l.prev.next, s.oldest.prev = l, l
	s.count++
	s.limit()
}

// keep keeps the final answer to a request other than INVITE in place of its transaction, as the youngest that linger.
func (s *shard) keep(a keptAnswer, text []byte) {
	a.due = s.wheel.tickAfter(s.table.timers.long(), s.table.now())
	s.kept.add(a, text)
	s.limit()
	s.wake()
}

// limit ends the oldest when too many linger. Answered requests go first: repeating such an answer is a service, but an
// INVITE that lingers still waits for its ACK.
func (s *shard) limit() {
	if s.count+s.kept.len() <= s.table.lingering {
		return
	}
	s.table.count.evicted.Add(1)
	if s.kept.len() > 0 {
		s.dropKept()
		return
	}
	s.oldest.next.tx.evict()
}

func (s *shard) dropKept() {
	a := s.kept.oldest()
	s.table.merges.remove(a.merge, a.key)
	s.kept.drop()
}

// unlinger takes a transaction out of the ring, if it is there.
func (s *shard) unlinger(l *lingerer) {
	if l.next == nil {
		return
	}
	l.prev.next, l.next.prev = l.next, l.prev
	*l = lingerer{}
	s.count--
}

// after sets an alarm and wakes the timer goroutine when it was the first.
func (s *shard) after(a *alarm, d time.Duration, owner timed) {
	s.wheel.after(a, d, owner, s.table.now())
	s.wake()
}

// wake wakes the timer goroutine when what was set just now is the first.
func (s *shard) wake() {
	if s.wheel.set+s.kept.len() == 1 {
		select {
		case s.table.wake <- struct{}{}:
		default:
		}
	}
}

// advance rings what is due and says whether alarms are left.
func (s *shard) advance(now time.Time, out *outbox) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wheel.advance(now, out)
	for a := s.kept.oldest(); a != nil && a.due <= s.wheel.now; a = s.kept.oldest() {
		s.dropKept()
	}
	return s.wheel.set+s.kept.len() > 0
}
