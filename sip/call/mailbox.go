package call

import "sync"

// mailboxSize is how many ordinary messages may wait; as many urgent ones (BYE, CANCEL, ends) as urgentSize find a place
// behind them.
const (
	mailboxSize = 256
	urgentSize  = 16
)

// mailbox hands messages to the loop. put never blocks; its memory grows with use and is given back when it empties.
type mailbox struct {
	mu     sync.Mutex
	list   []message
	spare  []message // the batch before, for reuse
	closed bool
	full   bool          // a message was refused: the loop ends the call
	wake   chan struct{} // capacity 1
}

func (b *mailbox) init() { b.wake = make(chan struct{}, 1) }

// put appends a message; false when the box is closed or has no place for it.
func (b *mailbox) put(m message, urgent bool) bool {
	limit := mailboxSize
	if urgent {
		limit += urgentSize
	}
	b.mu.Lock()
	ok := !b.closed && len(b.list) < limit
	if ok {
		b.list = append(b.list, m)
	} else if !b.closed {
		b.full = true
	}
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
	return ok
}

// take returns all that waits, and whether something was refused since the last take.
func (b *mailbox) take() (batch []message, overflow bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	batch, overflow = b.list, b.full
	b.list, b.full = b.spare[:0], false
	b.spare = nil
	return batch, overflow
}

// giveBack returns a batch for reuse; a large one is left to the garbage collector.
func (b *mailbox) giveBack(batch []message) {
	clear(batch)
	if cap(batch) > 16 {
		return
	}
	b.mu.Lock()
	b.spare = batch[:0]
	b.mu.Unlock()
}

// close takes nothing more and returns what still waited.
func (b *mailbox) close() []message {
	b.mu.Lock()
	defer b.mu.Unlock()
	late := b.list
	b.closed, b.list, b.spare = true, nil, nil
	return late
}

// must appends a message whatever waits: for the few of which a call has a bounded number (its script's end, its stop).
func (b *mailbox) must(m message) {
	b.mu.Lock()
	if !b.closed {
		b.list = append(b.list, m)
	}
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}
