package trace

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Bounds of captures.
const (
	MaxCaptures = 8
	MaxBytes    = 16 << 20 // of one
	MaxTime     = time.Hour
	maxCallIDs  = 10_000 // that one follows
)

// Errors of captures.
var (
	ErrTooMany   = fmt.Errorf("there are %d captures: delete one first", MaxCaptures)
	ErrNoCapture = errors.New("there is no such capture")
	ErrFilter    = errors.New("this can't be filtered by")
)

// FilterKind is what a capture looks at.
type FilterKind string

// Kinds of filter.
const (
	ByCall    FilterKind = "call"    // a call that is up, by its id
	ByAccount FilterKind = "account" // a user part of To, From, Contact or the request's address, or a digest user
	ByAddress FilterKind = "address" // an address, an address with port, or a network
)

// Filter says which messages a capture takes.
type Filter struct {
	Kind  FilterKind
	Value string
}

// Order is what a capture is asked for.
type Order struct {
	Filter Filter
	For    time.Duration
	Bytes  int // 0: MaxBytes
	By     string
}

// State is how far a capture is.
type State string

// States of a capture.
const (
	Running State = "running"
	Full    State = "full"
	Over    State = "over"
)

// Capture is one capture as it is now.
type Capture struct {
	ID              string
	Filter          Filter
	State           State
	Started, Until  time.Time
	By              string
	Messages, Bytes int
	MaxBytes        int
}

// capture takes messages for a while.
type capture struct {
	Capture
	network netip.Prefix // ByAddress
	port    uint16       // 0: any
	marks   []string     // ByAccount: what a message of it has in its head

	mu       sync.Mutex // guards what follows, and what of Capture changes
	ids      map[string]bool
	messages []Message
}

// Start begins a capture.
func (r *Recorder) Start(o Order) (Capture, error) {
	now := r.o.Now()
	if o.Bytes <= 0 || o.Bytes > MaxBytes {
		o.Bytes = MaxBytes
	}
	c := &capture{ids: map[string]bool{}, Capture: Capture{Filter: o.Filter, State: Running, Started: now, Until: now.Add(min(max(o.For, time.Second), MaxTime)),
		By: o.By, MaxBytes: o.Bytes}}
	if err := c.prepare(); err != nil {
		return Capture{}, err
	}
	r.mu.Lock()
	if len(r.captures) >= MaxCaptures {
		r.mu.Unlock()
		return Capture{}, ErrTooMany
	}
	r.next++
	c.ID = strconv.Itoa(r.next)
	r.captures = append(r.captures, c)
	r.publishLocked(now)
	r.mu.Unlock()
	r.Refresh()
	return c.view(now), nil
}

// prepare reads the filter.
func (c *capture) prepare() error {
	v := c.Filter.Value
	switch c.Filter.Kind {
	case ByCall:
		return nil
	case ByAccount:
		if v == "" || strings.ContainsAny(v, " \r\n\"<>@:;") {
			return fmt.Errorf("%w: %q is no account", ErrFilter, v)
		}
		c.marks = []string{"sip:" + v + "@", "sips:" + v + "@", `username="` + v + `"`}
		return nil
	case ByAddress:
		if p, err := netip.ParsePrefix(v); err == nil {
			c.network = p.Masked()
			return nil
		}
		if a, err := netip.ParseAddr(v); err == nil {
			c.network = netip.PrefixFrom(a, a.BitLen())
			return nil
		}
		if ap, err := netip.ParseAddrPort(v); err == nil {
			c.network, c.port = netip.PrefixFrom(ap.Addr(), ap.Addr().BitLen()), ap.Port()
			return nil
		}
		return fmt.Errorf("%w: %q is no address, address with port or network", ErrFilter, v)
	}
	return fmt.Errorf("%w: %q", ErrFilter, c.Filter.Kind)
}

// publishLocked tells Tap which captures run.
func (r *Recorder) publishLocked(now time.Time) {
	var run []*capture
	for _, c := range r.captures {
		if c.view(now).State == Running {
			run = append(run, c)
		}
	}
	if len(run) == 0 {
		r.active.Store(nil)
		return
	}
	r.active.Store(&run)
}

