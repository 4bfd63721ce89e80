package console

import (
	"context"
	"log/slog"
	"net/http"
	"reflect"
	"sync"
	"time"

	"ringway/console/fault"
	"ringway/console/staff"
)

// standingEvery is how often a stream asks whether who opened it may still read it: for what nobody announces, such as the end of
// a log-in's time. What ends a log-in or a key, and a new configuration, makes streams ask at once.
const standingEvery = 30 * time.Second

// standings are the streams that are read, so that a log-in or a key that ends takes its streams along at once. The zero value
// is ready.
type standings struct {
	mu   sync.Mutex                        // guards what follows; a leaf
	open map[string]map[chan struct{}]bool // by Identity.Who; a channel holds one question
}

// watch adds a stream; leave takes it out. The first question is asked already: what ended between the request's own check and
// here was announced to nobody.
func (s *standings) watch(who string) (asked <-chan struct{}, leave func()) {
	c := make(chan struct{}, 1)
	c <- struct{}{}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[string]map[chan struct{}]bool{}
	}
	if s.open[who] == nil {
		s.open[who] = map[chan struct{}]bool{}
	}
	s.open[who][c] = true
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if delete(s.open[who], c); len(s.open[who]) == 0 {
			delete(s.open, who)
		}
	}
}

// ask makes the streams of somebody find out now whether they may go on.
func (s *standings) ask(who string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	askAll(s.open[who])
}

// askEverybody makes all streams find out now whether they may go on.
func (s *standings) askEverybody() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, open := range s.open {
		askAll(open)
	}
}

func askAll(open map[chan struct{}]bool) {
	for c := range open {
		select {
		case c <- struct{}{}:
		default: // asked already
		}
	}
}

// ended passes on how the end of a log-in or a key went, and makes its streams notice. Who is an Identity.Who.
func (a *API) ended(who string, err error) error {
	a.standings.ask(who)
	return err
}

// standing is how a request finds out whether who asks is still the same, with the same rights.
type standing struct {
	who    string
	stands func(context.Context) bool
	all    *standings
	every  time.Duration
	log    *slog.Logger
}

type standingKey struct{}

// withStanding keeps a standing with a request. Other requests are over before it changes; a stream lasts for hours, and must not
// outlive its log-in or its key.
func (a *API) withStanding(r *http.Request, who staff.Identity) *http.Request {
	if !who.Known() {
		return r
	}
	stands := func(ctx context.Context) bool {
		now, err := a.identify(r.WithContext(ctx))
		return err != nil || reflect.DeepEqual(now, who) // a database that is away for a while ends no desk
	}
	return r.WithContext(context.WithValue(r.Context(), standingKey{}, standing{who.Who(), stands, &a.standings, a.standEvery, a.log}))
}

// whileStanding is a context that ends when who asks may not any more; end waits for what watches it.
func whileStanding(parent context.Context) (ctx context.Context, end func()) {
	ctx, cancel := context.WithCancel(parent)
	s, ok := ctx.Value(standingKey{}).(standing)
	if !ok {
		return ctx, cancel
	}
	asked, leave := s.all.watch(s.who)
	var wg sync.WaitGroup
	wg.Go(func() { s.runStanding(ctx, asked, cancel) })
	return ctx, func() {
		cancel()
		wg.Wait()
		leave()
	}
}

func (s standing) runStanding(ctx context.Context, asked <-chan struct{}, cancel context.CancelFunc) {
	t := time.NewTicker(s.every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-asked:
		case <-t.C:
		}
		// Where a fault keeps that from being found out it ends: the browser comes back, and is asked again.
		stands := false
		fault.Contain(s.log, "whether a stream may go on", func() { stands = s.stands(ctx) }) //nolint:errcheck // it is logged
		if !stands {
			cancel()
			return
		}
	}
}
