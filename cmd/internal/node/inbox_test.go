package node

import (
	"sync"

	"ringway/store"
)

// inbox takes the records of a switch and hands them on by a goroutine of its own, so that the switch never waits for those who
// read along.
type inbox struct {
	mu      sync.Mutex // guards what follows
	waiting []store.Record
	busy    bool // a batch is being read
	closed  bool
	bell    *sync.Cond
}

func newInbox() *inbox {
	i := &inbox{}
	i.bell = sync.NewCond(&i.mu)
	return i
}

func (i *inbox) put(r store.Record) {
	i.mu.Lock()
	i.waiting = append(i.waiting, r)
	i.mu.Unlock()
	i.bell.Broadcast()
}

// runReading hands batches on until the inbox is closed and empty.
func (i *inbox) runReading(read func([]store.Record)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for {
		for len(i.waiting) == 0 {
			if i.closed {
				return
			}
			i.bell.Wait()
		}
		batch := i.waiting
		i.waiting, i.busy = nil, true
		i.mu.Unlock()
		read(batch)
		i.mu.Lock()
		i.busy = false
		i.bell.Broadcast()
	}
}

// settle waits until everything was read.
func (i *inbox) settle() {
	i.mu.Lock()
	defer i.mu.Unlock()
	for len(i.waiting) > 0 || i.busy {
		i.bell.Wait()
	}
}

func (i *inbox) close() {
	i.mu.Lock()
	i.closed = true
	i.mu.Unlock()
	i.bell.Broadcast()
	i.settle()
}