// offer gives a message to the captures that run, and tells whether one of them is over.
func offer(active []*capture, m Message) (ended bool) {
	for _, c := range active {
		ended = c.take(m) || ended
	}
	return ended
}

// take keeps a message that the filter wants, and tells whether the capture is over.
func (c *capture) take(m Message) (ended bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.State != Running || !m.At.Before(c.Until) {
		return true
	}
	if c.wantsLocked(m) {
		c.keepLocked(m)
	}
	return c.State != Running
}

func (c *capture) keepLocked(m Message) {
	if c.Bytes+len(m.Text) > c.MaxBytes {
		c.State = Full
		return
	}
	c.messages = append(c.messages, m)
	c.Messages++
	c.Bytes += len(m.Text)
}

func (c *capture) wantsLocked(m Message) bool {
	switch c.Filter.Kind {
	case ByAddress:
		return c.network.Contains(m.Flow.Remote.Addr().Unmap()) && (c.port == 0 || c.port == m.Flow.Remote.Port())
	case ByAccount:
		if c.ids[m.CallID] {
			return true
		}
		head, _, _ := strings.Cut(m.Text, "\r\n\r\n")
		if !slices.ContainsFunc(c.marks, func(mark string) bool { return strings.Contains(head, mark) }) {
			return false
		}
		if m.CallID != "" && len(c.ids) < maxCallIDs {
			c.ids[m.CallID] = true
		}
		return true
	}
	return c.ids[m.CallID]
}

// Refresh lets captures of calls follow the legs that came since, and ends those whose time is over; the owner calls it once a
// second. What went by since the capture began is taken from the ring.
func (r *Recorder) Refresh() {
	if r.active.Load() == nil {
		return
	}
	r.mu.Lock()
	r.publishLocked(r.o.Now())
	r.mu.Unlock()
	active := r.active.Load()
	if active == nil || r.o.Calls == nil {
		return
	}
	for _, c := range *active {
		if c.Filter.Kind != ByCall {
			continue
		}
		for _, id := range r.o.Calls(c.Filter.Value) {
			r.follow(c, id)
		}
	}
}

func (r *Recorder) follow(c *capture, id string) {
	s := r.shard(id)
	s.mu.Lock() // so that no message goes by between the ring and the capture; the capture's lock is taken inside
	defer s.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ids[id] || len(c.ids) >= maxCallIDs {
		return
	}
	c.ids[id] = true
	before := s.calls[id]
	if before == nil {
		return
	}
	for _, m := range before.messages {
		if !m.At.Before(c.Started) && c.State == Running {
			c.keepLocked(m)
		}
	}
}

func (c *capture) view(now time.Time) Capture {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.State == Running && !now.Before(c.Until) {
		c.State = Over
	}
	return c.Capture
}

// Captures lists all, oldest first.
func (r *Recorder) Captures() []Capture {
	now := r.o.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]Capture, 0, len(r.captures))
	for _, c := range r.captures {
		out = append(out, c.view(now))
	}
	r.publishLocked(now)
	return out
}

func (r *Recorder) find(id string) (*capture, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.captures {
		if c.ID == id {
			return c, nil
		}
	}
	return nil, ErrNoCapture
}

// StopCapture ends one before its time; what it took stays.
func (r *Recorder) StopCapture(id string) (Capture, error) {
	c, err := r.find(id)
	if err != nil {
		return Capture{}, err
	}
	c.mu.Lock()
	if c.State == Running {
		c.State = Over
	}
	c.mu.Unlock()
	now := r.o.Now()
	r.mu.Lock()
	r.publishLocked(now)
	r.mu.Unlock()
	return c.view(now), nil
}

// Delete ends a capture and forgets it.
func (r *Recorder) Delete(id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.captures, func(c *capture) bool { return c.ID == id })
	if i < 0 {
		return ErrNoCapture
	}
	r.captures = slices.Delete(r.captures, i, i+1)
	r.publishLocked(r.o.Now())
	return nil
}

// Captured are the messages of a capture, in the order of time.
func (r *Recorder) Captured(id string) ([]Message, error) {
	c, err := r.find(id)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	out := slices.Clone(c.messages)
	c.mu.Unlock()
	slices.SortStableFunc(out, func(a, b Message) int { return a.At.Compare(b.At) })
	return out, nil
}
