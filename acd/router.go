package acd

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"ringway/store"
)

// Errors of Router.
var (
	ErrStopped      = errors.New("the queue router has stopped")
	ErrBusy         = errors.New("the queue router is overloaded")
	ErrUnknownQueue = errors.New("unknown queue")
)

// Sink takes records; it never blocks.
type Sink interface {
	Record(store.Record)
}

// Bounds of the router's mailbox: callers are refused first, then only what must not be lost goes in.
const (
	mailboxEnter = 4096
	mailboxAll   = 65536
)

// RouterOptions make a Router; the zero value works.
type RouterOptions struct {
	Now  func() time.Time // nil: time.Now
	Log  *slog.Logger     // nil: discarded
	Sink Sink             // nil: records are dropped
	Seed uint64           // of the strategy random and of visit identifiers
}

// Router is the goroutine around Step: it owns the State, performs the outputs, and wakes it in time.
type Router struct {
	now  func() time.Time
	log  *slog.Logger
	sink Sink
	boot string

	stop    context.CancelFunc
	done    sync.WaitGroup
	visits  atomic.Uint64
	spec    atomic.Pointer[Spec] // what was last applied
	dropped atomic.Uint64
	faults  atomic.Uint64

	mail mailbox

	// Owned by run.
	state   *State
	tickets map[string]*Ticket
	replies map[uint64]chan Reply
	wake    time.Time
}

// NewRouter starts the goroutine. Until the first Apply there are no queues and no agents.
func NewRouter(o RouterOptions) *Router {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &Router{now: o.Now, log: o.Log, sink: o.Sink, boot: bootID(o.Now(), o.Seed), stop: cancel, state: NewState(o.Seed),
		tickets: map[string]*Ticket{}, replies: map[uint64]chan Reply{}}
	r.mail.bell = make(chan struct{}, 1)
	r.spec.Store(&Spec{})
	r.done.Add(1)
	go r.run(ctx)
	return r
}

// Apply makes a specification the current one.
func (r *Router) Apply(spec *Spec) {
	r.spec.Store(spec)
	r.Post(Apply{Spec: spec})
}

// Spec is what was applied last.
func (r *Router) Spec() *Spec { return r.spec.Load() }

// Post gives the router one input. It never blocks; false means that the mailbox was full and the input was counted as
// lost. Only callers (Enter) are refused early, so everything that frees an agent has room.
func (r *Router) Post(in Input) bool {
	if r.mail.put(letter{in: in}, mailboxAll) {
		return true
	}
	r.dropped.Add(1)
	return false
}

// Dismiss ends every visit that waits, with a result, and refuses new ones with the same. Whoever stops a switch calls it
// before the calls are ended, so that nobody counts as having given up.
func (r *Router) Dismiss(result store.VisitResult) { r.Post(Dismiss{Result: result}) }

// EnterOptions are a caller who enters a queue.
type EnterOptions struct {
	Call, Queue string // Queue is a name or a number
	Profile     store.Profile
	ByTransfer  bool
}

// Enter puts a caller into a queue. A queue that takes nobody gives a Ticket whose first event is the Result; a name that
// no queue ever had is ErrUnknownQueue, overload is ErrBusy.
func (r *Router) Enter(o EnterOptions) (*Ticket, error) {
	spec := r.spec.Load()
	q := spec.Queue(o.Queue)
	if q == nil {
		q = spec.QueueByNumber(o.Queue)
	}
	if q == nil {
		return nil, ErrUnknownQueue
	}
	t := newTicket(r, r.boot+"-"+utoa(r.visits.Add(1)), q)
	in := Enter{Visit: t.id, Call: o.Call, Queue: q.Name, Profile: o.Profile, ByTransfer: o.ByTransfer}
	if !r.mail.put(letter{in: in, ticket: t}, mailboxEnter) {
		r.dropped.Add(1)
		if r.mail.stopped() {
			return nil, ErrStopped
		}
		return nil, ErrBusy
	}
	return t, nil
}

// Do carries out a command and waits for its reply.
func (r *Router) Do(ctx context.Context, c Command) (Reply, error) {
	answer := make(chan Reply, 1)
	return ask(ctx, r, letter{in: c, reply: answer}, answer)
}

