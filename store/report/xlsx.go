package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// firstRow is where the columns' headings stand; the title, the span and the date come before.
const firstRow = 5

// book is a workbook in the making; the first error stays.
type book struct {
	f      *excelize.File
	t      *Table
	styles map[Unit]int
	head   int
	small  int
	title  int
	err    error
}

// WriteXLSX writes a workbook: a sheet for each section, with its charts as native ones, and one for the formulas.
func (t *Table) WriteXLSX(w io.Writer) (err error) {
	b := &book{f: excelize.NewFile(), t: t, styles: map[Unit]int{}}
	defer func() {
		if e := b.f.Close(); err == nil {
			err = e
		}
	}()
	b.prepare()
	names := map[string]bool{}
	for i, s := range t.all() {
		name := sheetName(s.Heading, t.Title, names)
		if i == 0 {
			b.check(b.f.SetSheetName("Sheet1", name))
		} else {
			_, err := b.f.NewSheet(name)
			b.check(err)
		}
		b.section(name, s)
		if i == 0 {
			b.charts(name, s)
		}
	}
	b.timeline(sheetName(t.say("Timeline"), "", names))
	b.formulas(sheetName(t.say("Formulas"), "", names))
	if b.err != nil {
		return fmt.Errorf("write workbook: %w", b.err)
	}
	_, err = b.f.WriteTo(w)
	return err
}

func (b *book) check(err error) {
	if b.err == nil && err != nil {
		b.err = err
	}
}

// sheetName is a name that spreadsheets allow and that is not taken yet.
func sheetName(heading, otherwise string, taken map[string]bool) string {
	if heading == "" {
		heading = otherwise
	}
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, plain(heading))
	if runes := []rune(name); len(runes) > 28 {
		name = string(runes[:28])
	}
	for n, base := 2, name; taken[name]; n++ {
		name = fmt.Sprintf("%s %d", base, n)
	}
	taken[name] = true
	return name
}

// prepare makes the styles.
func (b *book) prepare() {
	style := func(s *excelize.Style) int {
		id, err := b.f.NewStyle(s)
		b.check(err)
		return id
	}
	format := func(text string) int { return style(&excelize.Style{CustomNumFmt: &text}) }
	b.styles[PercentUnit], b.styles[DurationUnit], b.styles[NumberUnit] = format("0.0%"), format("[h]:mm:ss"), format("0.00")
	b.styles[CountUnit], b.styles[TimeUnit] = format("0"), format("yyyy-mm-dd hh:mm:ss")
	b.head = style(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"},
		Border: []excelize.Border{{Type: "bottom", Color: "444444", Style: 1}}})
	b.small = style(&excelize.Style{Font: &excelize.Font{Color: "666666"}})
	b.title = style(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	// instants are fixed, so that the same report is the same file
	stamp := b.t.Generated.UTC().Format(time.RFC3339)
	b.check(b.f.SetDocProps(&excelize.DocProperties{Title: b.t.Title, Creator: "Ringway", Created: stamp, Modified: stamp}))
}

func address(column, row int) string {
	name, _ := excelize.CoordinatesToCellName(column, row) //nolint:errcheck // our coordinates are in range
	return name
}

func (b *book) put(sheet string, column, row int, v any, style int) {
	at := address(column, row)
	if s, ok := v.(string); ok {
		b.check(b.f.SetCellStr(sheet, at, plain(s))) // text, whatever it begins with
	} else {
		b.check(b.f.SetCellValue(sheet, at, v))
	}
	if style != 0 {
		b.check(b.f.SetCellStyle(sheet, at, at, style))
	}
}

// section writes rows under headings.
func (b *book) section(sheet string, s Section) {
	b.put(sheet, 1, 1, b.t.Title, b.title)
	b.put(sheet, 1, 2, b.t.span(), b.small)
	b.put(sheet, 1, 3, b.t.asOf(), b.small)
	b.put(sheet, 1, 4, b.t.sample(), b.small)
	b.put(sheet, 1, firstRow, "", b.head)
	for i, c := range s.Columns {
		b.put(sheet, i+2, firstRow, c.Label, b.head)
	}
	row := firstRow
	for _, r := range s.Rows {
		row++
		b.row(sheet, row, r, s.Columns)
	}
	if len(s.Totals) > 0 {
		b.row(sheet, row+1, Row{Label: b.t.say("All"), Cells: s.Totals}, s.Columns)
	}
	b.check(b.f.SetColWidth(sheet, "A", "A", 24))
	b.check(b.f.SetColWidth(sheet, "B", last(len(s.Columns)+1), 13))
	b.check(b.f.SetPanes(sheet, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: firstRow, TopLeftCell: address(2, firstRow+1), ActivePane: "bottomRight"}))
}

func last(column int) string {
	name, _ := excelize.ColumnNumberToName(max(column, 2)) //nolint:errcheck // our coordinates are in range
	return name
}

func (b *book) row(sheet string, row int, r Row, columns []Column) {
	b.put(sheet, 1, row, r.Label, 0)
	for i, c := range columns {
		if v := c.spreadsheet(r.Cells[c.ID]); v != nil {
			b.put(sheet, i+2, row, v, b.styles[c.Unit])
		}
	}
}

