package sqlite

import (
	"context"
	"time"

	"ringway/store/ledger"
)

// Account writes the segments that begin in [from, to) into agent_segments and call_segments, for those who read the
// database with tools of their own; reports compute theirs from the events. It may be repeated: late events are taken in.
func (d *DB) Account(ctx context.Context, from, to time.Time) error {
	events, err := d.Window(ctx, from, to)
	if err != nil {
		return err
	}
	books := ledger.Build(events, to)
	span := ledger.Span{From: from, To: to}
	return d.transact(ctx, func() error {
		for _, name := range []string{"agent_segments", "call_segments"} {
			if err := d.exec("DELETE FROM "+name+" WHERE started >= ? AND started < ?", from.UnixMicro(), to.UnixMicro()); err != nil {
				return err
			}
		}
		for _, s := range books.Agents {
			if !span.Holds(s.Start) {
				continue
			}
			if err := d.exec("INSERT OR REPLACE INTO agent_segments VALUES (?, ?, ?, ?, ?, ?, ?, ?)", s.Agent, s.Start.UnixMicro(),
				s.End.UnixMicro(), string(s.Bucket), s.Reason, s.Queue, s.Call, s.Visit); err != nil {
				return err
			}
		}
		for _, s := range books.Calls {
			if !span.Holds(s.Start) {
				continue
			}
			if err := d.exec("INSERT OR REPLACE INTO call_segments VALUES (?, ?, ?, ?, ?, ?, ?)", s.Call, s.Start.UnixMicro(),
				s.End.UnixMicro(), string(s.Bucket), s.Queue, s.Visit, s.Agent); err != nil {
				return err
			}
		}
		return nil
	})
}
