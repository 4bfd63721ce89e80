package node

import (
	"cmp"
	"context"
	"sync"
	"time"

	"ringway/config"
	"ringway/store"
	"ringway/store/report"
)

// reportsAtOnce bounds how many reports are in the making: each holds a day's books.
const reportsAtOnce = 2

// newReports makes the maker of reports.
func (n *Node) newReports() *report.Maker {
	s := report.Sources{Reach: &reach{n: n}, People: roster{n}}
	s.Ledger, _ = n.db.(report.Ledger)
	s.Calls, _ = n.db.(report.Rows)
	s.Wraps = wraps{n}
	return &report.Maker{Sources: s, Zone: n.zone, Now: n.clock.Now, Settings: n.reportSettings, Slots: make(chan struct{}, reportsAtOnce)}
}

// wraps are what agents said that calls came to.
type wraps struct{ n *Node }

// Disposed lists them for a span.
func (w wraps) Disposed(ctx context.Context, from, to time.Time) ([]report.Disposed, error) {
	db, ok := w.n.db.(interface {
		OutcomesBetween(ctx context.Context, from, to time.Time) ([]store.CallOutcome, error)
	})
	if !ok {
		return nil, nil
	}
	found, err := db.OutcomesBetween(ctx, from, to)
	var out []report.Disposed
	for _, o := range found {
		out = append(out, report.Disposed{Call: o.Call, Queue: o.Queue, Agent: o.Agent, Code: o.Code, Sub: o.Sub, At: o.At, Label: w.label(o)})
	}
	return out, err
}

// label is a disposition in the words of the queue's configuration, "" where it has none any more.
func (w wraps) label(o store.CallOutcome) string {
	q := w.n.config().Spec.Queue(o.Queue)
	if q == nil {
		return ""
	}
	choice, ok := q.Dispositions.Find(o.Code)
	if !ok {
		return ""
	}
	label := cmp.Or(choice.Label, o.Code)
	for _, sub := range choice.Items {
		if sub.Code == o.Sub {
			return label + ": " + cmp.Or(sub.Label, o.Sub)
		}
	}
	return label
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
	if r.n.registeredOf(r.sessions(customer, r.n.clock.Now())) != "" {
		return report.ReachApp
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
	asked := map[string]bool{}
	for _, a := range r.n.config().Settings.Accounts {
		if asked[a.Context] {
			continue
		}
		if asked[a.Context] = true; r.n.carried(a.Context, number) {
			return true
		}
	}
	return false
}
