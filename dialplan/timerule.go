package dialplan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ringway/config/diag"
)

// timeRule is a set of instants, by the wall clock of one zone:
//
//	hours: "09:00-18:00"   from the first minute up to, not including, the second; "18:00-09:00" runs over midnight
//	days: mon-fri          weekdays; ranges may wrap (fri-mon)
//	monthdays: 1-15        days of the month; ranges may wrap
//	months: nov-feb        ranges may wrap
//	dates: [2026-12-25]    single days
//	zone: Asia/Taipei      IANA time zone, the company's where it is left out
//
// What is left out holds always; each value may be a list. Hours that run over midnight belong to the day on which they
// began: at 02:00 on Saturday "18:00-09:00, mon-fri" holds, at 02:00 on Monday it does not. On days when the clock is
// changed the wall clock counts: an hour that is skipped never comes, one that is repeated counts twice.
type timeRule struct {
	hours     []span // minutes of the day
	days      uint64 // bit set of weekdays; 0 is all
	monthdays uint64
	months    uint64
	dates     []string
	zone      *time.Location
}

type span struct{ from, to int }

var (
	dayNames   = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	monthNames = []string{"", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
)

// readTimeRule takes the fields of a rule out of a mapping that may have others.
func readTimeRule(m *diag.Mapping, zone *time.Location) *timeRule {
	r := &timeRule{zone: zone}
	for _, n := range m.Field("hours").Items() {
		if s, ok := readHours(n); ok {
			r.hours = append(r.hours, s)
		}
	}
	r.days = readSet(m.Field("days"), "weekday", func(w string) int { return slices.Index(dayNames, w) }, 0, 6)
	r.months = readSet(m.Field("months"), "month", func(w string) int {
		if w == "" {
			return -1
		}
		return slices.Index(monthNames, w)
	}, 1, 12)
	r.monthdays = readSet(m.Field("monthdays"), "day of the month", func(w string) int {
		if d, err := strconv.Atoi(w); err == nil && d >= 1 && d <= 31 {
			return d
		}
		return -1
	}, 1, 31)
	for _, n := range m.Field("dates").Items() {
		s := n.Text().Value
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			n.Errorf(codeTime, "write it like 2026-12-25", "'%s' is not a date", s)
		}
		r.dates = append(r.dates, s)
	}
	if n := m.Field("zone"); n.Present() {
		loc, err := time.LoadLocation(n.Text().Value)
		if err != nil || n.Text().Value == "" || n.Text().Value == "Local" {
			n.Errorf(codeTime, "use an IANA name such as Asia/Taipei", "unknown time zone '%s'", n.Text().Value)
		} else {
			r.zone = loc
		}
	}
	return r
}

// always tells whether the rule says nothing.
func (r *timeRule) always() bool {
	return len(r.hours) == 0 && r.days|r.months|r.monthdays == 0 && len(r.dates) == 0
}

func readHours(n diag.Node) (span, bool) {
	text := n.Text().Value
	from, to, ok := strings.Cut(text, "-")
	a, okA := minuteOf(from)
	b, okB := minuteOf(to)
	switch {
	case !ok || !okA || !okB || a == 24*60:
		n.Errorf(codeTime, `write them like "09:00-18:00"`, "'%s' are not hours", text)
	case a == b:
		n.Errorf(codeTime, "leave hours out for the whole day", "'%s' covers nothing", text)
	default:
		return span{a, b}, true
	}
	return span{}, false
}

func minuteOf(s string) (int, bool) {
	h, m, ok := strings.Cut(strings.TrimSpace(s), ":")
	hour, errH := strconv.ParseUint(h, 10, 8)
	minute, errM := strconv.ParseUint(m, 10, 8)
	at := int(hour*60 + minute)
	return at, ok && errH == nil && errM == nil && minute < 60 && at <= 24*60 && len(m) == 2
}

// readSet reads names and ranges of names, which may wrap, into a bit set.
func readSet(n diag.Node, what string, index func(string) int, low, high int) uint64 {
	var set uint64
	for _, item := range n.Items() {
		for _, word := range strings.Split(item.Text().Value, ",") {
			from, to, isRange := strings.Cut(strings.ToLower(strings.TrimSpace(word)), "-")
			if !isRange {
				to = from
			}
			a, b := index(short(from)), index(short(to))
			if a < 0 || b < 0 {
				item.Errorf(codeTime, "", "'%s' is no %s and no range of them", strings.TrimSpace(word), diag.Words(what))
				continue
			}
			for i := a; ; i++ {
				if i > high {
					i = low
				}
				if set |= 1 << i; i == b {
					break
				}
			}
		}
	}
	return set
}

// short makes monday mon and september sep; numbers stay.
func short(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 3 {
		return s[:3]
	}
	return s
}

// holds tells whether now is in the set.
func (r *timeRule) holds(now time.Time) bool {
	t := now.In(r.zone)
	if len(r.hours) == 0 {
		return r.day(t)
	}
	minute := t.Hour()*60 + t.Minute()
	for _, s := range r.hours {
		switch {
		case s.from < s.to && minute >= s.from && minute < s.to && r.day(t),
			s.from > s.to && minute >= s.from && r.day(t),
			s.from > s.to && minute < s.to && r.day(dayBefore(t)):
			return true
		}
	}
	return false
}

// dayBefore is noon of the day before: noon exists on every day of every zone.
func dayBefore(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()-1, 12, 0, 0, 0, t.Location())
}

func (r *timeRule) day(t time.Time) bool {
	in := func(set uint64, v int) bool { return set == 0 || set&(1<<v) != 0 }
	return in(r.days, int(t.Weekday())) && in(r.monthdays, t.Day()) && in(r.months, int(t.Month())) &&
		(len(r.dates) == 0 || slices.Contains(r.dates, t.Format(time.DateOnly)))
}

// String tells the rule for traces.
func (r *timeRule) String() string {
	var parts []string
	for _, s := range r.hours {
		parts = append(parts, fmt.Sprintf("%02d:%02d-%02d:%02d", s.from/60, s.from%60, s.to/60, s.to%60))
	}
	for i, name := range dayNames {
		if r.days&(1<<i) != 0 {
			parts = append(parts, name)
		}
	}
	return strings.Join(append(parts, r.zone.String()), " ")
}
