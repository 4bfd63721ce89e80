package report

import "io"

// Listing is a plain table for a terminal: lines above, headings, rows, lines below. Cells may hold what strangers sent:
// control characters are not written.
type Listing struct {
	Above []string
	Head  []string
	Rows  [][]string
	Below []string
}

// WriteTable aligns the columns.
func (l Listing) WriteTable(w io.Writer) error {
	return grid{above: l.Above, head: l.Head, rows: l.Rows, below: l.Below}.writeTable(w)
}
