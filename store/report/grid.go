package report

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// grid is rows under headings: what tables and CSV are made of.
type grid struct {
	above []string // lines before the table
	head  []string
	rows  [][]string
	below []string
}

// writeTable aligns the columns for a terminal. Cells show no control characters, whoever sent them.
func (g grid) writeTable(w io.Writer) error {
	out := bufio.NewWriter(w)
	widths := make([]int, len(g.head))
	for _, row := range append([][]string{g.head}, g.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(plain(cell)))
		}
	}
	line := func(row []string) {
		var b strings.Builder
		for i, cell := range row {
			text := plain(cell)
			b.WriteString(text + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text)+2))
		}
		out.WriteString(strings.TrimRight(b.String(), " ") + "\n")
	}
	for _, s := range g.above {
		out.WriteString(plain(s) + "\n")
	}
	if len(g.head) > 0 {
		line(g.head)
	}
	for _, row := range g.rows {
		line(row)
	}
	for _, s := range g.below {
		out.WriteString(plain(s) + "\n")
	}
	return out.Flush()
}

// writeCSV writes headings and rows only, without control characters. A cell that a spreadsheet would take for a formula is guarded.
func (g grid) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	for _, row := range append([][]string{g.head}, g.rows...) {
		guarded := make([]string, len(row))
		for i, cell := range row {
			guarded[i] = guard(plain(cell))
		}
		if err := out.Write(guarded); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// guard puts an apostrophe before what a spreadsheet would compute.
func guard(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n|%", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// plain replaces what could move a terminal's cursor.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return '?'
		}
		return r
	}, s)
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
