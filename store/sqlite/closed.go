package sqlite

import (
	"context"
	"fmt"

	"ringway/store"
)

// closedDays is never updated: the first figures of a day stay.
var closedDays = table{name: "closed_days", keys: 2, columns: columns("date zone closed figures")}

func closedPlaces(c *store.ClosedDay) []any {
	return []any{&c.Date, &c.Zone, instant{&c.Closed}, document[[]store.ClosedFigure]{&c.Figures}}
}

// ClosedDay returns the figures that were kept when a day closed, or store.ErrNotFound.
func (d *DB) ClosedDay(ctx context.Context, date, zone string) (store.ClosedDay, error) {
	found, err := query(ctx, d.read, closedPlaces, closedDays.selects("WHERE date = ? AND zone = ?"), date, zone)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("closed day %s: %w", date, store.ErrNotFound)
	}
	if err != nil {
		return store.ClosedDay{}, err
	}
	return found[0], nil
}

// CloseDay keeps the figures of a day, unless some are kept already.
func (d *DB) CloseDay(ctx context.Context, c store.ClosedDay) error {
	return d.transact(ctx, func() error {
		return d.exec("INSERT INTO closed_days (date, zone, closed, figures) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", closedPlaces(&c)...)
	})
}
