package node

import (
	"context"
	"sync/atomic"

	"ringway/console"
	"ringway/store"
)

// outcomes are those of offers, each with its place in a count.
var outcomes = []store.OfferOutcome{store.Answered, store.Declined, store.Busy, store.NoAnswer, store.OfferUnreachable, store.MediaFailed,
	store.CallerLeft, store.LostRace, store.ReservationLapsed}

// offerCount counts how offers ended since the start.
type offerCount [9]atomic.Uint64

// see counts a record where it is the end of an offer.
func (c *offerCount) see(r store.Record) {
	if r.Event == nil || r.Event.Kind != store.OfferEnd {
		return
	}
	for i, o := range outcomes {
		if r.Event.State == string(o) {
			c[i].Add(1)
			return
		}
	}
}

// Measure tells what /metrics shows.
func (n *Node) Measure(ctx context.Context) console.Measures {
	calls, health, net, router := n.calls.Stats(), n.records.Health(), n.network(), n.router.Stats()
	m := console.Measures{
		Calls: calls.Calls, Legs: calls.Legs, Bindings: n.location.Len(), CallsTotal: uint64(calls.Total), Refused: uint64(calls.Refused),
		Agents: map[string]int{}, Waiting: map[string]int{}, Offers: map[string]uint64{},
		RecordsWaiting: uint64(health.Waiting.Total()), RecordsLost: health.Lost.Total(),
		SIPDropped: net.SIPDropped, SIPShed: net.SIPShed, RTPDropped: net.RTPDropped, RouterDropped: router.Dropped, Faults: router.Faults,
	}
	media := n.media.Stats()
	m.Recordings, m.Unrecorded, m.Unheard = media.Recordings, media.Unrecorded, media.Unheard
	for i, o := range outcomes {
		m.Offers[string(o)] = n.records.offers[i].Load()
	}
	m.EventReaders, m.Lookups = n.events.Readers(), n.lookups.Counts()
	if list, err := n.hooks.List(ctx); err == nil {
		m.Webhooks = list
	}
	snap, err := n.router.Snapshot(ctx)
	if err != nil {
		return m
	}
	for _, a := range snap.Agents {
		m.Agents[string(a.State)]++
	}
	for _, q := range snap.Queues {
		m.Waiting[q.Name] = len(q.Waiting)
	}
	return m
}
