package node

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"ringway/acd"
	"ringway/console/desk"
	"ringway/sip/call"
	"ringway/store"
	"ringway/store/report"
)

// startDesks starts the hub of the agents' desks; from here on it hears what the router records.
func (n *Node) startDesks() {
	n.hub = desk.New(desk.Options{
		Router: n.router, Calls: deskCalls{n}, Control: deskControl{n}, Records: n.db, Sink: n.records, Customers: deskCustomers{n},
		Lookups: deskLookups{n.lookups},
		Spec:    func() *acd.Spec { return n.config().Spec },
		Why:     n.whyHer, Now: n.clock.Now, Log: n.log,
	})
	n.desks.watch.Store(n.hub)
}

// Desks are the agents' desks in browsers.
func (n *Node) Desks() *desk.Hub { return n.hub }

// touchPhone says that something about an account's phone changed.
func (n *Node) touchPhone(account string) {
	if n.hub != nil {
		n.hub.Touch(personOf(n.config(), n.desks)(account))
	}
}

// whyHer says in words why a decision chose an agent. Which decision it is stands on the card, and who else was not considered is
// for managers to ask.
func (n *Node) whyHer(d store.Decision, _ string) string {
	c := n.config()
	zone, err := time.LoadLocation(c.Settings.Zone)
	if err != nil {
		zone = time.UTC
	}
	w := report.Words{Zone: zone, Name: func(id string) string {
		if p := c.Spec.Person(id); p != nil {
			return p.Name
		}
		return ""
	}}
	_, text, _ := strings.Cut(w.WhyAgent(d), "\n")
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if !strings.Contains(line, " not considered: ") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return strings.Join(lines, "\n")
}

// deskCalls are the calls that are up, as a desk needs them.
type deskCalls struct{ n *Node }

// Call finds one.
func (d deskCalls) Call(id string) (desk.Call, bool) {
	s, ok := d.n.calls.Call(id)
	if !ok {
		return desk.Call{}, false
	}
	c := s.Caller
	c.Claims.Customer = cmp.Or(c.Claims.Customer, s.For)
	return desk.Call{ID: s.ID, Kind: string(s.Kind), Agent: c.Agent, Number: c.Number, Name: c.Name, Dialled: s.Dialled,
		Callee: cmp.Or(s.Callee, d.colleague(s.Dialled)), Claims: c.Claims}, true
}

// colleague is the name of who has a number inside the company; of several the first by account, so that it does not change from
// look to look. Empty where nobody has.
func (d deskCalls) colleague(number string) string {
	accounts, first := d.n.config().Settings.Accounts, ""
	for name, a := range accounts {
		if number != "" && a.Number == number && (first == "" || name < first) {
			first = name
		}
	}
	return accounts[first].Name
}

// deskControl is what desks do to calls.
type deskControl struct{ n *Node }

// controlRefusals are the errors of a call that are the asker's to mend.
var controlRefusals = map[error]string{
	call.ErrNoCall: "no_call", call.ErrNotTalking: "not_talking", call.ErrNotTheirs: "not_hers", call.ErrCannotTransfer: "cannot_transfer",
}

func controlled(err error) error {
	for known, code := range controlRefusals {
		if errors.Is(err, known) {
			return desk.Refusal{Code: code, Words: err.Error()}
		}
	}
	return err
}

func (d deskControl) HoldCall(ctx context.Context, agent, id string, on bool) error {
	return controlled(d.n.HoldCall(ctx, agent, id, on))
}

func (d deskControl) HangUpCall(ctx context.Context, agent, id string) error {
	return controlled(d.n.HangUpCall(ctx, agent, id))
}

func (d deskControl) TransferToNumber(ctx context.Context, agent, id, number string) error {
	return controlled(d.n.TransferToNumber(ctx, agent, id, number))
}

func (d deskControl) TransferToQueue(ctx context.Context, agent, id, queue string) error {
	return controlled(d.n.TransferToQueue(ctx, agent, id, queue))
}

// HandOn hands the caller of an agent's conversation on, for a manager.
func (n *Node) HandOn(ctx context.Context, agent, id, to string, queue bool) error {
	if queue {
		return controlled(n.TransferToQueue(ctx, agent, id, to))
	}
	return controlled(n.TransferToNumber(ctx, agent, id, to))
}

// Legs lists the legs of a call that are up.
func (n *Node) Legs(id string) []store.Leg {
	var out []store.Leg
	for _, d := range n.calls.Dialogs(id) {
		out = append(out, store.Leg{ID: d.Leg, Call: id, Direction: d.Direction, Account: d.Account, Trunk: d.Trunk, Agent: d.Agent, SIPID: d.CallID,
			Remote: d.Remote, Start: d.Start})
	}
	return out
}

// deskCustomers are the customers on record, as cards show them.
type deskCustomers struct{ n *Node }

// maxCardNotes is how many notes about a customer a card shows.
const maxCardNotes = 20

// Customer finds one; a zero one where nothing is on record.
func (d deskCustomers) Customer(ctx context.Context, id string) (desk.Customer, error) {
	row, err := d.n.tables.Customer(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return desk.Customer{}, nil
	} else if err != nil {
		return desk.Customer{}, err
	}
	out := desk.Customer{ID: row.ID, Name: row.Name, Language: row.Language, Region: row.Region, Zone: row.Zone, Booking: row.Booking,
		Priority: row.Priority.Seconds(), Fields: row.Fields}
	notes, err := d.n.tables.CustomerNotes(ctx, id, maxCardNotes)
	for _, x := range notes {
		out.Notes = append(out.Notes, desk.Note{ID: x.ID, At: x.At, By: x.By, Text: x.Text})
	}
	return out, err
}
