package writer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"ringway/store"
)

// Backend keeps records. Save commits all of them or none, in the given order, and saving a record twice changes nothing.
type Backend interface {
	Save(ctx context.Context, records []store.Record) error
}

// ErrRefused wraps a backend's verdict that these records can never be saved, however often it is tried. The writer then
// saves the group one by one and gives up, and counts, those that are refused alone.
var ErrRefused = errors.New("records refused")

// ErrClosed is what Flush returns after Close.
var ErrClosed = errors.New("writer is closed")

// Options of a Writer; the zero value works.
type Options struct {
	Node string // stamped, with Boot and a rising Seq, on events that have no Boot of their own
	Boot string

	Group time.Duration // a record waits at most this long for company: 0 means 100 ms, at most 200 ms
	Batch int           // records of one Save; 0 means 2,000

	Events    int // bound of events in memory; 0 means 200,000
	CDRs      int // room for rows of calls, legs, visits and offers; 0 means 800,000: 50,000 calls with all their rows
	State     int // bound of bindings, agents and sessions; 0 means 100,000
	Decisions int // bound of decisions, of up to 4 KB each; 0 means 20,000

	Spool      string        // file for records that can't be saved; empty: memory only
	SpoolBytes int64         // its bound; 0 means 1 GiB
	RetryMin   time.Duration // back-off of a failing backend; 0 means 100 ms …
	RetryMax   time.Duration // … up to; 0 means 5 s
	SaveLimit  time.Duration // deadline of one Save; 0 means 10 s

	// Observe sees every event as it will stand on record, in the order of Seq. It is called with the writer's lock held, so
	// it only posts; nil: nobody.
	Observe func(store.Event)

	Now func() time.Time
	Log *slog.Logger
}

// calls is how many calls are kept while nothing can be written: more when there are fewer events, decisions and states.
// A queue call that is answered at the second offer makes some 16 rows: each is written when it begins and when it changes.
const (
	calls       = 50_000
	rowsPerCall = 16
)

func (o Options) withDefaults() Options {
	set := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	setTime := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	set(&o.Batch, 2_000)
	set(&o.Events, 200_000)
	set(&o.CDRs, calls*rowsPerCall)
	set(&o.State, 100_000)
	set(&o.Decisions, 20_000)
	setTime(&o.Group, 100*time.Millisecond)
	o.Group = min(o.Group, 200*time.Millisecond)
	setTime(&o.RetryMin, 100*time.Millisecond)
	setTime(&o.RetryMax, 5*time.Second)
	setTime(&o.SaveLimit, 10*time.Second)
	if o.SpoolBytes <= 0 {
		o.SpoolBytes = 1 << 30
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Writer saves records in the background. Its methods may be called from any goroutine.
type Writer struct {
	o       Options
	backend Backend

	mu      sync.Mutex // guards the fields up to the blank line; held for a few instructions only
	rings   rings
	flight  []entry // the group being saved
	next    uint64  // order of the next record
	seq     uint64  // of the next stamped event
	flushes []flush
	health  Health
	closed  bool

	wake    chan struct{} // something waits
	hurry   chan struct{} // a whole batch waits, somebody flushes, or the writer is closing
	closing chan struct{}
	wg      sync.WaitGroup
	ctx     context.Context // ends when Close's patience does
	cancel  context.CancelFunc

	// owned by runWriter
	spool   spool
	refused int           // of the group in flight
	backoff time.Duration // 0 while the backend works
	retryAt time.Time     // real time
}

// flush is somebody waiting until everything before order n is out of our hands.
type flush struct {
	n    uint64
	done chan struct{}
}

// New starts a writer. What a former run left in the spool is saved before anything else.
func New(backend Backend, options Options) *Writer {
	w := &Writer{
		o:       options.withDefaults(),
		backend: backend,
		wake:    make(chan struct{}, 1),
		hurry:   make(chan struct{}, 1),
		closing: make(chan struct{}),
	}
	w.rings[classEvent].limit = w.o.Events
	w.rings[classDecision].limit = w.o.Decisions
	w.rings[classState].limit = w.o.State
	w.rings[classCDR].limit = w.o.CDRs
	w.health = Health{OK: true, Since: w.o.Now()}
	w.spool = spool{path: w.o.Spool, limit: w.o.SpoolBytes}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	w.wg.Add(1)
	go w.runWriter()
	return w
}

// Record takes a record to be saved and returns at once, whatever state the database is in. The values that r points to
// must not be changed afterwards. An event without Boot is stamped with the writer's Node and Boot and the next Seq. After
// Close records are lost, and counted.
func (w *Writer) Record(r store.Record) {
	k := classOf(r)
	w.mu.Lock()
	if w.closed {
		w.health.Lost.add(k, 1)
		w.mu.Unlock()
		return
	}
	if e := r.Event; e != nil && e.Boot == "" {
		w.seq++
		stamped := *e
		stamped.Node, stamped.Boot, stamped.Seq = w.o.Node, w.o.Boot, w.seq
		r.Event = &stamped
		if w.o.Observe != nil {
			w.o.Observe(stamped)
		}
	}
	if lost, some := w.rings.push(k, entry{n: w.next, r: r}); some {
		w.health.Lost.add(lost, 1)
	}
	w.next++
	waiting := w.rings.length()
	w.mu.Unlock()
	if waiting == 1 {
		signal(w.wake)
	} else if waiting == w.o.Batch {
		signal(w.hurry)
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Flush waits until all that was recorded before is saved, or given up and counted. It fails when ctx ends first. Flush
// right after New waits for the replay of the spool: do that before a keeper closes what a crash left open.
func (w *Writer) Flush(ctx context.Context) error {
	f := flush{done: make(chan struct{})}
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return ErrClosed
	}
	f.n = w.next
	w.flushes = append(w.flushes, f)
	w.mu.Unlock()
	signal(w.hurry)
	select {
	case <-f.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("flush records: %w", ctx.Err())
	}
}

// Close saves what waits and ends the writer's goroutine. When the database can't be written, or ctx ends first, the rest
// goes to the spool for the next start; the error says how much, or how much was lost without a spool. The second Close
// does nothing.
func (w *Writer) Close(ctx context.Context) error {
	w.mu.Lock()
	again := w.closed
	w.closed = true
	w.mu.Unlock()
	if !again {
		close(w.closing)
	}
	stop := context.AfterFunc(ctx, w.cancel)
	w.wg.Wait()
	stop()
	w.cancel()
	if again {
		return nil
	}
	switch h := w.Health(); {
	case h.Waiting.Total() > 0:
		return fmt.Errorf("%d records lost on closing: %s", h.Waiting.Total(), h.Error)
	case h.SpoolBytes > 0:
		return fmt.Errorf("%d bytes of records wait in the spool: %s", h.SpoolBytes, h.Error)
	}
	return nil
}
