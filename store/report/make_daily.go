package report

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"ringway/store/ledger"
	"ringway/store/report/words"
)

// makeDaily is the summary of customers' calls, the queues and the agents. Of one whole day it shows what was kept when the
// day closed, and what differs since then.
func makeDaily(ctx context.Context, j *job) error {
	if j.date != "" {
		return j.day(ctx)
	}
	queues, agents := queueSums{}, agentSums{}
	var calls *ledger.CallTally
	err := j.each(ctx, func(day ledger.Span, b *ledger.Books) {
		queues.add(day, b.QueueTallies(day))
		agents.add(day, j.visible(b.AgentTallies(day)))
		c := b.CustomerCalls(day)
		if calls == nil {
			calls = &c
		} else {
			calls.Merge(c)
		}
	})
	if err != nil {
		return err
	}
	if calls == nil {
		calls = &ledger.CallTally{Span: j.span}
	}
	r := &Report{}
	r.add(CallsSheet, "customers", calls.Figures())
	r.add(QueueSheet, "", queues.total().Figures())
	for _, name := range queues.names() {
		r.add(QueueSheet, name, queues[name].Figures())
	}
	for _, id := range slices.Sorted(maps.Keys(agents)) {
		r.add(AgentSheet, id, agentFigures(agents[id]))
	}
	j.sections(r)
	return nil
}

// day shows one day with its corrections.
func (j *job) day(ctx context.Context) error {
	r, err := Daily(ctx, j.Ledger, DailyOptions{Date: j.date, Zone: j.zone, Now: j.now, Repeat: j.settings.Repeat})
	if err != nil {
		return err
	}
	r.Sheets = slices.DeleteFunc(r.Sheets, func(s Sheet) bool { return s.Kind == AgentSheet && !j.wanted(s.Name) })
	j.sections(r)
	t := j.table
	if !r.Closed.IsZero() {
		at := r.Closed.UTC()
		t.Closed = &at
	}
	for _, c := range r.Corrections {
		if c.Kind == AgentSheet && !j.wanted(c.Name) {
			continue
		}
		text := func(v *float64) string { return Figure{Value: v, Unit: c.Unit}.text(j.zone) }
		t.Corrections = append(t.Corrections, CorrectionLine{At: c.At.UTC(), Row: strings.TrimSpace(c.Kind + " " + c.Name), Column: c.Figure,
			Closed: c.value(c.Closed, j.zone), Value: c.value(c.Value, j.zone),
			Text: j.say("%s, %s: %s instead of %s when the day closed", j.subject(c), j.of(words.Sheet(c.Kind)).label(c.Figure), text(c.Value), text(c.Closed))})
	}
	return nil
}

// subject is whose figure was corrected.
func (j *job) subject(c Correction) string {
	switch {
	case c.Kind == CallsSheet:
		return j.say("Customers' calls")
	case c.Kind == QueueSheet && c.Name == "":
		return j.say("all queues")
	case c.Kind == QueueSheet:
		return j.say("queue %s", c.Name)
	}
	return j.name(c.Name)
}

func (c Correction) value(v *float64, zone *time.Location) any {
	if v == nil {
		return nil
	}
	return cell(ledger.Figure{Value: *v, Known: true, Unit: c.Unit}, zone)
}

// sections turns sheets into tables: the queues are the main one.
func (j *job) sections(r *Report) {
	t := j.table
	t.ID, t.Heading = "queues", j.say("Queues")
	calls, agents := Section{ID: "calls", Heading: j.say("Customers' calls"), Rows: []Row{}}, Section{ID: "agents", Heading: j.say("Agents"), Rows: []Row{}}
	for _, s := range r.Sheets {
		figures := s.figures()
		t.provisional(figures)
		switch {
		case s.Kind == CallsSheet:
			drills := callDrills(j.span, j.settings.Repeat)
			calls.put(Row{Key: s.Name, Label: j.say("Customers"), Drill: drills["calls"], Drills: drills}, figures, j.of(words.Calls))
		case s.Kind == QueueSheet && s.Name == "":
			t.Section.sum(j.chosen(figures), queueDrills(j.span, newDrill()), j.of(words.Queue))
		case s.Kind == QueueSheet:
			drills := queueDrills(j.span, newDrill("queue", s.Name))
			t.Section.put(Row{Key: s.Name, Label: s.Name, Drill: drills["offered"], Drills: drills}, j.chosen(figures), j.of(words.Queue))
		default:
			drills := agentDrills(j.span, s.Name, j.settings.Repeat)
			agents.put(Row{Key: s.Name, Label: j.name(s.Name), Drill: drills["handled_in"], Drills: drills}, withoutReasons(figures), j.of(words.Agent))
		}
	}
	t.Sections = []Section{calls, agents}
	t.Charts = []Chart{j.volume(j.say("Visits by queue"), "queue"), j.level("bar", j.say("Service level by queue"), "queue")}
}

// withoutReasons drops pauses by reason, which stand on the agents' sheets.
func withoutReasons(figures []ledger.Figure) []ledger.Figure {
	return slices.DeleteFunc(figures, func(f ledger.Figure) bool { return strings.HasPrefix(f.Name, pausePrefix) })
}

// figures are the sheet's in the ledger's words.
func (s Sheet) figures() []ledger.Figure {
	var out []ledger.Figure
	for _, f := range s.Figures {
		g := ledger.Figure{Name: f.Name, Formula: f.Formula, Unit: f.Unit, Provisional: f.Provisional}
		if f.Value != nil {
			g.Value, g.Known = *f.Value, true
		}
		out = append(out, g)
	}
	return out
}