// spreadsheet is a cell as a spreadsheet computes with it: shares of one, fractions of a day, local time.
func (c Column) spreadsheet(v any) any {
	n, isNumber := number(v)
	switch {
	case isNumber && c.Unit == PercentUnit:
		return n / 100
	case isNumber && c.Unit == DurationUnit:
		return n / (24 * 60 * 60)
	case isNumber:
		return n
	case c.Unit == TimeUnit:
		if at, err := time.Parse(time.RFC3339, rawText(v)); err == nil {
			return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
		}
	}
	if s, ok := v.(string); ok {
		return c.word(s)
	}
	return v
}

// Size of charts in rows.
const chartRows = 18

// charts draws the table's charts below the rows.
func (b *book) charts(sheet string, s Section) {
	if len(s.Rows) == 0 {
		return
	}
	at := firstRow + len(s.Rows) + 4
	for _, c := range b.t.Charts {
		switch c.Kind {
		case "line", "bar":
			b.chart(sheet, s, c, at)
			at += chartRows
		case "heatmap":
			area := address(2, firstRow+1) + ":" + address(len(s.Columns)+1, firstRow+len(s.Rows))
			b.check(b.f.SetConditionalFormat(sheet, area, []excelize.ConditionalFormatOptions{{Type: "3_color_scale", Criteria: "=",
				MinType: "min", MidType: "percentile", MidValue: "50", MaxType: "max", MinColor: "#F7FBFF", MidColor: "#9ECAE1", MaxColor: "#08519C"}}))
		}
	}
}

func (b *book) chart(sheet string, s Section, c Chart, row int) {
	quoted := "'" + sheet + "'!"
	area := func(column int) string {
		name := last(column)
		if column == 1 {
			name = "A"
		}
		return fmt.Sprintf("%s$%s$%d:$%s$%d", quoted, name, firstRow+1, name, firstRow+len(s.Rows))
	}
	kind := excelize.Col
	if c.Kind == "line" {
		kind = excelize.Line
	} else if len(c.Series) > 1 {
		kind = excelize.ColStacked
	}
	out := &excelize.Chart{Type: kind, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: c.Title}}},
		Legend: excelize.ChartLegend{Position: "bottom"}, Dimension: excelize.ChartDimension{Width: 760, Height: 320}}
	for _, series := range c.Series {
		for i, col := range s.Columns {
			if col.ID == series.Column {
				name := fmt.Sprintf("%s$%s$%d", quoted, last(i+2), firstRow)
				out.Series = append(out.Series, excelize.ChartSeries{Name: name, Categories: area(1), Values: area(i + 2)})
			}
		}
	}
	if len(out.Series) > 0 {
		b.check(b.f.AddChart(sheet, address(1, row), out))
	}
}

// timeline is a sheet of an agent's states, where there are any.
func (b *book) timeline(sheet string) {
	if len(b.t.Timeline) == 0 {
		return
	}
	_, err := b.f.NewSheet(sheet)
	b.check(err)
	for i, h := range []string{b.t.say("From"), b.t.say("To"), b.t.say("State"), b.t.say("Reason"), b.t.say("Queue"), b.t.say("Call"), b.t.say("Length")} {
		b.put(sheet, i+1, 1, h, b.head)
	}
	zone := b.t.location()
	for i, s := range b.t.Timeline {
		local := func(t time.Time) any {
			return Column{Unit: TimeUnit}.spreadsheet(instantText(t, zone))
		}
		b.put(sheet, 1, i+2, local(s.Start), b.styles[TimeUnit])
		b.put(sheet, 2, i+2, local(s.End), b.styles[TimeUnit])
		for n, text := range []string{b.t.state(s.Bucket), b.t.Lang.Reason(s.Reason), s.Queue, s.Call} {
			b.put(sheet, n+3, i+2, text, 0)
		}
		b.put(sheet, 7, i+2, s.End.Sub(s.Start).Hours()/24, b.styles[DurationUnit])
	}
	b.check(b.f.SetColWidth(sheet, "A", "B", 20))
}

// formulas is a sheet that says what each column is, and what was corrected.
func (b *book) formulas(sheet string) {
	_, err := b.f.NewSheet(sheet)
	b.check(err)
	b.put(sheet, 1, 1, b.t.say("Formula"), b.head)
	b.put(sheet, 2, 1, b.t.say("What it is"), b.head)
	row, seen := 1, map[string]bool{}
	for _, s := range b.t.all() {
		for _, c := range s.Columns {
			if c.Formula != "" && !seen[c.ID] {
				seen[c.ID] = true
				row++
				b.put(sheet, 1, row, c.named(), 0)
				b.put(sheet, 2, row, c.Formula, 0)
			}
		}
	}
	for _, c := range b.t.Corrections {
		row++
		b.put(sheet, 1, row, b.t.say("corrected"), 0)
		b.put(sheet, 2, row, c.Text, 0)
	}
	b.check(b.f.SetColWidth(sheet, "A", "A", 26))
	b.check(b.f.SetColWidth(sheet, "B", "B", 90))
}
