package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"ringway/store"
)

var hookDeliveries = table{name: "hook_deliveries", keys: 1,
	columns: columns("id hook message kind body state attempts created next last status error")}

func hookPlaces(d *store.HookDelivery) []any {
	return []any{&d.ID, &d.Hook, &d.Message, &d.Kind, &d.Body, &d.State, &d.Attempts, instant{&d.Created}, instant{&d.Next},
		instant{&d.Last}, &d.Status, &d.Error}
}

// HookPlace is how far a webhook has taken in the stream, or store.ErrNotFound where it never did.
func (d *DB) HookPlace(ctx context.Context, hook string) (store.EventPlace, error) {
	var p store.EventPlace
	var seq int64
	err := d.read.QueryRowContext(ctx, "SELECT boot, seq FROM hooks WHERE hook = ?", hook).Scan(&p.Boot, &seq)
	if errors.Is(err, sql.ErrNoRows) {
		return p, fmt.Errorf("webhook %q: %w", hook, store.ErrNotFound)
	}
	p.Seq = uint64(seq)
	return p, err
}

// PutHook keeps deliveries of one webhook, and that it has come to a place, both or neither.
func (d *DB) PutHook(ctx context.Context, hook string, p store.EventPlace, deliveries []store.HookDelivery) error {
	return d.transact(ctx, func() error {
		err := d.exec(`INSERT INTO hooks (hook, boot, seq) VALUES (?, ?, ?)
			ON CONFLICT (hook) DO UPDATE SET boot = excluded.boot, seq = excluded.seq, removed = NULL`, hook, p.Boot, int64(p.Seq))
		for i := range deliveries {
			v := &deliveries[i]
			if err == nil {
				err = d.exec(`INSERT INTO hook_deliveries (hook, message, kind, body, state, attempts, created, next, status, error)
					VALUES (?, ?, ?, ?, ?, 0, ?, ?, 0, '')`, hook, v.Message, v.Kind, v.Body, store.HookPending, instant{&v.Created}, instant{&v.Next})
			}
		}
		return err
	})
}

// NextHooks returns the deliveries of a webhook that are to be tried first, due or not.
func (d *DB) NextHooks(ctx context.Context, hook string, limit int) ([]store.HookDelivery, error) {
	return query(ctx, d.read, hookPlaces,
		hookDeliveries.selects("WHERE hook = ? AND state = 'pending' ORDER BY next, id LIMIT ?"), hook, limit)
}

// TriedHooks keeps what came of deliveries that were tried. One that was sent again by hand meanwhile stays as it is.
func (d *DB) TriedHooks(ctx context.Context, tried []store.HookDelivery) error {
	return d.transact(ctx, func() error {
		for i := range tried {
			v := &tried[i]
			if err := d.exec("UPDATE hook_deliveries SET state = ?, attempts = ?, next = ?, last = ?, status = ?, error = ? WHERE id = ? AND state = 'pending'",
				v.State, v.Attempts, instant{&v.Next}, instant{&v.Last}, v.Status, v.Error, v.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// HookDelivery returns one delivery, or store.ErrNotFound.
func (d *DB) HookDelivery(ctx context.Context, id int64) (store.HookDelivery, error) {
	found, err := query(ctx, d.read, hookPlaces, hookDeliveries.selects("WHERE id = ?"), id)
	if err != nil {
		return store.HookDelivery{}, err
	}
	if len(found) == 0 {
		return store.HookDelivery{}, fmt.Errorf("delivery %d: %w", id, store.ErrNotFound)
	}
	return found[0], nil
}

// HookDeliveries lists deliveries, newest first.
func (d *DB) HookDeliveries(ctx context.Context, q store.HookQuery) ([]store.HookDelivery, error) {
	var f filter
	f.text("hook", q.Hook)
	f.text("state", string(q.State))
	if q.Before > 0 {
		f.add("id < ?", q.Before)
	}
	return query(ctx, d.read, hookPlaces, hookDeliveries.selects(f.clause()+"ORDER BY id DESC LIMIT ?"), append(f.args, pageSize(q.Limit))...)
}

// CountHooks counts the deliveries of a webhook.
func (d *DB) CountHooks(ctx context.Context, hook string) (store.HookCounts, error) {
	var c store.HookCounts
	err := d.read.QueryRowContext(ctx, `SELECT COALESCE(SUM(state = 'pending'), 0), COALESCE(SUM(state = 'delivered'), 0),
		COALESCE(SUM(state = 'dead'), 0) FROM hook_deliveries WHERE hook = ?`, hook).Scan(&c.Pending, &c.Delivered, &c.Dead)
	return c, err
}

// ResendHooks makes deliveries pending again: one by its id, or, where id is 0, all dead ones of a webhook. It returns how
// many there were.
func (d *DB) ResendHooks(ctx context.Context, hook string, id int64, now time.Time) (n int, err error) {
	const set = "UPDATE hook_deliveries SET state = 'pending', attempts = 0, next = ? WHERE hook = ? AND "
	err = d.transact(ctx, func() (err error) {
		if id != 0 {
			n, err = d.change(set+"id = ? AND state <> 'pending'", now.UnixMicro(), hook, id)
		} else {
			n, err = d.change(set+"state = 'dead'", now.UnixMicro(), hook)
		}
		return err
	})
	return n, err
}

// PruneHooks deletes what is too much of a webhook: all but the newest so many delivered and dead ones.
func (d *DB) PruneHooks(ctx context.Context, hook string, delivered, dead int) error {
	return d.transact(ctx, func() error {
		for state, keep := range map[store.HookState]int{store.HookDelivered: delivered, store.HookDead: dead} {
			if err := d.exec(`DELETE FROM hook_deliveries WHERE hook = ? AND state = ? AND id <= (SELECT id FROM hook_deliveries
				WHERE hook = ? AND state = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`, hook, state, hook, state, keep); err != nil {
				return err
			}
		}
		return nil
	})
}

// RetireHooks marks the webhooks that are not named as removed at now, and deletes those that were removed before then.
func (d *DB) RetireHooks(ctx context.Context, named []string, now, then time.Time) error {
	return d.transact(ctx, func() error {
		list := append([]string{}, named...) // NOT IN the nothing that null would be holds for no row
		names := document[[]string]{&list}
		const others = "hook NOT IN (SELECT value FROM json_each(?))"
		if err := d.exec("UPDATE hooks SET removed = ? WHERE removed IS NULL AND "+others, now.UnixMicro(), names); err != nil {
			return err
		}
		if err := d.exec("DELETE FROM hook_deliveries WHERE hook IN (SELECT hook FROM hooks WHERE removed < ? AND "+others+")",
			then.UnixMicro(), names); err != nil {
			return err
		}
		return d.exec("DELETE FROM hooks WHERE removed < ? AND "+others, then.UnixMicro(), names)
	})
}
