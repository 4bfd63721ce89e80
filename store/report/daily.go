package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"ringway/store"
	"ringway/store/ledger"
)

// Ledger opens the books of a span.
type Ledger interface {
	Books(ctx context.Context, r ledger.Request) (*ledger.Books, error)
}

// DailyOptions say which day. The zero value is today in UTC.
type DailyOptions struct {
	Date string         // "2026-03-02", "today", "yesterday"; empty: today
	Zone *time.Location // nil: UTC
	Now  time.Time      // zero: time.Now
	// Repeat is how soon a customer's next call is a repeat; zero is ledger.RepeatWindow.
	Repeat time.Duration
}

// closing is how long after midnight a day's figures may still change.
const closing = 6 * time.Hour

// Report is the daily report.
type Report struct {
	Title       string    `json:"title"`
	Date        string    `json:"date"`
	Zone        string    `json:"zone"`
	From        time.Time `json:"from"`
	To          time.Time `json:"to"`
	Until       time.Time `json:"until"`           // what happened after is not in it
	Provisional bool      `json:"provisional"`     // the day is not closed yet: 6 h after its midnight
	Closed      time.Time `json:"closed,omitzero"` // when the figures were kept; zero where none are
	Sheets      []Sheet   `json:"sheets"`
	// Corrections are what later facts changed in the figures of a closed day.
	Corrections []Correction `json:"corrections,omitempty"`
}

// Kinds of sheet.
const (
	CallsSheet = "calls" // customers' calls
	QueueSheet = "queue" // one queue; all of them together when its name is empty
	AgentSheet = "agent"
)

// Sheet is the figures of one subject.
type Sheet struct {
	Kind    string   `json:"kind"`
	Name    string   `json:"name"`
	Figures []Figure `json:"figures"`

	parts []ledger.Figure // of which rates and means are made, as the books are now
}

// Figure is one number, the name of its formula and the formula itself. Value is null where the formula has none.
type Figure struct {
	Name    string      `json:"name"`
	Value   *float64    `json:"value"`
	Unit    ledger.Unit `json:"unit"`
	Formula string      `json:"formula"`
	// Provisional says that days to come may still change it.
	Provisional bool `json:"provisional,omitempty"`

	now ledger.Figure // as the books are now
}

func (o DailyOptions) withDefaults() DailyOptions {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	return o
}

// Daily computes the report of one day: customers' calls, each queue and one sheet per agent. Of a day whose figures were
// kept by Close it shows those, and what differs since then as corrections.
func Daily(ctx context.Context, l Ledger, o DailyOptions) (*Report, error) {
	o = o.withDefaults()
	day, err := parseDay(o)
	if err != nil {
		return nil, err
	}
	r, err := compute(ctx, l, o, day)
	if days, ok := l.(Days); ok && err == nil && !r.Provisional {
		c, err := days.ClosedDay(ctx, r.Date, r.Zone)
		switch {
		case err == nil:
			r.correct(c)
		case !errors.Is(err, store.ErrNotFound):
			return nil, fmt.Errorf("daily report: %w", err)
		}
	}
	return r, err
}

// compute makes the report from the books alone.
func compute(ctx context.Context, l Ledger, o DailyOptions, day ledger.Span) (*Report, error) {
	books, err := l.Books(ctx, ledger.Request{From: day.From, To: day.To, Until: o.Now, Repeat: o.Repeat})
	if err != nil {
		return nil, fmt.Errorf("daily report: %w", err)
	}
	r := &Report{Title: "Daily report", Date: day.From.Format(time.DateOnly), Zone: o.Zone.String(), From: day.From, To: day.To,
		Until: o.Now.In(o.Zone), Provisional: o.Now.Before(day.To.Add(closing))}
	r.fill(books, day)
	return r, nil
}

func (r *Report) fill(books *ledger.Books, day ledger.Span) {
	calls := books.CustomerCalls(day)
	r.add(CallsSheet, "customers", &calls)
	for _, q := range books.QueueTallies(day) {
		r.add(QueueSheet, q.Queue, &q)
	}
	for _, a := range books.AgentTallies(day) {
		r.add(AgentSheet, a.Agent, &a)
	}
}

func (r *Report) add(kind, name string, t tally) {
	s := Sheet{Kind: kind, Name: name, parts: t.Parts()}
	for _, f := range t.Figures() {
		g := Figure{Name: f.Name, Unit: f.Unit, Formula: f.Formula, Provisional: f.Provisional, now: f}
		if f.Known {
			g.Value = &f.Value
		}
		s.Figures = append(s.Figures, g)
	}
	r.Sheets = append(r.Sheets, s)
}

