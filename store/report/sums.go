package report

import (
	"context"
	"maps"
	"slices"

	"ringway/store/ledger"
)

// queueSums are the tallies of queues, or of other groups of visits, over consecutive days.
type queueSums map[string]*ledger.QueueTally

// add takes in the next day.
func (s queueSums) add(day ledger.Span, tallies []ledger.QueueTally) {
	seen := map[string]bool{}
	for _, t := range tallies {
		seen[t.Queue] = true
		if was := s[t.Queue]; was != nil {
			was.Merge(t)
		} else {
			s[t.Queue] = &t
		}
	}
	for name, was := range s {
		if !seen[name] {
			was.Merge(ledger.QueueTally{Queue: name, Span: day})
		}
	}
}

// total is the account of all groups together.
func (s queueSums) total() *ledger.QueueTally {
	if t := s[""]; t != nil {
		return t
	}
	return &ledger.QueueTally{}
}

// names are the groups in order, without the total.
func (s queueSums) names() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s)), func(n string) bool { return n == "" })
}

// queueSums tallies the span by a grouping.
func (j *job) queueSums(ctx context.Context, by ledger.Grouping) (queueSums, error) {
	sums := queueSums{}
	err := j.each(ctx, func(day ledger.Span, b *ledger.Books) {
		sums.add(day, b.Tally([]ledger.Span{day}, by)[0])
	})
	return sums, err
}

// agentSums are the tallies of agents over consecutive days.
type agentSums map[string]*ledger.AgentTally

func (s agentSums) add(day ledger.Span, tallies []ledger.AgentTally) {
	seen := map[string]bool{}
	for _, t := range tallies {
		seen[t.Agent] = true
		if was := s[t.Agent]; was != nil {
			was.Merge(t)
		} else {
			s[t.Agent] = &t
		}
	}
	for name, was := range s {
		if !seen[name] {
			was.Merge(ledger.AgentTally{Agent: name, Span: day, Until: was.Until})
		}
	}
}

// agentSums tallies the agents whom the viewer may see, by the query's agent and team.
func (j *job) agentSums(ctx context.Context) (agentSums, error) {
	sums := agentSums{}
	err := j.each(ctx, func(day ledger.Span, b *ledger.Books) {
		sums.add(day, j.visible(b.AgentTallies(day)))
	})
	return sums, err
}

func (j *job) visible(all []ledger.AgentTally) []ledger.AgentTally {
	return slices.DeleteFunc(all, func(a ledger.AgentTally) bool { return !j.wanted(a.Agent) })
}

// wanted says whether an agent's figures belong to the report.
func (j *job) wanted(agent string) bool {
	return j.viewer.sees(agent) && (j.Agent == "" || j.Agent == agent) && (j.Team == "" || j.Team == j.team(agent))
}

// tally is an account with its formulas.
type tally interface {
	Figures() []ledger.Figure
	Parts() []ledger.Figure
}

// whole is all that an account says, with the parts of which its rates are made.
func whole(t tally) []ledger.Figure { return append(t.Figures(), t.Parts()...) }
