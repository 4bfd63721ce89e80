package sqlite

import (
	"context"
	"fmt"
	"time"

	"ringway/store"
)

var wallTokens = table{name: "wall_tokens", keys: 1, columns: columns("id hash label by teams everybody created revoked used")}

func wallPlaces(w *store.WallToken) []any {
	return []any{&w.ID, &w.Hash, &w.Label, &w.By, document[[]string]{&w.Teams}, &w.All, instant{&w.Created}, instant{&w.Revoked}, instant{&w.Used}}
}

// AddWallToken keeps a new token.
func (d *DB) AddWallToken(ctx context.Context, w store.WallToken) error {
	return d.transact(ctx, func() error {
		return d.exec("INSERT INTO wall_tokens (id, hash, label, by, teams, everybody, created, revoked, used) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", wallPlaces(&w)...)
	})
}

// WallToken finds a token that holds by its hash, or store.ErrNotFound.
func (d *DB) WallToken(ctx context.Context, hash string) (store.WallToken, error) {
	found, err := query(ctx, d.read, wallPlaces, wallTokens.selects("WHERE hash = ? AND revoked IS NULL"), hash)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("wall token: %w", store.ErrNotFound)
	}
	if err != nil {
		return store.WallToken{}, err
	}
	return found[0], nil
}

// WallTokens lists the tokens that hold, newest first.
func (d *DB) WallTokens(ctx context.Context) ([]store.WallToken, error) {
	return query(ctx, d.read, wallPlaces, wallTokens.selects("WHERE revoked IS NULL ORDER BY created DESC, id"))
}

// WallTokenUsed notes that a screen showed the board.
func (d *DB) WallTokenUsed(ctx context.Context, id string, at time.Time) error {
	return d.do(ctx, "UPDATE wall_tokens SET used = ? WHERE id = ?", at.UnixMicro(), id)
}

// RevokeWallToken ends a token, or returns store.ErrNotFound.
func (d *DB) RevokeWallToken(ctx context.Context, id string, at time.Time) error {
	return d.transact(ctx, func() error {
		n, err := d.change("UPDATE wall_tokens SET revoked = ? WHERE id = ? AND revoked IS NULL", at.UnixMicro(), id)
		if err == nil && n == 0 {
			err = fmt.Errorf("wall token %q: %w", id, store.ErrNotFound)
		}
		return err
	})
}
