package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"ringway/console/fault"
	"ringway/store"
)

// Past is the record of events, as a database keeps it.
type Past interface {
	// EventsAfter returns up to limit events that follow a place, or store.ErrNotFound where no such run is on record.
	EventsAfter(ctx context.Context, p store.EventPlace, limit int) ([]store.Event, error)
	// LastEvent returns the last event of a run, or store.ErrNotFound.
	LastEvent(ctx context.Context, boot string) (store.Event, error)
}

// Options of a Hub. Boot is required; without Past a reader starts now.
type Options struct {
	Boot string // this run of the switch
	Past Past
	Log  *slog.Logger

	Size    int           // events in memory; 0 means 4,096
	Readers int           // readers and subscriptions at once; 0 means 2,000
	Pause   time.Duration // between two wake-ups of the same readers; 0 means 20 ms
	Late    time.Duration // how long a reader waits for what the database lacks; 0 means 30 s
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Size <= 0 {
		o.Size = 4096
	}
	if o.Readers <= 0 {
		o.Readers = 2000
	}
	if o.Pause <= 0 {
		o.Pause = 20 * time.Millisecond
	}
	if o.Late <= 0 {
		o.Late = 30 * time.Second
	}
	return o
}

// ErrFull means that the hub has as many readers as it may have.
var ErrFull = errors.New("too many readers of events")

// ErrClosed means that the hub is closed.
var ErrClosed = errors.New("the stream of events is closed")

// Hub keeps the last events in memory and wakes those who wait for more.
type Hub struct {
	o Options

	mu    sync.Mutex // guards the ring; a leaf, held for a few instructions: Post comes with the writer's lock held
	ring  []*Entry   // event n stands at n modulo its length
	first uint64     // oldest event in the ring; first > head when there is none
	head  uint64     // newest event; 0 before the first

	subs    sync.Mutex // guards what follows
	waiters map[*waiter]struct{}
	closed  bool

	wake chan struct{}
	done chan struct{}
	wg   sync.WaitGroup
}

// Entry is one event in memory, shared by all who read it.
type Entry struct {
	Event store.Event
	once  sync.Once
	text  []byte
}

// Text is the event as JSON; it is made once.
func (e *Entry) Text() []byte {
	e.once.Do(func() {
		var err error
		if e.text, err = json.Marshal(WireOf(&e.Event)); err != nil {
			panic(fmt.Sprintf("stream: an event is not to be written: %v", err)) // strings only
		}
	})
	return e.text
}

// waiter is somebody who waits for events that match.
type waiter struct {
	filter Filter
	ready  chan struct{} // of one place: many events, one notice
	told   uint64        // guarded by Hub.subs: the event up to which it had a notice
}

// New opens a hub; Close ends it.
func New(o Options) *Hub {
	o = o.withDefaults()
	h := &Hub{o: o, ring: make([]*Entry, o.Size), first: 1, waiters: map[*waiter]struct{}{},
		wake: make(chan struct{}, 1), done: make(chan struct{})}
	h.wg.Add(1)
	go h.runWake()
	return h
}

// Close ends the hub; those who read get ErrClosed.
func (h *Hub) Close() {
	h.subs.Lock()
	closed := h.closed
	h.closed = true
	h.subs.Unlock()
	if !closed {
		close(h.done)
	}
	h.wg.Wait()
}

// Post takes the next event of this run. It returns at once: the writer calls it for each event, in order, with its lock
// held. Events of other runs are none of its business: the database has them.
func (h *Hub) Post(e store.Event) {
	if e.Boot != h.o.Boot {
		return
	}
	n := &Entry{Event: e}
	h.mu.Lock()
	if e.Seq != h.head+1 { // never seen; then what is before it is found in the database only
		h.first = e.Seq
	}
	h.head = e.Seq
	h.ring[e.Seq%uint64(len(h.ring))] = n
	h.first = max(h.first, h.head-min(h.head, uint64(len(h.ring)))+1)
	h.mu.Unlock()
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Head is where the stream is now.
func (h *Hub) Head() store.EventPlace {
	h.mu.Lock()
	defer h.mu.Unlock()
	return store.EventPlace{Boot: h.o.Boot, Seq: h.head}
}

// position says where a reader stands to what is in memory.
type position int

const (
	live   position = iota // what follows is in memory, or has not happened yet
	behind                 // what follows is older than what is in memory
	ahead                  // no event has that number yet
)

// after returns up to limit events in memory that follow number seq of this run.
func (h *Hub) after(seq uint64, limit int) (found []*Entry, p position, first uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case seq > h.head:
		return nil, ahead, h.first
	case seq+1 < h.first:
		return nil, behind, h.first
	}
	n := min(int(h.head-seq), limit)
	if n == 0 {
		return nil, live, h.first
	}
	found = make([]*Entry, 0, n)
	for i := range uint64(n) {
		found = append(found, h.ring[(seq+1+i)%uint64(len(h.ring))])
	}
	return found, live, h.first
}

// join makes a waiter, or fails where there are as many as may be.
func (h *Hub) join(f Filter) (*waiter, error) {
	h.subs.Lock()
	defer h.subs.Unlock()
	switch {
	case h.closed:
		return nil, ErrClosed
	case len(h.waiters) >= h.o.Readers:
		return nil, ErrFull
	}
	w := &waiter{filter: f, ready: make(chan struct{}, 1), told: h.Head().Seq}
	h.waiters[w] = struct{}{}
	return w, nil
}

func (h *Hub) leave(w *waiter) {
	h.subs.Lock()
	defer h.subs.Unlock()
	delete(h.waiters, w)
}

// Readers counts those who read now.
func (h *Hub) Readers() int {
	h.subs.Lock()
	defer h.subs.Unlock()
	return len(h.waiters)
}

// runWake wakes those for whom something came; at most once a Pause, so that many events in a row cost few wake-ups.
func (h *Hub) runWake() {
	defer h.wg.Done()
	pause := time.NewTimer(0)
	defer pause.Stop()
	var told uint64
	for {
		select {
		case <-h.done:
			return
		case <-pause.C:
		}
		select {
		case <-h.done:
			return
		case <-h.wake:
		}
		fault.Contain(h.o.Log, "the readers of events", func() { told = h.tell(told) }) //nolint:errcheck // it is logged, and the next event wakes them
		pause.Reset(h.o.Pause)
	}
}

// tell wakes the waiters for which one of the events after told matches.
func (h *Hub) tell(told uint64) uint64 {
	fresh, p, _ := h.after(told, len(h.ring))
	if told = h.Head().Seq; len(fresh) > 0 {
		told = fresh[len(fresh)-1].Event.Seq
	}
	h.subs.Lock()
	defer h.subs.Unlock()
	for w := range h.waiters {
		// one for whom nothing comes moves on too, before the ring leaves it behind
		if p == live && told-w.told < uint64(len(h.ring)/2) && !w.wants(fresh) {
			continue
		}
		w.told = told
		select {
		case w.ready <- struct{}{}:
		default:
		}
	}
	return told
}

func (w *waiter) wants(fresh []*Entry) bool {
	for _, e := range fresh {
		if w.filter.Matches(&e.Event) {
			return true
		}
	}
	return false
}
