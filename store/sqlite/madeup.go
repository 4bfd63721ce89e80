package sqlite

import (
	"context"
	"fmt"
	"time"

	"ringway/store"
	"ringway/store/ledger"
)

// MadeUp lists the spans of the histories on record that never were: one that is still being filled in ends now.
func (d *DB) MadeUp(ctx context.Context, now time.Time) ([]ledger.Span, error) {
	rows, err := d.read.QueryContext(ctx, `SELECT s.at, COALESCE((SELECT MAX(e.at) FROM events e WHERE e.boot = s.boot AND e.kind = ?1), ?2)
		FROM events s WHERE s.kind IN ('node.start', 'node.stop') AND s.kind = ?3 AND s.reason = ?4 ORDER BY s.at`,
		string(store.NodeStop), now.UnixMicro(), string(store.NodeStart), store.MadeUp)
	if err != nil {
		return nil, fmt.Errorf("query made-up histories: %w", err)
	}
	defer rows.Close()
	var out []ledger.Span
	for rows.Next() {
		var s ledger.Span
		if err := rows.Scan(instant{&s.From}, instant{&s.To}); err != nil {
			return nil, fmt.Errorf("read made-up histories: %w", err)
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
