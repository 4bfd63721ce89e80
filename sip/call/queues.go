package call

import (
	"context"
	"sync"

	"ringway/dialplan/apps"
	"ringway/store"
)

// callQueues are the node's queues as one call's script reaches them: the call hears what kind of call it is, and when it
// waits. Its methods run on the goroutines of the script.
type callQueues struct {
	apps.Queues
	c *Call
}

// Enter puts the caller into a queue, and spares her the limit on calls that nobody answers.
func (q callQueues) Enter(ctx context.Context, e apps.QueueEntry) (apps.Ticket, error) {
	t, err := q.Queues.Enter(ctx, e)
	if err != nil {
		return nil, err
	}
	q.c.post(message{do: func() {
		q.c.asksFor(false)
		q.c.waits(1)
	}}, false)
	return &waitingTicket{Ticket: t, c: q.c}, nil
}

// Member acts on the person of the calling account.
func (q callQueues) Member(ctx context.Context, m apps.MemberCommand) (apps.MemberReply, error) {
	q.c.post(message{do: q.c.commanded}, false)
	return q.Queues.Member(ctx, m)
}

// waitingTicket is a visit whose end the call hears of.
type waitingTicket struct {
	apps.Ticket
	c    *Call
	once sync.Once
}

func (t *waitingTicket) over() {
	t.once.Do(func() { t.c.post(message{do: func() { t.c.waits(-1) }}, false) })
}

// Next waits for the next event.
func (t *waitingTicket) Next(ctx context.Context) (apps.TicketEvent, error) {
	e, err := t.Ticket.Next(ctx)
	if err == nil && e.Kind == apps.TicketResult {
		t.over()
	}
	return e, err
}

// Leave ends the visit.
func (t *waitingTicket) Leave(reason store.VisitResult) {
	t.Ticket.Leave(reason)
	t.over()
}

// waits counts the visits that the caller is in. While she waits unanswered (answer: on_connect) the queue says for how long;
// the limit on answered calls bounds even that. Afterwards the limit on calls that nobody answers goes on where it stopped.
func (c *Call) waits(by int) {
	c.visits += by
	if c.answered || c.state >= Ending {
		return
	}
	switch {
	case by > 0 && c.visits == 1:
		c.left = max(c.limit.at.Sub(c.now()), 0)
		c.limitUnanswered(c.longest)
	case by < 0 && c.visits == 0:
		c.limitUnanswered(c.left)
	}
}
