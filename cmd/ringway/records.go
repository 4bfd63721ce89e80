package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"ringway/cmd/internal/node"
	"ringway/store"
	"ringway/store/report"
	"ringway/store/sqlite"
)

// records is an opened data folder, for commands that read it beside a running or stopped switch.
type records struct {
	db    *sqlite.DB
	notes node.Notes
	zone  *time.Location
	form  string
}

// writable is a result that can be printed in every format.
type writable interface {
	WriteTable(io.Writer) error
	WriteCSV(io.Writer) error
	WriteJSON(io.Writer) error
}

// reading makes a command one that reads records: with --zone, and --format where it prints figures. check, where there is
// one, looks at what was typed before anything is opened.
type reading struct {
	formats bool
	check   func() error
	do      func(ctx context.Context, r *records, args []string) error
}

func (p reading) command(c *cobra.Command) *cobra.Command {
	zone, form := "", "table"
	c.Flags().StringVar(&zone, "zone", "", "time zone of days and times (default the company's)")
	if p.formats {
		c.Flags().StringVar(&form, "format", "table", "table, csv or json")
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := oneOf("format", form, "table", "csv", "json"); err != nil {
			return err
		}
		var in *time.Location
		if zone != "" {
			var err error
			if in, err = zoneNamed(zone); err != nil {
				return err
			}
		}
		if p.check != nil {
			if err := p.check(); err != nil {
				return err
			}
		}
		r, err := openRecords(c, in, form)
		if err != nil {
			return err
		}
		return errors.Join(p.do(c.Context(), r, args), r.db.Close())
	}
	return c
}

// openRecords opens the data folder; a nil zone is the company's.
func openRecords(c *cobra.Command, zone *time.Location, form string) (*records, error) {
	notes, err := node.ReadNotes(dataDir(c))
	if err != nil {
		return nil, err
	}
	r := &records{notes: notes, zone: zone, form: form}
	if zone == nil {
		r.zone = notes.Location()
	}
	r.db, err = sqlite.Open(c.Context(), notes.Database, sqlite.Options{ReadOnly: true})
	return r, err
}

func (r *records) write(out io.Writer, v writable) error {
	switch r.form {
	case "csv":
		return v.WriteCSV(out)
	case "json":
		return v.WriteJSON(out)
	}
	return v.WriteTable(out)
}

func (r *records) words() report.Words { return report.Words{Name: r.notes.Name, Zone: r.zone} }

func callsCommand() *cobra.Command {
	var q store.CallQuery
	var kind, disposition, since string
	c := &cobra.Command{Use: "calls", Short: "List calls, newest first", Args: cobra.NoArgs}
	f := c.Flags()
	f.StringVar(&kind, "kind", "", "customer, internal, outgoing or service")
	f.StringVar(&disposition, "disposition", "", "answered, no_answer, busy, failed or canceled")
	f.StringVar(&q.Queue, "queue", "", "calls that were in this queue")
	f.StringVar(&q.Agent, "agent", "", "calls of this agent")
	f.StringVar(&q.Search, "search", "", "the end of the caller's number or of what was dialled (four digits or more), the beginning of her name, or an id of call or customer")
	f.StringVar(&since, "since", "", "a time, as in '2026-03-02 15:04' or 15:04")
	f.BoolVar(&q.Open, "open", false, "only calls that are up")
	f.IntVar(&q.Limit, "limit", 50, "how many, at most 1000")
	f.StringVar(&q.Cursor, "cursor", "", "go on where the page before ended")
	check := func() error {
		_, errTime := parseTime(since, time.UTC, time.Now())
		var errLimit error
		if q.Limit < 1 || q.Limit > maxCalls {
			errLimit = misusedf("--limit %d: a page has 1 to %d calls", q.Limit, maxCalls)
		}
		return cmp.Or(
			optional("kind", kind, words(store.Customer, store.Internal, store.Outgoing, store.Service)...),
			optional("disposition", disposition, words(store.DispositionAnswered, store.DispositionNoAnswer, store.DispositionBusy,
				store.DispositionFailed, store.DispositionCanceled)...),
			errTime, errLimit)
	}
	return reading{formats: true, check: check, do: func(ctx context.Context, r *records, _ []string) error {
		q.Kind, q.Disposition = store.CallKind(kind), store.Disposition(disposition)
		if since != "" {
			at, err := parseTime(since, r.zone, time.Now())
			if err != nil {
				return err
			}
			q.From = at
		}
		page, err := r.db.Calls(ctx, q)
		if err != nil {
			return err
		}
		if err := r.write(c.OutOrStdout(), report.CallList{Page: page, Zone: r.zone}); err != nil || len(page.Calls) > 0 || r.form != "table" {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), "no call is on record that fits")
		return err
	}}.command(c)
}

