package store

import "time"

// Clock is an hour of a weekday on a zone's clock, as a heat map's cells are. Without a zone it is any.
type Clock struct {
	Weekday time.Weekday
	Hour    int
	Zone    *time.Location
}

// Holds says whether the clock showed it at an instant.
func (c Clock) Holds(t time.Time) bool {
	if c.Zone == nil {
		return true
	}
	t = t.In(c.Zone)
	return t.Weekday() == c.Weekday && t.Hour() == c.Hour
}

// Pieces are the parts of a span in which the clock shows it, the last one first: an hour may come twice on a day, or not at all.
func (c Clock) Pieces(w Within) (out []Within) {
	if c.Zone == nil {
		return []Within{w}
	}
	for from := w.From; from.Before(w.To); {
		at := from.In(c.Zone)
		past := time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second + time.Duration(at.Nanosecond())
		to := from.Add(time.Hour - past)
		if to.After(w.To) {
			to = w.To
		}
		if c.Holds(from) {
			out = append([]Within{{from, to}}, out...)
		}
		from = to
	}
	return out
}

// held says whether a time asked for holds an instant, and the clock showed the hour asked for then.
func (c Clock) held(w Within, t time.Time) bool { return w == Within{} || w.Holds(t) && c.Holds(t) }
