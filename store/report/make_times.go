package report

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ringway/store/ledger"
	"ringway/store/report/words"
)

// tallyOf picks a queue's tally, or that of all; an empty one where the queue had nothing.
func tallyOf(tallies []ledger.QueueTally, queue string, s ledger.Span) ledger.QueueTally {
	for _, t := range tallies {
		if t.Queue == queue {
			return t
		}
	}
	return ledger.QueueTally{Queue: queue, Span: s}
}

// leads are the drills of all intervals together, since a month has thousands of them: the edges are filled in by who reads them.
func leads(s ledger.Span, subject drill) map[string]string {
	out := queueDrills(s, subject)
	edge := func(t time.Time) string { return url.QueryEscape(edgeText(t)) }
	for column, query := range out {
		out[column] = strings.NewReplacer(edge(s.From), "{from}", edge(s.To), "{to}").Replace(query)
	}
	return out
}

// makeIntervals cuts each day into equal pieces from its midnight on: 23 or 25 hours on days of change.
func makeIntervals(ctx context.Context, j *job) error {
	t, v := j.table, j.of(words.Queue)
	t.Section.cells(j.chosen(whole(&ledger.QueueTally{})), v)
	sums := queueSums{}
	t.Leads = leads(j.span, newDrill("queue", j.Queue))
	err := j.each(ctx, func(day ledger.Span, b *ledger.Books) {
		pieces := day.Split(j.step)
		for i, tallies := range b.Tally(pieces, ledger.ByQueue) {
			q, at := tallyOf(tallies, j.Queue, pieces[i]), pieces[i].From.In(j.zone)
			form := "15:04"
			if len(j.days) > 1 {
				form = "2006-01-02 15:04"
			}
			if day.Length() != 24*time.Hour { // an hour comes twice, or one is missing: say which offset
				form += " -07:00"
			}
			figures := j.chosen(whole(&q))
			t.Section.put(Row{Key: instantText(at, j.zone), Label: at.Format(form), From: edgeText(pieces[i].From), To: edgeText(pieces[i].To),
				Drills: longestOf(queueDrills(pieces[i], newDrill("queue", j.Queue)), figures)}, figures, v)
		}
		sums.add(day, b.Tally([]ledger.Span{day}, ledger.ByQueue)[0])
	})
	total := sums[j.Queue]
	if total == nil {
		total = &ledger.QueueTally{}
	}
	t.Section.sum(j.chosen(whole(total)), queueDrills(j.span, newDrill("queue", j.Queue)), v)
	t.Charts = []Chart{j.volume(j.say("Visits by interval"), "time"), j.level("line", j.say("Service level by interval"), "time"),
		{Kind: "line", Title: j.say("Abandon rate by interval"), X: "time", Series: v.series("abandon_rate")}}
	return err
}

// weekdays are the columns of the heat map.
var weekdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

// makeHeatmap adds up one figure by hour and weekday of the zone's clock. An hour that a day has twice counts twice.
func makeHeatmap(ctx context.Context, j *job) error {
	measure := j.Measure
	if measure == "" {
		measure = "offered"
	}
	j.table.Measure = measure
	var sums [24][7]ledger.QueueTally
	err := j.each(ctx, func(day ledger.Span, b *ledger.Books) {
		hours := clockHours(day, j.zone)
		for i, tallies := range b.Tally(hours, ledger.ByQueue) {
			at := hours[i].From.In(j.zone)
			sums[at.Hour()][at.Weekday()].Merge(tallyOf(tallies, j.Queue, hours[i]))
		}
	})
	if err != nil {
		return err
	}
	t, v := j.table, j.of(words.Queue)
	chart := Chart{Kind: "heatmap", Title: j.say("%s by hour and weekday", v.label(measure)), X: "hour"}
	for _, d := range weekdays {
		c := j.weekday(d, measure)
		t.Columns = append(t.Columns, c)
		chart.Series = append(chart.Series, Series{c.Label, c.ID})
	}
	subject := newDrill()
	if j.Queue != "" {
		subject = newDrill("queue", j.Queue)
	}
	for h := range sums {
		row := Row{Key: strconv.Itoa(h), Label: time.Date(2000, 1, 1, h, 0, 0, 0, time.UTC).Format("15:04"), Cells: map[string]any{}, Drills: map[string]string{}}
		for i, d := range weekdays {
			j.hour(row, t.Columns[i], whole(&sums[h][d]), queueDrills(j.span, subject.with("clock", clockText(d, h), "zone", j.zone.String())))
		}
		row.Drills = counted(row.Drills, row.Cells)
		t.Rows = append(t.Rows, row)
	}
	for _, f := range j.chosen((&ledger.QueueTally{}).Figures()) {
		t.Measures = append(t.Measures, v.column(f))
	}
	t.Charts = []Chart{chart}
	return nil
}

// weekday is a column of the heat map; the parts of its measure stand in cells of their own.
func (j *job) weekday(d time.Weekday, measure string) Column {
	figures := whole(&ledger.QueueTally{})
	f := figureNamed(figures, measure)
	c := j.of(words.Queue).made(f, figures)
	c.Formula = f.Name + " = " + c.Formula // the column is called after the day
	c.ID, c.Label = d.String()[:3], j.say(d.String())
	for _, parts := range [][]Part{c.Over, c.Under} {
		for i, p := range parts {
			parts[i].Cell = c.ID + " " + p.ID
		}
	}
	return c
}

// hour fills in what a heat map says of one hour of a weekday.
func (j *job) hour(row Row, c Column, figures []ledger.Figure, drills map[string]string) {
	longestOnes(drills, figures)
	put := func(at, name string) {
		row.Cells[at], row.Drills[at] = cell(figureNamed(figures, name), j.zone), drills[name]
	}
	put(c.ID, j.table.Measure)
	for _, parts := range [][]Part{c.Over, c.Under} {
		for _, p := range parts {
			put(p.Cell, p.ID)
		}
	}
}

func figureNamed(all []ledger.Figure, name string) ledger.Figure {
	for _, f := range all {
		if f.Name == name {
			return f
		}
	}
	return ledger.Figure{Name: name}
}

// clockHours cuts a span wherever the hour on the zone's clock changes.
func clockHours(s ledger.Span, zone *time.Location) []ledger.Span {
	var out []ledger.Span
	for from := s.From; from.Before(s.To); {
		at := from.In(zone)
		past := time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second + time.Duration(at.Nanosecond())
		to := from.Add(time.Hour - past)
		if to.After(s.To) {
			to = s.To
		}
		out = append(out, ledger.Span{From: from, To: to})
		from = to
	}
	return out
}
