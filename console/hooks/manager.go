package hooks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"ringway/console/stream"
	"ringway/store"
)

// Store keeps cursors and deliveries; store/sqlite does.
type Store interface {
	// HookPlace is how far a webhook has taken in the stream, or store.ErrNotFound where it never did.
	HookPlace(ctx context.Context, hook string) (store.EventPlace, error)
	// PutHook keeps deliveries of a webhook, and that it has come to a place, both or neither.
	PutHook(ctx context.Context, hook string, p store.EventPlace, deliveries []store.HookDelivery) error
	// NextHooks returns the deliveries that are to be tried first, due or not.
	NextHooks(ctx context.Context, hook string, limit int) ([]store.HookDelivery, error)
	// TriedHooks keeps what came of deliveries that were tried.
	TriedHooks(ctx context.Context, tried []store.HookDelivery) error
	HookDelivery(ctx context.Context, id int64) (store.HookDelivery, error)
	HookDeliveries(ctx context.Context, q store.HookQuery) ([]store.HookDelivery, error)
	CountHooks(ctx context.Context, hook string) (store.HookCounts, error)
	// ResendHooks makes deliveries pending again: one by its id, or, where id is 0, all dead ones of a webhook.
	ResendHooks(ctx context.Context, hook string, id int64, now time.Time) (int, error)
	// PruneHooks deletes all but the newest so many delivered and dead ones.
	PruneHooks(ctx context.Context, hook string, delivered, dead int) error
	// RetireHooks marks webhooks that are not named as removed, and deletes those that were removed before then.
	RetireHooks(ctx context.Context, named []string, now, then time.Time) error
}

// Endpoint is one webhook of the configuration.
type Endpoint struct {
	Name         string
	URL          string
	Secrets      []Secret // several are valid at once, so that they can be changed
	Kinds        []string // kinds of events, or subjects with a star; empty: all
	Timeout      time.Duration
	AllowPrivate bool
}

// Options of a Manager. Hub and Store are required.
type Options struct {
	Hub   *stream.Hub
	Store Store
	Now   func() time.Time
	Log   *slog.Logger

	Schedule   []time.Duration // pauses before each further try; nil: the usual, over some two days
	Pause      time.Duration   // of an endpoint that is down, doubled up to sixty times; 0: 1 s
	Rest       time.Duration   // after a fault of ours, which may come again at once; 0: 1 min
	AtOnce     int             // deliveries of one endpoint under way; 0: 8
	MaxPending int             // beyond it the events of an endpoint wait in the record; 0: 10,000
}

// schedule is how long a delivery waits after its first, second … try failed. After the last it is dead.
var schedule = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour,
	2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// What is kept of deliveries that are over, per endpoint, and how long an endpoint is remembered that was taken out of the
// configuration: so long a bad edit can be undone without a loss.
const (
	keepDelivered = 1000
	keepDead      = 10_000
	keepRemoved   = 7 * 24 * time.Hour
	pruneEvery    = time.Minute
)

// ErrUnknown means that no webhook or delivery has the asked name.
var ErrUnknown = errors.New("unknown webhook or delivery")

// Manager runs the endpoints of the configuration.
type Manager struct {
	o Options

	mu   sync.Mutex // guards what follows; Apply holds it while endpoints end, which they do at once
	ends map[string]*endpoint
	list []Endpoint
}

// New makes a manager without endpoints.
func New(o Options) *Manager {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Schedule == nil {
		o.Schedule = schedule
	}
	if o.Pause <= 0 {
		o.Pause = time.Second
	}
	if o.Rest <= 0 {
		o.Rest = time.Minute
	}
	if o.AtOnce <= 0 {
		o.AtOnce = 8
	}
	if o.MaxPending <= 0 {
		o.MaxPending = 10_000
	}
	return &Manager{o: o, ends: map[string]*endpoint{}}
}

// Apply runs these endpoints and no others. One that is new begins with the next event.
func (m *Manager) Apply(list []Endpoint) {
	m.mu.Lock()
	defer m.mu.Unlock()
	want, names := map[string]Endpoint{}, []string{}
	for _, e := range list {
		want[e.Name] = e
		names = append(names, e.Name)
	}
	for name, running := range m.ends {
		if e, ok := want[name]; !ok || !reflect.DeepEqual(e, running.Endpoint) {
			running.close()
			delete(m.ends, name)
		}
	}
	now := m.o.Now()
	if err := m.o.Store.RetireHooks(context.Background(), names, now, now.Add(-keepRemoved)); err != nil {
		m.o.Log.Warn("webhooks that were removed are not put away", "err", err)
	}
	for _, e := range list {
		if m.ends[e.Name] == nil {
			m.ends[e.Name] = open(&m.o, e)
		}
	}
	m.list = list
}

// Close ends all endpoints. Deliveries under way are tried again after the next start.
func (m *Manager) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, e := range m.ends {
		e.close()
		delete(m.ends, name)
	}
	m.list = nil
}

// Status is how an endpoint is doing.
type Status struct {
	Endpoint
	store.HookCounts
	Down  bool      // it did not take several in a row: one try at a time
	Taken time.Time // when it last took one in this run; zero: not yet
	Error string    // why the last try failed; empty where it did not
}

// List tells how the endpoints are doing, in the order of the configuration.
func (m *Manager) List(ctx context.Context) ([]Status, error) {
	m.mu.Lock()
	list, ends := m.list, make([]*endpoint, 0, len(m.list))
	for _, e := range list {
		ends = append(ends, m.ends[e.Name])
	}
	m.mu.Unlock()
	out := make([]Status, 0, len(list))
	for _, e := range ends {
		s := e.status()
		var err error
		if s.HookCounts, err = m.o.Store.CountHooks(ctx, e.Name); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// find is the endpoint of a name, or ErrUnknown.
func (m *Manager) find(name string) (*endpoint, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.ends[name]; e != nil {
		return e, nil
	}
	return nil, fmt.Errorf("%w: %q", ErrUnknown, name)
}

// Deliveries lists deliveries of an endpoint, newest first.
func (m *Manager) Deliveries(ctx context.Context, q store.HookQuery) ([]store.HookDelivery, error) {
	if _, err := m.find(q.Hook); err != nil {
		return nil, err
	}
	return m.o.Store.HookDeliveries(ctx, q)
}

// Resend sends one delivery again.
func (m *Manager) Resend(ctx context.Context, id int64) (store.HookDelivery, error) {
	d, err := m.o.Store.HookDelivery(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return d, fmt.Errorf("%w: %d", ErrUnknown, id)
	} else if err != nil {
		return d, err
	}
	e, err := m.find(d.Hook)
	if err != nil {
		return d, err
	}
	if _, err = m.o.Store.ResendHooks(ctx, d.Hook, id, m.o.Now()); err != nil {
		return d, err
	}
	e.notice()
	return m.o.Store.HookDelivery(ctx, id)
}

// ResendDead sends all dead deliveries of an endpoint again; it returns how many.
func (m *Manager) ResendDead(ctx context.Context, hook string) (int, error) {
	e, err := m.find(hook)
	if err != nil {
		return 0, err
	}
	n, err := m.o.Store.ResendHooks(ctx, hook, 0, m.o.Now())
	e.notice()
	return n, err
}
