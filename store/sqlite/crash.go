package sqlite

import (
	"context"
	"fmt"
	"time"

	"ringway/store"
	"ringway/store/ledger"
)

// Recover is CloseCrashed by the database's own clock.
func (d *DB) Recover(ctx context.Context) (store.Recovery, error) {
	return d.CloseCrashed(ctx, d.o.Now())
}

// CloseCrashed closes what a crash left open: each open call at its last event, with cause ledger.Crashed, and its legs,
// offers and visits with it; callers who waited are flow-out by restart. The events that say so are written too, so that
// every account agrees. A node calls it once when it starts, after the writer has replayed its spool and before the first
// call; nothing is counted twice when it is called again. now closes rows of which no event is on record.
func (d *DB) CloseCrashed(ctx context.Context, now time.Time) (store.Recovery, error) {
	var r store.Recovery
	err := d.transact(ctx, func() error {
		for table, n := range map[string]*int{"calls": &r.Calls, "legs": &r.Legs, "offers": &r.Offers} {
			if err := d.count(n, "SELECT COUNT(*) FROM "+table+" WHERE ended IS NULL"); err != nil {
				return err
			}
		}
		if err := d.count(&r.Visits, "SELECT COUNT(*) FROM visits WHERE "+openVisit); err != nil {
			return err
		}
		if err := d.adopt(ctx); err != nil {
			return err
		}
		ids, err := d.openCalls(ctx)
		if err != nil {
			return err
		}
		closer := &ledger.Closer{Last: d.lastSeq}
		for _, id := range ids {
			if err := d.closeCall(ctx, closer, id); err != nil {
				return fmt.Errorf("close call %s: %w", id, err)
			}
		}
		if err := d.closeRows(now); err != nil {
			return err
		}
		for _, id := range ids {
			if err := d.find(id); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

const openVisit = "(left IS NULL OR (ended IS NULL AND connected IS NOT NULL))"

func (d *DB) count(n *int, text string) error {
	return d.conn.QueryRowContext(context.Background(), text).Scan(n)
}

// adoption is how far before the last event calls are looked for whose start was saved as an event and not as a row: the
// two may fall into different groups of the writer.
const adoption = time.Minute

// adopt makes rows of calls that only events tell of.
func (d *DB) adopt(ctx context.Context) error {
	const orphans = `WHERE e.at >= (SELECT MAX(at) FROM events) - ? AND e.kind = 'call.start'
		AND NOT EXISTS (SELECT 1 FROM calls c WHERE c.id = e.call)`
	found, err := d.events(ctx, d.conn, orphans, adoption.Microseconds())
	if err != nil {
		return err
	}
	for _, e := range found {
		c := store.Call{ID: e.Call, Node: e.Node, Kind: store.CallKind(e.State), Parent: e.Data[store.DataParent],
			Customer: e.Data[store.DataCustomer], Start: e.At, Agent: e.Agent}
		if err := run(d.stmts.call, callPlaces(&c)); err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) openCalls(ctx context.Context) ([]string, error) {
	rows, err := d.conn.QueryContext(ctx, `SELECT id FROM calls WHERE ended IS NULL
		UNION SELECT call FROM legs WHERE ended IS NULL
		UNION SELECT call FROM visits WHERE `+openVisit+`
		UNION SELECT call FROM offers WHERE ended IS NULL ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// closeCall writes the closing events of one call and completes its rows from all its events.
func (d *DB) closeCall(ctx context.Context, closer *ledger.Closer, id string) error {
	events, err := d.events(ctx, d.conn, "WHERE e.call = ?", id)
	if err != nil {
		return err
	}
	closing, err := closer.Interrupted(id, events)
	if err != nil {
		return err
	}
	for i := range closing {
		if err := d.putEvent(&closing[i]); err != nil {
			return err
		}
	}
	for _, e := range append(events, closing...) {
		if err := d.completeRow(&e); err != nil {
			return err
		}
	}
	return nil
}

// lastSeq is the highest number on record in one run of a node.
func (d *DB) lastSeq(node, boot string) (uint64, error) {
	var last int64
	err := d.conn.QueryRowContext(context.Background(),
		"SELECT COALESCE(MAX(e.seq), 0) FROM events e JOIN boots b ON b.id = e.boot WHERE b.node = ? AND b.boot = ?", node, boot).Scan(&last)
	return uint64(last), err
}

// completeRow closes the row that an event says is over; a row that is closed already stays as it is.
func (d *DB) completeRow(e *store.Event) error {
	at := e.At.UnixMicro()
	switch e.Kind {
	case store.CallEnd:
		return d.exec("UPDATE calls SET ended = ?, disposition = ?, cause = ?, ended_by = 'switch' WHERE id = ? AND ended IS NULL",
			at, e.State, e.Reason, e.Call)
	case store.CallBecame:
		return d.exec("UPDATE calls SET kind = ? WHERE id = ? AND ended IS NULL", e.State, e.Call)
	case store.CallAnswer:
		return d.exec("UPDATE calls SET answered = ? WHERE id = ? AND answered IS NULL AND ended IS NULL", at, e.Call)
	case store.LegEnd:
		return d.exec("UPDATE legs SET ended = ?, cause = ? WHERE id = ? AND ended IS NULL", at, e.Reason, e.Leg)
	case store.OfferEnd:
		return d.exec("UPDATE offers SET ended = ?, outcome = ? WHERE id = ? AND ended IS NULL", at, e.State, e.Offer)
	case store.VisitConnect:
		return d.exec("UPDATE visits SET connected = ?1, left = ?1, result = 'connected', agent = ?2, offer = ?3 WHERE id = ?4 AND left IS NULL",
			at, e.Agent, e.Offer, e.Visit)
	case store.VisitLeave:
		return d.exec("UPDATE visits SET left = ?, result = ? WHERE id = ? AND left IS NULL", at, e.State, e.Visit)
	case store.VisitEnd:
		return d.exec("UPDATE visits SET ended = ?, end_reason = ? WHERE id = ? AND ended IS NULL", at, e.Reason, e.Visit)
	}
	return nil
}

// closeRows closes rows that no event of theirs could close, at the last instant they know themselves.
func (d *DB) closeRows(now time.Time) error {
	for _, text := range []string{
		`UPDATE calls SET ended = COALESCE(answered, started, ?), cause = 'crashed', ended_by = 'switch',
			disposition = CASE WHEN answered IS NULL THEN 'failed' ELSE 'answered' END WHERE ended IS NULL`,
		"UPDATE legs SET ended = COALESCE(answered, ringing, started, ?), cause = 'crashed' WHERE ended IS NULL",
		"UPDATE offers SET ended = COALESCE(ringing, started, ?), outcome = 'caller_left' WHERE ended IS NULL",
		"UPDATE visits SET ended = COALESCE(connected, ?) WHERE ended IS NULL AND connected IS NOT NULL",
		"UPDATE visits SET left = COALESCE(entered, ?), result = 'restart' WHERE left IS NULL",
	} {
		if err := d.exec(text, now.UnixMicro()); err != nil {
			return err
		}
	}
	return nil
}
