package call

import (
	"cmp"
	"slices"
	"time"

	"ringway/store"
)

// Dialog is one leg of a call that is up: what finds it in a trace.
type Dialog struct {
	Leg, CallID           string
	Direction             store.Direction
	Agent, Account, Trunk string
	Remote                string
	Start                 time.Time
}

// dialog is what of a party never changes once others can find it, so that anybody may read it.
func (p *party) dialog() Dialog {
	return Dialog{Leg: p.row.ID, CallID: p.callID, Direction: p.row.Direction, Agent: p.row.Agent, Account: p.row.Account, Trunk: p.row.Trunk,
		Remote: p.row.Remote, Start: p.row.Start}
}

// Dialogs lists the legs of a call that have messages yet to come, in the order in which they began.
func (m *Manager) Dialogs(call string) []Dialog {
	m.mu.RLock()
	var out []Dialog
	for _, p := range m.parties {
		if p.c.id == call {
			out = append(out, p.dialog())
		}
	}
	m.mu.RUnlock()
	slices.SortFunc(out, func(a, b Dialog) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Leg, b.Leg)) })
	return out
}
