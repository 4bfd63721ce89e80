package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"ringway/store"
)

// How calls get into call_finds, visit_finds, offer_finds and customer_finds: in pieces, some time after they ended, since row by row costs their writer as much again as
// the call itself.
//
//	            found_until                     now
//	 ───────────────┼────────────────────────────┼──
//	 in the tables  │ ended since, or goes on:   │
//	                │ a search looks at them all │
//
// What is saved about a call after its piece is written with it, like an event that is late for its part of the ledger.

const (
	findsPiece = 1000             // calls in one transaction, which others wait for
	findsDelay = 10 * time.Second // so much later than a call's end few of its records are still on their way
)

// findsOf are the statements that add all rows of the calls that a condition selects.
func findsOf(calls string) []string {
	with := "WITH c AS MATERIALIZED (SELECT id, started, answered, ended, parent, kind, disposition, customer, agent, caller_name, caller_number, dialled FROM calls " + calls + ") "
	return []string{
		with + `INSERT OR IGNORE INTO call_finds
			SELECT 't', substr(caller_number, -4), started, id FROM c WHERE caller_number <> ''
			UNION ALL SELECT 'd', substr(dialled, -4), started, id FROM c WHERE dialled <> ''
			UNION ALL SELECT 'm', lower(caller_name), started, id FROM c WHERE caller_name <> ''
			UNION ALL SELECT 'k', kind, started, id FROM c WHERE kind <> 'customer'
			UNION ALL SELECT 's', disposition, started, id FROM c WHERE disposition NOT IN ('', 'answered')
			UNION ALL SELECT 'p', kind || ' ' || agent, started, id FROM c WHERE agent <> ''
			UNION ALL SELECT 'q', v.queue, c.started, c.id FROM c CROSS JOIN visits v ON v.call = c.id
			UNION ALL SELECT 'a', l.agent, c.started, c.id FROM c CROSS JOIN legs l ON l.call = c.id WHERE l.agent <> ''`,
		with + "INSERT OR REPLACE INTO visit_finds SELECT " + visitFound + " FROM c CROSS JOIN visits v ON v.call = c.id",
		with + "INSERT OR REPLACE INTO offer_finds SELECT " + offerFound + " FROM c CROSS JOIN offers o ON o.call = c.id LEFT JOIN visits v ON v.id = o.visit",
		with + customersFound,
		with + `UPDATE found_until SET length = MAX(length, (SELECT COALESCE(MAX(MAX(ended - started,
				COALESCE((SELECT MAX(v.ended) - started FROM visits v WHERE v.call = c.id), 0))), 0) FROM c)), reach = MAX(reach,
			(SELECT COALESCE(MAX(ABS(answered - started)), 0) FROM c),
			(SELECT COALESCE(MAX(MAX(ABS(COALESCE(v.entered, c.started) - c.started), ABS(COALESCE(v.connected, c.started) - c.started),
				ABS(COALESCE(v.left, c.started) - c.started))), 0) FROM c CROSS JOIN visits v ON v.call = c.id),
			(SELECT COALESCE(MAX(ABS(COALESCE(o.started, c.started) - c.started)), 0) FROM c CROSS JOIN offers o ON o.call = c.id))`,
	}
}

// The rows of visit_finds and offer_finds.
var visitFound = "c.started, c.id, v.id, v.entered, v.connected, v.left, v.result, v.by_transfer, v.queue, v.agent, v.language, v.region, " +
	withinRow("v") + ", " + shortRow("v") + ", v.end_reason"

const offerFound = "c.started, c.id, o.id, o.started, o.queue, o.agent, o.outcome, COALESCE(v.language, ''), COALESCE(v.region, '')"

// customersFound adds the rows of customer_finds. A call is also what its customer called again with after the call before it,
// whose row is made anew.
const customersFound = `, k AS MATERIALIZED (SELECT id, started, customer FROM c WHERE kind = 'customer' AND parent = '' AND customer <> ''),
	b AS MATERIALIZED (SELECT * FROM k UNION SELECT p.id, p.started, p.customer FROM k CROSS JOIN calls p INDEXED BY calls_customer
		ON p.customer = k.customer AND p.customer <> '' AND p.kind = 'customer' AND p.parent = ''
		AND p.started = (SELECT x.started FROM calls x WHERE x.customer = k.customer AND x.customer <> '' AND x.kind = 'customer' AND x.parent = ''
			AND x.started < k.started ORDER BY x.started DESC LIMIT 1))
	INSERT OR REPLACE INTO customer_finds SELECT started, id, (SELECT n.started FROM calls n WHERE n.customer = b.customer AND n.customer <> ''
		AND n.kind = 'customer' AND n.parent = '' AND n.started > b.started ORDER BY n.started LIMIT 1) - started FROM b`

