package sqlite

import (
	"context"
	"time"

	"ringway/store"
)

var apiKeys = table{name: "api_keys", keys: 1, columns: columns("id name hash scopes by created used expires")}

func apiKeyPlaces(k *store.APIKey) []any {
	return []any{&k.ID, &k.Name, &k.Hash, document[[]string]{&k.Scopes}, &k.By, instant{&k.Created}, instant{&k.Used}, instant{&k.Expires}}
}

// APIKey finds a key by id; zero where there is none.
func (d *DB) APIKey(ctx context.Context, id string) (store.APIKey, error) {
	return one(query(ctx, d.read, apiKeyPlaces, apiKeys.selects("WHERE id = ?"), id))
}

// APIKeys lists all keys, the oldest first.
func (d *DB) APIKeys(ctx context.Context) ([]store.APIKey, error) {
	return query(ctx, d.read, apiKeyPlaces, apiKeys.selects("ORDER BY created, id"))
}

// PutAPIKey saves a key.
func (d *DB) PutAPIKey(ctx context.Context, k store.APIKey) error {
	return d.do(ctx, apiKeys.upsert(), apiKeyPlaces(&k)...)
}

// TouchAPIKey says that a key was in use.
func (d *DB) TouchAPIKey(ctx context.Context, id string, now time.Time) error {
	return d.do(ctx, "UPDATE api_keys SET used = ? WHERE id = ?", now.UnixMicro(), id)
}

// DropAPIKey deletes a key; false where there was none.
func (d *DB) DropAPIKey(ctx context.Context, id string) (bool, error) {
	n, err := d.affect(ctx, "DELETE FROM api_keys WHERE id = ?", id)
	return n > 0, err
}

var invitations = table{name: "invitations", keys: 1, columns: columns("hash person kind by expires")}

func invitationPlaces(i *store.Invitation) []any {
	return []any{&i.Hash, &i.Person, &i.Kind, &i.By, instant{&i.Expires}}
}

// Invitation finds one that has not expired; zero where there is none.
func (d *DB) Invitation(ctx context.Context, hash string, now time.Time) (store.Invitation, error) {
	return one(query(ctx, d.read, invitationPlaces, invitations.selects("WHERE hash = ? AND expires > ?"), hash, now.UnixMicro()))
}

// PutInvitation saves an invitation in the place of earlier ones of the same kind for the same person.
func (d *DB) PutInvitation(ctx context.Context, i store.Invitation) error {
	return d.transact(ctx, func() error {
		if err := d.exec("DELETE FROM invitations WHERE kind = ? AND person = ?", i.Kind, i.Person); err != nil {
			return err
		}
		return d.exec(invitations.upsert(), invitationPlaces(&i)...)
	})
}

// UseInvitation takes an invitation away and sets the password that it was for, both or neither; all log-ins of the person end.
// False where the invitation was gone.
func (d *DB) UseInvitation(ctx context.Context, hash, person, password string, at time.Time) (bool, error) {
	used := false
	err := d.transact(ctx, func() error {
		n, err := d.change("DELETE FROM invitations WHERE hash = ?", hash)
		if err != nil || n == 0 {
			return err
		}
		used = true
		if err := d.exec("DELETE FROM staff_sessions WHERE person = ?", person); err != nil {
			return err
		}
		return d.exec(putPassword, person, password, at.UnixMicro())
	})
	return used && err == nil, err
}
