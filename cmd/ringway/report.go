package main

import (
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ringway/store/report"
	languages "ringway/store/report/words"
)

// tableCommand is one report over any days, in any format.
func tableCommand(kind string) *cobra.Command {
	q := report.Query{Kind: kind}
	form, output, lang := "table", "", ""
	c := &cobra.Command{Use: kind, Short: report.Title(kind), Args: cobra.NoArgs}
	f := c.Flags()
	f.StringVar(&q.From, "from", "", "first day, as in 2026-03-02, today or yesterday, or an instant (default today)")
	f.StringVar(&q.To, "to", "", "last day, included (default the first)")
	f.StringVar(&q.Zone, "zone", "", "time zone of days and times (default the company's)")
	f.StringVar(&q.Queue, "queue", "", "this queue alone")
	f.StringVar(&q.Agent, "agent", "", "this agent alone")
	f.StringVar(&q.Team, "team", "", "the people of this team alone")
	if kind == "intervals" {
		f.StringVar(&q.Step, "step", "", "15, 30 or 60 minutes (default 60)")
	}
	if kind == "heatmap" {
		f.StringVar(&q.Measure, "measure", "", "a figure of queues, as abandoned or asa (default offered)")
	}
	f.StringVar(&lang, "lang", "", "language of headings, formulas and words: "+strings.Join(languages.Langs(), ", ")+" (default English, with identifiers)")
	f.StringVar(&form, "format", "table", "table, "+strings.Join(report.Formats(), ", "))
	f.StringVar(&output, "output", "", "write a file of this name instead of printing")
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		if err := oneOf("format", form, append([]string{"table"}, report.Formats()...)...); err != nil {
			return err
		}
		q.Lang = languages.Lang(lang)
		if _, err := (&report.Maker{}).Check(q); err != nil {
			return misusedf("%s", strings.ReplaceAll(err.Error(), "\n", "; "))
		}
		r, err := openRecords(c, nil, form)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, r.db.Close()) }()
		m := report.Maker{Sources: report.Sources{Ledger: r.db, Calls: r.db, People: r.notes}, Zone: r.notes.Location, Now: time.Now,
			Settings: func() report.Settings { return r.notes.Reports }}
		t, err := m.Make(c.Context(), q, report.Viewer{})
		if err != nil {
			return err
		}
		return writeReport(t, form, output, c.OutOrStdout())
	}
	return c
}

// writeReport writes a report to a file where one is named, else prints it.
func writeReport(t *report.Table, form, output string, out io.Writer) (err error) {
	if output != "" {
		file, err := os.OpenFile(output, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		out = file
	}
	if form == "table" {
		return t.WriteTable(out)
	}
	return t.Write(out, form)
}
