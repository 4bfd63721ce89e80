package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ringway/store/ledger"
	"ringway/store/report/words"
)

// Query says which report of which span. The zero values of the later fields work.
type Query struct {
	Kind string
	// From and To are days as in 2026-03-02, today or yesterday, the last one included, or instants in RFC 3339, the last one
	// not included. From is today where it is empty, To is From's day.
	From, To string
	Zone     string // IANA name; empty: the company's
	Queue    string
	Agent    string
	Team     string
	Step     string     // of intervals: 15, 30 or 60 minutes
	Measure  string     // of the heat map: a queue's figure; empty: offered
	Lang     words.Lang // of what people read; empty: English, and CSV with identifiers for headings
}

// FieldError is one thing that is wrong with a query.
type FieldError struct{ Field, Message string }

func (e FieldError) Error() string { return e.Field + ": " + e.Message }

// bounds of a report.
const (
	maxDays         = 400
	maxIntervalDays = 31
	maxSheetDays    = 93
)

// plan is a query that makes sense.
type plan struct {
	Query
	kind kind
	zone *time.Location
	span ledger.Span
	days []ledger.Span // the span cut at midnights
	step time.Duration
	now  time.Time
	date string // the one day that the span is exactly
}

// plan checks a query; the error joins one FieldError for each thing that is wrong.
func (m *Maker) plan(q Query) (plan, error) {
	p := plan{Query: q, zone: m.companyZone(), now: m.clock()}
	var errs []error
	fail := func(field, format string, args ...any) {
		errs = append(errs, FieldError{field, fmt.Sprintf(format, args...)})
	}
	var ok bool
	if p.kind, ok = kindNamed(q.Kind); !ok {
		fail("kind", "%q is no report: there are %s", q.Kind, strings.Join(Kinds(), ", "))
	}
	if q.Zone != "" {
		z, err := time.LoadLocation(q.Zone)
		if err != nil || q.Zone == "Local" {
			fail("zone", `%q is not a time zone: write a name of the IANA database, as in "Asia/Taipei"`, q.Zone)
			return p, errors.Join(errs...)
		}
		p.zone = z
	}
	switch q.Step {
	case "", "60", "30", "15":
		p.step = map[string]time.Duration{"": time.Hour, "60": time.Hour, "30": 30 * time.Minute, "15": 15 * time.Minute}[q.Step]
	default:
		fail("step", "%q is no step: 15, 30 or 60 minutes", q.Step)
	}
	if q.Measure != "" && !slices.Contains(measures(), q.Measure) {
		fail("measure", "%q is no figure of a queue, as offered, abandoned, service_level or asa", q.Measure)
	}
	if _, ok := words.Named(string(q.Lang)); !ok && q.Lang != "" {
		fail("lang", "%q is no language of reports: there are %s", string(q.Lang), strings.Join(words.Langs(), ", "))
	}
	errs = append(errs, p.readSpan()...)
	if len(errs) == 0 {
		errs = append(errs, p.bounded()...)
	}
	return p, errors.Join(errs...)
}

// readSpan reads from and to.
func (p *plan) readSpan() (errs []error) {
	first, err := edge("from", p.From, p.zone, p.now)
	if err != nil {
		errs = append(errs, err)
	}
	last, errTo := first, error(nil)
	if p.To != "" {
		last, errTo = edge("to", p.To, p.zone, p.now)
	}
	if errTo != nil {
		errs = append(errs, errTo)
	}
	if len(errs) > 0 {
		return errs
	}
	p.span = ledger.Span{From: first.From, To: last.To}
	if !p.span.From.Before(p.span.To) {
		return []error{FieldError{"to", fmt.Sprintf("%s is not after %s", stamp(p.span.To, p.zone), stamp(p.span.From, p.zone))}}
	}
	if p.span.Length() > (maxDays+1)*24*time.Hour {
		return []error{FieldError{"to", fmt.Sprintf("a report covers at most %d days", maxDays)}}
	}
	p.days = days(p.span, p.zone)
	if len(p.days) == 1 {
		y, m, d := p.span.From.In(p.zone).Date()
		if whole := ledger.Day(y, m, d, p.zone); whole.From.Equal(p.span.From) && whole.To.Equal(p.span.To) {
			p.date = p.span.From.In(p.zone).Format(time.DateOnly)
		}
	}
	return nil
}

// bounded refuses spans that give more rows than anybody reads.
func (p *plan) bounded() []error {
	if limit := p.kind.maxDays; limit > 0 && len(p.days) > limit {
		return []error{FieldError{"to", fmt.Sprintf("this report covers at most %d days", limit)}}
	}
	return nil
}

// edge reads a day or an instant; an instant is an empty span.
func edge(field, text string, zone *time.Location, now time.Time) (ledger.Span, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		if y := t.In(zone).Year(); y < 2000 || y > 2200 {
			return ledger.Span{}, FieldError{field, fmt.Sprintf("%s is too far away", text)}
		}
		return ledger.Span{From: t.In(zone), To: t.In(zone)}, nil
	}
	y, m, d := now.In(zone).Date()
	switch text {
	case "", "today":
	case "yesterday":
		d--
	default:
		t, err := time.Parse(time.DateOnly, text)
		switch {
		case err != nil && strings.Contains(err.Error(), "out of range"):
			return ledger.Span{}, FieldError{field, fmt.Sprintf("the calendar has no %s", text)}
		case err != nil:
			return ledger.Span{}, FieldError{field, fmt.Sprintf("%q is no day: write it like 2026-03-02, today, yesterday, or 2026-03-02T09:00:00+08:00", text)}
		case t.Year() < 2000 || t.Year() > 2200:
			return ledger.Span{}, FieldError{field, fmt.Sprintf("%s is too far away", text)}
		}
		y, m, d = t.Date()
	}
	day := ledger.Day(y, m, d, zone)
	if !day.From.Before(day.To) {
		return day, FieldError{field, fmt.Sprintf("there was no %s in %s: the clocks jumped over it", text, zone)}
	}
	return day, nil
}

// days cuts a span at the midnights of a zone.
func days(s ledger.Span, zone *time.Location) []ledger.Span {
	var out []ledger.Span
	for from := s.From; from.Before(s.To); {
		y, m, d := from.In(zone).Date()
		to := ledger.Day(y, m, d, zone).To
		if !to.After(from) || to.After(s.To) {
			to = s.To
		}
		out = append(out, ledger.Span{From: from, To: to})
		from = to
	}
	return out
}
