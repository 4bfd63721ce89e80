package hooks

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ringway/console/fault"
	"ringway/console/outbound"
	"ringway/store"
)

// sender is what runSend owns:
//
//	up ──downAfter failures in a row──▶ down: one try at a time, pauses doubling ──success──▶ up
type sender struct {
	*endpoint
	flying   map[int64]bool // under way, or tried and not yet kept
	away     int            // under way
	results  chan try
	unsaved  []store.HookDelivery // tried, and not yet kept
	failures int                  // in a row
	probe    time.Time            // while down: not before
	pruned   time.Time
}

// try is one delivery after it was tried.
type try struct {
	d     store.HookDelivery
	at    time.Time
	err   error
	after time.Duration // the other side asked to be left alone so long
}

const (
	downAfter  = 5
	maxAnswer  = 16 << 10
	maxAfter   = time.Hour // of Retry-After
	waitForAll = time.Hour // without anything to do
)

// runSend sends what is due, several at once, and keeps what came of it.
func (e *endpoint) runSend(ctx context.Context) {
	defer e.wg.Done()
	s := &sender{endpoint: e, flying: map[int64]bool{}, results: make(chan try, e.o.AtOnce)}
	for {
		var next time.Duration
		var err error
		if s.safely(func() { next, err = s.launch(ctx) }) != nil {
			next = s.o.Rest
		}
		if err != nil && ctx.Err() == nil {
			e.o.Log.Warn("a webhook's deliveries can't be read or kept; they wait", "webhook", e.Name, "err", err)
			next = retry
		}
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-e.wake:
		case t := <-s.results:
			s.safely(func() { s.take(t) }) //nolint:errcheck // it is logged; that delivery is tried again after the next start
		}
		timer.Stop()
		if ctx.Err() != nil {
			s.safely(s.last) //nolint:errcheck // it is logged; what is not kept is sent again
			return
		}
	}
}

// safely does one thing. A fault in it costs that thing, and is tried again or not as its caller says.
func (s *sender) safely(f func()) error {
	return fault.Contain(s.o.Log, "deliveries of a webhook", f)
}

// launch keeps what was tried, then sends what is due. It returns when there is more to do.
func (s *sender) launch(ctx context.Context) (next time.Duration, err error) {
	for more := true; more; { // results that came together are kept together
		select {
		case t := <-s.results:
			s.take(t)
		default:
			more = false
		}
	}
	if err := s.keep(ctx); err != nil {
		return 0, err
	}
	now := s.o.Now()
	room := s.o.AtOnce
	if s.failures >= downAfter {
		if room = 1; s.probe.After(now) {
			return s.probe.Sub(now), nil
		}
	}
	if len(s.flying) >= room {
		return waitForAll, nil
	}
	list, err := s.o.Store.NextHooks(ctx, s.Name, room+len(s.flying))
	if err != nil {
		return 0, err
	}
	for _, d := range list {
		switch {
		case s.flying[d.ID]:
		case d.Next.After(now):
			return min(d.Next.Sub(now), waitForAll), nil
		case len(s.flying) < room:
			s.flying[d.ID] = true
			s.away++
			s.wg.Add(1)
			go s.runDelivery(ctx, d)
		}
	}
	return waitForAll, nil
}

// keep writes what was tried, and deletes what is too much, now and then.
func (s *sender) keep(ctx context.Context) error {
	if len(s.unsaved) > 0 {
		if err := s.o.Store.TriedHooks(ctx, s.unsaved); err != nil {
			return err
		}
		for _, d := range s.unsaved {
			delete(s.flying, d.ID) // not before: the database would still call it due
		}
		s.unsaved = nil
	}
	if now := s.o.Now(); now.Sub(s.pruned) >= pruneEvery {
		s.pruned = now
		return s.o.Store.PruneHooks(ctx, s.Name, keepDelivered, keepDead)
	}
	return nil
}

// last keeps what came in while the endpoint was ended.
func (s *sender) last() {
	for s.away > 0 {
		s.take(<-s.results)
	}
	ctx, cancel := context.WithTimeout(context.Background(), retry)
	defer cancel()
	if err := s.keep(ctx); err != nil {
		s.o.Log.Warn("deliveries may be sent twice", "webhook", s.Name, "err", err)
	}
}

// take says what a try came to: delivered, to be tried again, or dead.
func (s *sender) take(t try) {
	s.away--
	if errors.Is(t.err, context.Canceled) { // the switch stops, or the endpoint changed: it was no try
		delete(s.flying, t.d.ID)
		return
	}
	d := t.d
	d.Attempts++
	d.Last, d.Error = t.at, ""
	switch {
	case t.err == nil:
		d.State, d.Next = store.HookDelivered, time.Time{}
	case d.Attempts > len(s.o.Schedule):
		d.State, d.Next, d.Error = store.HookDead, time.Time{}, reason(t.err)
		s.o.Log.Warn("a webhook's delivery is given up", "webhook", s.Name, "delivery", d.ID, "err", d.Error)
	default:
		d.Error = reason(t.err)
		d.Next = t.at.Add(max(jitter(s.o.Schedule[d.Attempts-1]), t.after))
	}
	s.unsaved = append(s.unsaved, d)
	s.count(t, d.Error)
}

// count decides whether the endpoint is up or down.
func (s *sender) count(t try, why string) {
	if t.err == nil {
		s.failures, s.probe = 0, time.Time{}
	} else {
		s.failures++
	}
	down := s.failures >= downAfter
	if down {
		pause := s.o.Pause << min(s.failures-downAfter, 6)
		s.probe = t.at.Add(jitter(max(min(pause, 60*s.o.Pause), t.after)))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if down != s.down {
		s.o.Log.Warn("a webhook's state changed", "webhook", s.Name, "down", down, "err", why)
	}
	s.down, s.err = down, why
	if t.err == nil {
		s.taken = t.at
	}
}

// jitter spreads tries: d ± 20 %.
func jitter(d time.Duration) time.Duration {
	return d*4/5 + time.Duration(rand.Int64N(int64(d)*2/5+1))
}

// runDelivery tries one delivery.
func (s *sender) runDelivery(ctx context.Context, d store.HookDelivery) {
	defer s.wg.Done()
	t := try{d: d, at: s.o.Now()}
	limited, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	if err := s.safely(func() { t.d.Status, t.after, t.err = s.post(limited, &d, t.at) }); err != nil {
		t.err = err
	}
	if ctx.Err() != nil && t.err != nil {
		t.err = context.Canceled
	}
	s.results <- t // it has room for all that may be under way
}

// post sends one delivery. A failure that names a status is a refusal.
func (s *sender) post(ctx context.Context, d *store.HookDelivery, now time.Time) (status int, after time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, strings.NewReader(d.Body))
	if err != nil {
		return 0, 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Ringway")
	for name, value := range sign(s.Secrets, d.Message, now, d.Body) {
		req.Header.Set(name, value)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, 0, err
	}
	if _, err := outbound.Body(resp, maxAnswer); err != nil && !errors.Is(err, outbound.ErrTooLong) {
		return resp.StatusCode, 0, err
	}
	if resp.StatusCode/100 == 2 {
		return resp.StatusCode, 0, nil
	}
	if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && n > 0 {
		after = min(time.Duration(min(n, 100_000))*time.Second, maxAfter)
	}
	return resp.StatusCode, after, statusError(resp.StatusCode)
}
