package staff

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"ringway/store"
)

// inviteLife is how long an invitation is good.
const inviteLife = 72 * time.Hour

// ErrOwn says that nobody invites herself: at a screen that she left unlocked, whoever sits there would have her password by it.
var ErrOwn = errors.New("nobody makes a link for herself: change your password in your profile, which asks for the one that you have, or let another manager or an administrator make the link")

// Invite makes a link's token with which a person sets a password, once. Earlier ones of the person end.
func (g *Guard) Invite(ctx context.Context, person string) (token string, expires time.Time, err error) {
	if person == From(ctx).Person {
		return "", expires, ErrOwn
	}
	if _, known := g.o.People.Person(person); !known {
		return "", expires, ErrNobody
	}
	return g.invite(ctx, store.Invitation{Person: person, Kind: store.InvitePerson, By: From(ctx).Who()})
}

// Setup makes the token of the first start, with which an administrator sets the first password; empty where somebody has one.
func (g *Guard) Setup(ctx context.Context) (token string, err error) {
	if some, err := g.somebody(ctx); err != nil || some {
		return "", err
	}
	token, _, err = g.invite(ctx, store.Invitation{Kind: store.InviteSetup})
	return token, err
}

// somebody tells whether anybody has a password.
func (g *Guard) somebody(ctx context.Context) (bool, error) {
	all, err := g.o.Store.StaffLogins(ctx)
	return slices.ContainsFunc(all, func(l store.StaffLogin) bool { return l.Password != "" }), err
}

func (g *Guard) invite(ctx context.Context, i store.Invitation) (string, time.Time, error) {
	token := rand.Text() + rand.Text()
	i.Hash, i.Expires = hashOf(token), g.o.Now().Add(inviteLife)
	return token, i.Expires, g.o.Store.PutInvitation(ctx, i)
}

// Invited tells who may set a password with a token: one person, or the administrators to choose from at the first start.
func (g *Guard) Invited(ctx context.Context, token string) (kind string, who []Person, err error) {
	i, err := g.invitation(ctx, token)
	if err != nil {
		return "", nil, err
	}
	for _, p := range g.o.People.People() {
		if i.Kind == store.InviteSetup && p.Role == Admin || i.Kind == store.InvitePerson && p.ID == i.Person {
			who = append(who, p)
		}
	}
	if len(who) == 0 && i.Kind == store.InvitePerson {
		return "", nil, ErrGone
	}
	return i.Kind, who, nil
}

func (g *Guard) invitation(ctx context.Context, token string) (store.Invitation, error) {
	if len(token) > 200 {
		return store.Invitation{}, ErrGone
	}
	i, err := g.o.Store.Invitation(ctx, hashOf(strings.TrimSpace(token)), g.o.Now())
	switch {
	case err != nil:
		return i, err
	case i.Hash == "", i.Kind == store.InvitePerson && !g.stands(i):
		return i, ErrGone
	case i.Kind == store.InviteSetup: // it is for a company in which nobody has a password: who has one invites the others
		some, err := g.somebody(ctx)
		if err == nil && some {
			err = ErrGone
		}
		return i, err
	}
	return i, nil
}

// stands tells whether whoever made an invitation may still make it: a manager who left, or lost the team, keeps no way in by
// the links that she made before, nor does one whose agent became an administrator.
func (g *Guard) stands(i store.Invitation) bool {
	if i.By == "" { // the switch itself
		return true
	}
	by, known := g.o.People.Person(i.By)
	p, there := g.o.People.Person(i.Person)
	return known && there && identity(by, store.StaffSession{}).Directs(p)
}

// Accept sets a password by an invitation and uses it up. person is looked at in the one of the first start only. Whoever
// was logged in as that person is out; a second factor stays.
func (g *Guard) Accept(ctx context.Context, token, person, password string) (Person, error) {
	i, err := g.invitation(ctx, token)
	if err != nil {
		return Person{}, err
	}
	if i.Kind == store.InvitePerson {
		person = i.Person
	}
	p, known := g.o.People.Person(person)
	switch {
	case !known:
		return p, ErrNobody
	case i.Kind == store.InviteSetup && p.Role != Admin:
		return p, ErrNotAdmin
	}
	if err := CheckPassword(password, p); err != nil {
		return p, err
	}
	hash, err := g.hash(ctx, password)
	if err != nil {
		return p, err
	}
	used, err := g.o.Store.UseInvitation(ctx, i.Hash, p.ID, hash, g.o.Now())
	if err == nil && !used {
		err = ErrGone
	}
	return p, err
}

// hash makes a hash when there is room for the work.
func (g *Guard) hash(ctx context.Context, password string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, checkWait)
	defer cancel()
	select {
	case g.work <- struct{}{}:
	case <-ctx.Done():
		return "", ErrBusy
	}
	defer func() { <-g.work }()
	return HashPassword(password), nil
}

// SetPassword gives a person a password without an invitation: what the demo does.
func (g *Guard) SetPassword(ctx context.Context, person, password string) error {
	l, err := g.o.Store.StaffLogin(ctx, person)
	if err != nil || l.Password != "" && VerifyPassword(l.Password, password) {
		return err
	}
	hash, err := g.hash(ctx, password)
	if err != nil {
		return err
	}
	_, err = g.o.Store.PutStaffPassword(ctx, store.PasswordChange{Person: person, Old: l.Password, New: hash, At: g.o.Now()}) // what somebody else has just set stands
	return err
}
