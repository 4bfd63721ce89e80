package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ringway/store"
)

// Defaults of a visit whose event does not carry its queue's settings.
const (
	DefaultServiceLevel = 20 * time.Second
	DefaultShortAbandon = 5 * time.Second
)

// Books are the accounts up to one instant.
type Books struct {
	Until  time.Time
	Agents []AgentSegment // by agent, then time
	Calls  []CallSegment  // by call, then time
	Rows   []Call         // by start
	Visits []Visit        // by entry
	Offers []Offer        // by start
}

// Build keeps the books of the events before until. The order of the events does not matter and they are not changed; the
// same event given twice counts once. What is still open is accounted up to until.
func Build(events []store.Event, until time.Time) *Books {
	sorted := arrange(events, until)
	agents, calls := newAgentBook(sorted), newCallBook()
	for i := range sorted {
		agents.post(&sorted[i])
		calls.post(&sorted[i])
	}
	b := &Books{Until: until, Agents: agents.finish(until)}
	calls.finish(b)
	return b
}

// arrange copies the events before until in the order in which they happened, each once.
func arrange(events []store.Event, until time.Time) []store.Event {
	sorted := make([]store.Event, 0, len(events))
	for _, e := range events {
		if e.At.Before(until) {
			sorted = append(sorted, e)
		}
	}
	slices.SortFunc(sorted, compareEvents)
	return slices.CompactFunc(sorted, func(a, b store.Event) bool { return compareEvents(a, b) == 0 })
}

// compareEvents orders by time; at one instant, by the order in which one run of one node counted them.
func compareEvents(a, b store.Event) int {
	return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Node, b.Node), strings.Compare(a.Boot, b.Boot), cmp.Compare(a.Seq, b.Seq))
}
