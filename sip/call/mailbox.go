package call

import "sync"

// mailboxSize is how many ordinary messages may wait; as many urgent ones (BYE, CANCEL, ends) as urgentSize find a place
// behind them.
const (
	mailboxSize = 256
	urgentSize  = 16
)

// mailbox hands messages to the loop. put never blocks; its memory grows with use and is given back when it empties.
//
//	waiting ──put: the one who put it sees to a worker──▶ running ──rest with nothing left──▶ waiting
type mailbox struct {
	mu      sync.Mutex
	list    []message
	spare   []message // the batch before, for reuse
	running bool      // somebody takes the call's turns, or is about to
	closed  bool
	full    bool // a message was refused: the loop ends the call
}

// put appends a message; ok is false when the box is closed or has no place for it. wake says that the call waited: it must
// be handed to a worker.
func (b *mailbox) put(m message, urgent bool) (ok, wake bool) {
	limit := mailboxSize
	if urgent {
		limit += urgentSize
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false, false
	}
	if ok = len(b.list) < limit; ok {
		b.list = append(b.list, m)
	} else {
		b.full = true
	}
	return ok, b.rouse()
}

// rouse makes the call running, and says whether it waited. The lock is held.
func (b *mailbox) rouse() bool {
	waited := !b.running
	b.running = true
	return waited
}

// rest ends the turns of a call for which nothing waits: after true the call belongs to whoever posts next.
func (b *mailbox) rest() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.list) > 0 || b.full {
		return false
	}
	b.running = false
	return true
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

// must appends a message whatever waits: for the few of which a call has a bounded number (its script's end, its stop, its
// clock). wake is put's.
func (b *mailbox) must(m message) (wake bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.list = append(b.list, m)
	return b.rouse()
}