// maxCalls is the longest page of calls.
const maxCalls = 1000

// words are typed constants as they are written.
func words[T ~string](list ...T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

func callCommand() *cobra.Command {
	c := &cobra.Command{Use: "call ID", Short: "Show everything on record about one call", Args: cobra.ExactArgs(1)}
	return reading{formats: true, do: func(ctx context.Context, r *records, args []string) error {
		story, err := r.db.Story(ctx, args[0])
		if err != nil {
			return noCall(args[0], err)
		}
		return r.write(c.OutOrStdout(), report.Timeline{Story: story, Zone: r.zone})
	}}.command(c)
}

// noCall says in words that a call is not on record; any other error stays what it is.
func noCall(id string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no call %q: 'ringway calls' lists them", id)
	}
	return err
}

func reportCommand() *cobra.Command {
	c := &cobra.Command{Use: "report daily|KIND", Short: "Reports from the records"}
	date := ""
	daily := &cobra.Command{Use: "daily", Short: "One day: customers' calls, each queue, one sheet per agent", Args: cobra.NoArgs}
	daily.Flags().StringVar(&date, "date", "", "the day, as in 2026-03-02, today or yesterday (default today)")
	check := func() error {
		if _, err := time.Parse(time.DateOnly, date); err != nil && date != "" && date != "today" && date != "yesterday" {
			return misusedf("%q is no day: write it as 2026-03-02, today or yesterday", date)
		}
		return nil
	}
	c.AddCommand(reading{formats: true, check: check, do: func(ctx context.Context, r *records, _ []string) error {
		o := report.DailyOptions{Date: date, Zone: r.zone, Now: time.Now(), Repeat: r.notes.Reports.Repeat}
		if r.zone.String() == r.notes.Location().String() { // days are closed in the company's zone
			if _, err := report.Close(ctx, archive{r.db, r.notes.Database}, o); err != nil {
				fmt.Fprintln(daily.ErrOrStderr(), "ringway: the figures of the closed day are not kept:", err)
			}
		}
		rep, err := report.Daily(ctx, r.db, o)
		if err != nil {
			return err
		}
		return r.write(daily.OutOrStdout(), rep)
	}}.command(daily))
	for _, kind := range report.Kinds() {
		if kind != "daily" {
			c.AddCommand(tableCommand(kind))
		}
	}
	return group(c)
}

func explainCommand() *cobra.Command {
	c := &cobra.Command{Use: "explain call|agent", Short: "Why this agent, and why not that one"}
	c.AddCommand(explainCall(), explainAgent())
	return group(c)
}

func explainCall() *cobra.Command {
	c := &cobra.Command{Use: "call ID", Short: "Why each agent of a call was chosen", Args: cobra.ExactArgs(1)}
	return reading{do: func(ctx context.Context, r *records, args []string) error {
		if _, err := r.db.Call(ctx, args[0]); err != nil {
			return noCall(args[0], err)
		}
		found, err := r.db.Decisions(ctx, store.DecisionQuery{Call: args[0]})
		if err != nil {
			return err
		}
		return r.words().WriteCall(c.OutOrStdout(), found)
	}}.command(c)
}

func explainAgent() *cobra.Command {
	at := ""
	c := &cobra.Command{Use: "agent NAME", Short: "Why an agent was or was not chosen around a time", Args: cobra.ExactArgs(1)}
	c.Flags().StringVar(&at, "at", "", "the time, as in '2026-03-02 15:04' or 15:04 (default now)")
	check := func() error {
		_, err := parseTime(at, time.UTC, time.Now())
		return err
	}
	return reading{check: check, do: func(ctx context.Context, r *records, args []string) error {
		when, err := parseTime(at, r.zone, time.Now())
		if err != nil {
			return err
		}
		if r.notes.Name(args[0]) == "" {
			return fmt.Errorf("people.yaml has no id %q", args[0])
		}
		found, err := r.db.Decisions(ctx, report.AgentSpan(when))
		if err != nil {
			return err
		}
		return r.words().WriteAgent(c.OutOrStdout(), found, args[0])
	}}.command(c)
}

// parseTime reads an instant in a zone: RFC 3339, a date with a time, or a time of today. Empty is now.
func parseTime(s string, zone *time.Location, now time.Time) (time.Time, error) {
	if s == "" {
		return now, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	for _, form := range []string{time.DateTime, "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(form, s, zone); err == nil {
			return t, nil
		}
	}
	today := now.In(zone).Format(time.DateOnly) + " "
	for _, form := range []string{time.DateTime, "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(form, today+s, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, misusedf("%q is no time: write it as 2026-03-02 15:04, 15:04 or 2026-03-02T15:04:00+08:00", s)
}
