package staff

import (
	"context"
	"errors"

	"ringway/store"
)

// What people change of their own log-in.

// ErrNoCode says that there is no second factor to confirm.
var ErrNoCode = errors.New("begin with a new secret first")

// ChangePassword replaces a person's password, who knows the old one. All other log-ins of the person end.
func (g *Guard) ChangePassword(ctx context.Context, a Attempt, old, password string) error {
	who := From(ctx)
	p, known := g.o.People.Person(who.Person)
	if !known {
		return ErrNobody
	}
	l, err := g.confirm(ctx, a, old)
	if err != nil {
		return err
	}
	if err := CheckPassword(password, p); err != nil {
		return err
	}
	hash, err := g.hash(ctx, password)
	if err != nil {
		return err
	}
	first, err := g.o.Store.PutStaffPassword(ctx, store.PasswordChange{Person: p.ID, Old: l.Password, New: hash, Keep: who.Session, At: g.o.Now()})
	if err == nil && !first { // it was changed meanwhile: the old one is wrong by now
		err = ErrWrong
	}
	return err
}

// confirm checks the password of who is logged in, with the limits of a log-in: an unlocked screen must not be a way to guess.
func (g *Guard) confirm(ctx context.Context, a Attempt, password string) (store.StaffLogin, error) {
	who := From(ctx)
	if wait, ok := g.tries.begin(a.Source, who.Person); !ok {
		return store.StaffLogin{}, &TooManyError{wait}
	}
	l, err := g.o.Store.StaffLogin(ctx, who.Person)
	if err != nil {
		return l, err
	}
	hash := l.Password
	if hash == "" {
		hash = g.nobody
	}
	right, err := g.check(ctx, hash, password)
	if err != nil {
		return l, err
	}
	if !right || l.Password == "" {
		return l, ErrWrong
	}
	g.tries.right(a.Source, who.Person)
	return l, nil
}

// HasTOTP tells whether a person has a second factor.
func (g *Guard) HasTOTP(ctx context.Context, person string) (bool, error) {
	l, err := g.o.Store.StaffLogin(ctx, person)
	return l.TOTP != "", err
}

// BeginTOTP makes a secret for who is logged in. It counts once a code of it was shown.
func (g *Guard) BeginTOTP(ctx context.Context, a Attempt, password string) (secret string, err error) {
	l, err := g.confirm(ctx, a, password)
	if err != nil {
		return "", err
	}
	secret = NewTOTP()
	return secret, g.o.Store.BeginStaffTOTP(ctx, l.Person, secret)
}

// ConfirmTOTP puts a new second factor in force.
func (g *Guard) ConfirmTOTP(ctx context.Context, a Attempt, code string) error {
	who := From(ctx)
	if wait, ok := g.tries.begin(a.Source, who.Person); !ok {
		return &TooManyError{wait}
	}
	l, err := g.o.Store.StaffLogin(ctx, who.Person)
	switch {
	case err != nil:
		return err
	case l.Pending == "":
		return ErrNoCode
	}
	step, ok := matchCode(l.Pending, code, g.o.Now(), 0)
	if !ok {
		return ErrWrong
	}
	g.tries.right(a.Source, who.Person)
	first, err := g.o.Store.ConfirmStaffTOTP(ctx, who.Person, l.Pending, step)
	if err == nil && !first {
		err = ErrNoCode
	}
	return err
}

// EndTOTP takes the second factor of who is logged in away.
func (g *Guard) EndTOTP(ctx context.Context, a Attempt, password string) error {
	l, err := g.confirm(ctx, a, password)
	if err != nil {
		return err
	}
	return g.o.Store.DropStaffTOTP(ctx, l.Person)
}

// ErrOwnTOTP says that nobody resets a second factor of her own.
var ErrOwnTOTP = errors.New("nobody resets her own second factor: end it in your profile, which asks for your password, or let another administrator do it")

// ResetTOTP takes a person's second factor away, and ends all log-ins: what an administrator does for a lost phone.
func (g *Guard) ResetTOTP(ctx context.Context, person string) error {
	if person == From(ctx).Person {
		return ErrOwnTOTP
	}
	l, err := g.o.Store.StaffLogin(ctx, person)
	if err != nil || l.TOTP == "" && l.Pending == "" {
		return err
	}
	if err := g.o.Store.DropStaffTOTP(ctx, person); err != nil {
		return err
	}
	return g.o.Store.EndStaffSessions(ctx, person, "")
}

// HasPassword tells who has one, by person.
func (g *Guard) HasPassword(ctx context.Context) (map[string]bool, error) {
	all, err := g.o.Store.StaffLogins(ctx)
	out := map[string]bool{}
	for _, l := range all {
		out[l.Person] = l.Password != ""
	}
	return out, err
}
