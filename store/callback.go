package store

import "time"

// CalledBack is a call by which an agent answered a customer's.
type CalledBack struct {
	Returns     string // the customer's call
	Call        string
	Agent       string // who called; "" where her phone was nobody's
	At          time.Time
	Disposition Disposition // "" while it goes on
}
