package node

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"ringway/console"
	"ringway/dialplan"
	"ringway/sip/call"
)

// callbacks calls customers back.
type callbacks struct{ *reach }

// CallBack rings a person's phones and, when she picked up, the customer: in the app where it is registered, else by number as
// her own phone may dial it. A console.NotPlaced says what keeps it from that.
func (c callbacks) CallBack(_ context.Context, b console.CallBack) (console.Placed, error) {
	n := c.n
	phones := n.phonesOf(b.Person)
	if len(phones) == 0 {
		return console.Placed{}, console.NotPlaced(b.Person + " has no phone: name one under 'phones' in people.yaml")
	}
	o := call.Origin{Phones: phones, Name: b.Name, Number: cmp.Or(b.Number, b.Customer), Customer: b.Customer, Returns: b.Returns}
	o.Caller = n.callerAt(b.Person, phones)
	placed := console.Placed{By: "app"}
	if o.App = n.registeredOf(n.sessions.byCustomer()[b.Customer]); o.App == "" { // as they are now, which a report's list need not be
		if !n.mayDial(o.Caller.Context, b.Number) {
			return placed, console.NotPlaced("the customer can't be reached now: no app is registered, and there is no number that this phone may dial")
		}
		placed.By, o.Caller.Exten = "number", b.Number
	}
	var err error
	placed.Call, err = n.calls.Originate(o)
	for _, known := range []error{call.ErrBusy, call.ErrNoPhone, call.ErrNoRoom, call.ErrForbidden} {
		if errors.Is(err, known) {
			return placed, console.NotPlaced(err.Error())
		}
	}
	return placed, err
}

// phonesOf are the phones of a person: the hot desk where she sits, else her own.
func (n *Node) phonesOf(person string) (phones []dialplan.Phone) {
	if at := n.desks.seat(person); at != "" {
		return []dialplan.Phone{{Account: at}}
	}
	if p := n.config().Spec.Person(person); p != nil {
		for _, x := range p.Phones {
			phones = append(phones, dialplan.Phone{Account: x.Account, AutoAnswer: x.AutoAnswer})
		}
	}
	return phones
}

// callerAt is a person as the caller that she is when she dials, at the first of her phones that is reachable.
func (n *Node) callerAt(person string, phones []dialplan.Phone) call.Caller {
	account := phones[0].Account
	for _, p := range phones {
		if at, _ := n.edge.Contacts(p.Account, n.clock.Now()); len(at) > 0 {
			account = p.Account
			break
		}
	}
	c := n.config()
	shown := shownOf(c)(account)
	return call.Caller{Kind: shown.Kind, Account: account, Agent: person, Context: c.Settings.Accounts[account].Context,
		Number: shown.Number, Name: shown.Name}
}

// mayDial says whether the plan has a place for a number that a phone of a context dials, and a trunk carries it from there.
func (n *Node) mayDial(context, number string) bool {
	return number != "" && n.config().Plan.Accepts(context, number, n.clock.Now()) && n.carried(context, number)
}

// carried says whether a trunk carries a number from a context.
func (n *Node) carried(context, number string) bool {
	set := n.trunks.Load()
	return context != "" && slices.ContainsFunc(set.Names(), func(name string) bool {
		_, err := set.Route(name, context, number)
		return err == nil
	})
}

// registeredOf is the first of some addresses of record that is registered now, "" where none is.
func (n *Node) registeredOf(aors []string) string {
	now := n.clock.Now()
	for _, aor := range aors {
		if n.location.Registered(aor, now) {
			return aor
		}
	}
	return ""
}
