package node

import (
	"context"
	"sync"
	"time"

	"ringway/config"
	"ringway/store/report"
)

// reportsAtOnce bounds how many reports are in the making: each holds a day's books.
const reportsAtOnce = 2

// newReports makes the maker of reports.
func (n *Node) newReports() *report.Maker {
	s := report.Sources{Reach: &reach{n: n}, People: roster{n}}
	s.Ledger, _ = n.db.(report.Ledger)
	s.Calls, _ = n.db.(report.Rows)
	return &report.Maker{Sources: s, Zone: n.zone, Now: n.clock.Now, Settings: n.reportSettings, Slots: make(chan struct{}, reportsAtOnce)}
}

// zone is the company's.
func (n *Node) zone() *time.Location { return Notes{Zone: n.config().Settings.Zone}.Location() }

func (n *Node) reportSettings() report.Settings { return reportSettings(n.config()) }

func reportSettings(c *config.Config) report.Settings {
	r := c.Settings.Reports
	return report.Settings{ServiceLevels: r.ServiceLevels, Default: r.Default, Repeat: r.RepeatWindow}
}

// Describe gives somebody's name and team.
func (r roster) Describe(id string) (name, team string) {
	if p := r.n.config().Spec.Person(id); p != nil {
		return p.Name, p.Team
	}
	return "", ""
}

// reach says how customers can be called back.
type reach struct {
	n *Node

	mu   sync.Mutex // guards what follows
	at   time.Time
	aors map[string][]string // of the app's sessions, by customer
}

// reachEvery is how long a list of sessions serves: a report asks for thousands of customers.
const reachEvery = 5 * time.Second

// Reach looks for an app that is registered now, then for a trunk that a phone may dial the number through.
func (r *reach) Reach(_ context.Context, customer, number string) string {
	now := r.n.clock.Now()
	for _, aor := range r.sessions(customer, now) {
		if r.n.location.Registered(aor, now) {
			return report.ReachApp
		}
	}
	if r.dialable(number) {
		return report.ReachNumber
	}
	return report.ReachNone
}

// sessions are the addresses of a customer's app.
func (r *reach) sessions(customer string, now time.Time) []string {
	if customer == "" {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.aors == nil || now.Sub(r.at) > reachEvery {
		r.at, r.aors = now, r.n.sessions.byCustomer()
	}
	return r.aors[customer]
}

// dialable says whether some phone may dial a number through a trunk.
func (r *reach) dialable(number string) bool {
	if number == "" {
		return false
	}
	set, contexts := r.n.trunks.Load(), map[string]bool{}
	for _, a := range r.n.config().Settings.Accounts {
		contexts[a.Context] = true
	}
	for _, name := range set.Names() {
		for c := range contexts {
			if _, err := set.Route(name, c, number); err == nil && c != "" {
				return true
			}
		}
	}
	return false
}
