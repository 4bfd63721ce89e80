package hooks

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"ringway/console/stream"
	"ringway/store"
)

// faulty is a record of webhooks in which each act ends in a fault the first time.
type faulty struct {
	Store // nil: what is not written here is not asked
	put   []store.HookDelivery
	did   map[string]bool
	tried chan store.HookDelivery
}

func (f *faulty) first(what string) {
	if !f.did[what] {
		f.did[what] = true
		panic("a fault of ours in " + what)
	}
}

func (f *faulty) NextHooks(context.Context, string, int) ([]store.HookDelivery, error) {
	f.first("next")
	return f.put, nil
}

func (f *faulty) TriedHooks(_ context.Context, list []store.HookDelivery) error {
	f.first("tried")
	f.put = nil
	for _, d := range list {
		f.tried <- d
	}
	return nil
}

func (f *faulty) PruneHooks(context.Context, string, int, int) error { return nil }

// A fault while deliveries are read, sent or kept costs that attempt: the delivery is tried, and what came of it is kept.
func TestDeliveriesGoOnAfterFaults(t *testing.T) {
	f := &faulty{did: map[string]bool{}, put: []store.HookDelivery{{ID: 1, Hook: "h"}}, tried: make(chan store.HookDelivery, 8)}
	o := New(Options{Store: f, Rest: time.Millisecond}).o
	e := &endpoint{Endpoint: Endpoint{Name: "h", Timeout: time.Second, URL: "http://127.0.0.1:1/"}, o: &o, wake: make(chan struct{}, 1)} // without a client: each try ends in a fault
	ctx, stop := context.WithCancel(t.Context())
	e.wg.Add(1)
	go e.runSend(ctx)
	select {
	case d := <-f.tried:
		if d.ID != 1 || d.Attempts != 1 || d.State == store.HookDelivered || d.Error == "" {
			t.Errorf("%+v", d)
		}
	case <-time.After(30 * time.Second):
		t.Error("nothing was tried")
	}
	stop()
	e.wg.Wait()
}

// fed is a record into which the first batch can't be put.
type fed struct {
	Store
	faults int
	put    chan []store.HookDelivery
}

func (f *fed) HookPlace(context.Context, string) (store.EventPlace, error) {
	return store.EventPlace{}, store.ErrNotFound
}

func (f *fed) CountHooks(context.Context, string) (store.HookCounts, error) {
	return store.HookCounts{}, nil
}

func (f *fed) PutHook(_ context.Context, _ string, _ store.EventPlace, list []store.HookDelivery) error {
	if f.faults--; f.faults >= 0 {
		panic("a fault of ours")
	}
	select {
	case f.put <- list:
	default: // a hub without a record tells of gaps again and again
	}
	return nil
}

// A fault while events are made deliveries is logged, and the endpoint goes on where it was.
func TestAFeedGoesOnAfterAFault(t *testing.T) {
	f := &fed{faults: 1, put: make(chan []store.HookDelivery, 8)}
	hub := stream.New(stream.Options{Boot: "b"})
	defer hub.Close()
	o := New(Options{Store: f, Hub: hub, Rest: time.Millisecond, Log: slog.New(slog.DiscardHandler)}).o
	e := &endpoint{Endpoint: Endpoint{Name: "h"}, o: &o, wake: make(chan struct{}, 1)}
	ctx, stop := context.WithCancel(t.Context())
	e.wg.Add(1)
	go e.runFeed(ctx)
	select {
	case <-f.put: // that it begins here, after the fault
	case <-time.After(30 * time.Second):
		t.Error("the feed is gone")
	}
	stop()
	e.wg.Wait()
}
