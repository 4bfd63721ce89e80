package report

import (
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"ringway/store/report/words"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

var page = template.Must(template.New("page").Parse(pageText))

// PagePolicy is the content security policy under which a printable page works: its own style and nothing else.
func PagePolicy() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// sheetView is a table as paper takes it.
type sheetView struct {
	Heading string
	Head    []headView
	Rows    [][]cellView
}

type headView struct {
	Text, Formula string
	Number        bool
}

type cellView struct {
	Text    string
	Number  bool
	Heading bool
}

// What paper takes: columns side by side, and rows that may stand side by side when a table is turned.
const (
	pageColumns = 11
	turnedRows  = 6
)

// WritePage writes a page to print, charts included: it needs nothing besides itself.
func (t *Table) WritePage(w io.Writer) error {
	var sheets []sheetView
	var columns []Column
	for _, s := range t.all() {
		s = s.telling(t)
		views, turned := s.views(t)
		sheets = append(sheets, views...)
		for _, c := range s.Columns {
			if !turned && c.Formula != "" && !slices.ContainsFunc(columns, func(o Column) bool { return o.ID == c.ID && o.Formula == c.Formula }) {
				columns = append(columns, c)
			}
		}
	}
	var marked []string
	for _, c := range t.all() {
		for _, c := range c.Columns {
			if slices.Contains(t.Provisional, c.ID) && !slices.Contains(marked, c.Label) {
				marked = append(marked, c.Label)
			}
		}
	}
	return page.Execute(w, struct {
		*Table
		Style      template.CSS
		Span, AsOf string
		Sample     string
		Drawings   []drawing
		Sheets     []sheetView
		Explained  []Column
		Marked     string
	}{t, template.CSS(pageStyle), t.span(), t.asOf(), t.sample(), t.drawings(), sheets, columns, strings.Join(marked, ", ")}) //nolint:gosec // the style is ours
}

// Words gives the page its own words.
func (t *Table) Words(english string, args ...any) string { return t.say(english, args...) }

// telling is the section without the columns that say nothing in any row, where there are more than paper takes.
func (s Section) telling(t *Table) Section {
	if len(s.Columns) <= pageColumns || len(s.Rows) == 0 {
		return s
	}
	all := append(s.Rows[:len(s.Rows):len(s.Rows)], Row{Cells: s.Totals})
	s.Columns = slices.DeleteFunc(slices.Clone(s.Columns), func(c Column) bool {
		return !slices.ContainsFunc(all, func(r Row) bool {
			n, isNumber := number(r.Cells[c.ID])
			return n != 0 || !isNumber && rawText(r.Cells[c.ID]) != ""
		})
	})
	return s
}

// views are the section's tables: few rows with many figures stand turned, with the formulas beside; many rows in several
// tables below each other, of so many columns each.
func (s Section) views(t *Table) (out []sheetView, turned bool) {
	rows := s.Rows
	if len(s.Totals) > 0 {
		rows = append(rows[:len(rows):len(rows)], Row{Label: t.say("All"), Cells: s.Totals})
	}
	if len(s.Columns) > pageColumns && len(rows) <= turnedRows {
		return []sheetView{s.turned(t, rows)}, true
	}
	for first := 0; first == 0 || first < len(s.Columns); first += pageColumns {
		part := s.Columns[first:min(first+pageColumns, len(s.Columns))]
		v := sheetView{Head: []headView{{}}}
		if first == 0 {
			v.Heading = plain(s.Heading)
		}
		for _, c := range part {
			v.Head = append(v.Head, headView{plain(c.Label), plain(c.Formula), c.figures()})
		}
		for _, r := range rows {
			line := []cellView{{plain(r.Label), false, true}}
			for _, c := range part {
				line = append(line, c.view(r))
			}
			v.Rows = append(v.Rows, line)
		}
		out = append(out, v)
	}
	return out, false
}

// turned has one line for each figure.
func (s Section) turned(t *Table, rows []Row) sheetView {
	v := sheetView{Heading: plain(s.Heading), Head: []headView{{Text: t.say("Figure")}}}
	for _, r := range rows {
		v.Head = append(v.Head, headView{plain(r.Label), "", true})
	}
	v.Head = append(v.Head, headView{Text: t.say("Formula")})
	for _, c := range s.Columns {
		line := []cellView{{plain(c.Label), false, true}}
		for _, r := range rows {
			cell := c.view(r)
			cell.Number = true // all in one column
			line = append(line, cell)
		}
		v.Rows = append(v.Rows, append(line, cellView{plain(c.ID + " = " + c.Formula), false, false}))
	}
	return v
}

// figures says whether the cells are numbers, which stand to the right.
func (c Column) figures() bool { return c.Unit != TextUnit && c.Unit != TimeUnit }

func (c Column) view(r Row) cellView {
	v := r.Cells[c.ID]
	text := c.text(v)
	if n, ok := number(v); ok && c.Unit == DurationUnit {
		text = words.Clock(time.Duration(n * float64(time.Second)))
	}
	if text == "" {
		text = "–"
	}
	return cellView{plain(text), c.figures(), false}
}
