package sqlite

import (
	"context"
	"time"

	"ringway/store"
)

var staffLogins = table{name: "staff", keys: 1, columns: columns("person password totp pending step changed")}

func staffLoginPlaces(l *store.StaffLogin) []any {
	return []any{&l.Person, &l.Password, &l.TOTP, &l.Pending, &l.Step, instant{&l.Changed}}
}

var staffSessions = table{name: "staff_sessions", keys: 1, columns: columns("id person csrf source agent created seen expires")}

func staffSessionPlaces(s *store.StaffSession) []any {
	return []any{&s.ID, &s.Person, &s.CSRF, &s.Source, &s.Agent, instant{&s.Created}, instant{&s.Seen}, instant{&s.Expires}}
}

// one is the only row of a query, the zero value where there is none.
func one[T any](found []T, err error) (T, error) {
	var none T
	if err != nil || len(found) == 0 {
		return none, err
	}
	return found[0], nil
}

// do runs one statement in a transaction of its own.
func (d *DB) do(ctx context.Context, text string, args ...any) error {
	return d.transact(ctx, func() error { return d.exec(text, args...) })
}

// affect runs one statement in a transaction of its own, and tells how many rows it changed.
func (d *DB) affect(ctx context.Context, text string, args ...any) (n int, err error) {
	err = d.transact(ctx, func() (err error) {
		n, err = d.change(text, args...)
		return err
	})
	return n, err
}

// StaffLogin is how a person logs in; without a password where none was set.
func (d *DB) StaffLogin(ctx context.Context, person string) (store.StaffLogin, error) {
	l, err := one(query(ctx, d.read, staffLoginPlaces, staffLogins.selects("WHERE person = ?"), person))
	l.Person = person
	return l, err
}

// StaffLogins lists all log-ins, by person.
func (d *DB) StaffLogins(ctx context.Context) ([]store.StaffLogin, error) {
	return query(ctx, d.read, staffLoginPlaces, staffLogins.selects("ORDER BY person"))
}

// PutStaffLogin saves how a person logs in.
func (d *DB) PutStaffLogin(ctx context.Context, l store.StaffLogin) error {
	return d.do(ctx, staffLogins.upsert(), staffLoginPlaces(&l)...)
}

// UseStaffCode marks a code's time step as used; false where it, or a later one, was used before.
func (d *DB) UseStaffCode(ctx context.Context, person string, step int64) (bool, error) {
	n, err := d.affect(ctx, "UPDATE staff SET step = ? WHERE person = ? AND step < ?", step, person, step)
	return n > 0, err
}

// StaffSession finds a session that has not expired by its token's hash; zero where there is none.
func (d *DB) StaffSession(ctx context.Context, id string, now time.Time) (store.StaffSession, error) {
	return one(query(ctx, d.read, staffSessionPlaces, staffSessions.selects("WHERE id = ? AND expires > ?"), id, now.UnixMicro()))
}

// PutStaffSession saves a session.
func (d *DB) PutStaffSession(ctx context.Context, s store.StaffSession) error {
	return d.do(ctx, staffSessions.upsert(), staffSessionPlaces(&s)...)
}

// TouchStaffSession says that a session was in use.
func (d *DB) TouchStaffSession(ctx context.Context, id string, now time.Time) error {
	return d.do(ctx, "UPDATE staff_sessions SET seen = ? WHERE id = ?", now.UnixMicro(), id)
}

// EndStaffSession ends one session.
func (d *DB) EndStaffSession(ctx context.Context, id string) error {
	return d.do(ctx, "DELETE FROM staff_sessions WHERE id = ?", id)
}

// EndStaffSessions ends all sessions of a person but one, which may be empty.
func (d *DB) EndStaffSessions(ctx context.Context, person, but string) error {
	return d.do(ctx, "DELETE FROM staff_sessions WHERE person = ? AND id <> ?", person, but)
}

// PruneStaff deletes what expired: sessions, invitations, and answers that were kept for a day.
func (d *DB) PruneStaff(ctx context.Context, now time.Time) error {
	return d.transact(ctx, func() error {
		for _, text := range []string{"DELETE FROM staff_sessions WHERE expires < ?", "DELETE FROM invitations WHERE expires < ?"} {
			if err := d.exec(text, now.UnixMicro()); err != nil {
				return err
			}
		}
		return d.exec("DELETE FROM idempotency WHERE at < ?", now.Add(-store.IdempotentFor).UnixMicro())
	})
}
