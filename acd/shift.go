package acd

import (
	"slices"
	"time"
)

// Shift is one rule of a roster: on these weekdays from From to To, in the person's zone. A shift that ends before it
// begins, or when it begins, runs into the next day and belongs to the day it began on.
type Shift struct {
	Days     [7]bool // by time.Weekday
	From, To int     // minutes of the day; To may be 24·60
}

// onShift tells whether a person works at an instant: a shift covers it, and the day it began on is no day off.
func (p *Person) onShift(now time.Time) bool {
	local := now.In(p.location)
	minute := local.Hour()*60 + local.Minute()
	for _, s := range p.Shifts {
		if s.overnight() {
			if minute >= s.From && p.works(s, local) || minute < s.To && p.works(s, local.AddDate(0, 0, -1)) {
				return true
			}
		} else if minute >= s.From && minute < s.To && p.works(s, local) {
			return true
		}
	}
	return false
}

func (s Shift) overnight() bool { return s.To <= s.From }

func (p *Person) works(s Shift, day time.Time) bool {
	return s.Days[day.Weekday()] && !slices.Contains(p.DaysOff, day.Format(time.DateOnly))
}

// nextShiftCheck is the next instant after now at which onShift may change: a beginning or end of a shift, midnight, or
// a change of the zone's offset. Zero for a person without shifts.
func (p *Person) nextShiftCheck(now time.Time) time.Time {
	if len(p.Shifts) == 0 {
		return time.Time{}
	}
	local := now.In(p.location)
	minute := local.Hour()*60 + local.Minute()
	ahead := 24*60 - minute
	for _, s := range p.Shifts {
		for _, edge := range [2]int{s.From, s.To} {
			if d := edge - minute; d > 0 && d < ahead {
				ahead = d
			}
		}
	}
	next := now.Truncate(time.Minute).Add(time.Duration(ahead) * time.Minute)
	if _, change := local.ZoneBounds(); !change.IsZero() && change.After(now) && change.Before(next) {
		next = change
	}
	return next
}
