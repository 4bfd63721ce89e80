package node

import (
	"log/slog"
	"strings"

	"ringway/acd"
	"ringway/sip/call"
)

// agents tells the router what happens on phones: dialogs from the calls, registrations from the location store.
type agents struct {
	router *acd.Router
	realm  string
	static *statics             // phones that live without a registration
	touch  func(account string) // what desks show of a phone changed
	log    *slog.Logger
}

// LegUp says that a dialog began on a phone.
func (a agents) LegUp(l call.AgentLeg) {
	a.post(acd.LegUp{Agent: l.Agent, Account: l.Account, Leg: l.Leg, Call: l.Call, Queue: l.Queue, Outgoing: l.Outgoing})
}

// LegHeld says that the phone put the other side on hold, or took it back.
func (a agents) LegHeld(l call.AgentLeg, held bool) { a.post(acd.LegHeld{Leg: l.Leg, Held: held}) }

// LegDown says that the dialog is over.
func (a agents) LegDown(l call.AgentLeg) { a.post(acd.LegDown{Leg: l.Leg, Left: l.Left}) }

// Reachable says that an address of record became reachable, or lost its last binding.
func (a agents) Reachable(aor string, registered bool) {
	user, host, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(aor, "sips:"), "sip:"), "@")
	if ok && strings.EqualFold(host, a.realm) {
		a.post(acd.Phone{Account: user, Registered: registered || a.static.lives(user)})
		a.touch(user)
	}
}

func (a agents) post(in acd.Input) {
	if !a.router.Post(in) {
		a.log.Error("the queue router lost an input: its mailbox is full")
	}
}
