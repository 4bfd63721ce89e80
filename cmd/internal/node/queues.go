package node

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"

	"ringway/acd"
	"ringway/config"
	"ringway/console/desk"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/store"
)

// queues is the router as the dialplan sees it.
type queues struct {
	router *acd.Router
	config func() *config.Config
	pins   *pins // of hot desks
	desks  *desk.Hub
	log    *slog.Logger
}

// Enter puts a caller into a queue.
func (q queues) Enter(_ context.Context, e apps.QueueEntry) (apps.Ticket, error) {
	t, err := q.router.Enter(acd.EnterOptions{Call: e.Call, Queue: e.Queue, Profile: e.Profile, ByTransfer: e.ByTransfer})
	if errors.Is(err, acd.ErrUnknownQueue) {
		return nil, apps.ErrUnknownQueue
	} else if err != nil {
		return nil, err
	}
	return ticket{t, e.Call, q.desks}, nil
}

// Settings are a queue's words.
func (q queues) Settings(name string) (apps.QueueSettings, bool) {
	spec := q.config().Spec
	found := spec.Queue(name)
	if found == nil {
		found = spec.QueueByNumber(name)
	}
	if found == nil {
		return apps.QueueSettings{}, false
	}
	return queueSettings(found), true
}

// verbs of the dialplan in the router's words.
var verbs = map[apps.Verb]acd.Verb{
	apps.Join: acd.Join, apps.Leave: acd.LeaveVerb, apps.Pause: acd.Pause, apps.Resume: acd.Resume, apps.Desk: acd.Desk,
}

// spoken are the prompts that say what a command came to.
var spoken = map[acd.ReplyCode]string{
	acd.Joined: "joined", acd.Left: "left", acd.Paused: "paused", acd.Ready: "ready", acd.DeskTaken: "ready",
	acd.UnknownQueue: "unknown-queue", acd.NotAllowed: "no-queue", acd.NotJoined: "no-queue", acd.NotOnShift: "not-on-shift",
	acd.DeskInUse: "not-allowed", acd.UnknownAgent: "unknown-agent",
	acd.BadReason: "invalid",
}

// Member acts on the person of an account.
func (q queues) Member(ctx context.Context, c apps.MemberCommand) (apps.MemberReply, error) {
	cmd := acd.Command{Agent: c.Agent, Account: c.Account, Verb: verbs[c.Verb], Queue: c.Queue, Reason: c.Reason}
	if c.Verb == apps.Desk {
		cmd.Agent = q.person(c.Agent)
		if owner := q.config().Spec.PersonOf(c.Account); owner != nil && (c.Agent == "" || cmd.Agent == owner.ID) {
			cmd.Agent, cmd.Verb = owner.ID, acd.Undesk // she is back at her own phone, which needs no pin
		} else if prompt := q.refusePin(c.Account, cmd.Agent, c.Pin); prompt != "" {
			return apps.MemberReply{Result: "wrong_pin", Spoken: []string{prompt}, Agent: cmd.Agent}, nil
		}
	}
	r, err := q.router.Do(ctx, cmd)
	if err != nil {
		return apps.MemberReply{}, err
	}
	out := apps.MemberReply{Done: r.OK(), Result: string(r.Code), Agent: r.Agent}
	if prompt, ok := spoken[r.Code]; ok {
		out.Spoken = []string{prompt}
	}
	return out, nil
}

// person is who is meant by an identifier, or by the number of a phone of hers: names can't be typed on most phones.
func (q queues) person(word string) string {
	c := q.config()
	if c.Spec.Person(word) != nil {
		return word
	}
	for name, a := range c.Settings.Accounts {
		if p := c.Spec.PersonOf(name); p != nil && a.Number == word && word != "" {
			return p.ID
		}
	}
	return word
}

// refusePin checks the pin that was typed at an account; it returns the prompt that says no, "" where it is right.
func (q queues) refusePin(account, agent, pin string) string {
	if q.pins.refused(account) {
		return "not-allowed"
	}
	right := q.pinRight(agent, pin)
	if refused := q.pins.typed(account, right); refused {
		if q.config().Spec.Person(agent) == nil {
			agent = "unknown" // what was typed may have been meant as a pin
		}
		q.log.Warn("too many wrong pins; the phone is refused for a while", "account", account, "agent", agent, "for", pinRest)
	}
	if !right {
		return "wrong-pin"
	}
	return ""
}

// pinRight compares a hot desk's pin; an unknown person and a missing pin are as wrong as a wrong one.
func (q queues) pinRight(agent, pin string) bool {
	c := q.config()
	p := c.Spec.Person(agent)
	if p == nil || p.Pin == "" || pin == "" {
		return false
	}
	want, err := config.Secret(p.Pin).Read(c.Dir)
	return err == nil && samePin(want, pin)
}

// ticket is one visit as the dialplan sees it.
type ticket struct {
	t     *acd.Ticket
	call  string
	desks *desk.Hub
}

func (t ticket) Settings() apps.QueueSettings {
	return queueSettings(t.t.Queue())
}

func queueSettings(q *acd.Queue) apps.QueueSettings {
	return apps.QueueSettings{Music: q.Music, ExitKeys: q.ExitKeys, Recording: q.Recording}
}

func (t ticket) Next(ctx context.Context) (apps.TicketEvent, error) {
	select {
	case <-ctx.Done():
		return apps.TicketEvent{}, ctx.Err()
	case e, ok := <-t.t.Events():
		if !ok {
			return apps.TicketEvent{}, io.EOF
		}
		return ticketEvent(e), nil
	}
}

func ticketEvent(e acd.TicketEvent) apps.TicketEvent {
	switch {
	case e.Offer != nil:
		out := apps.TicketEvent{Kind: apps.TicketOffer, Ring: e.Offer.RingTime}
		for _, o := range e.Offer.Offers {
			out.Offers = append(out.Offers, offerOf(o))
		}
		return out
	case e.Cancel != nil:
		return apps.TicketEvent{Kind: apps.TicketCancel, Offer: e.Cancel.Offer, Reason: string(e.Cancel.Reason)}
	case e.Announce != nil:
		return apps.TicketEvent{Kind: apps.TicketAnnounce, Position: e.Announce.Position, File: e.Announce.File}
	}
	return apps.TicketEvent{Kind: apps.TicketResult, Result: e.Result}
}

func offerOf(o acd.AgentOffer) apps.Offer {
	out := apps.Offer{ID: o.ID, Agent: o.Agent, Preview: o.Mode == acd.PreviewMode}
	for _, p := range o.Accounts {
		out.Phones = append(out.Phones, dialplan.Phone(p))
	}
	return out
}

func (t ticket) Ringing(offer string) { t.t.Ringing(offer) }

// Present shows an offer at the agent's desk.
func (t ticket) Present(o apps.Offer) apps.Presentation {
	itself := slices.ContainsFunc(o.Phones, func(p dialplan.Phone) bool { return p.AutoAnswer })
	p := t.desks.Present(desk.Offer{ID: o.ID, Agent: o.Agent, Call: t.call, Queue: t.t.Queue().Name, Preview: o.Preview,
		AnswersItself: itself, Ring: o.Ring})
	if p == nil {
		return nil
	}
	return p
}

func (t ticket) Desk(offer string, act store.DeskAct, reason string) { t.t.Desk(offer, act, reason) }

func (t ticket) Report(offer string, outcome store.OfferOutcome, status int) {
	t.t.Report(offer, outcome, status)
}

func (t ticket) Leave(reason store.VisitResult) { t.t.Leave(reason) }
