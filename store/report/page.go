package report

import (
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"html/template"
	"io"
	"strings"
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

// sheetView is a section as the page shows it: columns stand below each other, as paper is narrow, unless there are few.
type sheetView struct {
	Heading string
	Head    []headView
	Rows    [][]cellView
}

type headView struct{ Text, Formula string }

type cellView struct {
	Text    string
	Number  bool
	Heading bool
}

// pageColumns are as many as a page shows side by side.
const pageColumns = 9

// WritePage writes a page to print: it needs nothing besides itself.
func (t *Table) WritePage(w io.Writer) error {
	var sheets []sheetView
	for _, s := range t.all() {
		sheets = append(sheets, s.view(t))
	}
	return page.Execute(w, struct {
		*Table
		Style      template.CSS
		Span, AsOf string
		Sheets     []sheetView
		Marked     string
	}{t, template.CSS(pageStyle), t.span(), t.asOf(), sheets, strings.Join(t.Provisional, ", ")}) //nolint:gosec // the style is ours
}

func (s Section) view(t *Table) sheetView {
	rows := s.Rows
	if len(s.Totals) > 0 {
		rows = append(rows[:len(rows):len(rows)], Row{Label: "All", Cells: s.Totals})
	}
	v := sheetView{Heading: plain(s.Heading)}
	if len(s.Columns) <= pageColumns || len(rows) > pageColumns {
		v.Head = []headView{{}}
		for _, c := range s.Columns {
			v.Head = append(v.Head, headView{plain(c.Label), plain(c.Formula)})
		}
		for _, r := range rows {
			line := []cellView{{plain(r.Label), false, true}}
			for _, c := range s.Columns {
				line = append(line, c.view(r))
			}
			v.Rows = append(v.Rows, line)
		}
		return v
	}
	v.Head = []headView{{"Figure", ""}} // few rows with many figures: turned
	for _, r := range rows {
		v.Head = append(v.Head, headView{plain(r.Label), ""})
	}
	v.Head = append(v.Head, headView{"Formula", ""})
	for _, c := range s.Columns {
		line := []cellView{{plain(c.Label), false, true}}
		for _, r := range rows {
			line = append(line, c.view(r))
		}
		v.Rows = append(v.Rows, append(line, cellView{plain(c.ID + " = " + c.Formula), false, false}))
	}
	return v
}

func (c Column) view(r Row) cellView {
	return cellView{plain(c.text(r.Cells[c.ID])), c.Unit != TextUnit, false}
}
