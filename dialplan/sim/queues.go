package sim

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"ringway/acd"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/store"
)

// World is the queues of one simulated call: who works, in which state, who waits already, and who reads the records.
type World struct {
	Spec   *acd.Spec
	State  *acd.State                    // the queues as they stand, a copy that is the world's own; nil: nobody works, nobody waits
	Before []acd.Input                   // fed to the engine before the call: who joined, who paused
	Alone  bool                          // who is being rung for is not served by anybody else: answered, or gone
	Phone  func(agent string) Phone      // how agents' phones ring and talk for others than the call; nil: they answer
	Record func(store.Record)            // told every record; nil: nobody
	Placed func(visit string, ahead int) // told how many wait before the call as it enters a queue; nil: nobody
}

// Queues starts a queue engine in this world.
func (w World) Queues() func(*Clock) apps.Queues {
	return func(c *Clock) apps.Queues {
		r := &router{clock: c, world: w, state: w.State, tickets: map[string]*ticket{}, replies: map[uint64]acd.Reply{}}
		if r.state == nil {
			r.state = acd.NewState(1)
		}
		if r.state.Spec() != w.Spec {
			r.post(acd.Apply{Spec: w.Spec})
		}
		for _, in := range w.Before {
			r.post(in)
		}
		r.goOn()
		r.told = w.Record
		return r
	}
}

// router drives acd.Step in virtual time: the same step as the live switch, with the clock's timers for its Wake.
type router struct {
	clock *Clock
	world World

	mu      sync.Mutex // guards what follows
	state   *acd.State
	tickets map[string]*ticket
	replies map[uint64]acd.Reply
	wake    *waiter
	next    uint64
	told    func(store.Record)
}

// NewQueues starts a queue engine in which some people have joined with their phones on.
func NewQueues(spec *acd.Spec, joined []string) func(*Clock) apps.Queues {
	w := World{Spec: spec}
	for _, account := range spec.Accounts() {
		w.Before = append(w.Before, acd.Phone{Account: account, Registered: true})
	}
	for _, id := range joined {
		w.Before = append(w.Before, acd.Command{Agent: id, Verb: acd.Join})
	}
	return w.Queues()
}

// post feeds one input to the step and carries out what it says.
func (r *router) post(in acd.Input) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stepLocked(r.clock.Now(), in)
}

func (r *router) stepLocked(now time.Time, in acd.Input) {
	for _, out := range acd.Step(now, r.state, in) {
		r.carryLocked(out)
	}
}

func (r *router) carryLocked(out acd.Output) {
	switch o := out.(type) {
	case acd.OfferOut:
		if r.tickets[o.Visit] == nil {
			r.ringAhead(o)
			return
		}
		e := apps.TicketEvent{Kind: apps.TicketOffer, Ring: o.RingTime}
		for _, a := range o.Offers {
			offer := apps.Offer{ID: a.ID, Agent: a.Agent}
			for _, p := range a.Accounts {
				offer.Phones = append(offer.Phones, dialplan.Phone(p))
			}
			e.Offers = append(e.Offers, offer)
		}
		r.tellLocked(o.Visit, e)
	case acd.CancelOffer:
		r.tellLocked(o.Visit, apps.TicketEvent{Kind: apps.TicketCancel, Offer: o.Offer, Reason: string(o.Reason)})
	case acd.Announce:
		r.tellLocked(o.Visit, apps.TicketEvent{Kind: apps.TicketAnnounce, Position: o.Position, File: o.File})
	case acd.Result:
		r.tellLocked(o.Visit, apps.TicketEvent{Kind: apps.TicketResult, Result: o.Result})
	case acd.Record:
		if r.told != nil {
			r.told(o.Record)
		}
	case acd.Reply:
		r.replies[o.ID] = o
	case acd.Wake:
		if r.wake != nil {
			r.clock.Cancel(r.wake)
			r.wake = nil
		}
		if !o.At.IsZero() {
			r.wake = r.clock.After(max(0, o.At.Sub(r.clock.Now())), func() { r.post(acd.Tick{}) })
		}
	}
}

