package demo

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
)

// table prints aligned rows of a word and what there is to say.
type table struct{ w *tabwriter.Writer }

func (c *company) table() table { return table{tabwriter.NewWriter(c.o.Out, 0, 0, 2, ' ', 0)} }

func (t table) row(word string, cells ...string) {
	fmt.Fprintf(t.w, "  %s\t%s\n", word, strings.Join(cells, "\t"))
}

func (t table) flush() { t.w.Flush() }

func (c *company) guide(context.Context) error { return nil }
