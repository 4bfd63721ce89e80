package ledger

import (
	"cmp"
	"maps"
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
	Calls  []CallSegment  // each call's together, in the order of time
	Rows   []Call         // by start
	Visits []Visit        // by entry
	Offers []Offer        // by start

	// Elsewhere are visits of calls that are not in the books, of which only the work after them is.
	Elsewhere []Visit

	// Repeat is how soon a customer's next call counts as a repeat; zero is RepeatWindow.
	Repeat time.Duration
}

// Request says which books a keeper shall open: all that is needed to account [From, To) exactly, from what happened before
// Until. Zero Repeat is RepeatWindow.
type Request struct {
	From, To, Until time.Time
	Repeat          time.Duration
}

// Window is how far after To the calls of the same customers matter.
func (r Request) Window() time.Duration {
	if r.Repeat <= 0 {
		return RepeatWindow
	}
	return r.Repeat
}

func (b *Books) window() time.Duration { return Request{Repeat: b.Repeat}.Window() }

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
	b.wrapUps()
	return b
}

// Missing are the visits whose calls are not in the books, while some of the work after them is.
func (b *Books) Missing() []string {
	here, missing := map[string]bool{}, map[string]bool{}
	for _, v := range b.Visits {
		here[v.ID] = true
	}
	for _, s := range b.Agents {
		if s.Bucket == store.WrapUp && s.Visit != "" && !here[s.Visit] {
			missing[s.Visit] = true
		}
	}
	return slices.Sorted(maps.Keys(missing))
}

// wrapUps adds up the work after each conversation.
func (b *Books) wrapUps() {
	sums := map[string]time.Duration{}
	for _, s := range b.Agents {
		if s.Bucket == store.WrapUp && s.Visit != "" {
			sums[s.Visit] += s.End.Sub(s.Start)
		}
	}
	for i, v := range b.Visits {
		b.Visits[i].WrapUp = sums[v.ID]
	}
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
