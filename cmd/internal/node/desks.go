package node

import (
	"sync"
	"sync/atomic"

	"ringway/acd"
	"ringway/console/desk"
	"ringway/store"
)

// desks remembers who sits at which hot desk, from what the router saves: a call of a phone that is nobody's own is then on
// record as hers. It is the router's sink, in front of the recorder.
type desks struct {
	acd.Sink
	watch atomic.Pointer[desk.Hub] // desks in browsers, which hear of everything

	mu sync.RWMutex      // guards what follows; a leaf
	at map[string]string // agent → account
	by map[string]string // account → agent
}

func newDesks(next acd.Sink) *desks {
	return &desks{Sink: next, at: map[string]string{}, by: map[string]string{}}
}

// Record passes a record on.
func (d *desks) Record(r store.Record) {
	if r.Agent != nil {
		d.sits(r.Agent.Agent, r.Agent.Account)
	}
	d.Sink.Record(r)
	if h := d.watch.Load(); h != nil {
		h.Observe(r)
	}
}

func (d *desks) sits(agent, account string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := d.at[agent]
	if before == account {
		return
	}
	if d.by[before] == agent { // it may have changed hands meanwhile
		delete(d.by, before)
	}
	if delete(d.at, agent); account != "" {
		d.at[agent], d.by[account] = account, agent
	}
}

// seat is the account of the hot desk at which an agent sits, "" for none.
func (d *desks) seat(agent string) string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.at[agent]
}

// whose is the agent who sits at an account, "" where it is no hot desk.
func (d *desks) whose(account string) string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.by[account]
}
