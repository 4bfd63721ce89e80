package sqlite

import (
	"context"
	"time"

	"ringway/store"
)

// CalledBack lists the calls since then that answer a customer's, in the order of time.
func (d *DB) CalledBack(ctx context.Context, since time.Time) ([]store.CalledBack, error) {
	places := func(b *store.CalledBack) []any {
		return []any{&b.Returns, &b.Call, instant{&b.At}, &b.Disposition, &b.Agent}
	}
	return query(ctx, d.read, places, `SELECT returns, id, started, disposition,
		COALESCE((SELECT agent FROM legs WHERE call = calls.id AND agent <> '' ORDER BY started, legs.id LIMIT 1), '')
		FROM calls WHERE returns <> '' AND started >= ? ORDER BY started, id`, since.UnixMicro())
}
