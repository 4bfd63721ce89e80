package phone

import "sync"

// mailboxSize is how much may wait for the loop; what ends something finds as many places again.
const mailboxSize = 1024

// mailbox hands work to the loop. put never blocks.
type mailbox struct {
	mu     sync.Mutex // guards list and closed
	list   []func()
	closed bool
	wake   chan struct{} // capacity 1
}

func newMailbox() mailbox { return mailbox{wake: make(chan struct{}, 1)} }

// put appends work; the error is ErrClosed or ErrBusy.
func (b *mailbox) put(do func(), urgent bool) error {
	limit := mailboxSize
	if urgent {
		limit *= 2
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		return ErrClosed
	case len(b.list) >= limit:
		return ErrBusy
	}
	b.list = append(b.list, do)
	select {
	case b.wake <- struct{}{}:
	default:
	}
	return nil
}

// take returns all that waits.
func (b *mailbox) take() []func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.list
	b.list = nil
	return list
}

// close refuses everything from now on and returns what was never done.
func (b *mailbox) close() []func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.list
	b.closed, b.list = true, nil
	return list
}