var (
	findsOfPiece = findsOf("INDEXED BY calls_ended WHERE ended >= ?1 AND ended < ?2")
	findsOfCall  = findsOf("WHERE id = ?1 AND ended < ?2")
)

// A row that is late, where its call is in the tables already.
var (
	insertFind      = "INSERT OR IGNORE INTO call_finds SELECT ?, ?, started, id FROM calls WHERE id = ? AND ended < ?"
	insertVisitFind = "INSERT OR REPLACE INTO visit_finds SELECT " + visitFound + " FROM visits v JOIN calls c ON c.id = v.call WHERE v.id = ? AND c.ended < ?"
	insertOfferFind = "INSERT OR REPLACE INTO offer_finds SELECT " + offerFound + " FROM offers o JOIN calls c ON c.id = o.call LEFT JOIN visits v ON v.id = o.visit WHERE o.id = ? AND c.ended < ?"
)

// Index takes in the calls that ended some time before now, so that searches look for them in call_finds. A node calls it
// every few seconds; a search that comes before finds them all the same.
func (d *DB) Index(ctx context.Context, now time.Time) error {
	for end := now.Add(-findsDelay).UnixMicro(); ; {
		var done bool
		err := d.transact(ctx, func() (err error) {
			done, err = d.indexPiece(end)
			return err
		})
		if err != nil || done {
			return err
		}
	}
}

// indexPiece takes in the next calls that ended before end, and reports whether there are no more.
func (d *DB) indexPiece(end int64) (done bool, err error) {
	var begin, last int64
	ctx := context.Background()
	if err := d.conn.QueryRowContext(ctx, "SELECT until FROM found_until").Scan(&begin); err != nil || begin >= end {
		return true, err
	}
	row := d.conn.QueryRowContext(ctx, "SELECT ended FROM calls WHERE ended >= ? AND ended < ? ORDER BY ended LIMIT 1 OFFSET ?", begin, end, findsPiece-1)
	switch err := row.Scan(&last); {
	case errors.Is(err, sql.ErrNoRows):
		done = true
	case err != nil:
		return false, err
	default:
		end = last + 1 // with all that ended in the same instant
	}
	if err := d.execAll(findsOfPiece, begin, end); err != nil {
		return false, err
	}
	d.found = time.UnixMicro(end)
	return done, d.exec("UPDATE found_until SET until = ?", end)
}

// The put… functions save a row and, where it is late, what its call is found by.

func (d *DB) putCall(c *store.Call) error {
	saved, err := d.endCall(c)
	if err == nil && !saved {
		err = run(d.stmts.call, callPlaces(c))
	}
	if err != nil || c.End.IsZero() || !c.End.Before(d.found) {
		return err
	}
	return d.find(c.ID)
}

func (d *DB) putLeg(l *store.Leg) error {
	if err := run(d.stmts.leg, legPlaces(l)); err != nil || l.Agent == "" || !l.Start.Before(d.found) {
		return err
	}
	return run(d.stmts.find, []any{"a", l.Agent, l.Call, d.found.UnixMicro()})
}

func (d *DB) putVisit(v *store.Visit) error {
	if err := run(d.stmts.visit, visitPlaces(v)); err != nil || !v.Enter.Before(d.found) {
		return err
	}
	return d.findLate(d.stmts.findVisit, v.ID, v.Call)
}

func (d *DB) putOffer(o *store.Offer) error {
	if err := run(d.stmts.offer, offerPlaces(o)); err != nil || !o.Start.Before(d.found) {
		return err
	}
	return d.findLate(d.stmts.findOffer, o.ID, o.Call)
}

// findLate takes in a row by a statement of its own, which mostly finds that its call is not in the tables yet; where it is,
// the rest that the row changes follows.
func (d *DB) findLate(own *sql.Stmt, id, call string) error {
	done, err := own.Exec(id, d.found.UnixMicro())
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return d.find(call)
}

// find takes in one call, if it ended before found_until.
func (d *DB) find(call string) error { return d.execAll(findsOfCall, call, d.found.UnixMicro()) }

func (d *DB) execAll(texts []string, args ...any) error {
	for _, text := range texts {
		if err := d.exec(text, args...); err != nil {
			return err
		}
	}
	return nil
}
