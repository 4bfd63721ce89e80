package node

import (
	"context"
	"time"
)

// accountant is a database that keeps segments as tables, for those who read it with tools of their own. Reports do not
// need them: they compute theirs from the events.
type accountant interface {
	Account(ctx context.Context, from, to time.Time) error
}

// How often segments are written, and how far back late events may still change them.
const (
	accountEvery = 10 * time.Minute
	accountBack  = 2 * time.Hour
)

// runAccounts writes the segments of the last hours again and again, each time a little further.
func (n *Node) runAccounts(ctx context.Context, a accountant) {
	defer n.wg.Done()
	t := time.NewTicker(accountEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			n.account(ctx, a)
		}
	}
}

// account writes the segments of the last hours.
func (n *Node) account(ctx context.Context, a accountant) {
	now := n.clock.Now()
	if err := a.Account(ctx, now.Add(-accountBack).Truncate(accountEvery), now); err != nil && ctx.Err() == nil {
		n.log.Warn("segments not written", "err", err)
	}
}
