package transport

import (
	"sync"
	"time"
)

// letter is one message on its way to a shard.
type letter struct {
	text   string
	flow   Flow
	at     time.Time // when it was read, for a datagram with its batch
	peek   peeked
	hangUp bool // framing was lost: the connection ends after the answer
}

// mailbox is the bounded queue of one shard. Put never blocks.
//
//	0 ─────────── limit ─────────── 2·limit
//	  everything        urgent only         nothing
type mailbox struct {
	limit int
	wake  chan struct{} // capacity 1: "there is something"

	mu      sync.Mutex // guards what follows
	letters []letter
	closed  bool
}

func newMailbox(limit int) *mailbox {
	return &mailbox{limit: limit, wake: make(chan struct{}, 1)}
}

// put takes one letter unless the box is too full for its kind.
func (m *mailbox) put(l letter) bool {
	m.mu.Lock()
	n := len(m.letters)
	if m.closed || n >= 2*m.limit || n >= m.limit && !l.peek.urgent {
		m.mu.Unlock()
		return false
	}
	m.letters = append(m.letters, l)
	m.mu.Unlock()
	if n == 0 {
		select {
		case m.wake <- struct{}{}:
		default:
		}
	}
	return true
}

// take empties the box; spare becomes its next storage.
func (m *mailbox) take(spare []letter) []letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	got := m.letters
	m.letters = spare[:0]
	return got
}

// empty says whether nothing waits.
func (m *mailbox) empty() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.letters) == 0
}

// close refuses further letters.
func (m *mailbox) close() {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	close(m.wake)
}
