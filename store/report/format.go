package report

import (
	"io"
	"strconv"
	"time"
)

// Formats of a table, with what browsers and mails call them.
var formats = map[string]struct {
	mediaType, ending string
	write             func(t *Table, w io.Writer) error
}{
	"json":  {"application/json", "json", (*Table).WriteJSON},
	"csv":   {"text/csv; charset=utf-8", "csv", (*Table).WriteCSV},
	"xlsx":  {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", (*Table).WriteXLSX},
	"print": {"text/html; charset=utf-8", "html", (*Table).WritePage},
}

// Formats lists the names of all formats.
func Formats() []string { return []string{"json", "csv", "xlsx", "print"} }

// Known says whether a format exists.
func Known(format string) bool {
	_, ok := formats[format]
	return ok
}

// Write writes the table in a format.
func (t *Table) Write(w io.Writer, format string) error { return formats[format].write(t, w) }

// MediaType is what a format is called in mails and answers.
func MediaType(format string) string { return formats[format].mediaType }

// FileName is what the table is saved as in a format: its kind and its days.
func (t *Table) FileName(format string) string {
	zone := t.location()
	name := "ringway-" + t.Kind + "-" + t.From.In(zone).Format(time.DateOnly)
	if last := t.To.Add(-time.Nanosecond).In(zone).Format(time.DateOnly); last != t.From.In(zone).Format(time.DateOnly) {
		name += "-to-" + last
	}
	return name + "." + formats[format].ending
}

// location is the table's zone.
func (t *Table) location() *time.Location {
	if l, err := time.LoadLocation(t.Zone); err == nil {
		return l
	}
	return time.UTC
}

// span says which time the table covers, and on which clock.
func (t *Table) span() string {
	zone := t.location()
	return stamp(t.From, zone) + " to " + stamp(t.To, zone) + ", time zone " + t.Zone
}

// asOf says when the table was made, and what may still change.
func (t *Table) asOf() string {
	text := "made " + stamp(t.Generated, t.location())
	switch {
	case t.Closed != nil:
		text += ", figures as of " + stamp(*t.Closed, t.location()) + ", when the day closed"
	case t.Open:
		text += ", not closed yet: figures may change"
	}
	return text
}

// all are the main section and the others.
func (t *Table) all() []Section { return append([]Section{t.Section}, t.Sections...) }

// rawText is a cell for programs.
func rawText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// text is a cell for people.
func (c Column) text(v any) string {
	n, isNumber := number(v)
	switch {
	case v == nil:
		return "–"
	case !isNumber:
		s := rawText(v)
		if at, err := time.Parse(time.RFC3339, s); err == nil && c.Unit == TimeUnit {
			return at.Format("2006-01-02 15:04:05")
		}
		return s
	case c.Unit == DurationUnit:
		return duration(time.Duration(n * float64(time.Second)))
	case c.Unit == PercentUnit:
		return strconv.FormatFloat(n, 'f', 1, 64) + " %"
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	}
	return 0, false
}

// WriteJSON writes the table for programs.
func (t *Table) WriteJSON(w io.Writer) error { return writeJSON(w, t) }

// WriteTable writes the table for a terminal: figures below each other where there are many.
func (t *Table) WriteTable(w io.Writer) error {
	if err := (grid{above: []string{t.Title + ": " + t.span(), t.asOf()}}).writeTable(w); err != nil {
		return err
	}
	const wide = 12 // columns that a terminal shows side by side
	for _, s := range t.all() {
		if s.Heading != "" {
			if err := (grid{above: []string{"", s.Heading}}).writeTable(w); err != nil {
				return err
			}
		}
		rows := s.Rows
		if len(s.Totals) > 0 {
			rows = append(rows[:len(rows):len(rows)], Row{Label: "all", Cells: s.Totals})
		}
		g := s.beside(rows)
		if len(s.Columns) > wide {
			g = s.below(rows)
		}
		if err := g.writeTable(w); err != nil {
			return err
		}
	}
	for _, c := range t.Corrections {
		if err := (grid{above: []string{"corrected " + stamp(c.At, t.location()) + ": " + c.Text}}).writeTable(w); err != nil {
			return err
		}
	}
	return nil
}

// beside has one line for each row.
func (s Section) beside(rows []Row) grid {
	g := grid{head: []string{""}}
	for _, c := range s.Columns {
		g.head = append(g.head, c.Label)
	}
	for _, r := range rows {
		line := []string{r.Label}
		for _, c := range s.Columns {
			line = append(line, c.text(r.Cells[c.ID]))
		}
		g.rows = append(g.rows, line)
	}
	return g
}

// below has one line for each figure of each row.
func (s Section) below(rows []Row) grid {
	g := grid{head: []string{"row", "figure", "value", "formula"}}
	for _, r := range rows {
		for _, c := range s.Columns {
			g.rows = append(g.rows, []string{r.Label, c.ID, c.text(r.Cells[c.ID]), c.Formula})
		}
	}
	return g
}

// WriteCSV writes one line per row under the formulas' names; a report of several sections one line per figure. Cells that a
// spreadsheet would take for formulas are guarded.
func (t *Table) WriteCSV(w io.Writer) error {
	from, to := t.From.In(t.location()).Format(time.RFC3339), t.To.In(t.location()).Format(time.RFC3339)
	if len(t.Sections) > 0 {
		g := grid{head: []string{"zone", "from", "to", "section", "row", "label", "figure", "value", "unit", "formula"}}
		for _, s := range t.all() {
			for _, r := range append(s.Rows[:len(s.Rows):len(s.Rows)], Row{Key: "", Label: "all", Cells: s.Totals}) {
				for _, c := range s.Columns {
					if r.Cells != nil {
						g.rows = append(g.rows, []string{t.Zone, from, to, s.ID, r.Key, r.Label, c.ID, rawText(r.Cells[c.ID]), string(c.Unit), c.Formula})
					}
				}
			}
		}
		for _, c := range t.Corrections {
			g.rows = append(g.rows, []string{t.Zone, from, to, "correction", c.Row, c.Text, c.Column, rawText(c.Value), "", "was " + rawText(c.Closed)})
		}
		return g.writeCSV(w)
	}
	g := grid{head: []string{"zone", "from", "to", "key", "label"}}
	for _, c := range t.Columns {
		g.head = append(g.head, c.ID)
	}
	for _, r := range t.Rows {
		line := []string{t.Zone, from, to, r.Key, r.Label}
		for _, c := range t.Columns {
			line = append(line, rawText(r.Cells[c.ID]))
		}
		g.rows = append(g.rows, line)
	}
	return g.writeCSV(w)
}
