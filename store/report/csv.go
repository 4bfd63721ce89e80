package report

import (
	"io"
	"strings"
	"time"
)

// mark begins a file of UTF-8 for spreadsheets that would take it for another alphabet.
const mark = "\ufeff"

// WriteCSV writes one line per row under the formulas' names; a report of several sections one line per figure. Cells that a
// spreadsheet would take for formulas are guarded. Made-up figures are marked as such. Where a language was asked for, headings and codes are in its words.
func (t *Table) WriteCSV(w io.Writer) error {
	if t.asked {
		if _, err := io.WriteString(w, mark); err != nil {
			return err
		}
	}
	if len(t.Sections) > 0 {
		return t.marked(t.figureGrid()).writeCSV(w)
	}
	return t.marked(t.rowGrid()).writeCSV(w)
}

// bounds are the table's span on its clock.
func (t *Table) bounds() (from, to string) {
	return t.From.In(t.location()).Format(time.RFC3339), t.To.In(t.location()).Format(time.RFC3339)
}

// marked adds to each line which of its figures' time is made up, where any is: whoever opens the file later sees no page that
// would say so.
func (t *Table) marked(g grid) grid {
	if len(t.MadeUp) == 0 {
		return g
	}
	mark := t.sample()
	if !t.asked {
		var spans []string
		for _, r := range t.MadeUp {
			spans = append(spans, r.From.In(t.location()).Format(time.RFC3339)+"/"+r.To.In(t.location()).Format(time.RFC3339))
		}
		mark = strings.Join(spans, " ")
	}
	g.head = append(g.head, t.head("made_up"))
	for i := range g.rows {
		g.rows[i] = append(g.rows[i], mark)
	}
	return g
}

// rowGrid has one line per row.
func (t *Table) rowGrid() grid {
	from, to := t.bounds()
	g := grid{head: t.heads("zone", "from", "to", "key", "label")}
	for _, c := range t.Columns {
		g.head = append(g.head, t.measured(c))
	}
	for _, r := range t.Rows {
		line := []string{t.Zone, from, to, r.Key, r.Label}
		for _, c := range t.Columns {
			line = append(line, t.csvCell(c, r.Cells[c.ID]))
		}
		g.rows = append(g.rows, line)
	}
	return g
}

// figureGrid has one line per figure of each row of each section.
func (t *Table) figureGrid() grid {
	from, to := t.bounds()
	g := grid{head: t.heads("zone", "from", "to", "section", "row", "label", "figure", "value", "unit", "formula")}
	for _, s := range t.all() {
		section := s.ID
		if t.asked {
			section = s.Heading
		}
		for _, r := range append(s.Rows[:len(s.Rows):len(s.Rows)], Row{Key: "", Label: t.say("all"), Cells: s.Totals}) {
			for _, c := range s.Columns {
				if r.Cells != nil {
					g.rows = append(g.rows, []string{t.Zone, from, to, section, r.Key, r.Label, t.heading(c), t.csvCell(c, r.Cells[c.ID]), t.unit(c.Unit), c.Formula})
				}
			}
		}
	}
	for _, c := range t.Corrections {
		g.rows = append(g.rows, []string{t.Zone, from, to, t.head("correction"), c.Row, c.Text, c.Column, rawText(c.Value), "", t.say("was %s", rawText(c.Closed))})
	}
	return g
}

// csvCell is a number as it is, and a code in words where there are any wanted.
func (t *Table) csvCell(c Column, v any) string {
	if t.asked {
		return c.word(rawText(v))
	}
	return rawText(v)
}

// head is a heading of ours.
func (t *Table) head(id string) string {
	if t.asked {
		return t.say(id)
	}
	return id
}

func (t *Table) heads(ids ...string) []string {
	var out []string
	for _, id := range ids {
		out = append(out, t.head(id))
	}
	return out
}

// unit is what a figure is measured in.
func (t *Table) unit(u Unit) string {
	switch {
	case !t.asked:
		return string(u)
	case u == DurationUnit:
		return t.say("seconds")
	case u == PercentUnit:
		return "%"
	}
	return ""
}

// measured is a column's heading, for people with its unit.
func (t *Table) measured(c Column) string {
	if u := t.unit(c.Unit); t.asked && u != "" {
		return c.Label + " (" + u + ")"
	}
	return t.heading(c)
}
