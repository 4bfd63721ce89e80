// Package sqlcheck recomputes every figure of the daily report with plain SQL on the events table. It shares no code with
// store/ledger and store/report and no method: where the ledger runs a state machine over the events, this cuts time at
// every instant at which anything happens and asks, of each piece, which intervals contain it. Only tests import it.
package sqlcheck

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"math"
	"net/url"
	"sort"
	"strings"
	"time"
)

//go:embed tables.sql
var tables string

// Span is the day that was reported, and the instant up to which it counts.
type Span struct{ From, To, Until time.Time }

// Sheet is one sheet as reported: kind "calls", "queue" or "agent", and its figures; nil where a formula has no value.
type Sheet struct {
	Kind, Name string
	Figures    map[string]*float64
}

// Differences recomputes the sheets from the SQLite file and returns one sentence per figure that differs, is missing, or is
// missing in the report. The program must have registered the driver "sqlite3", as importing store/sqlite does.
func Differences(ctx context.Context, path string, span Span, reported []Sheet) ([]string, error) {
	own, err := compute(ctx, path, span)
	if err != nil {
		return nil, fmt.Errorf("recompute: %w", err)
	}
	var out []string
	for _, s := range reported {
		key := s.Kind + " " + s.Name
		out = append(out, compare(key, s.Figures, own[key])...)
		delete(own, key)
	}
	for key, figures := range own {
		for name, v := range figures {
			if v != nil && *v != 0 {
				out = append(out, fmt.Sprintf("%s: not reported, though %s is %g", key, name, *v))
				break
			}
		}
	}
	sort.Strings(out)
	return out, nil
}

func compare(key string, reported, own map[string]*float64) []string {
	var out []string
	for name, got := range reported {
		want, known := own[name]
		switch {
		case !known:
			out = append(out, fmt.Sprintf("%s: %s is reported and can't be recomputed", key, name))
		case (got == nil) != (want == nil), got != nil && math.Abs(*got-*want) > 1e-5*math.Max(1, math.Min(math.Abs(*want), 100)):
			out = append(out, fmt.Sprintf("%s: %s is reported as %s, recomputed %s", key, name, show(got), show(want)))
		}
	}
	for name, want := range own {
		if _, known := reported[name]; !known {
			out = append(out, fmt.Sprintf("%s: %s is not reported, recomputed %s", key, name, show(want)))
		}
	}
	return out
}

func show(v *float64) string {
	if v == nil {
		return "none"
	}
	return fmt.Sprintf("%.6f", *v)
}

type sheets map[string]map[string]*float64

func compute(ctx context.Context, path string, span Span) (sheets, error) {
	db, err := sql.Open("sqlite3", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	from, to, until := span.From.UnixMicro(), span.To.UnixMicro(), span.Until.UnixMicro()
	for _, statement := range strings.Split(tables, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := conn.ExecContext(ctx, statement, used(statement, []any{until})...); err != nil {
			return nil, fmt.Errorf("%s: %w", statement, err)
		}
	}
	out := sheets{}
	for kind, text := range map[string]string{"calls": customers, "queue": queues, "agent": agents} {
		if err := out.wide(ctx, conn, kind, text, from, to, until); err != nil {
			return nil, fmt.Errorf("%s: %w", kind, err)
		}
	}
	return out, out.long(ctx, conn, from, to, until)
}

// wide reads one row per name and one figure per column.
func (s sheets) wide(ctx context.Context, conn *sql.Conn, kind, text string, args ...any) error {
	rows, err := conn.QueryContext(ctx, text, used(text, args)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		var name string
		values := make([]sql.NullFloat64, len(columns)-1)
		places := []any{&name}
		for i := range values {
			places = append(places, &values[i])
		}
		if err := rows.Scan(places...); err != nil {
			return err
		}
		figures := map[string]*float64{}
		for i, v := range values {
			figures[columns[i+1]] = nil
			if v.Valid {
				figures[columns[i+1]] = &v.Float64
			}
		}
		s[kind+" "+name] = figures
	}
	return rows.Err()
}

// used are the arguments that a text has parameters for.
func used(text string, args []any) []any {
	n := 0
	for i := range args {
		if strings.Contains(text, fmt.Sprintf("?%d", i+1)) {
			n = i + 1
		}
	}
	return args[:n]
}

// long reads the pauses by reason: name, figure, value.
func (s sheets) long(ctx context.Context, conn *sql.Conn, args ...any) error {
	rows, err := conn.QueryContext(ctx, pauses, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name, figure string
		var value float64
		if err := rows.Scan(&name, &figure, &value); err != nil {
			return err
		}
		if sheet := s["agent "+name]; sheet != nil {
			sheet[figure] = &value
		}
	}
	return rows.Err()
}
