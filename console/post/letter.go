package post

import (
	"slices"
	"strings"
	"time"

	"ringway/store/report"
)

// Letter is a report that goes out by mail.
type Letter struct {
	To     []string
	Report report.Query // without its days
	Format string
	At     string         // "07:00" on the zone's clock
	On     string         // mon … sun; anything else is every day
	Span   string         // day, week or month: the last whole one
	Zone   *time.Location // nil: UTC
}

// key names the letter on record: the same settings are the same letter.
func (l Letter) key() string {
	parts := []string{strings.Join(l.To, ","), l.Report.Kind, l.Report.Queue, l.Report.Team, l.Format, l.At, l.On, l.Span, l.zone().String()}
	if l.Report.Lang != "" {
		parts = append(parts, string(l.Report.Lang))
	}
	return strings.Join(parts, "|")
}

// only is the same letter to some.
func (l Letter) only(to ...string) Letter {
	l.To = to
	return l
}

// all are those who should have it, each once.
func (l Letter) all() []string {
	var out []string
	for _, one := range l.To {
		if !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

func (l Letter) zone() *time.Location {
	if l.Zone == nil {
		return time.UTC
	}
	return l.Zone
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// due is when the letter was due last, at now or before. Where the clock skips that time of day, it is as much later.
func (l Letter) due(now time.Time) time.Time {
	at, err := time.Parse("15:04", l.At)
	if err != nil {
		return time.Time{}
	}
	y, m, d := now.In(l.zone()).Date()
	for back := range 8 {
		t := time.Date(y, m, d-back, at.Hour(), at.Minute(), 0, 0, l.zone())
		if on := slices.Index(weekdays, l.On); !t.After(now) && (on < 0 || int(t.Weekday()) == on) {
			return t
		}
	}
	return time.Time{}
}

// next is when the letter is due next, after now; zero where it never is.
func (l Letter) next(now time.Time) time.Time {
	at, err := time.Parse("15:04", l.At)
	if err != nil {
		return time.Time{}
	}
	y, m, d := now.In(l.zone()).Date()
	for ahead := range 9 {
		t := time.Date(y, m, d+ahead, at.Hour(), at.Minute(), 0, 0, l.zone())
		if on := slices.Index(weekdays, l.On); t.After(now) && (on < 0 || int(t.Weekday()) == on) {
			return t
		}
	}
	return time.Time{}
}

// query is the report of the last whole day, week or month before an instant.
func (l Letter) query(due time.Time) report.Query {
	q := l.Report
	q.Zone = l.zone().String()
	y, m, d := due.In(l.zone()).Date()
	noon := time.Date(y, m, d, 12, 0, 0, 0, time.UTC) // dates are counted where no clock changes
	first, last := noon.AddDate(0, 0, -1), noon.AddDate(0, 0, -1)
	switch l.Span {
	case "week":
		monday := noon.AddDate(0, 0, -(int(noon.Weekday())+6)%7)
		first, last = monday.AddDate(0, 0, -7), monday.AddDate(0, 0, -1)
	case "month":
		begin := noon.AddDate(0, 0, 1-d)
		first, last = begin.AddDate(0, -1, 0), begin.AddDate(0, 0, -1)
	}
	q.From, q.To = first.Format(time.DateOnly), last.Format(time.DateOnly)
	return q
}

// subject says what the mail is about.
func subject(t *report.Table) string {
	from, to := t.From.In(location(t.Zone)).Format(time.DateOnly), t.To.Add(-time.Nanosecond).In(location(t.Zone)).Format(time.DateOnly)
	if from == to {
		return t.Lang.Say("%s of %s (%s)", t.Title, from, t.Zone)
	}
	return t.Lang.Say("%s of %s to %s (%s)", t.Title, from, to, t.Zone)
}

func location(zone string) *time.Location {
	if l, err := time.LoadLocation(zone); err == nil {
		return l
	}
	return time.UTC
}
