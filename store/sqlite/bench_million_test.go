package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/store"
)

// A million calls: one each 31 seconds over a year, two in three through the queue help, one in three through flights, one in
// ten thousand through a queue that was closed long ago; ten agents; one in ten is abandoned, one in a thousand found its queue
// full; one offer a call, and one in fifty of them is declined. One conversation in two thousand is handed on, one call in a
// hundred is one that an agent placed, and one customer in a hundred calls again within nine hours.
const (
	million  = 1_000_000
	fillText = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d)
		INSERT INTO calls SELECT printf('call%%07d', i), '', 'bench', CASE i %% 50 WHEN 0 THEN CASE i %% 100 WHEN 0 THEN 'outgoing' ELSE 'internal' END ELSE 'customer' END, printf('sip%%d', i),
		printf('Customer %%d', i %% 300000), printf('+8869%%08d', (i * 7919) %% 100000000), printf('c-%%d', CASE i %% 100 WHEN 13 THEN i - 1000 + 1 ELSE i END %% 300000), printf('B%%d', i), 'zh-TW', 'TW', 'Asia/Taipei', '', '',
		'from-app', 'help', 'v1', %d + i * 31000000, %d + i * 31000000 + 100000, %d + i * 31000000 + 200000000,
		CASE i %% 10 WHEN 9 THEN 'no_answer' WHEN 8 THEN CASE i %% 1000 WHEN 8 THEN 'failed' ELSE 'answered' END ELSE 'answered' END,
		'normal', 200, 16, 'caller', '', 'from-app/help/3', 'opus', '', CASE i %% 50 WHEN 0 THEN printf('agent%%d', i / 50 %% 10) ELSE '' END FROM n`
	fillVisits = `INSERT INTO visits SELECT 'v' || id, id, CASE WHEN rowid_ %% 10000 = 5 AND rowid_ < 500000 THEN 'closed' WHEN rowid_ %% 3 = 0 THEN 'flights' ELSE 'help' END,
		0, 'zh-TW', 'TW', 'Asia/Taipei', 0, started + 1000000, CASE WHEN rowid_ %% 10 = 9 OR rowid_ %% 1000 = 7 THEN NULL ELSE started + 9000000 END, started + 9000000, ended,
		CASE WHEN rowid_ %% 10 = 9 THEN 'abandoned' WHEN rowid_ %% 1000 = 7 THEN 'full' ELSE 'connected' END,
		CASE WHEN rowid_ %% 10 = 9 OR rowid_ %% 1000 = 7 THEN '' ELSE printf('agent%%d', rowid_ %% 10) END, 'v' || id || '.1', 1, 1, 20000000000, CASE rowid_ %% 2000 WHEN 21 THEN 'transfer_blind' ELSE '' END, CASE rowid_ %% 1000 WHEN 39 THEN 9000000000 ELSE 5000000000 END
		FROM (SELECT id, started, ended, CAST(substr(id, 5) AS INTEGER) AS rowid_ FROM calls)`
	fillOffers = `INSERT INTO offers SELECT 'o' || id, id, call, queue, printf('agent%%d', CAST(substr(call, 5) AS INTEGER) %% 10), entered + 1000000, entered + 2000000, left,
		CASE WHEN CAST(substr(call, 5) AS INTEGER) %% 50 = 9 THEN 'declined' WHEN result = 'abandoned' THEN 'caller_left' ELSE 'answered' END, 200 FROM visits WHERE result <> 'full'`
	fillLegs = `INSERT INTO legs SELECT id || '-' || side, id, CASE side WHEN 1 THEN 'in' ELSE 'out' END, '', '', CASE side WHEN 1 THEN '' ELSE printf('agent%%d', CAST(substr(id, 5) AS INTEGER) %% 10) END,
		'', 'sip', '192.0.2.1:5060', 'phone', started, started, answered, ended, 200, 'normal', 'opus', 10000, 3, 1, 1.5, 20
		FROM calls, (SELECT 1 AS side UNION SELECT 2) WHERE side = 1 OR disposition = 'answered'`
)

// BenchmarkMillionCalls measures what the console asks of a large database. RINGWAY_BENCH_DATA names a folder that keeps it
// between runs.
func BenchmarkMillionCalls(b *testing.B) {
	dir := os.Getenv("RINGWAY_BENCH_DATA")
	if dir == "" {
		dir = b.TempDir()
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	d, err := Open(b.Context(), filepath.Join(dir, "million.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // it goes with its folder
	fillMillion(b, d, start)
	later := start.Add(200 * 24 * time.Hour)
	for _, c := range []struct {
		name string
		do   func(context.Context, int) error
	}{
		{"newest", list(d, func(int) store.CallQuery { return store.CallQuery{} })},
		{"a span", list(d, func(i int) store.CallQuery {
			at := later.Add(time.Duration(i) * time.Hour)
			return store.CallQuery{From: at, To: at.Add(24 * time.Hour)}
		})},
		{"queue", list(d, func(int) store.CallQuery { return store.CallQuery{Queue: "help"} })},
		{"rare queue", list(d, func(int) store.CallQuery { return store.CallQuery{Queue: "closed"} })},
		{"no such queue", list(d, func(int) store.CallQuery { return store.CallQuery{Queue: "nothing"} })},
		{"agent", list(d, func(i int) store.CallQuery { return store.CallQuery{Agent: fmt.Sprintf("agent%d", i%10)} })},
		{"agent and queue in a span", list(d, func(i int) store.CallQuery {
			return store.CallQuery{Agent: fmt.Sprintf("agent%d", i%10), Queue: "flights", From: start, To: later}
		})},
		{"failed", list(d, func(int) store.CallQuery { return store.CallQuery{Disposition: store.DispositionFailed} })},
		{"internal", list(d, func(int) store.CallQuery { return store.CallQuery{Kind: store.Internal} })},
		{"customer", list(d, func(i int) store.CallQuery { return store.CallQuery{Customer: fmt.Sprintf("c-%d", i*31%300000)} })},
		{"number", list(d, func(i int) store.CallQuery { return store.CallQuery{Search: fmt.Sprintf("%06d", i*7919%1000000)} })},
		{"common number", list(d, func(int) store.CallQuery { return store.CallQuery{Search: "help"} })},
		{"name", list(d, func(i int) store.CallQuery { return store.CallQuery{Search: fmt.Sprintf("customer %d", i%300000)} })},
		{"seen by a team", list(d, func(int) store.CallQuery { return store.CallQuery{Seen: []string{"agent3", "agent4"}} })},
		{"deep page", list(d, func(i int) store.CallQuery {
			return store.CallQuery{Queue: "help", Cursor: fmt.Sprintf("%d.call0500000", start.Add(time.Duration(i)*time.Hour).UnixMicro())}
		})},
		{"drill: offered in a day", drill(d, start, day, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Entered: w}}
		})},
		{"drill: offered in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Entered: w}}
		})},
		{"drill: abandoned in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Entered: w, Queue: "help", Result: store.Abandoned}}
		})},
		{"drill: full in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Entered: w, Queue: "flights", Result: store.Full}}
		})},
		{"drill: abandoned by end in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Left: w, Result: store.Abandoned}}
		})},
		{"drill: handled by an agent in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Connected: w, Agent: "agent3"}}
		})},
		{"drill: declined by an agent in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Offer: store.OfferFilter{Begun: w, Agent: "agent9", Outcome: store.Declined}}
		})},
		{"drill: answered within in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Entered: w, Queue: "help", Result: store.Connected, Within: true}}
		})},
		{"drill: short abandoned in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Entered: w, Result: store.Abandoned, Short: true}}
		})},
		{"drill: handed on in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Connected: w, EndReason: store.TransferBlind}}
		})},
		{"drill: offers of a queue in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Offer: store.OfferFilter{Begun: w, Queue: "flights"}}
		})},
		{"drill: RONA of a queue in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Offer: store.OfferFilter{Begun: w, Queue: "flights", Outcome: store.RONA}}
		})},
		{"drill: RONA of a language in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Offer: store.OfferFilter{Begun: w, Language: "zh-TW", Outcome: store.RONA}}
		})},
		{"drill: placed by an agent in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Placed: "agent4", Kind: store.Outgoing, Answered: w}
		})},
		{"drill: repeats of an agent in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Connected: w, Agent: "agent4"}, Again: 7 * day}
		})},
		{"drill: repeats in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{From: w.From, To: w.To, Kind: store.Customer, Again: 7 * day}
		})},
		{"drill: identified in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{From: w.From, To: w.To, Kind: store.Customer, Identified: true}
		})},
		{"drill: handed on in the year", drill(d, start, 365*day, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Connected: w, EndReason: store.TransferBlind}}
		})},
		{"drill: full in the year", drill(d, start, 365*day, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Entered: w, Result: store.Full}}
		})},
		{"drill: of a rare queue in the year", drill(d, start, 365*day, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Entered: w, Queue: "closed"}}
		})},
		{"drill: of an agent who is gone in the year", drill(d, start, 365*day, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Connected: w, Agent: "nobody"}}
		})},
		{"drill: of a language that nobody speaks in the year", drill(d, start, 365*day, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Entered: w, Language: "is"}}
		})},
		{"drill: answered within of a queue in the year", drill(d, start, 365*day, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Entered: w, Queue: "help", Result: store.Connected, Within: true}}
		})},
		{"drill: RONA of an agent in the year", drill(d, start, 365*day, func(w store.Within) store.CallQuery {
			return store.CallQuery{Offer: store.OfferFilter{Begun: w, Agent: "agent9", Outcome: store.RONA}}
		})},
		{"drill: RONA of a language in the year", drill(d, start, 365*day, func(w store.Within) store.CallQuery {
			return store.CallQuery{Offer: store.OfferFilter{Begun: w, Language: "zh-TW", Outcome: store.RONA}}
		})},
		{"drill: still waiting in the year", drill(d, start, 365*day, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Entered: w, Result: store.StillWaiting}}
		})},
		{"drill: repeats of an agent in the year", drill(d, start, 365*day, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Connected: w, Agent: "agent4"}, Again: 7 * day}
		})},
		{"drill: of a team in the year", drill(d, start, 365*day, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Connected: w}, Members: &store.Members{Of: []string{"agent1", "agent2", "nobody"}}}
		})},
		{"drill: talked in a month", drill(d, start, month, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{During: w, Phase: store.Talks, Queue: "flights"}}
		})},
		{"drill: up in the year", drill(d, start, 365*day, func(w store.Within) store.CallQuery { return store.CallQuery{Up: w, Kind: store.Customer} })},
		{"drill: abandoned on Mondays at nine in the year", drill(d, start, 365*day, func(w store.Within) store.CallQuery {
			return store.CallQuery{Visit: store.VisitFilter{Entered: w, Result: store.Abandoned, Clock: store.Clock{Weekday: time.Monday, Hour: 9, Zone: time.UTC}}}
		})},
		{"story", func(ctx context.Context, i int) error {
			_, err := d.Story(ctx, fmt.Sprintf("call%07d", i*104729%million))
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				at := time.Now()
				if err := c.do(b.Context(), i); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(at))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

const (
	day   = 24 * time.Hour
	month = 30 * day
)

// drill asks for the calls behind a number of a report over some time: each time another one.
func drill(d *DB, start time.Time, long time.Duration, q func(store.Within) store.CallQuery) func(context.Context, int) error {
	return list(d, func(i int) store.CallQuery {
		from := start.Add(time.Duration(i) * 31 * time.Minute)
		return q(store.Within{From: from, To: from.Add(long)})
	})
}

func list(d *DB, q func(int) store.CallQuery) func(context.Context, int) error {
	return func(ctx context.Context, i int) error {
		_, err := d.Calls(ctx, q(i))
		return err
	}
}

func fillMillion(b *testing.B, d *DB, start time.Time) {
	var n int
	if err := d.read.QueryRow("SELECT COUNT(*) FROM calls").Scan(&n); err != nil {
		b.Fatal(err)
	}
	defer indexMillion(b, d, start)
	if n == million {
		return
	}
	at, began := start.UnixMicro(), time.Now()
	err := d.transact(b.Context(), func() error {
		for _, text := range []string{fmt.Sprintf(fillText, million, at, at, at), strings.ReplaceAll(fillVisits, "%%", "%"), strings.ReplaceAll(fillOffers, "%%", "%"), strings.ReplaceAll(fillLegs, "%%", "%")} {
			if err := d.exec(text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("filled in %s", time.Since(began).Round(time.Second))
}

// indexMillion takes the calls into the tables of finds, also where an earlier run came no further.
func indexMillion(b *testing.B, d *DB, start time.Time) {
	began := time.Now()
	if err := d.Index(b.Context(), start.Add(400*24*time.Hour)); err != nil {
		b.Fatal(err)
	}
	b.Logf("indexed in %s", time.Since(began).Round(time.Second))
}
