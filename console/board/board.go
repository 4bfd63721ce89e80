package board

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"ringway/console/fault"
	"ringway/store"
	"ringway/store/ledger"
)

// Options of a Board. Books, Live and Zone are required.
type Options struct {
	// Books opens the books of today; what was recorded before the call is in them.
	Books func(ctx context.Context, r ledger.Request) (*ledger.Books, error)
	// MadeUp tells which times on record never were, as the demo's history; nil: none.
	MadeUp func(ctx context.Context, now time.Time) ([]ledger.Span, error)
	// Live asks the router.
	Live  func(ctx context.Context) (Live, error)
	Zone  func() *time.Location // the company's
	Level func() string         // formula of the service level; nil: service_level
	Now   func() time.Time
	Log   *slog.Logger
	Every time.Duration // between two views at most so often; 0: a second
	Box   int           // events that may wait; 0: 4,096
}

// Board keeps the view. Its methods may be called from any goroutine.
type Board struct {
	o    Options
	box  chan store.Event
	lost atomic.Bool // the books have to be read again: the box overflowed, or the past was changed

	mu      sync.Mutex // guards what follows
	view    View
	version uint64
	changed chan struct{} // closed by the next view

	stop context.CancelFunc
	wg   sync.WaitGroup
}

// New makes a board that takes events from now on; it shows nothing before Start.
func New(o Options) *Board {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Every <= 0 {
		o.Every = time.Second
	}
	if o.Box <= 0 {
		o.Box = 4096
	}
	if o.Level == nil {
		o.Level = func() string { return "service_level" }
	}
	return &Board{o: o, box: make(chan store.Event, o.Box), changed: make(chan struct{})}
}

// Event takes note of what happened. It never blocks.
func (b *Board) Event(e store.Event) {
	switch e.Kind {
	case store.VisitEnter, store.VisitConnect, store.VisitLeave, store.AgentState, store.AgentQueue, store.PlanApply:
	default:
		return
	}
	select {
	case b.box <- e:
	default:
		b.lost.Store(true)
	}
}

// Recount reads the books again at the next view: records came in that no event told of.
func (b *Board) Recount() { b.lost.Store(true) }

// Start begins to count.
func (b *Board) Start() {
	ctx, stop := context.WithCancel(context.Background())
	b.stop = stop
	b.wg.Add(1)
	go b.run(ctx)
}

// Stop ends it.
func (b *Board) Stop() {
	if b.stop != nil {
		b.stop()
	}
	b.wg.Wait()
}

// View is the board now, and its number.
func (b *Board) View() (View, uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	v := b.view
	v.Now = b.o.Now().UTC()
	return v, b.version
}

// Next waits for a view later than one that was seen; ctx ends the wait.
func (b *Board) Next(ctx context.Context, seen uint64) (View, uint64, error) {
	for {
		b.mu.Lock()
		version, changed := b.version, b.changed
		b.mu.Unlock()
		if version > seen {
			v, n := b.View()
			return v, n, nil
		}
		select {
		case <-ctx.Done():
			return View{}, seen, ctx.Err()
		case <-changed:
		}
	}
}

// retry is how long a board that could not read the books waits before it tries again.
const retry = 10 * time.Second

// run counts until Stop. A fault costs what was counted, which the books tell again.
func (b *Board) run(ctx context.Context) {
	defer b.wg.Done()
	fault.Loop(ctx, b.o.Log, "the wallboard", b.count)
}

// count counts and publishes, at most one view a second.
func (b *Board) count(ctx context.Context) {
	c := b.read(ctx)
	dirty := true
	tick := time.NewTicker(b.o.Every)
	defer tick.Stop()
	for {
		if dirty && c != nil {
			dirty = !b.publish(ctx, c)
		}
		for waits := true; waits; {
			select {
			case <-ctx.Done():
				return
			case e := <-b.box:
				if c != nil && !e.At.Before(c.day.To) {
					c.next(b.dayOf(e.At))
				}
				dirty = c != nil && c.post(&e) || dirty
			case <-tick.C:
				waits = false
			}
		}
		switch {
		case c == nil || b.lost.Swap(false):
			c, dirty = b.read(ctx), true
		case !b.o.Now().Before(c.day.To):
			c.next(b.dayOf(b.o.Now()))
			dirty = true
		}
	}
}

func (b *Board) dayOf(t time.Time) ledger.Span {
	zone := b.o.Zone()
	y, m, d := t.In(zone).Date()
	return ledger.Day(y, m, d, zone)
}

// read begins with the books; nil where they can't be read.
func (b *Board) read(ctx context.Context) *counts {
	c := newCounts(b.dayOf(b.o.Now()))
	books, err := b.o.Books(ctx, ledger.Request{From: c.day.From, To: c.day.To, Until: b.o.Now()})
	if err == nil && b.o.MadeUp != nil {
		err = c.mark(ctx, b.o.MadeUp, b.o.Now())
	}
	if err == nil {
		c.take(books)
		return c
	}
	if ctx.Err() == nil {
		b.o.Log.Warn("the wallboard can't read today's books", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(retry):
		}
	}
	return nil
}

// publish makes the view; false where the router did not answer.
func (b *Board) publish(ctx context.Context, c *counts) bool {
	live, err := b.o.Live(ctx)
	if err != nil {
		return false
	}
	now, level := b.o.Now(), b.o.Level()
	v := View{Zone: b.o.Zone().String(), Day: c.day.From.UTC(), Queues: []Queue{}, Agents: []Agent{}, Formulas: formulas(), MadeUpUntil: c.madeUp}
	for _, q := range live.Queues {
		line := Queue{Name: q.Name, Figures: c.figures(q.Name, level, now), Targets: q.Targets}
		line.Free, line.Joined = q.Free, q.Joined
		v.Queues = append(v.Queues, line)
	}
	v.Totals = c.figures("", level, now)
	for _, a := range live.Agents {
		if a.State == string(store.Offline) {
			continue
		}
		a.Queue = c.states[a.ID]
		if a.State == string(store.Available) {
			v.Totals.Free++
		}
		v.Totals.Joined++
		v.Agents = append(v.Agents, a)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.view, b.version = v, b.version+1
	close(b.changed)
	b.changed = make(chan struct{})
	return true
}

// formulas are those of the figures on the board.
func formulas() map[string]string {
	shown := []string{"offered", "answered", "abandoned", "flow_out", "abandon_rate", "asa", "longest_wait"}
	out := map[string]string{}
	for _, f := range (&ledger.QueueTally{}).Figures() {
		if slices.Contains(shown, f.Name) || len(f.Name) >= 13 && f.Name[:13] == "service_level" {
			out[f.Name] = f.Formula
		}
	}
	return maps.Clone(out)
}