func (r *router) tellLocked(visit string, e apps.TicketEvent) {
	t := r.tickets[visit]
	if t == nil {
		return
	}
	t.mu.Lock()
	t.events = append(t.events, e)
	t.mu.Unlock()
	r.clock.Signal(t.news)
}

// Settings are a queue's words.
func (r *router) Settings(queue string) (apps.QueueSettings, bool) {
	q := r.world.Spec.Queue(queue)
	if q == nil {
		q = r.world.Spec.QueueByNumber(queue)
	}
	if q == nil {
		return apps.QueueSettings{}, false
	}
	return settings(q), true
}

func settings(q *acd.Queue) apps.QueueSettings {
	return apps.QueueSettings{Music: q.Music, ExitKeys: q.ExitKeys, Recording: q.Recording}
}

// Enter puts the caller into a queue.
func (r *router) Enter(_ context.Context, e apps.QueueEntry) (apps.Ticket, error) {
	q := r.world.Spec.Queue(e.Queue)
	if q == nil {
		q = r.world.Spec.QueueByNumber(e.Queue)
	}
	if q == nil {
		return nil, apps.ErrUnknownQueue
	}
	t := &ticket{router: r, queue: q, id: r.name("visit"), news: &Signal{}}
	r.mu.Lock()
	r.tickets[t.id] = t
	r.mu.Unlock()
	r.post(acd.Enter{Visit: t.id, Call: e.Call, Queue: q.Name, Profile: e.Profile, ByTransfer: e.ByTransfer})
	r.place(t)
	return t, nil
}

// name is one that was never used.
func (r *router) name(noun string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next++
	return fmt.Sprintf("%s-%d", noun, r.next)
}

// place tells how many wait before a caller who has just entered.
func (r *router) place(t *ticket) {
	if r.world.Placed == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range r.state.Snapshot().Queues {
		if i := slices.IndexFunc(q.Waiting, func(v acd.VisitView) bool { return v.ID == t.id }); i >= 0 {
			r.world.Placed(t.id, i)
		}
	}
}

// Member acts on an agent; the pin of a hot desk is not checked here.
func (r *router) Member(_ context.Context, c apps.MemberCommand) (apps.MemberReply, error) {
	r.mu.Lock()
	r.next++
	id := r.next
	r.mu.Unlock()
	r.post(acd.Command{ID: id, Agent: c.Agent, Account: c.Account, Verb: acd.Verb(c.Verb), Queue: c.Queue, Reason: c.Reason})
	r.mu.Lock()
	defer r.mu.Unlock()
	reply := r.replies[id]
	return apps.MemberReply{Done: reply.OK(), Result: string(reply.Code), Agent: reply.Agent}, nil
}

// ticket is one virtual visit.
type ticket struct {
	router *router
	queue  *acd.Queue
	id     string
	news   *Signal

	mu     sync.Mutex // guards what follows
	events []apps.TicketEvent
	over   bool
}

func (t *ticket) Settings() apps.QueueSettings {
	return settings(t.queue)
}

// Next waits for an event.
func (t *ticket) Next(ctx context.Context) (apps.TicketEvent, error) {
	for {
		t.mu.Lock()
		if len(t.events) > 0 {
			e := t.events[0]
			t.events = t.events[1:]
			t.over = e.Kind == apps.TicketResult
			t.mu.Unlock()
			return e, nil
		}
		over := t.over
		t.mu.Unlock()
		if over {
			return apps.TicketEvent{}, io.EOF
		}
		if err := t.router.clock.Wait(ctx, nil, -1, t.news); err != nil {
			return apps.TicketEvent{}, err
		}
	}
}

func (t *ticket) Ringing(offer string) { t.router.post(acd.OfferRinging{Offer: offer}) }

func (t *ticket) Report(offer string, outcome store.OfferOutcome, status int) {
	t.router.post(acd.OfferResult{Offer: offer, Outcome: outcome, Status: status})
}

// Present shows nothing: virtual agents have no desks.
func (t *ticket) Present(apps.Offer) apps.Presentation { return nil }

func (t *ticket) Desk(string, store.DeskAct, string) {}

func (t *ticket) Leave(reason store.VisitResult) {
	t.router.post(acd.Leave{Visit: t.id, Reason: reason})
}
