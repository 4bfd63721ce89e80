package demo

import (
	"context"
	"time"

	"ringway/cmd/internal/demo/past"
	"ringway/store"
)

// The made-up history: how far back it goes, and its seed.
const (
	historyDays = 30
	historySeed = 1
)

// runHistory fills the weeks before today once, so that the first report is not empty. It works beside the calls.
func (c *company) runHistory(ctx context.Context) {
	defer c.wg.Done()
	if c.o.NoPast {
		return
	}
	contain(c.o.Log, "historian", func() {
		if err := c.history(ctx, 0); err != nil && ctx.Err() == nil {
			c.o.Log.Warn("the made-up history is not complete", "err", err)
		}
	})
}

// history makes it, with so many calls, unless there is a past already.
func (c *company) history(ctx context.Context, calls int) error {
	if has, err := c.node.HasPast(ctx); has || err != nil {
		return err
	}
	to := c.node.Started().Add(-time.Minute).Truncate(time.Microsecond)
	n, err := past.Make(past.Options{Spec: c.config.Spec, From: to.AddDate(0, 0, -historyDays), To: to, Calls: calls, Seed: historySeed,
		Version: c.config.Version, Save: func(r []store.Record) error { return c.node.Import(ctx, r) }})
	c.node.Imported()
	if err == nil {
		c.printf("Thirty days with %d made-up calls are on record (node %s): try '%s report daily --date yesterday'.\n", n, past.Node, c.o.Program)
	}
	return err
}
