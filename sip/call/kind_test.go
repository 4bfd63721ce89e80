package call

import (
	"context"
	"io"
	"sync"
	"testing"
	"time"

	"ringway/dialplan/apps"
	"ringway/store"
)

// counter is a queue in which nobody serves, and an office that grants every wish of its agents.
type counter struct {
	mu      sync.Mutex
	tickets []*slip
}

func (q *counter) Enter(context.Context, apps.QueueEntry) (apps.Ticket, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := &slip{left: make(chan struct{}), result: make(chan store.VisitResult, 1)}
	q.tickets = append(q.tickets, s)
	return s, nil
}

func (q *counter) first() *slip {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.tickets[0]
}

func (q *counter) Settings(string) (apps.QueueSettings, bool) { return apps.QueueSettings{}, false }

func (q *counter) Member(context.Context, apps.MemberCommand) (apps.MemberReply, error) {
	return apps.MemberReply{Done: true, Result: "joined"}, nil
}

// slip is a ticket whose result the test gives.
type slip struct {
	once   sync.Once
	left   chan struct{}
	result chan store.VisitResult
	over   bool
}

func (s *slip) Present(apps.Offer) apps.Presentation { return nil }

func (s *slip) Desk(string, store.DeskAct, string) {}

func (s *slip) Settings() apps.QueueSettings { return apps.QueueSettings{Music: "waltz"} }

func (s *slip) Next(ctx context.Context) (apps.TicketEvent, error) {
	if s.over {
		return apps.TicketEvent{}, io.EOF
	}
	select {
	case r := <-s.result:
		s.over = true
		return apps.TicketEvent{Kind: apps.TicketResult, Result: r}, nil
	case <-ctx.Done():
		return apps.TicketEvent{}, ctx.Err()
	}
}

func (s *slip) Ringing(string)                         {}
func (s *slip) Report(string, store.OfferOutcome, int) {}
func (s *slip) Leave(store.VisitResult)                { s.once.Do(func() { close(s.left) }) }

// kinds are what the call's row and its events said of its kind, in order.
func (n *notes) kinds(t *testing.T) (row store.CallKind, told []string) {
	t.Helper()
	row = n.cdr(t).Kind
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, r := range n.records {
		if e := r.Event; e != nil && (e.Kind == store.CallStart || e.Kind == "call.kind") {
			told = append(told, e.State)
		}
	}
	return row, told
}

func TestKindsOfCall(t *testing.T) {
	for _, c := range []struct {
		exten string
		talk  func(a *dialog, r *rig)
		want  store.CallKind
	}{
		{"202", func(a *dialog, _ *rig) { a.failed("486") }, store.Internal},
		{"103", func(a *dialog, r *rig) {
			b := r.carrier.rings()
			b.accept(b.p.sdp("0"))
			a.answered()
			a.hangup()
			b.gone()
		}, store.Outgoing},
		{"45", func(a *dialog, _ *rig) { a.failed("480") }, store.Service},
		{"46", func(a *dialog, r *rig) { // a feature code, and then a call to a colleague
			b := r.bob.rings()
			b.accept(b.p.sdp("0"))
			a.answered()
			a.hangup()
			b.gone()
		}, store.Internal},
	} {
		t.Run(c.exten, func(t *testing.T) {
			r := newRig(t, func(o *Options) { o.Queues = &counter{} })
			r.carrier, r.bob = r.phone("carrier"), r.phone("bob")
			alice := r.phone("alice")
			c.talk(alice.call(c.exten, alice.sdp("0")), r)
			row, told := r.notes.kinds(t)
			if row != c.want || told[len(told)-1] != string(c.want) || told[0] != string(store.Internal) {
				t.Errorf("the row says %s, the events %v; want %s", row, told, c.want)
			}
		})
	}
}

func TestACustomersCallStaysOne(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Queues = &counter{} })
	guest, carrier := r.phone("guest"), r.phone("carrier")
	a := guest.call("103", guest.sdp("0"))
	b := carrier.rings()
	b.reply(486, "")
	carrier.expect("ACK")
	a.failed("503")
	if row, told := r.notes.kinds(t); row != store.Customer || len(told) != 1 {
		t.Errorf("the row says %s, the events %v", row, told)
	}
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	for _, n := range r.notes.records {
		if e := n.Event; e != nil && e.Kind == store.CallStart && e.Data[store.DataCustomer] != "customer-7" {
			t.Errorf("call.start without the customer: %+v", e)
		}
	}
}

// The limit on calls that nobody answers does not run while the caller waits in a queue, and runs again afterwards.
func TestUnansweredLimitSparesWhoWaitsInAQueue(t *testing.T) {
	q := &counter{}
	const limit = 150 * time.Millisecond
	r := newRig(t, func(o *Options) { o.Queues, o.Limits.Unanswered = q, limit })
	guest := r.phone("guest")
	a := guest.call("47", guest.sdp("0"))
	guest.expect("183 INVITE")
	guest.quiet(2*limit, "183 INVITE")
	q.first().result <- store.TimedOut
	a.failed("480")
	r.wants(store.DispositionNoAnswer, NeverAnswer, "switch", 480)
}

func TestAWaitBeforeTheAnswerHasAnEndAllTheSame(t *testing.T) {
	r := newRig(t, func(o *Options) {
		o.Queues, o.Limits.Unanswered, o.Limits.Duration = &counter{}, 10*time.Millisecond, 100*time.Millisecond
	})
	guest := r.phone("guest")
	guest.call("47", guest.sdp("0")).failed("480")
	r.wants(store.DispositionNoAnswer, NeverAnswer, "switch", 480)
}

// The person behind an account stands in the rows and events of her own calls, and of calls to her; who a hot desk's phone
// belongs to is the router's to say, so it hears of the account only.
func TestAgentsOwnLegs(t *testing.T) {
	r := newRig(t)
	r.phones.belong(map[string]string{"alice": "a-lin", "bob": "b-chen"})
	alice, bob := r.phone("alice"), r.phone("bob")
	a := alice.call("100", alice.sdp("0"))
	b := bob.rings()
	b.reply(180, "")
	b.accept(bob.sdp("0"))
	a.answered()
	a.hangup()
	b.gone()
	r.notes.cdr(t)
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	agents := map[string]int{}
	for _, n := range r.notes.records {
		switch {
		case n.Leg != nil:
			agents["row of "+n.Leg.Account+": "+n.Leg.Agent]++
		case n.Event != nil && (n.Event.Kind == store.LegStart || n.Event.Kind == store.LegAnswer || n.Event.Kind == store.LegEnd || n.Event.Kind == store.CallStart):
			agents[string(n.Event.Kind)+" of "+n.Event.Agent]++
		}
	}
	for _, want := range []string{"row of alice: a-lin", "row of bob: b-chen", "leg.start of a-lin", "leg.start of b-chen", "leg.answer of a-lin",
		"leg.answer of b-chen", "leg.end of a-lin", "leg.end of b-chen", "call.start of a-lin"} {
		if agents[want] != 1 {
			t.Errorf("%s: %d times, want once; all: %v", want, agents[want], agents)
		}
	}
	for _, l := range r.notes.legsUp {
		if l.Agent != "" || l.Account == "" {
			t.Errorf("the router hears of %+v, want the account only", l)
		}
	}
}
