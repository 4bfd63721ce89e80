package ledger_test

import (
	"testing"
	"time"

	"ringway/store/ledger"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestDaysAreAsLongAsTheZoneMakesThem(t *testing.T) {
	for _, c := range []struct {
		zone       string
		y, m, d    int
		hours      float64
		from, next string
	}{
		{"Europe/London", 2026, 3, 29, 23, "2026-03-29T00:00:00Z", "2026-03-30T00:00:00+01:00"},
		{"Europe/London", 2026, 10, 25, 25, "2026-10-25T00:00:00+01:00", "2026-10-26T00:00:00Z"},
		{"Asia/Taipei", 2026, 3, 29, 24, "2026-03-29T00:00:00+08:00", "2026-03-30T00:00:00+08:00"},
		{"Asia/Beirut", 2026, 3, 29, 23, "2026-03-29T01:00:00+03:00", "2026-03-30T00:00:00+03:00"},          // midnight does not exist
		{"America/Santiago", 2026, 4, 4, 25, "2026-04-04T00:00:00-03:00", "2026-04-05T00:00:00-04:00"},      // 23:00 comes twice
		{"Australia/Lord_Howe", 2026, 4, 5, 24.5, "2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:30"}, // half an hour
		{"UTC", 2026, 12, 31, 24, "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"},
	} {
		s := ledger.Day(c.y, time.Month(c.m), c.d, zone(t, c.zone))
		if got := s.Length().Hours(); got != c.hours {
			t.Errorf("%s %d-%d-%d has %g hours, want %g", c.zone, c.y, c.m, c.d, got, c.hours)
		}
		if from, to := s.From.Format(time.RFC3339), s.To.Format(time.RFC3339); from != c.from || to != c.next {
			t.Errorf("%s %d-%d-%d is %s to %s, want %s to %s", c.zone, c.y, c.m, c.d, from, to, c.from, c.next)
		}
		if next := ledger.Day(c.y, time.Month(c.m), c.d+1, zone(t, c.zone)); !next.From.Equal(s.To) {
			t.Errorf("%s: the next day begins at %s, this one ends at %s", c.zone, next.From, s.To)
		}
	}
}

func TestPiecesOfADayAddUp(t *testing.T) {
	day := ledger.Day(2026, 10, 25, zone(t, "Europe/London"))
	pieces, sum := day.Split(time.Hour), time.Duration(0)
	for i, p := range pieces {
		sum += p.Length()
		if i > 0 && !p.From.Equal(pieces[i-1].To) {
			t.Errorf("piece %d begins at %s", i, p.From)
		}
	}
	if len(pieces) != 25 || sum != 25*time.Hour {
		t.Errorf("%d pieces of %s", len(pieces), sum)
	}
	if odd := day.Split(7 * time.Hour); len(odd) != 4 || odd[3].Length() != 4*time.Hour {
		t.Errorf("pieces of seven hours: %v", odd)
	}
}
