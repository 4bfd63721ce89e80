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
	r.add(CallsSheet, "customers", calls)
	r.add(QueueSheet, "", queues.total())
	for _, name := range queues.names() {
		r.add(QueueSheet, name, queues[name])
	}
	for _, id := range slices.Sorted(maps.Keys(agents)) {
		r.add(AgentSheet, id, agents[id])
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
			agents.put(Row{Key: s.Name, Label: j.name(s.Name), Drill: drills["handled_in"], Drills: drills, Timeline: j.timeline(j.span, "agent", s.Name)}, withoutReasons(figures), j.of(words.Agent))
		}
	}
	t.Sections = []Section{calls, agents}
	t.Charts = []Chart{j.volume(j.say("Visits by queue"), "queue"), j.level("bar", j.say("Service level by queue"), "queue")}
}

// withoutReasons drops pauses by reason, which stand on the agents' sheets.
func withoutReasons(figures []ledger.Figure) []ledger.Figure {
	return slices.DeleteFunc(figures, func(f ledger.Figure) bool { return strings.HasPrefix(f.Name, pausePrefix) })
}

// figures are the sheet's in the ledger's words, with the parts of which its rates are made.
func (s Sheet) figures() []ledger.Figure {
	var out []ledger.Figure
	parts := slices.Clone(s.parts)
	for _, f := range s.Figures {
		g := f.now
		g.Name, g.Formula, g.Unit, g.Provisional, g.Known, g.Value = f.Name, f.Formula, f.Unit, f.Provisional, f.Value != nil, 0
		if f.Value != nil {
			g.Value = *f.Value
		}
		out = append(out, g)
	}
	for i, f := range s.Figures {
		if f.Value == nil || !f.now.Known || same(f.Value, &f.now.Value) {
			continue
		}
		for k := range parts {
			fit(&parts[k], out[i], append(slices.Clone(out), parts...))
		}
	}
	return append(out, parts...)
}

// fit makes a part as it was when the day closed, where a rate that it is part of was another one then: only rates were kept.
func fit(part *ledger.Figure, rate ledger.Figure, kept []ledger.Figure) {
	i := slices.IndexFunc(rate.Over, func(t ledger.Term) bool { return t.Name == part.Name })
	if i < 0 || rate.Over[i].Minus || slices.ContainsFunc(rate.Under, func(t ledger.Term) bool { return t.Name == part.Name }) {
		return
	}
	sum := func(terms []ledger.Term) (sum float64) {
		for _, t := range terms {
			if v := figureNamed(kept, t.Name).Value; t.Minus {
				sum -= v
			} else {
				sum += v
			}
		}
		return sum
	}
	value := rate.Value * sum(rate.Under)
	if rate.Unit == ledger.Percent {
		value /= 100
	}
	value -= sum(slices.Delete(slices.Clone(rate.Over), i, i+1))
	part.Value = value
}
