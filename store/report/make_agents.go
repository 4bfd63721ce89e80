package report

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"ringway/store"
	"ringway/store/ledger"
	"ringway/store/report/words"
)

// agentFigures are an agent's columns, those that the agents' list shows: pauses by reason stand on the sheets.
func agentFigures(a *ledger.AgentTally) []ledger.Figure {
	bare := *a
	bare.NotReady = nil
	return whole(&bare)
}

func makeAgents(ctx context.Context, j *job) error {
	sums, err := j.agentSums(ctx)
	if err != nil {
		return err
	}
	t, v := j.table, j.of(words.Agent)
	t.Section.cells(agentFigures(j.nobody()), v)
	all := ledger.AgentTally{}
	for _, id := range slices.Sorted(maps.Keys(sums)) {
		a := sums[id]
		figures := agentFigures(a)
		t.provisional(figures)
		t.Section.put(j.agentRow(a), figures, v)
		all.Join(*a)
	}
	j.together(&all)
	t.Charts = []Chart{
		{Kind: "bar", Title: j.say("Time by state"), X: "agent", Series: v.times()},
		{Kind: "bar", Title: v.label("occupancy"), X: "agent", Series: v.series("occupancy")},
	}
	return nil
}

// together is the total of the agents of the report.
func (j *job) together(all *ledger.AgentTally) {
	drills := teamDrills(j.span, cmp.Or(teamParam(j.Team), store.Anyone), j.settings.Repeat)
	j.table.Section.Timeline = j.timeline(j.span, "team", j.Team)
	if j.Agent != "" {
		drills = agentDrills(j.span, j.Agent, j.settings.Repeat)
		j.table.Section.Timeline = j.timeline(j.span, "agent", j.Agent)
	}
	j.table.Section.sum(withoutClock(agentFigures(all)), drills, j.of(words.Agent))
}

// teamParam asks for a team; for those of none by a dash.
func teamParam(name string) string {
	if name == ledger.Unnamed {
		return "-"
	}
	return name
}

func (j *job) agentRow(a *ledger.AgentTally) Row {
	drills := agentDrills(a.Span, a.Agent, j.settings.Repeat)
	return Row{Key: a.Agent, Label: j.name(a.Agent), Drill: drills["handled_in"], Drills: drills, Timeline: j.timeline(a.Span, "agent", a.Agent)}
}

// nobody is an empty account, for the columns.
func (j *job) nobody() *ledger.AgentTally { return &ledger.AgentTally{Window: j.settings.Repeat} }

// timeline is the query of the report of agents' days behind times in states.
func (j *job) timeline(s ledger.Span, pairs ...string) string {
	edge := func(t time.Time) string { return t.In(j.zone).Format(time.DateOnly) }
	return newDrill(pairs...).with("from", edge(s.From), "to", edge(s.To.Add(-time.Nanosecond)), "zone", j.zone.String()).Encode()
}

// times are the buckets of logged-in time.
func (v voice) times() []Series {
	var out []string
	for _, b := range ledger.AgentBuckets[1:] {
		out = append(out, string(b))
	}
	return v.series(out...)
}

// withoutClock drops what has no meaning for several people together.
func withoutClock(figures []ledger.Figure) []ledger.Figure {
	return slices.DeleteFunc(figures, func(f ledger.Figure) bool { return f.Unit == ledger.Clock })
}

func makeTeams(ctx context.Context, j *job) error {
	sums, err := j.agentSums(ctx)
	if err != nil {
		return err
	}
	t, v := j.table, j.of(words.Agent)
	people := Column{ID: "people", Label: j.say("People"), Unit: CountUnit, Formula: j.say("agents who were logged in or offered a call in the span")}
	t.Columns = append(t.Columns, people)
	t.Section.cells(withoutClock(agentFigures(j.nobody())), v)
	teams, count, all := map[string]*ledger.AgentTally{}, map[string]int{}, ledger.AgentTally{}
	for id, a := range sums {
		name := j.team(id)
		if name == "" {
			name = ledger.Unnamed
		}
		if teams[name] == nil {
			teams[name] = &ledger.AgentTally{}
		}
		teams[name].Join(*a)
		all.Join(*a)
		count[name]++
	}
	for _, name := range slices.Sorted(maps.Keys(teams)) {
		figures := withoutClock(agentFigures(teams[name]))
		t.provisional(figures)
		drills := teamDrills(j.span, teamParam(name), j.settings.Repeat)
		t.Section.put(Row{Key: name, Label: name, Drill: drills["handled_in"], Drills: drills, Timeline: j.timeline(j.span, "team", name)}, figures, v)
		t.Rows[len(t.Rows)-1].Cells["people"] = count[name]
	}
	j.together(&all)
	t.Totals["people"] = len(sums)
	t.Charts = []Chart{{Kind: "bar", Title: j.say("Time by state"), X: "team", Series: v.times()},
		{Kind: "bar", Title: j.say("Conversations"), X: "team", Series: v.series("handled_in")}}
	return nil
}
