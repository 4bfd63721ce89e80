package hooks

import (
	"context"
	"errors"
	"time"

	"ringway/console/fault"
	"ringway/console/stream"
	"ringway/store"
)

// Bounds of one step of a feed.
const (
	feedBatch = 100         // events that become deliveries in one transaction
	feedIdle  = time.Minute // after so long without one the cursor is kept too: a restart need not read all that again
)

// runFeed turns events on record into deliveries.
func (e *endpoint) runFeed(ctx context.Context) {
	defer e.wg.Done()
	for {
		var err error
		pause := retry
		if broke := fault.Contain(e.o.Log, "events for a webhook", func() { err = e.read(ctx) }); broke != nil {
			err, pause = broke, e.o.Rest
		}
		if ctx.Err() != nil || errors.Is(err, stream.ErrClosed) {
			return
		}
		e.o.Log.Warn("a webhook takes no events now; it goes on where it was", "webhook", e.Name, "err", err)
		if !wait(ctx, pause) {
			return
		}
	}
}

// read goes on where the endpoint was.
func (e *endpoint) read(ctx context.Context) error {
	r, err := e.reader(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	return e.feed(ctx, r)
}

// reader goes on where the endpoint was; one that is new begins now, and has that on record before anything happens.
func (e *endpoint) reader(ctx context.Context) (*stream.Reader, error) {
	at, err := e.o.Store.HookPlace(ctx, e.Name)
	if errors.Is(err, store.ErrNotFound) {
		at = e.o.Hub.Head()
	} else if err != nil {
		return nil, err
	}
	if err := e.o.Store.PutHook(ctx, e.Name, at, nil); err != nil { // also: it is not removed any more
		return nil, err
	}
	return e.o.Hub.OpenRecord(at, stream.Filter{Kinds: e.Kinds})
}

// feed ends with an error, or when the endpoint does.
func (e *endpoint) feed(ctx context.Context, r *stream.Reader) error {
	kept := r.Place()
	for {
		if err := e.room(ctx); err != nil {
			return err
		}
		idle, cancel := context.WithTimeout(ctx, feedIdle)
		items, err := r.Next(idle, feedBatch)
		cancel()
		if ctx.Err() != nil || errors.Is(err, stream.ErrClosed) {
			return err
		}
		if len(items) == 0 && r.Place() == kept {
			continue
		}
		now := e.o.Now()
		batch := make([]store.HookDelivery, 0, len(items))
		for _, i := range items {
			batch = append(batch, deliveryOf(i, now))
		}
		if err := e.o.Store.PutHook(ctx, e.Name, r.Place(), batch); err != nil {
			return err
		}
		kept = r.Place()
		if len(batch) > 0 {
			e.notice()
		}
	}
}

// room waits while the endpoint has as many deliveries pending as it may have: events wait in the record, which is there
// anyway.
func (e *endpoint) room(ctx context.Context) error {
	for {
		n, err := e.o.Store.CountHooks(ctx, e.Name)
		if err != nil || n.Pending < e.o.MaxPending {
			return err
		}
		if !wait(ctx, retry) {
			return ctx.Err()
		}
	}
}
