package report

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"ringway/store"
	"ringway/store/ledger"
	"ringway/store/report/words"
)

// makeSheets gives one sheet per agent and day: a row with all that is counted about her, pauses by reason and dispositions
// included, and for one agent and one day the timeline of her states.
func makeSheets(ctx context.Context, j *job) error {
	t, v := j.table, j.of(words.Agent)
	t.Section.cells(whole(j.nobody()), v)
	wraps, err := j.disposed(ctx)
	if err != nil {
		return err
	}
	reasons := map[string]Column{} // columns that come after those that everybody has
	err = j.each(ctx, func(day ledger.Span, b *ledger.Books) {
		for _, a := range j.visible(b.AgentTallies(day)) {
			j.sheet(&a, day, wraps, reasons)
		}
		if j.Agent != "" && len(j.days) == 1 && j.wanted(j.Agent) {
			t.Timeline = timeline(b, j.Agent, day)
		}
	})
	for _, name := range slices.Sorted(maps.Keys(reasons)) {
		t.Columns = append(t.Columns, reasons[name])
	}
	if len(t.Timeline) > 0 {
		t.Charts = append(t.Charts, Chart{Kind: "timeline", Title: j.say("States of %s", j.name(j.Agent)), X: "time", Series: []Series{}})
	}
	t.Charts = append(t.Charts, Chart{Kind: "bar", Title: j.say("Time by state"), X: "sheet", Series: v.times()})
	return err
}

// sheet adds one agent's day.
func (j *job) sheet(a *ledger.AgentTally, day ledger.Span, wraps []Disposed, extra map[string]Column) {
	figures, labels, v := whole(a), map[string]string{}, j.of(words.Agent)
	said := map[string]string{}
	for _, d := range wraps {
		if d.Agent == a.Agent && day.Holds(d.At) {
			f := ledger.Figure{Name: outcomePrefix + d.code(), Unit: ledger.Count, Known: true}
			figures, labels[f.Name] = append(figures, f), j.outcome(d)
			said[f.Name] = newDrill("said_by", d.Agent).span("said", day).saying(d.Code, d.Sub).Encode()
		}
	}
	j.table.provisional(figures)
	row := j.agentRow(a)
	date := day.From.In(j.zone).Format(time.DateOnly)
	row.Key, row.Label, row.Cells = row.Key+" "+date, row.Label+", "+date, map[string]any{}
	for _, f := range figures {
		switch {
		case f.Inner:
			row.Cells[f.Name] = cell(f, j.zone)
		case strings.HasPrefix(f.Name, outcomePrefix):
			n, _ := row.Cells[f.Name].(int)
			row.Cells[f.Name] = n + 1
			extra[f.Name] = Column{ID: f.Name, Label: j.say("Disposition: %s", labels[f.Name]), Unit: CountUnit,
				Formula: j.say("calls of hers in the span with this disposition")}
		case !j.table.has(f.Name):
			extra[f.Name] = v.made(f, figures)
			fallthrough
		default:
			row.Cells[f.Name] = cell(f, j.zone)
		}
	}
	longestOnes(row.Drills, figures)
	maps.Copy(row.Drills, said)
	row.Drills = counted(row.Drills, row.Cells)
	j.table.Rows = append(j.table.Rows, row)
}

// timeline is an agent's states within a span.
func timeline(b *ledger.Books, agent string, s ledger.Span) []Stretch {
	var out []Stretch
	for _, g := range b.Agents {
		if g.Agent != agent || g.Bucket == store.Offline || s.Overlap(g.Start, g.End) == 0 {
			continue
		}
		start, end := g.Start, g.End
		if start.Before(s.From) {
			start = s.From
		}
		if end.After(s.To) {
			end = s.To
		}
		out = append(out, Stretch{start.UTC(), end.UTC(), string(g.Bucket), g.Reason, g.Queue, g.Call})
	}
	return out
}
