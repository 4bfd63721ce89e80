package node

import (
	"context"
	"time"

	"ringway/store/report"
)

// How long after its midnight a day closes, at the earliest, and how many days are closed that nobody closed in time.
const (
	dayCloses = 6 * time.Hour
	daysBack  = 7
)

// closeDays keeps the figures of the days that closed, in the company's zone, once for each; done is the last one that it
// was done for. It returns the new one, or done where it has to be tried again.
func (n *Node) closeDays(ctx context.Context, done string) string {
	a, ok := n.db.(report.Archive)
	if !ok {
		return done
	}
	now, zone := n.clock.Now(), Notes{Zone: n.config().Settings.Zone}.Location()
	last := now.Add(-dayCloses).In(zone).AddDate(0, 0, -1)
	if last.Format(time.DateOnly) == done {
		return done
	}
	for back := range daysBack {
		date := last.AddDate(0, 0, -back).Format(time.DateOnly)
		kept, err := report.Close(ctx, a, report.DailyOptions{Date: date, Zone: zone, Now: now, Repeat: n.config().Settings.Reports.RepeatWindow})
		if err != nil {
			if ctx.Err() == nil {
				n.log.Warn("a day's figures are not kept", "date", date, "err", err)
			}
			return done
		}
		if kept {
			n.log.Info("a day is closed; its figures are kept", "date", date)
		}
	}
	return last.Format(time.DateOnly)
}
