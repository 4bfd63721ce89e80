package main

import (
	"context"
	"errors"

	"ringway/store"
	"ringway/store/sqlite"
)

// archive reads records beside a switch, and opens the database for writing only to keep the figures of a closed day.
type archive struct {
	*sqlite.DB
	path string
}

// CloseDay keeps the figures of a day.
func (a archive) CloseDay(ctx context.Context, c store.ClosedDay) error {
	db, err := sqlite.Open(ctx, a.path, sqlite.Options{})
	if err != nil {
		return err
	}
	return errors.Join(db.CloseDay(ctx, c), db.Close())
}
