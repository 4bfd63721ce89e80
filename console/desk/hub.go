package desk

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"ringway/acd"
	"ringway/console/fault"
	"ringway/store"
)

// Bounds.
const (
	mailboxSize = 8192
	maxTabs     = 8 // of one agent
	maxReasons  = 1024
	loaders     = 2
	jobsSize    = 256
)

// Times.
const (
	coalesce  = 20 * time.Millisecond // what happens in between reaches a desk as one state
	lookTime  = time.Second           // for the router's answer
	loadTime  = 3 * time.Second       // for what a database knows of a customer
	pruneTime = 30 * time.Second      // between looks at cards that may be over
	history   = 10                    // earlier calls on a card
)

// Router is what a hub asks of acd.Router.
type Router interface {
	Look(ctx context.Context, agents []string) ([]acd.AgentDetail, error)
	Do(ctx context.Context, c acd.Command) (acd.Reply, error)
	Post(in acd.Input) bool
}

// Calls knows the calls that are up.
type Calls interface {
	Call(id string) (Call, bool)
}

// Call is a call that is up.
type Call struct {
	ID, Kind              string
	Agent                 string // whose phone placed it, "" for others: only who was called can hand a call on
	Callee                string // the name of who was called, where it is known
	Number, Name, Dialled string
	Claims                store.Claims
}

// Records is what is kept of calls.
type Records interface {
	PastCalls(ctx context.Context, customer, but string, limit int) ([]store.PastCall, error)
	Decisions(ctx context.Context, q store.DecisionQuery) ([]store.Decision, error)
	Notes(ctx context.Context, call string) ([]store.CallNote, error)
	Story(ctx context.Context, id string) (store.CallStory, error)
}

// Customers knows customers; a zero Customer is one of whom nothing is known.
type Customers interface {
	Customer(ctx context.Context, id string) (Customer, error)
}

// Lookups knows what the company's own system answered about the customer of a call. It answers at once; Hub.Refresh says that
// the answer changed.
type Lookups interface {
	Lookup(call string) (state LookupState, fields map[string]string)
}

// Control is what a desk may do to its agent's part of a call.
type Control interface {
	HoldCall(ctx context.Context, agent, call string, on bool) error
	HangUpCall(ctx context.Context, agent, call string) error
	TransferToNumber(ctx context.Context, agent, call, number string) error
	TransferToQueue(ctx context.Context, agent, call, queue string) error
}

// Sink takes records; it never blocks.
type Sink interface{ Record(store.Record) }

// Options of a Hub. Router, Calls, Control, Records, Sink and Spec are required.
type Options struct {
	Router    Router
	Calls     Calls
	Control   Control
	Records   Records
	Sink      Sink
	Spec      func() *acd.Spec
	Customers Customers // nil: nothing but the claims is known
	Lookups   Lookups   // nil: off
	Why       func(d store.Decision, agent string) string
	Now       func() time.Time
	Log       *slog.Logger
}

// Hub is all desks of a switch.
type Hub struct {
	o    Options
	mail mailbox
	jobs chan job
	stop context.CancelFunc
	wg   sync.WaitGroup
	any  atomic.Int32 // agents with a desk open

	mu   sync.RWMutex // guards open; a leaf
	open map[string]bool

	// Owned by run.
	seats   map[string]*seat
	offers  map[string]*presentation
	cards   map[cardKey]*card
	reasons decisions
	due     map[string]bool // agents whose desks need a new state
	flushed time.Time
}

// New starts a hub.
func New(o Options) *Hub {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Why == nil {
		o.Why = func(store.Decision, string) string { return "" }
	}
	ctx, stop := context.WithCancel(context.Background())
	h := &Hub{o: o, stop: stop, jobs: make(chan job, jobsSize), open: map[string]bool{}, seats: map[string]*seat{},
		offers: map[string]*presentation{}, cards: map[cardKey]*card{}, due: map[string]bool{}}
	h.reasons.byID = map[string]store.Decision{}
	h.mail.bell = make(chan struct{}, 1)
	h.wg.Add(1 + loaders)
	go h.run(ctx)
	for range loaders {
		go h.runLoader(ctx)
	}
	return h
}

// Close ends every tab and the hub's goroutines. No agent counts as gone: the switch is.
func (h *Hub) Close() {
	h.stop()
	h.wg.Wait()
}

// IsOpen tells whether an agent has a desk open.
func (h *Hub) IsOpen(agent string) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.open[agent]
}

func (h *Hub) setOpen(agent string, open bool) {
	h.mu.Lock()
	if open {
		h.open[agent] = true
	} else {
		delete(h.open, agent)
	}
	h.any.Store(int32(len(h.open)))
	h.mu.Unlock()
	if !h.o.Router.Post(acd.DeskOpen{Agent: agent, Open: open}) {
		h.o.Log.Error("the queue router lost an input: its mailbox is full", "agent", agent)
	}
}