func parseDay(o DailyOptions) (ledger.Span, error) {
	y, m, d := o.Now.In(o.Zone).Date()
	switch o.Date {
	case "", "today":
	case "yesterday":
		d--
	default:
		t, err := time.Parse(time.DateOnly, o.Date)
		if err != nil {
			return ledger.Span{}, fmt.Errorf("date %q: write it like 2026-03-02, or today, or yesterday", o.Date)
		}
		y, m, d = t.Date()
	}
	return ledger.Day(y, m, d, o.Zone), nil
}

// title is a sheet's heading.
func (s Sheet) title() string {
	if s.Kind == QueueSheet && s.Name == "" {
		return "all queues"
	}
	return s.Kind + " " + s.Name
}

// WriteTable writes the report for people.
func (r *Report) WriteTable(w io.Writer) error {
	note, asOf := "", r.Until
	switch {
	case r.Provisional:
		note = ", provisional"
	case !r.Closed.IsZero():
		note, asOf = ", closed", r.Closed
	}
	zone, _ := r.From.Zone()
	if _, err := fmt.Fprintf(w, "%s of %s, time zone %s (%s), %s hours, as of %s%s\n", r.Title, r.Date, r.Zone, zone,
		strconv.FormatFloat(r.To.Sub(r.From).Hours(), 'g', 4, 64), asOf.Format("2006-01-02 15:04:05 MST"), note); err != nil {
		return err
	}
	for _, s := range r.Sheets {
		g := grid{above: []string{"", s.title()}, head: []string{"  figure", "value", "formula"}}
		for _, f := range s.Figures {
			formula := f.Formula
			if f.Provisional {
				formula += " (provisional)"
			}
			g.rows = append(g.rows, []string{"  " + f.Name, f.text(r.From.Location()), formula})
		}
		if err := g.writeTable(w); err != nil {
			return err
		}
	}
	if len(r.Corrections) > 0 {
		return r.corrections().writeTable(w)
	}
	return nil
}

// text is the value for people.
func (f Figure) text(zone *time.Location) string {
	if f.Value == nil {
		return "–"
	}
	switch f.Unit {
	case ledger.Seconds:
		return duration(time.Duration(*f.Value * float64(time.Second)))
	case ledger.Percent:
		return strconv.FormatFloat(*f.Value, 'f', 1, 64) + " %"
	case ledger.Clock:
		return time.UnixMicro(int64(*f.Value * 1e6)).In(zone).Format("15:04:05")
	}
	return strconv.FormatFloat(*f.Value, 'f', -1, 64)
}

// duration prints 12.3s, 4m12.3s, 1h04m12s.
func duration(d time.Duration) string {
	d = d.Round(100 * time.Millisecond)
	if d >= time.Hour {
		d = d.Round(time.Second)
		return fmt.Sprintf("%dh%02dm%02ds", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
	}
	if d >= time.Minute {
		return fmt.Sprintf("%dm%04.1fs", int(d.Minutes()), (d % time.Minute).Seconds())
	}
	return fmt.Sprintf("%.1fs", d.Seconds())
}

// WriteCSV writes one line per figure, with zone, unit and formula beside it, and one per correction, with its own date.
func (r *Report) WriteCSV(w io.Writer) error {
	g := grid{head: []string{"date", "zone", "as_of", "sheet", "name", "figure", "value", "unit", "formula", "provisional", "closed_value"}}
	asOf := r.Until
	if !r.Closed.IsZero() {
		asOf = r.Closed
	}
	for _, s := range r.Sheets {
		for _, f := range s.Figures {
			g.rows = append(g.rows, []string{r.Date, r.Zone, asOf.Format(time.RFC3339), s.Kind, s.Name, f.Name, r.cell(f.Value, f.Unit), string(f.Unit), f.Formula,
				yes(f.Provisional), ""})
		}
	}
	for _, c := range r.Corrections {
		g.rows = append(g.rows, []string{r.Date, r.Zone, c.At.Format(time.RFC3339), c.Kind, c.Name, c.Figure, r.cell(c.Value, c.Unit), string(c.Unit),
			"correction of a closed day", "", r.cell(c.Closed, c.Unit)})
	}
	return g.writeCSV(w)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// WriteJSON writes the report for programs.
func (r *Report) WriteJSON(w io.Writer) error { return writeJSON(w, r) }
