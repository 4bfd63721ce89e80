package console

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"ringway/console/staff"
	"ringway/store/sqlite"
)

// BenchmarkStandings measures what it costs that 300 open desks ask whether their log-ins still stand, against a real database:
// CPU of a core at the pace of the product and at one that is six times as fast, and of one look.
func BenchmarkStandings(b *testing.B) {
	for _, every := range []time.Duration{standingEvery / 6, standingEvery} {
		b.Run(every.String(), func(b *testing.B) { benchStandings(b, every) })
	}
}

func benchStandings(b *testing.B, every time.Duration) {
	const desks = 300
	db, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "s.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var roster crew
	for i := range desks {
		roster = append(roster, staff.Person{ID: fmt.Sprintf("p%03d", i), Role: staff.Agent, Team: "desk"})
	}
	guard := staff.NewGuard(staff.Options{Store: db, People: roster})
	a := &API{Parts: Parts{Staff: guard, Roster: roster}, log: slog.New(slog.DiscardHandler), standEvery: every}
	var looks atomic.Int64
	ctx, leave := context.WithCancel(b.Context())
	defer leave()
	var ends []func()
	for _, p := range roster {
		token, who, err := guard.LoginAs(b.Context(), p.ID, staff.Attempt{})
		if err != nil {
			b.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx)
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: token})
		r = a.withStanding(r, who)
		s := r.Context().Value(standingKey{}).(standing)
		stands := s.stands
		s.stands = func(ctx context.Context) bool {
			looks.Add(1)
			return stands(ctx)
		}
		standing, end := whileStanding(context.WithValue(r.Context(), standingKey{}, s))
		ends = append(ends, end)
		if standing.Err() != nil {
			b.Fatal("a desk ended")
		}
	}
	span := 2 * every
	time.Sleep(every / 2) // so that two looks of each fall into it
	for b.Loop() {
		before, seen := spent(b), looks.Load()
		time.Sleep(span)
		cost, n := spent(b)-before, looks.Load()-seen
		b.ReportMetric(100*float64(cost)/float64(span), "%core")
		b.ReportMetric(float64(cost.Microseconds())/float64(max(n, 1)), "µs/look")
		b.ReportMetric(float64(n)/span.Seconds(), "looks/s")
	}
	for _, end := range ends {
		end()
	}
}
