package rtp

import (
	"sync"
	"sync/atomic"
)

// mailbox holds the commands that call goroutines send to a loop. Put never blocks, and nothing is lost: its bound is
// that of the senders, each of which may have a few commands under way (see Session.do).
type mailbox struct {
	some atomic.Bool // looked at once a round; the lock is taken only when it is true

	// guarded by mu
	mu     sync.Mutex
	queue  []func()
	closed bool

	spare []func() // owned by the loop
}

// put adds a command; false when the loop has ended.
func (m *mailbox) put(f func()) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.queue = append(m.queue, f)
	m.some.Store(true)
	return true
}

// take returns the commands; they are good until the next take.
func (m *mailbox) take() []func() {
	if !m.some.Load() {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.some.Store(false)
	got := m.queue
	clear(m.spare)
	m.queue, m.spare = m.spare[:0], got
	return got
}

// close refuses further commands and returns those that came too late.
func (m *mailbox) close() []func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return m.queue
}
