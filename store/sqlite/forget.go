package sqlite

import (
	"context"
	"time"

	"ringway/store"
)

// Prune deletes bindings and sessions that expired before then; a node calls it now and then.
func (d *DB) Prune(ctx context.Context, then time.Time) error {
	return d.transact(ctx, func() error {
		for _, name := range []string{"bindings", "sessions"} {
			if err := d.exec("DELETE FROM "+name+" WHERE expires < ?", then.UnixMicro()); err != nil {
				return err
			}
		}
		return nil
	})
}

// Forget blanks what is personal of one customer: name, number and booking, in calls and in sessions, and what agents wrote
// about her calls; it deletes her row and the notes about her. The opaque customer id stays, so no figure changes.
func (d *DB) Forget(ctx context.Context, customer string) (store.Forgotten, error) {
	var f store.Forgotten
	err := d.transact(ctx, func() (err error) {
		if err := d.exec(`DELETE FROM call_finds WHERE (what, value, started, call) IN (
			SELECT 't', substr(caller_number, -4), started, id FROM calls WHERE customer = ?1 AND customer <> ''
			UNION ALL SELECT 'm', lower(caller_name), started, id FROM calls WHERE customer = ?1 AND customer <> '')`, customer); err != nil {
			return err
		}
		f.Calls, err = d.change("UPDATE calls SET caller_name = '', caller_number = '', booking = '' WHERE customer = ? AND customer <> ''", customer)
		if err != nil {
			return err
		}
		if err := d.exec("UPDATE call_notes SET text = '' WHERE customer = ? AND customer <> ''", customer); err != nil {
			return err
		}
		f.Sessions, err = d.change(`UPDATE sessions SET claims = json_remove(claims, '$.name', '$.booking')
			WHERE json_extract(claims, '$.customer') = ? AND json_extract(claims, '$.customer') <> ''`, customer)
		if err != nil {
			return err
		}
		if f.Notes, err = d.change("DELETE FROM customer_notes WHERE customer = ?", customer); err != nil {
			return err
		}
		f.Rows, err = d.change("DELETE FROM customers WHERE id = ?", customer)
		return err
	})
	return f, err
}

// change is exec that counts rows.
func (d *DB) change(text string, args ...any) (int, error) {
	r, err := d.conn.ExecContext(context.Background(), text, args...)
	if err != nil {
		return 0, err
	}
	n, err := r.RowsAffected()
	return int(n), err
}
