package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"ringway/store"
	"ringway/store/ledger"
)

// Days keeps what the report said of days when they closed.
type Days interface {
	ClosedDay(ctx context.Context, date, zone string) (store.ClosedDay, error)
	CloseDay(ctx context.Context, c store.ClosedDay) error
}

// Archive is a database that both computes and keeps days.
type Archive interface {
	Ledger
	Days
}

// Correction is a figure of a closed day that later facts changed. Nil is no value.
type Correction struct {
	At     time.Time   `json:"at"` // as of when it is so
	Kind   string      `json:"kind"`
	Name   string      `json:"name"`
	Figure string      `json:"figure"`
	Closed *float64    `json:"closed"` // when the day closed
	Value  *float64    `json:"value"`  // as it is now
	Unit   ledger.Unit `json:"unit"`
}

// Close keeps the figures of a day as they were when it closed, 6 h after its midnight: what is known of the time up to then.
// It tells whether it did: not before the day closes, nor again, nor for a day on which nothing happened. Figures whose
// window is longer than that are left out.
func Close(ctx context.Context, a Archive, o DailyOptions) (bool, error) {
	o = o.withDefaults()
	day, err := parseDay(o)
	if err != nil || o.Now.Before(day.To.Add(closing)) {
		return false, err
	}
	c := store.ClosedDay{Date: day.From.Format(time.DateOnly), Zone: o.Zone.String(), Closed: day.To.Add(closing)}
	if _, err := a.ClosedDay(ctx, c.Date, c.Zone); !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	r, err := compute(ctx, a, DailyOptions{Date: c.Date, Zone: o.Zone, Now: c.Closed, Repeat: o.Repeat}, day)
	if err != nil {
		return false, err
	}
	something := false
	for _, s := range r.Sheets {
		for _, f := range s.Figures {
			if !ledger.Windowed(f.Name) {
				c.Figures = append(c.Figures, store.ClosedFigure{Kind: s.Kind, Name: s.Name, Figure: f.Name, Value: f.Value})
				something = something || !same(f.Value, nil)
			}
		}
	}
	if !something {
		return false, nil
	}
	if err := a.CloseDay(ctx, c); err != nil {
		return false, fmt.Errorf("close day %s: %w", c.Date, err)
	}
	return true, nil
}

// place is where a figure stands in the report.
type place struct{ kind, name, figure string }

// correct shows the figures of a day as they were when it closed, and what differs since then as corrections.
func (r *Report) correct(c store.ClosedDay) {
	r.Closed = c.Closed.In(r.From.Location())
	kept, sheets := map[place]*float64{}, map[place]bool{}
	for _, f := range c.Figures {
		kept[place{f.Kind, f.Name, f.Figure}] = f.Value
		sheets[place{f.Kind, f.Name, ""}] = true
	}
	all := r.Sheets
	r.Sheets = nil
	for _, s := range all {
		old := sheets[place{s.Kind, s.Name, ""}]
		figures := s.Figures[:0]
		for _, f := range s.Figures {
			at := place{s.Kind, s.Name, f.Name}
			was, known := kept[at]
			delete(kept, at)
			later := strings.HasPrefix(f.Name, pausePrefix) && !known // nobody had paused for this reason
			if (known || !old || later) && !same(was, f.Value) {
				r.Corrections = append(r.Corrections, Correction{r.Until, s.Kind, s.Name, f.Name, was, f.Value, f.Unit})
			}
			if known {
				f.Value = was
			}
			if !later {
				figures = append(figures, f)
			}
		}
		s.Figures = figures
		if old { // a sheet that came later is all corrections
			r.Sheets = append(r.Sheets, s)
		}
	}
	r.gone(c, kept)
}

// gone shows what was kept of a closed day and has no place in its books any more, and corrects it to nothing.
func (r *Report) gone(c store.ClosedDay, kept map[place]*float64) {
	for _, f := range c.Figures {
		if _, left := kept[place{f.Kind, f.Name, f.Figure}]; !left {
			continue
		}
		g := described(f)
		i := slices.IndexFunc(r.Sheets, func(s Sheet) bool { return s.Kind == f.Kind && s.Name == f.Name })
		if i < 0 {
			i = slices.IndexFunc(r.Sheets, func(s Sheet) bool { return sheetOrder(s, f) > 0 })
			if i < 0 {
				i = len(r.Sheets)
			}
			r.Sheets = slices.Insert(r.Sheets, i, Sheet{Kind: f.Kind, Name: f.Name})
		}
		r.Sheets[i].Figures = append(r.Sheets[i].Figures, g)
		if g.Formula != "" && !same(f.Value, nil) { // a formula that is gone is no later fact
			r.Corrections = append(r.Corrections, Correction{r.Until, f.Kind, f.Name, f.Figure, f.Value, nil, g.Unit})
		}
	}
}

// sheetOrder compares a sheet with a figure's.
func sheetOrder(s Sheet, f store.ClosedFigure) int {
	kinds := []string{CallsSheet, QueueSheet, AgentSheet}
	return cmp.Or(slices.Index(kinds, s.Kind)-slices.Index(kinds, f.Kind), strings.Compare(s.Name, f.Name))
}

// described is a figure that was kept, with its unit and formula; bare where there is no such formula any more.
func described(f store.ClosedFigure) Figure {
	var all []ledger.Figure
	switch f.Kind {
	case CallsSheet:
		all = (&ledger.CallTally{}).Figures()
	case QueueSheet:
		all = (&ledger.QueueTally{}).Figures()
	case AgentSheet:
		a := ledger.AgentTally{}
		if reason, ok := strings.CutPrefix(f.Figure, pausePrefix); ok {
			a.NotReady = map[string]time.Duration{reason: 0}
		}
		all = a.Figures()
	}
	d := figureNamed(all, f.Figure)
	return Figure{Name: f.Figure, Value: f.Value, Unit: d.Unit, Formula: d.Formula}
}

// same compares two values; nothing and none are the same.
func same(a, b *float64) bool {
	if a == nil || b == nil {
		return (a == nil || *a == 0) && (b == nil || *b == 0)
	}
	return math.Abs(*a-*b) <= 1e-6*math.Max(1, math.Abs(*a))
}

// corrections are the lines under the figures.
func (r *Report) corrections() grid {
	g := grid{above: []string{"", "corrections since the day closed on " + r.Closed.Format("2006-01-02 15:04:05 MST")},
		head: []string{"  date", "sheet", "figure", "closed", "now"}}
	for _, c := range r.Corrections {
		text := func(v *float64) string { return Figure{Value: v, Unit: c.Unit}.text(r.From.Location()) }
		g.rows = append(g.rows, []string{"  " + c.At.Format("2006-01-02 15:04:05"), Sheet{Kind: c.Kind, Name: c.Name}.title(), c.Figure,
			text(c.Closed), text(c.Value)})
	}
	return g
}

// cell is a value for a spreadsheet.
func (r *Report) cell(v *float64, unit ledger.Unit) string {
	switch {
	case v == nil:
		return ""
	case unit == ledger.Clock:
		return time.UnixMicro(int64(*v * 1e6)).In(r.From.Location()).Format(time.RFC3339)
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}
