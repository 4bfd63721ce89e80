package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"ringway/store"
)

var auditEntries = table{name: "audit", keys: 1, columns: columns("id at who source action target status detail")}

func auditPlaces(e *store.AuditEntry) []any {
	return []any{&e.ID, instant{&e.At}, &e.Who, &e.Source, &e.Action, &e.Target, &e.Status, &e.Detail}
}

// PutAudit adds an entry.
func (d *DB) PutAudit(ctx context.Context, e store.AuditEntry) error {
	return d.do(ctx, "INSERT INTO audit (at, who, source, action, target, status, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
		auditPlaces(&e)[1:]...)
}

// Audit lists entries, newest first.
func (d *DB) Audit(ctx context.Context, q store.AuditQuery) ([]store.AuditEntry, error) {
	var f filter
	f.text("who", q.Who)
	f.text("action", q.Action)
	f.span("at", q.From, q.To)
	if q.Before > 0 {
		f.add("id < ?", q.Before)
	}
	return query(ctx, d.read, auditPlaces, auditEntries.selects(f.clause()+"ORDER BY id DESC LIMIT ?"), append(f.args, pageSize(q.Limit))...)
}

// pruneAudit looks at the oldest entries alone, so that its work has a bound however many there are: ids rise with time.
const pruneAudit = "DELETE FROM audit WHERE id IN (SELECT id FROM (SELECT id, at FROM audit ORDER BY id LIMIT ?) WHERE at < ?)"

// PruneAudit deletes entries from before then among the oldest of them, as many as batch says; it returns how many those were.
func (d *DB) PruneAudit(ctx context.Context, then time.Time, batch int) (int, error) {
	return d.affect(ctx, pruneAudit, batch, then.UnixMicro())
}

var idempotents = table{name: "idempotency", keys: 2, columns: columns("who key request status type tag answer at")}

func idempotentPlaces(i *store.Idempotent) []any {
	return []any{&i.Who, &i.Key, &i.Request, &i.Status, &i.Type, &i.Tag, &i.Answer, instant{&i.At}}
}

// ClaimIdempotent makes a key the caller's own, or returns what stands under it already, younger than store.IdempotentFor.
// Only one of several at once gets it.
func (d *DB) ClaimIdempotent(ctx context.Context, i store.Idempotent) (before store.Idempotent, claimed bool, err error) {
	err = d.transact(ctx, func() error {
		row := d.conn.QueryRowContext(context.Background(), idempotents.selects("WHERE who = ? AND key = ? AND at > ?"),
			i.Who, i.Key, i.At.Add(-store.IdempotentFor).UnixMicro())
		switch err := row.Scan(idempotentPlaces(&before)...); {
		case errors.Is(err, sql.ErrNoRows):
			claimed = true
			return d.exec(idempotents.upsert(), idempotentPlaces(&i)...)
		default:
			return err
		}
	})
	return before, claimed && err == nil, err
}

// PutIdempotent saves the answer under a claimed key.
func (d *DB) PutIdempotent(ctx context.Context, i store.Idempotent) error {
	return d.do(ctx, idempotents.upsert(), idempotentPlaces(&i)...)
}

// DropIdempotent lets a key go: the request failed and may be tried again.
func (d *DB) DropIdempotent(ctx context.Context, who, key string) error {
	return d.do(ctx, "DELETE FROM idempotency WHERE who = ? AND key = ?", who, key)
}
