package console

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"ringway/console/staff"
	"ringway/store"
	"ringway/store/sqlite"
)

// meanwhile is a database in which something happens just before a password is written, or just after one was read.
type meanwhile struct {
	*sqlite.DB
	first, read func()
}

func happens(f *func()) {
	if now := *f; now != nil {
		*f = nil
		now()
	}
}

func (m *meanwhile) PutStaffPassword(ctx context.Context, c store.PasswordChange) (bool, error) {
	happens(&m.first)
	return m.DB.PutStaffPassword(ctx, c)
}

func (m *meanwhile) StaffLogin(ctx context.Context, person string) (store.StaffLogin, error) {
	l, err := m.DB.StaffLogin(ctx, person)
	happens(&m.read)
	return l, err
}

// Who logs in while her password changes, or while she takes a second factor, gets no session by the old one: the change ended the
// log-ins that there were, and this one would outlive it.
func TestALogInThatOverlapsAChangeGetsNoSession(t *testing.T) {
	o := opened(t)
	db := &meanwhile{DB: o.db}
	g := staff.NewGuard(staff.Options{Store: db, People: people, Now: o.clock.now})
	if err := g.SetPassword(t.Context(), "mei", secret); err != nil {
		t.Fatal(err)
	}
	invited, _, err := g.Invite(t.Context(), "mei")
	if err != nil {
		t.Fatal(err)
	}
	kept, who, err := g.Login(t.Context(), staff.Attempt{Login: "mei", Password: secret})
	if err != nil {
		t.Fatal(err)
	}
	password := secret
	for _, c := range []struct {
		what   string
		change func() error
	}{
		{"changes", func() error {
			return g.ChangePassword(staff.With(t.Context(), who), staff.Attempt{}, secret, "another horse battery")
		}},
		{"is set by a link", func() error {
			_, err := g.Accept(t.Context(), invited, "", "a password by the link")
			return err
		}},
		{"is no longer enough", func() error {
			if err := o.db.BeginStaffTOTP(t.Context(), "mei", "S"); err != nil {
				return err
			}
			_, err := o.db.ConfirmStaffTOTP(t.Context(), "mei", "S", 1)
			return err
		}},
	} {
		db.read = func() {
			if err := c.change(); err != nil {
				t.Errorf("her password %s: %v", c.what, err)
			}
		}
		token, _, err := g.Login(t.Context(), staff.Attempt{Login: "mei", Password: password})
		if now, sessionErr := g.Session(t.Context(), token); !errors.Is(err, staff.ErrWrong) || sessionErr != nil || now.Known() {
			t.Errorf("her password %s while she logs in: %v, and she is %q", c.what, err, now.Person)
		}
		switch c.what {
		case "changes":
			password = "another horse battery"
			if now, err := g.Session(t.Context(), kept); err != nil || now.Person != "mei" {
				t.Errorf("the log-in where she changed it ended: %q %v", now.Person, err)
			}
		default:
			password = "a password by the link"
		}
	}
}

// Who changes a password writes the password alone: a code of the second factor that was used meanwhile stays used, and a password
// that somebody else set meanwhile stands.
func TestAPasswordIsWrittenAlone(t *testing.T) {
	o := opened(t)
	db := &meanwhile{DB: o.db}
	g := staff.NewGuard(staff.Options{Store: db, People: people, Now: o.clock.now})
	if err := g.SetPassword(t.Context(), "mei", secret); err != nil {
		t.Fatal(err)
	}
	mei := o.as("mei")
	var e Enrolment
	if err := json.Unmarshal([]byte(mei.want("POST", "/api/v1/me/totp", map[string]any{"password": secret}, 200)), &e); err != nil {
		t.Fatal(err)
	}
	mei.want("POST", "/api/v1/me/totp/confirm", map[string]any{"code": codeFor(t, e.Secret, o.clock.now())}, 204)
	o.clock.pass(time.Minute)
	here := staff.With(t.Context(), staff.Identity{Person: "mei"})
	try := staff.Attempt{Login: "mei", Password: secret, Code: codeFor(t, e.Secret, o.clock.now())}
	db.first = func() {
		if _, _, err := g.Login(t.Context(), try); err != nil {
			t.Errorf("a code that is new: %v", err)
		}
	}
	if err := g.ChangePassword(here, staff.Attempt{}, secret, "another horse battery"); err != nil {
		t.Fatal(err)
	}
	try.Password = "another horse battery"
	if _, _, err := g.Login(t.Context(), try); !errors.Is(err, staff.ErrWrong) {
		t.Errorf("the code of a log-in before the password changed is taken again: %v", err)
	}

	invited, _, err := g.Invite(t.Context(), "mei")
	if err != nil {
		t.Fatal(err)
	}
	db.first = func() {
		if _, err := g.Accept(t.Context(), invited, "", "a password by the link"); err != nil {
			t.Errorf("the link: %v", err)
		}
	}
	if err := g.ChangePassword(here, staff.Attempt{}, "another horse battery", "who was faster"); !errors.Is(err, staff.ErrWrong) {
		t.Errorf("an old password that is not hers any more changes it: %v", err)
	}
	o.clock.pass(time.Minute)
	try.Password, try.Code = "a password by the link", codeFor(t, e.Secret, o.clock.now())
	if _, _, err := g.Login(t.Context(), try); err != nil {
		t.Errorf("with the link's password and the second factor that stays: %v", err)
	}
}

// A secret that was begun anew is confirmed by its own code only, and a code of one that was taken away opens nothing.
func TestSecretsOfTheSecondFactorAreKeptApart(t *testing.T) {
	db := opened(t).db
	for _, begin := range []string{"OLD", "NEW"} {
		if err := db.BeginStaffTOTP(t.Context(), "mei", begin); err != nil {
			t.Fatal(err)
		}
	}
	if ok, err := db.ConfirmStaffTOTP(t.Context(), "mei", "OLD", 7); ok || err != nil {
		t.Errorf("a secret that was given up: %t %v", ok, err)
	}
	if ok, err := db.ConfirmStaffTOTP(t.Context(), "mei", "NEW", 7); !ok || err != nil {
		t.Errorf("the secret that was begun last: %t %v", ok, err)
	}
	if ok, err := db.UseStaffCode(t.Context(), "mei", "NEW", 7); ok || err != nil {
		t.Errorf("the code that confirmed it: %t %v", ok, err)
	}
	if ok, err := db.UseStaffCode(t.Context(), "mei", "NEW", 8); !ok || err != nil {
		t.Errorf("the next code: %t %v", ok, err)
	}
	if err := db.DropStaffTOTP(t.Context(), "mei"); err != nil {
		t.Fatal(err)
	}
	if ok, err := db.UseStaffCode(t.Context(), "mei", "NEW", 9); ok || err != nil {
		t.Errorf("a code of a secret that was taken away: %t %v", ok, err)
	}
	if l, err := db.StaffLogin(t.Context(), "mei"); err != nil || l.TOTP+l.Pending != "" || l.Step != 8 {
		t.Errorf("%+v %v", l, err)
	}
}
