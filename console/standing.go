package console

import (
	"context"
	"net/http"
	"reflect"
	"sync"
	"time"

	"ringway/console/staff"
)

// standingEvery is how often a stream asks whether who opened it may still read it.
const standingEvery = 5 * time.Second

type standingKey struct{}

// withStanding keeps with a request how to find out whether who asks is still the same, with the same rights. Other requests
// are over before that changes; a stream lasts for hours, and must not outlive its log-in or its key.
func (a *API) withStanding(r *http.Request, who staff.Identity) *http.Request {
	if !who.Known() {
		return r
	}
	stands := func(ctx context.Context) bool {
		now, err := a.identify(r.WithContext(ctx))
		return err != nil || reflect.DeepEqual(now, who) // a database that is away for a while ends no desk
	}
	return r.WithContext(context.WithValue(r.Context(), standingKey{}, stands))
}

// whileStanding is a context that ends when who asks may not any more; end waits for what watches it.
func whileStanding(parent context.Context) (ctx context.Context, end func()) {
	ctx, cancel := context.WithCancel(parent)
	stands, ok := ctx.Value(standingKey{}).(func(context.Context) bool)
	if !ok {
		return ctx, cancel
	}
	var wg sync.WaitGroup
	wg.Go(func() { runStanding(ctx, stands, cancel) })
	return ctx, func() {
		cancel()
		wg.Wait()
	}
}

func runStanding(ctx context.Context, stands func(context.Context) bool, cancel context.CancelFunc) {
	t := time.NewTicker(standingEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if !stands(ctx) {
				cancel()
				return
			}
		}
	}
}