// ask puts a question to the router and waits for its answer; a router that stops closes the channel.
func ask[T any](ctx context.Context, r *Router, question letter, answer <-chan T) (T, error) {
	var none T
	if !r.mail.put(question, mailboxAll) {
		return none, ErrStopped
	}
	select {
	case got, ok := <-answer:
		if !ok {
			return none, ErrStopped
		}
		return got, nil
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// Snapshot is a copy of what the router knows now.
func (r *Router) Snapshot(ctx context.Context) (Snapshot, error) {
	answer := make(chan Snapshot, 1)
	return ask(ctx, r, letter{view: answer}, answer)
}

// Copy is a copy of the state now, moved by a while.
func (r *Router) Copy(ctx context.Context, by time.Duration) (*State, error) {
	answer := make(chan *State, 1)
	return ask(ctx, r, letter{copied: answer, by: by}, answer)
}

// Check tests the invariants now: the monitor of load tests.
func (r *Router) Check(ctx context.Context) error {
	answer := make(chan error, 1)
	found, err := ask(ctx, r, letter{check: answer}, answer)
	if err != nil {
		return err
	}
	return found
}

// RouterStats are counters since the start.
type RouterStats struct {
	Dropped uint64 // inputs that found the mailbox full
	Faults  uint64 // inputs that ended in a panic
	Waiting int    // inputs in the mailbox
}

// Stats are counters since the start.
func (r *Router) Stats() RouterStats {
	return RouterStats{Dropped: r.dropped.Load(), Faults: r.faults.Load(), Waiting: r.mail.len()}
}

// Stop ends the goroutine and all tickets, whose result is store.Restart. Inputs that are already in the mailbox are
// handled first.
func (r *Router) Stop() {
	r.stop()
	r.done.Wait()
}

// run owns the state: it takes letters in order and lets time pass when nothing comes.
func (r *Router) run(ctx context.Context) {
	defer r.done.Done()
	alarm := time.NewTimer(time.Hour)
	defer alarm.Stop()
	for {
		for ctx.Err() == nil { // close handles what is left: nothing is taken that is not opened
			letters := r.mail.take()
			if len(letters) == 0 {
				break
			}
			for _, l := range letters {
				r.open(l)
			}
		}
		if wait, ok := r.untilWake(); ok {
			alarm.Reset(wait)
		} else {
			alarm.Reset(time.Hour)
		}
		select {
		case <-r.mail.bell:
		case <-alarm.C:
			r.feed(Tick{})
		case <-ctx.Done():
			r.close()
			return
		}
	}
}

func (r *Router) untilWake() (time.Duration, bool) {
	if r.wake.IsZero() {
		return 0, false
	}
	return max(0, r.wake.Sub(r.now())), true
}

// open handles one letter.
func (r *Router) open(l letter) {
	switch {
	case l.view != nil:
		l.view <- r.state.Snapshot()
		return
	case l.copied != nil:
		l.copied <- r.state.Copy(l.by)
		return
	case l.check != nil:
		l.check <- Check(r.state)
		return
	case l.seen != nil:
		l.seen <- r.state.details(l.look)
		return
	case l.ticket != nil:
		r.tickets[l.ticket.id] = l.ticket
	case l.reply != nil:
		c := l.in.(Command)
		c.ID = r.visits.Add(1)
		r.replies[c.ID] = l.reply
		l.in = c
	}
	r.feed(l.in)
}

// feed runs one step and performs its outputs. A panic costs this input: it is logged, what can be derived is computed
// anew, and the invariants are checked; outputs that were made before it are performed.
func (r *Router) feed(in Input) {
	out, ok := r.guarded(in, func() []Output { return Step(r.now(), r.state, in) })
	withdrew := false
	if !ok {
		withdrew = r.state.deciding != nil
		if out, ok = r.guarded(in, r.state.heal); !ok {
			out = r.state.out
		}
		withdrew = withdrew && r.state.deciding == nil
		r.log.Warn("the queues were put in order", "invariants", Check(r.state))
	}
	for _, o := range out {
		r.guarded(in, func() []Output { r.perform(o); return nil })
	}
	if withdrew { // those behind are served now; at most once for each caller who waits
		r.feed(Tick{})
	}
}

// guarded calls f; false means that it panicked.
func (r *Router) guarded(in Input, f func() []Output) (out []Output, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			r.faults.Add(1)
			r.log.Error("a queue input ended in a panic", "input", inputName(in), "err", p, "stack", string(debug.Stack()))
		}
	}()
	return f(), true
}

// perform does what an output asks for; none of it can block.
func (r *Router) perform(o Output) {
	switch o := o.(type) {
	case Record:
		if r.sink != nil {
			r.sink.Record(o.Record)
		}
	case Wake:
		r.wake = o.At
	case Reply:
		if answer := r.replies[o.ID]; answer != nil {
			delete(r.replies, o.ID)
			answer <- o
		}
	case OfferOut:
		r.deliver(o.Visit, TicketEvent{Offer: &o})
	case CancelOffer:
		r.deliver(o.Visit, TicketEvent{Cancel: &o})
	case Announce:
		r.deliver(o.Visit, TicketEvent{Announce: &o})
	case Result:
		r.deliver(o.Visit, TicketEvent{Result: o.Result})
	}
}

func (r *Router) deliver(visit string, e TicketEvent) {
	t := r.tickets[visit]
	if t == nil {
		return
	}
	if e.Result != "" {
		delete(r.tickets, visit)
	}
	if !t.put(e) { // nobody reads: the call is gone or stuck
		r.dropped.Add(1)
		delete(r.tickets, visit)
		r.Post(Leave{Visit: visit, Reason: store.Abandoned})
	}
}

// close ends everything that waits for the router.
func (r *Router) close() {
	for _, l := range r.mail.close() {
		r.open(l)
	}
	for _, id := range sortedKeys(r.tickets) {
		r.feed(Leave{Visit: id, Reason: store.Restart})
	}
	for _, answer := range r.replies {
		close(answer)
	}
}
