package sqlite

import (
	"context"
	"time"

	"ringway/store/ledger"
)

// Account writes the segments that touch [from, to] into agent_segments and call_segments, for those who read the database
// with tools of their own; reports compute theirs from the events. Each stands there from its true start, however long ago,
// to its end, or to the end of the span where it goes on; the next span that touches this one makes it longer. It may be
// repeated: late events are taken in.
func (d *DB) Account(ctx context.Context, from, to time.Time) error {
	if err := d.Pack(ctx, from, to); err != nil {
		return err
	}
	events, err := d.touching(ctx, from, to)
	if err != nil {
		return err
	}
	books := ledger.Build(events, to)
	touches := func(start, end time.Time) bool { return start.Before(to) && !end.Before(from) }
	return d.transact(ctx, func() error {
		for _, name := range []string{"agent_segments", "call_segments"} {
			if err := d.exec("DELETE FROM "+name+" WHERE ended >= ? AND started < ?", from.UnixMicro(), to.UnixMicro()); err != nil {
				return err
			}
		}
		for _, s := range books.Agents {
			if !touches(s.Start, s.End) {
				continue
			}
			if err := d.exec("INSERT OR REPLACE INTO agent_segments VALUES (?, ?, ?, ?, ?, ?, ?, ?)", s.Agent, s.Start.UnixMicro(),
				s.End.UnixMicro(), string(s.Bucket), s.Reason, s.Queue, s.Call, s.Visit); err != nil {
				return err
			}
		}
		for _, s := range books.Calls {
			if !touches(s.Start, s.End) {
				continue
			}
			if err := d.exec("INSERT OR REPLACE INTO call_segments VALUES (?, ?, ?, ?, ?, ?, ?)", s.Call, s.Start.UnixMicro(),
				s.End.UnixMicro(), string(s.Bucket), s.Queue, s.Visit, s.Agent); err != nil {
				return err
			}
		}
		return d.exec("INSERT INTO accounted VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET until = MAX(until, ?1)", to.UnixMicro())
	})
}

// Accounted is how far Account has come: the end of its last span, the first event where it never ran, zero without any event.
func (d *DB) Accounted(ctx context.Context) (time.Time, error) {
	var t time.Time
	err := d.read.QueryRowContext(ctx, "SELECT COALESCE((SELECT until FROM accounted), (SELECT MIN(at) FROM events))").Scan(instant{&t})
	return t, err
}
