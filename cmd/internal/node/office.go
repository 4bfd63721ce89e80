package node

import (
	"context"
	"fmt"
	"time"

	"ringway/acd"
	"ringway/config"
	"ringway/console"
	"ringway/console/desk"
	"ringway/sip/call"
	"ringway/store"
)

// Queues lists the queues as they are now; callers are named as their live calls name them.
func (n *Node) Queues(ctx context.Context) ([]console.QueueView, error) {
	snap, err := n.router.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	live := map[string]call.Snapshot{}
	for _, c := range n.calls.Calls() {
		live[c.ID] = c
	}
	spec := n.config().Spec
	var out []console.QueueView
	for _, q := range snap.Queues {
		v := console.QueueView{Name: q.Name, Waiting: len(q.Waiting), Joined: q.Joined, Free: q.Free, Dispositions: desk.Dispositions{Items: []desk.Item{}}}
		if s := spec.Queue(q.Name); s != nil {
			v.Number, v.Dispositions = s.Number, desk.DispositionsOf(s)
		}
		for _, w := range q.Waiting {
			if v.Longest == nil || w.Enter.Before(*v.Longest) {
				v.Longest = &w.Enter
			}
			v.Callers = append(v.Callers, waiting(q.Name, w, live[w.Call]))
		}
		out = append(out, v)
	}
	return out, nil
}

func waiting(queue string, w acd.VisitView, c call.Snapshot) console.WaitingView {
	v := console.WaitingView{ID: w.ID, Call: w.Call, Queue: queue, Customer: c.Caller.Claims.Customer, Name: c.Caller.Name, Number: c.Caller.Number,
		Language: w.Caller.Language, Region: w.Caller.Region, Entered: w.Enter, Priority: w.Priority.Seconds(), Step: w.Step, Agents: w.Offered}
	if v.Agents == nil {
		v.Agents = []string{}
	}
	return v
}

// waits tells whether a visit waits now.
func (n *Node) waits(ctx context.Context, visit string) error {
	snap, err := n.router.Snapshot(ctx)
	if err != nil {
		return err
	}
	for _, q := range snap.Queues {
		for _, w := range q.Waiting {
			if w.ID == visit {
				return nil
			}
		}
	}
	return fmt.Errorf("%w visit %q: nobody waits under it", console.ErrUnknown, visit)
}

// Withdraw takes a waiting caller out of the queue.
func (n *Node) Withdraw(ctx context.Context, visit string) error {
	if err := n.waits(ctx, visit); err != nil {
		return err
	}
	return n.postQueue(acd.Leave{Visit: visit, Reason: store.Withdrawn})
}

// Prioritise gives a waiting caller another head start.
func (n *Node) Prioritise(ctx context.Context, visit string, head time.Duration) error {
	if err := n.waits(ctx, visit); err != nil {
		return err
	}
	return n.postQueue(acd.Prioritise{Visit: visit, Priority: head})
}

func (n *Node) postQueue(in acd.Input) error {
	if !n.router.Post(in) {
		return acd.ErrBusy
	}
	return nil
}

// HangUp ends a call that is up.
func (n *Node) HangUp(_ context.Context, id string) error {
	if !n.calls.End(id, call.Normal) {
		return fmt.Errorf("%w call %q", console.ErrUnknown, id)
	}
	return nil
}

// Trunks lists the carriers as they are now.
func (n *Node) Trunks(context.Context) []console.TrunkView {
	out := []console.TrunkView{}
	set, c := n.trunks.Load(), n.config()
	for _, name := range set.Names() {
		t, ok := set.Get(name)
		if !ok {
			continue
		}
		s := c.Settings.Trunks[name]
		v := console.TrunkView{Name: name, Context: s.Context, Targets: s.Targets, Reachable: t.Reachable(), Calls: t.InUse(), Limit: s.Calls,
			Addresses: []string{}}
		if f := t.Fault(); f.Text != "" {
			v.LastError, v.LastErrorAt = f.Text, &f.At
		}
		if v.Targets == nil {
			v.Targets = []string{}
		}
		for _, h := range t.Hops() {
			v.Addresses = append(v.Addresses, string(h.Proto)+" "+h.Addr.String())
		}
		out = append(out, v)
	}
	return out
}

// zoneOf is the company's time zone.
func zoneOf(c *config.Config) *time.Location { return Notes{Zone: c.Settings.Zone}.Location() }

// KeepCustomer adds a customer to the embedded store, with notes, unless she is there already: what the demo does.
func (n *Node) KeepCustomer(ctx context.Context, c store.CustomerRow, notes ...store.CustomerNote) error {
	c.Version, c.Created, c.Updated = 1, n.clock.Now(), n.clock.Now()
	if added, err := n.tables.PutCustomer(ctx, c); err != nil || !added {
		return err
	}
	for _, note := range notes {
		if err := n.tables.PutCustomerNote(ctx, note); err != nil {
			return err
		}
	}
	return nil
}
