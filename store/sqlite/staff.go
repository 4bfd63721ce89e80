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

// Each fact of a log-in is written by itself: who changes one must not put an older state of another back.
const (
	putPassword  = "INSERT INTO staff (person, password, totp, pending, step, changed) VALUES (?1, ?2, '', '', 0, ?3) ON CONFLICT (person) DO UPDATE SET password = ?2, changed = ?3"
	beginTOTP    = "INSERT INTO staff (person, password, totp, pending, step) VALUES (?1, '', '', ?2, 0) ON CONFLICT (person) DO UPDATE SET pending = ?2"
	confirmTOTP  = "UPDATE staff SET totp = pending, pending = '', step = MAX(step, ?3) WHERE person = ?1 AND pending = ?2 AND pending <> ''"
	dropTOTP     = "UPDATE staff SET totp = '', pending = '' WHERE person = ?"
	endSessions  = "DELETE FROM staff_sessions WHERE person = ? AND id <> ?"
	useStaffCode = "UPDATE staff SET step = ?3 WHERE person = ?1 AND totp = ?2 AND step < ?3"
)

// PutStaffPassword changes a password and ends the log-ins, both or neither; false where another than the old one stands there by now.
func (d *DB) PutStaffPassword(ctx context.Context, c store.PasswordChange) (bool, error) {
	n := 0
	err := d.transact(ctx, func() (err error) {
		if c.Old == "" {
			n, err = d.change(putPassword+" WHERE staff.password = ''", c.Person, c.New, c.At.UnixMicro())
		} else {
			n, err = d.change("UPDATE staff SET password = ?, changed = ? WHERE person = ? AND password = ?", c.New, c.At.UnixMicro(), c.Person, c.Old)
		}
		if err != nil || n == 0 {
			return err
		}
		return d.exec(endSessions, c.Person, c.Keep)
	})
	return n > 0 && err == nil, err
}

// BeginStaffTOTP keeps a secret that is not confirmed yet.
func (d *DB) BeginStaffTOTP(ctx context.Context, person, pending string) error {
	return d.do(ctx, beginTOTP, person, pending)
}

// ConfirmStaffTOTP puts the secret that was begun in force; false where it is another one by now.
func (d *DB) ConfirmStaffTOTP(ctx context.Context, person, pending string, step int64) (bool, error) {
	n, err := d.affect(ctx, confirmTOTP, person, pending, step)
	return n > 0, err
}

// DropStaffTOTP takes a person's second factor away, confirmed or not.
func (d *DB) DropStaffTOTP(ctx context.Context, person string) error {
	return d.do(ctx, dropTOTP, person)
}

// UseStaffCode marks a code's time step as used; false where it, or a later one, was used before, or where the secret is not in
// force any more.
func (d *DB) UseStaffCode(ctx context.Context, person, secret string, step int64) (bool, error) {
	n, err := d.affect(ctx, useStaffCode, person, secret, step)
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

// BeginStaffSession saves the session of somebody who logged in as l says; false where her password or her second factor is another
// by now.
func (d *DB) BeginStaffSession(ctx context.Context, s store.StaffSession, l store.StaffLogin) (bool, error) {
	still := false
	err := d.transact(ctx, func() error {
		row := d.conn.QueryRowContext(context.Background(), "SELECT EXISTS (SELECT 1 FROM staff WHERE person = ? AND password = ? AND totp = ?)", l.Person, l.Password, l.TOTP)
		if err := row.Scan(&still); err != nil || !still {
			return err
		}
		return d.exec(staffSessions.upsert(), staffSessionPlaces(&s)...)
	})
	return still && err == nil, err
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
	return d.do(ctx, endSessions, person, but)
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