// Observe takes what the router records, on its goroutine.
func (h *Hub) Observe(r store.Record) {
	switch {
	case r.Decision != nil: // of an agent without a desk too: one that opens while her phone rings says why it is hers
		if len(r.Decision.Chosen) > 0 {
			h.tell(func() { h.reasons.keep(*r.Decision) })
		}
	case h.any.Load() == 0:
	case r.Event != nil && r.Event.Agent != "":
		h.Touch(r.Event.Agent)
	case r.Agent != nil:
		h.Touch(r.Agent.Agent)
	case r.Outcome != nil:
		h.Touch(r.Outcome.Agent)
	}
}

// Touch says that something of an agent changed: a phone of hers, for instance.
func (h *Hub) Touch(agent string) {
	if h.IsOpen(agent) {
		h.tell(func() { h.due[agent] = true })
	}
}

// Applied says that a new configuration is in force: somebody may be back on the roster, whose desk the router does not know.
func (h *Hub) Applied() {
	h.tell(func() {
		for agent := range h.seats {
			h.o.Router.Post(acd.DeskOpen{Agent: agent, Open: true})
		}
		h.all()
	})
}

// Refresh says that more is known of the customer of a call.
func (h *Hub) Refresh(call string) {
	if h.any.Load() == 0 {
		return
	}
	h.tell(func() {
		for k := range h.cards {
			if k.call == call {
				h.due[k.agent] = true
			}
		}
	})
}

// Forget takes what is known of a customer from cards and what agents wrote of her calls.
func (h *Hub) Forget(customer string) {
	h.tell(func() {
		for k, c := range h.cards {
			if c.customer == customer && customer != "" {
				c.forget()
				h.due[k.agent] = true
			}
		}
	})
}

func (h *Hub) all() {
	for agent := range h.seats {
		h.due[agent] = true
	}
}

// tell gives run something to do; what finds no room makes it look at everybody.
func (h *Hub) tell(f func()) bool { return h.mail.put(f, false) }

// ask runs f on the hub's goroutine and waits for it.
func (h *Hub) ask(ctx context.Context, f func() error) error {
	done := make(chan error, 1)
	if !h.mail.put(func() {
		err := ErrFault
		defer func() { done <- err }()
		err = f()
	}, false) {
		return ErrBusy
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run owns the desks: it does what it is told, and sends states when their time has come.
func (h *Hub) run(ctx context.Context) {
	defer h.wg.Done()
	defer h.shut()
	soon, prune := time.NewTimer(time.Hour), time.NewTicker(pruneTime)
	defer soon.Stop()
	defer prune.Stop()
	for {
		list, lost := h.mail.take()
		for _, f := range list {
			h.safely(f)
		}
		if lost {
			h.all()
		}
		if len(h.due) > 0 {
			if wait := coalesce - time.Since(h.flushed); wait > 0 {
				soon.Reset(wait)
			} else {
				h.safely(func() { h.flush(ctx) })
			}
		}
		select {
		case <-h.mail.bell:
		case <-soon.C:
		case <-prune.C:
			h.safely(func() { h.prune(ctx) })
		case <-ctx.Done():
			return
		}
	}
}

// safely does one thing. A fault in it costs that thing: an act of one agent, or what one desk shows until the next change.
func (h *Hub) safely(f func()) {
	fault.Contain(h.o.Log, "the desks", f) //nolint:errcheck // it is logged
}

// flush sends a new state to every desk of the agents that are due.
func (h *Hub) flush(ctx context.Context) {
	h.flushed = time.Now()
	var agents []string
	for agent := range h.due {
		if h.seats[agent] != nil {
			agents = append(agents, agent)
		}
	}
	clear(h.due)
	if len(agents) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	found, err := h.o.Router.Look(ctx, agents)
	if err != nil {
		for _, agent := range agents {
			h.due[agent] = true // again, a little later
		}
		return
	}
	for _, d := range found {
		h.safely(func() { h.seats[d.ID].send(h.state(d)) })
	}
}

// shut ends every tab.
func (h *Hub) shut() {
	list := h.mail.close()
	for _, f := range list {
		h.safely(f)
	}
	for _, s := range h.seats {
		for _, t := range s.tabs {
			close(t.done)
		}
	}
	for _, p := range h.offers {
		p.answer(store.DeskAnswer{Act: store.DeskClosed})
	}
}

// mailbox holds what run has to do. put never blocks.
type mailbox struct {
	bell chan struct{} // holds one

	mu     sync.Mutex // guards what follows; a leaf
	list   []func()
	lost   bool
	closed bool
}

// put adds something; one that must has room beyond the bound.
func (m *mailbox) put(f func(), must bool) bool {
	m.mu.Lock()
	ok := !m.closed && (must || len(m.list) < mailboxSize)
	if ok {
		m.list = append(m.list, f)
	}
	m.lost = m.lost || !ok
	m.mu.Unlock()
	select {
	case m.bell <- struct{}{}:
	default:
	}
	return ok
}

func (m *mailbox) take() (list []func(), lost bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	list, lost = m.list, m.lost
	m.list, m.lost = nil, false
	return list, lost
}

func (m *mailbox) close() []func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := m.list
	m.list, m.closed = nil, true
	return list
}
