package sqlite

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ringway/store"
)

// BenchmarkFinds measures what the tables of finds and drills, and the indexes added to them for what is rare, cost each call
// that is saved: its rows without events, in groups of 200, indexed as a node does, a thousand calls later at most.
func BenchmarkFinds(b *testing.B) {
	for _, c := range []struct {
		name  string
		index bool
		drop  string
	}{
		{"without", false, ""},
		{"tables alone", true, "visit_finds_flowed visit_finds_waiting visit_finds_agent visit_finds_language visit_finds_region offer_finds_agent offer_finds_missed"},
		{"tables and indexes", true, ""},
	} {
		b.Run(c.name, func(b *testing.B) {
			d, err := Open(b.Context(), filepath.Join(b.TempDir(), "finds.db"), Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close() //nolint:errcheck // it goes with its folder
			for _, index := range strings.Fields(c.drop) {
				if err := d.exec("DROP INDEX " + index); err != nil {
					b.Fatal(err)
				}
			}
			start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			began := spent(b)
			b.ResetTimer()
			var group []store.Record
			for i := range b.N {
				at := start.Add(time.Duration(i) * time.Second)
				if group = append(group, oneCall(i, at)...); i%50 == 49 || i == b.N-1 {
					if err := d.Save(b.Context(), group); err != nil {
						b.Fatal(err)
					}
					group = group[:0]
				}
				if c.index && i%1000 == 999 {
					if err := d.Index(b.Context(), at); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64((spent(b)-began).Microseconds())/float64(b.N), "cpu-µs/call")
		})
	}
}

// spent is the CPU time of the process so far, which a busy machine falsifies least.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// oneCall is what is saved of a call that an agent of fifty answered, but for its events.
func oneCall(i int, at time.Time) []store.Record {
	id, agent := fmt.Sprintf("call%07d", i), fmt.Sprint("agent", i%50)
	end := at.Add(200 * time.Second)
	return []store.Record{
		{Call: &store.Call{ID: id, Kind: store.Customer, CallerName: fmt.Sprint("Customer ", i%3000), CallerNumber: fmt.Sprint("+8869", 10_000_000+i), Customer: fmt.Sprint("c-", i%3000),
			Language: "zh-TW", Region: "TW", Dialled: "help", Start: at, Answer: at, End: end, Disposition: store.DispositionAnswered}},
		{Leg: &store.Leg{ID: id + "-1", Call: id, Direction: store.In, Start: at, Answer: at, End: end}},
		{Leg: &store.Leg{ID: id + "-2", Call: id, Direction: store.Out, Agent: agent, Start: at, Answer: at.Add(9 * time.Second), End: end}},
		{Visit: &store.Visit{ID: "v" + id, Call: id, Queue: []string{"help", "flights"}[i%2], Language: "zh-TW", Region: "TW", Enter: at.Add(time.Second), Connect: at.Add(9 * time.Second),
			Leave: at.Add(9 * time.Second), End: end, Result: store.Connected, Agent: agent, ServiceLevel: 20 * time.Second}},
		{Offer: &store.Offer{ID: "o" + id, Visit: "v" + id, Call: id, Queue: "help", Agent: agent, Start: at.Add(2 * time.Second), End: at.Add(9 * time.Second), Outcome: store.Answered}},
	}
}

// BenchmarkMigrationOfDrills measures how long an update takes a database from before version 16 through the one that makes the
// tables of drills anew, and through those after it, of which 19 adds their indexes. RINGWAY_BENCH_CALLS says how many calls it has.
func BenchmarkMigrationOfDrills(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("RINGWAY_BENCH_CALLS"))
	if err != nil {
		n = 20_000
	}
	path := filepath.Join(b.TempDir(), "old.db")
	d, err := Open(b.Context(), path, Options{})
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	if err := d.exec("INSERT INTO boots VALUES (99, 'n', 'b')"); err != nil {
		b.Fatal(err)
	}
	texts := []string{fmt.Sprintf(fillText, n, at, at, at)}
	for _, text := range []string{fillVisits, fillOffers, fillLegs} {
		texts = append(texts, strings.ReplaceAll(text, "%%", "%"))
	}
	for i, kind := range []string{"call.start", "leg.start", "visit.enter", "visit.connect", "visit.end", "call.end"} {
		texts = append(texts, fmt.Sprintf(`INSERT INTO events (boot, seq, at, kind, call, visit, data) SELECT 99, 10 * CAST(substr(call, 5) AS INTEGER) + %d, entered + %d, '%s', call, id,
			CASE '%[3]s' WHEN 'visit.enter' THEN '{"service_level":"20","short_abandon":"5"}' END FROM visits`, i, i, kind))
	}
	for _, text := range texts {
		if err := d.transact(b.Context(), func() error { return d.exec(text) }); err != nil {
			b.Fatal(err)
		}
	}
	if err := d.Index(b.Context(), time.Now().Add(10*365*day)); err != nil {
		b.Fatal(err)
	}
	if err := d.Close(); err != nil { // which has the one connection that writes
		b.Fatal(err)
	}
	db, err := sql.Open("sqlite3", dsn(path, nil))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	p, err := provider(db)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := p.DownTo(b.Context(), 15); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if _, err := p.UpTo(b.Context(), 16); err != nil {
		b.Fatal(err)
	}
	sixteen := time.Since(began)
	if _, err := p.Up(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(sixteen.Seconds(), "s-to-16")
	b.ReportMetric((time.Since(began) - sixteen).Seconds(), "s-from-16-on")
}
