package hooks

import (
	"context"
	"net/http"
	"sync"
	"time"

	"ringway/console/outbound"
)

// endpoint is one webhook that runs.
type endpoint struct {
	Endpoint
	o      *Options
	client *http.Client

	wake chan struct{} // there is something to send
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu    sync.Mutex // guards what follows: what Status shows
	down  bool
	taken time.Time
	err   string
}

// open starts the goroutines of an endpoint.
func open(o *Options, e Endpoint) *endpoint {
	x := &endpoint{Endpoint: e, o: o, wake: make(chan struct{}, 1),
		client: outbound.NewClient(outbound.Options{AllowPrivate: e.AllowPrivate, Conns: o.AtOnce})}
	ctx, stop := context.WithCancel(context.Background())
	x.stop = stop
	x.wg.Add(2)
	go x.runFeed(ctx)
	go x.runSend(ctx)
	return x
}

// close ends them; requests that are under way are given up.
func (e *endpoint) close() {
	e.stop()
	e.wg.Wait()
	e.client.CloseIdleConnections()
}

// notice wakes the sender.
func (e *endpoint) notice() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

func (e *endpoint) status() Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	return Status{Endpoint: e.Endpoint, Down: e.down, Taken: e.taken, Error: e.err}
}

// wait sleeps; it returns false when the endpoint ends.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// retry is how long the endpoint waits after its own database failed.
const retry = time.Second
