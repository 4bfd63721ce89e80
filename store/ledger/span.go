package ledger

import (
	"sort"
	"time"
)

// Span is the half-open stretch of time [From, To).
type Span struct{ From, To time.Time }

// Length is To − From.
func (s Span) Length() time.Duration { return s.To.Sub(s.From) }

// Holds says whether an instant lies in the span.
func (s Span) Holds(t time.Time) bool { return !t.IsZero() && !t.Before(s.From) && t.Before(s.To) }

// Overlap is how much of [start, end) lies in the span.
func (s Span) Overlap(start, end time.Time) time.Duration {
	if start.Before(s.From) {
		start = s.From
	}
	if end.After(s.To) {
		end = s.To
	}
	return max(end.Sub(start), 0)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Day is a calendar day in a zone: 23 or 25 hours long when the clocks change, and beginning later than midnight where
// they change at midnight.
func Day(year int, month time.Month, day int, zone *time.Location) Span {
	return Span{From: dayStart(year, month, day, zone), To: dayStart(year, month, day+1, zone)}
}

// dayStart is the first second whose local date is the given one or later. It searches, because at a change of clocks
// midnight may not exist, or exist twice.
func dayStart(year int, month time.Month, day int, zone *time.Location) time.Time {
	noon := time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
	wantY, wantM, wantD := noon.Date()
	lo := noon.Add(-36 * time.Hour)
	n := sort.Search(int(72*time.Hour/time.Second), func(i int) bool {
		y, m, d := lo.Add(time.Duration(i) * time.Second).In(zone).Date()
		return y > wantY || (y == wantY && (m > wantM || (m == wantM && d >= wantD)))
	})
	return lo.Add(time.Duration(n) * time.Second).In(zone)
}

// Split cuts the span every step from its beginning; the pieces add up to the span. On a
// day of 23 or 25 hours a step of one hour gives 23 or 25 pieces.
func (s Span) Split(step time.Duration) []Span {
	var out []Span
	for from := s.From; from.Before(s.To); {
		to := from.Add(step)
		if step <= 0 || to.After(s.To) {
			to = s.To
		}
		out = append(out, Span{from, to})
		from = to
	}
	return out
}
