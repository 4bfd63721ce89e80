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
	return t.say("%s to %s, time zone %s", stamp(t.From, zone), stamp(t.To, zone), t.Zone)
}

// asOf says when the table was made, and what may still change.
func (t *Table) asOf() string {
	text := t.say("made %s", stamp(t.Generated, t.location()))
	switch {
	case t.Closed != nil:
		text += t.say(", figures as of %s, when the day closed", stamp(*t.Closed, t.location()))
	case t.Open:
		text += t.say(", not closed yet: figures may change")
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

// word is what a code is called, and any other text itself.
func (c Column) word(s string) string {
	if w, ok := c.Words[s]; ok {
		return w
	}
	return s
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
		return c.word(s)
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

// heading is a column's identifier, or its label where a language was asked for.
func (t *Table) heading(c Column) string {
	if t.asked {
		return c.Label
	}
	return c.ID
}

// WriteJSON writes the table for programs.
func (t *Table) WriteJSON(w io.Writer) error { return writeJSON(w, t) }

// WriteTable writes the table for a terminal: figures below each other where there are many.
func (t *Table) WriteTable(w io.Writer) error {
	head := grid{above: []string{t.Title + ": " + t.span(), t.asOf()}}
	if s := t.sample(); s != "" {
		head.above = append(head.above, s)
	}
	if err := head.writeTable(w); err != nil {
		return err
	}
	const wide = 14 // columns that a terminal shows side by side
	for _, s := range t.all() {
		if s.Heading != "" {
			if err := (grid{above: []string{"", s.Heading}}).writeTable(w); err != nil {
				return err
			}
		}
		rows := s.Rows
		if len(s.Totals) > 0 {
			rows = append(rows[:len(rows):len(rows)], Row{Label: t.say("all"), Cells: s.Totals})
		}
		g := s.beside(rows)
		if len(s.Columns) > wide {
			g = s.below(t, rows)
		}
		if err := g.writeTable(w); err != nil {
			return err
		}
	}
	for _, c := range t.Corrections {
		if err := (grid{above: []string{t.say("corrected %s: %s", stamp(c.At, t.location()), c.Text)}}).writeTable(w); err != nil {
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
func (s Section) below(t *Table, rows []Row) grid {
	g := grid{head: []string{t.say("row"), t.say("figure"), t.say("value"), t.say("formula")}}
	for _, r := range rows {
		for _, c := range s.Columns {
			g.rows = append(g.rows, []string{r.Label, t.heading(c), c.text(r.Cells[c.ID]), c.Formula})
		}
	}
	return g
}
