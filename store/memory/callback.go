package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"ringway/store"
)

// CalledBack lists the calls since then that answer a customer's, in the order of time.
func (d *DB) CalledBack(_ context.Context, since time.Time) (out []store.CalledBack, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.calls {
		if c.Returns == "" || c.Start.Before(since) {
			continue
		}
		var legs []store.Leg
		for _, l := range d.legs {
			if l.Call == c.ID && l.Agent != "" {
				legs = append(legs, l)
			}
		}
		b := store.CalledBack{Returns: c.Returns, Call: c.ID, At: c.Start, Disposition: c.Disposition}
		if len(legs) > 0 {
			b.Agent = slices.MinFunc(legs, func(a, b store.Leg) int { return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID)) }).Agent
		}
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b store.CalledBack) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Call, b.Call)) })
	return out, nil
}
