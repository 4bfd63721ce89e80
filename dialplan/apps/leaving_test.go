package apps_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"ringway/acd"
	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/dialplan/sim"
	"ringway/store"
)

// spied is a host of queues that notes what a visit tells its ticket.
type spied struct {
	apps.Queues
	said *[]string
}

func (s spied) Enter(ctx context.Context, e apps.QueueEntry) (apps.Ticket, error) {
	t, err := s.Queues.Enter(ctx, e)
	return spiedTicket{t, s.said}, err
}

type spiedTicket struct {
	apps.Ticket
	said *[]string
}

func (t spiedTicket) Report(offer string, o store.OfferOutcome, status int) {
	*t.said = append(*t.said, "report "+string(o))
	t.Ticket.Report(offer, o, status)
}

func (t spiedTicket) Leave(r store.VisitResult) {
	*t.said = append(*t.said, "leave "+string(r))
	t.Ticket.Leave(r)
}

// An agent whose phone is told that the caller left is free again, and must not be rung for that caller once more.
func TestTheCallerIsGoneBeforeTheAgentIsFree(t *testing.T) {
	var l diag.List
	plan := dialplan.Load([]dialplan.File{{Name: "p.yaml", Data: []byte("contexts: {c: {extensions: {s: [{queue: {name: one}}]}}}")}},
		dialplan.LoadOptions{Apps: apps.All()}, &l)
	spec := acd.LoadSpec(acd.File{Name: "queues.yaml", Text: []byte(queues)}, acd.File{Name: "people.yaml", Text: []byte(people)}, &l)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	var said []string
	host := sim.NewQueues(spec, []string{"mei", "ken"})
	o := sim.Options{Plan: plan, Queues: func(c *sim.Clock) apps.Queues { return spied{host(c), &said} }}
	sim.Run(t.Context(), o, sim.Caller{Context: "c", Dialled: "s", HangUp: time.Second})
	left, reported := slices.Index(said, "leave abandoned"), slices.Index(said, "report caller_left")
	if left < 0 || reported < left {
		t.Errorf("the ticket was told %q", said)
	}
}
