package node

import (
	"context"
	"time"

	"ringway/console/fault"
)

// accountant is a database that keeps segments as tables, for those who read it with tools of their own. Reports do not
// need them: they compute theirs from the events.
type accountant interface {
	// Account writes the segments that touch a span.
	Account(ctx context.Context, from, to time.Time) error
	// Accounted is how far Account has come, whichever run it was; zero where there is nothing to account.
	Accounted(ctx context.Context) (time.Time, error)
	// Index makes calls that ended before now quick to find.
	Index(ctx context.Context, now time.Time) error
}

// How often segments are written and what expired is pruned, how often ended calls are indexed, and how far back late events
// may still change segments.
const (
	accountEvery = 10 * time.Minute
	indexEvery   = 10 * time.Second
	accountBack  = 2 * time.Hour
)

// runAccounts keeps the database in order: it writes the segments of the last hours again and again, each time a little
// further, deletes what expired, and keeps the figures of days that closed. It begins with what the last run left: after a kill its last minutes are not written yet.
func (n *Node) runAccounts(ctx context.Context) {
	defer n.wg.Done()
	if err := n.records.Flush(ctx); err != nil && ctx.Err() == nil {
		n.log.Warn("segments wait for their events", "err", err)
	}
	t := time.NewTicker(accountEvery)
	defer t.Stop()
	index := time.NewTicker(indexEvery)
	defer index.Stop()
	closed := ""
	for {
		n.safely("account", func() { n.account(ctx) })
		n.safely("prune", func() { n.prune(ctx) })
		n.safely("close days", func() { closed = n.closeDays(ctx, closed) })
		for due := false; !due; {
			select {
			case <-ctx.Done():
				return
			case <-index.C:
				n.safely("index", func() { n.index(ctx) })
			case <-t.C:
				due = true
			}
		}
	}
}

// safely does a piece of housekeeping. A fault in it costs that piece and no call: it is logged, and tried again at its next time.
func (n *Node) safely(what string, f func()) {
	fault.Contain(n.log, what, f) //nolint:errcheck // it is logged
}

// index makes the calls that ended a moment ago quick to find.
func (n *Node) index(ctx context.Context) {
	a, ok := n.db.(accountant)
	if !ok {
		return
	}
	if err := a.Index(ctx, n.clock.Now()); err != nil && ctx.Err() == nil {
		n.log.Warn("calls that ended are slower to find", "err", err)
	}
}

// prune deletes bindings and sessions that expired, and lets go of forgotten customers whose calls are over.
func (n *Node) prune(ctx context.Context) {
	now := n.clock.Now()
	if err := n.db.Prune(ctx, now); err != nil && ctx.Err() == nil {
		n.log.Warn("what expired is not deleted", "err", err)
	}
	if err := n.tables.PruneStaff(ctx, now); err != nil && ctx.Err() == nil {
		n.log.Warn("log-ins that expired are not deleted", "err", err)
	}
	n.pruneAudit(ctx, now)
	oldest := now
	for _, c := range n.calls.Calls() {
		if c.Start.Before(oldest) {
			oldest = c.Start
		}
	}
	n.records.forgotten.drop(oldest.Add(-accountEvery)) // rows of calls that just ended are on their way
}

// How many entries of who did what are deleted in one transaction, and at one time of housekeeping: records of calls wait while the
// database is written, and the rest has time.
const (
	auditBatch   = 500
	auditBatches = 100
)

// pruneAudit deletes entries of who did what that are older than the company keeps them.
func (n *Node) pruneAudit(ctx context.Context, now time.Time) {
	keep := n.config().Settings.Audit.Retention
	if keep <= 0 {
		return
	}
	gone := 0
	for range auditBatches {
		some, err := n.tables.PruneAudit(ctx, now.Add(-keep), auditBatch)
		if err != nil {
			if ctx.Err() == nil {
				n.log.Warn("old entries of who did what are not deleted", "err", err)
			}
			break
		}
		if gone += some; some < auditBatch {
			break
		}
	}
	if gone > 0 {
		n.log.Info("entries of who did what are deleted: they are older than audit.retention", "entries", gone, "retention", keep)
	}
}

// account writes the segments from where they end, and of some time before, up to now.
func (n *Node) account(ctx context.Context) {
	a, ok := n.db.(accountant)
	if !ok {
		return
	}
	now := n.clock.Now()
	from, err := a.Accounted(ctx)
	if from.IsZero() || from.After(now) {
		from = now
	}
	if err == nil { // in one piece: only a later run's events tell where a killed one ended
		err = a.Account(ctx, from.Add(-accountBack).Truncate(accountEvery), now)
	}
	if err != nil && ctx.Err() == nil {
		n.log.Warn("segments not written", "err", err)
	}
}
