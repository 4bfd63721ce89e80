package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"time"

	"ringway/store"
)

// Store keeps what log-in needs; store/sqlite does.
type Store interface {
	StaffLogin(ctx context.Context, person string) (store.StaffLogin, error)
	StaffLogins(ctx context.Context) ([]store.StaffLogin, error)
	// PutStaffPassword changes a password and ends the log-ins, both or neither; false where another than the old one stands there
	// by now. Like each of the next ones it changes its own fact and no other.
	PutStaffPassword(ctx context.Context, c store.PasswordChange) (bool, error)
	// BeginStaffTOTP keeps a secret that is not confirmed yet, and ConfirmStaffTOTP puts it in force with the step of the code that
	// confirmed it; false where another one was begun meanwhile. DropStaffTOTP takes both away.
	BeginStaffTOTP(ctx context.Context, person, pending string) error
	ConfirmStaffTOTP(ctx context.Context, person, pending string, step int64) (bool, error)
	DropStaffTOTP(ctx context.Context, person string) error
	// UseStaffCode marks the time step of a code of a secret as used; false where it, or a later one, was used before, or where
	// the secret is not in force any more.
	UseStaffCode(ctx context.Context, person, secret string, step int64) (bool, error)

	StaffSession(ctx context.Context, id string, now time.Time) (store.StaffSession, error)
	PutStaffSession(ctx context.Context, s store.StaffSession) error
	// BeginStaffSession keeps the session of somebody who logged in as l says, unless her password or her second factor is another
	// by now: then it is false.
	BeginStaffSession(ctx context.Context, s store.StaffSession, l store.StaffLogin) (bool, error)
	TouchStaffSession(ctx context.Context, id string, now time.Time) error
	EndStaffSession(ctx context.Context, id string) error
	EndStaffSessions(ctx context.Context, person, but string) error

	APIKey(ctx context.Context, id string) (store.APIKey, error)
	APIKeys(ctx context.Context) ([]store.APIKey, error)
	PutAPIKey(ctx context.Context, k store.APIKey) error
	TouchAPIKey(ctx context.Context, id string, now time.Time) error
	DropAPIKey(ctx context.Context, id string) (bool, error)

	Invitation(ctx context.Context, hash string, now time.Time) (store.Invitation, error)
	PutInvitation(ctx context.Context, i store.Invitation) error
	UseInvitation(ctx context.Context, hash, person, password string, at time.Time) (bool, error)
}

// Options of a Guard. Store and People are required.
type Options struct {
	Store  Store
	People People
	Life   time.Duration // of a log-in; 0: 12 h
	Now    func() time.Time
	Log    *slog.Logger
}

// Guard finds out who somebody is. Its methods may be called from any goroutine.
type Guard struct {
	o      Options
	tries  *tries
	nobody string        // takes the time of a real check where there is nobody to check: a hash without a password
	work   chan struct{} // room for checks of passwords: each takes memory and a core for a while
}

// Checks of passwords at once, and how long one waits for room: log-ins must not take the machine from the calls.
const (
	checksAtOnce = 2
	checkWait    = 5 * time.Second
)

// touchEvery is how exactly it is known when a session or a key was in use.
const touchEvery = 5 * time.Minute

// NewGuard makes a guard.
func NewGuard(o Options) *Guard {
	if o.Life <= 0 {
		o.Life = 12 * time.Hour
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Guard{o: o, tries: newTries(o.Now), work: make(chan struct{}, checksAtOnce), nobody: hashOfNobody()}
}

// Errors of Guard that a caller may be told.
var (
	ErrWrong    = errors.New("login or password is wrong")
	ErrCode     = errors.New("a code of the second factor is needed")
	ErrBusy     = errors.New("too many people log in at once; try again")
	ErrNobody   = errors.New("people.yaml has no such person")
	ErrGone     = errors.New("the link was used, or is too old")
	ErrNotAdmin = errors.New("the first log-in has to be an administrator's: role admin in people.yaml")
)

// TooManyError refuses an attempt for some time.
type TooManyError struct{ Wait time.Duration }

// Error implements error.
func (e *TooManyError) Error() string { return "too many wrong passwords; wait a while" }

// Attempt is somebody who wants to log in.
type Attempt struct {
	Login, Password string
	Code            string // of the second factor
	Source          string // address
	Agent           string // browser
}

// Login checks a password and begins a session. An unknown login gets the answer of a wrong password, in its time.
func (g *Guard) Login(ctx context.Context, a Attempt) (token string, who Identity, err error) {
	if wait, ok := g.tries.begin(a.Source, a.Login); !ok {
		return "", who, &TooManyError{wait}
	}
	p, known := g.o.People.ByLogin(a.Login)
	l := store.StaffLogin{}
	if known {
		if l, err = g.o.Store.StaffLogin(ctx, p.ID); err != nil {
			return "", who, err
		}
	} else if l, err = g.o.Store.StaffLogin(ctx, ""); err != nil { // the same question, so that it takes the same time
		return "", who, err
	}
	hash := l.Password
	if hash == "" {
		hash = g.nobody
	}
	right, err := g.check(ctx, hash, a.Password)
	if err != nil {
		return "", who, err
	}
	if !right || !known || l.Password == "" {
		return "", who, ErrWrong
	}
	if err := g.checkCode(ctx, l, a.Code); err != nil {
		return "", who, err
	}
	token, s := g.session(p, a)
	// What was checked may have changed meanwhile: checking takes its time, and a new password is to end all log-ins with the old one.
	if still, err := g.o.Store.BeginStaffSession(ctx, s, l); err != nil {
		return "", who, err
	} else if !still {
		return "", who, ErrWrong
	}
	g.tries.right(a.Source, a.Login)
	return token, identity(p, s), nil
}

// check verifies a password when there is room for it.
func (g *Guard) check(ctx context.Context, hash, password string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, checkWait)
	defer cancel()
	select {
	case g.work <- struct{}{}:
	case <-ctx.Done():
		return false, ErrBusy
	}
	defer func() { <-g.work }()
	return len(password) <= maxPassword && VerifyPassword(hash, password), nil
}

// checkCode demands a code where the person has a second factor, and takes none twice.
func (g *Guard) checkCode(ctx context.Context, l store.StaffLogin, code string) error {
	switch {
	case l.TOTP == "":
		return nil
	case code == "":
		return ErrCode
	}
	step, ok := matchCode(l.TOTP, code, g.o.Now(), l.Step)
	if !ok {
		return ErrWrong
	}
	if first, err := g.o.Store.UseStaffCode(ctx, l.Person, l.TOTP, step); err != nil {
		return err
	} else if !first {
		return ErrWrong
	}
	return nil
}

// session is a new one. The token goes to the browser, its hash into the store.
func (g *Guard) session(p Person, a Attempt) (token string, s store.StaffSession) {
	token = rand.Text() + rand.Text()
	now := g.o.Now()
	return token, store.StaffSession{ID: hashOf(token), Person: p.ID, CSRF: rand.Text(), Source: a.Source, Agent: short(a.Agent, 200),
		Created: now, Seen: now, Expires: now.Add(g.o.Life)}
}

// Try counts an attempt to log in by another way than a password, as a wrong one until LoginAs says that it was right.
func (g *Guard) Try(a Attempt) error {
	if wait, ok := g.tries.begin(a.Source, a.Login); !ok {
		return &TooManyError{wait}
	}
	return nil
}

// LoginAs begins a session of somebody whom an identity provider named. a is what Try was told.
func (g *Guard) LoginAs(ctx context.Context, login string, a Attempt) (token string, who Identity, err error) {
	p, known := g.o.People.ByLogin(login)
	if !known {
		return "", who, ErrNobody
	}
	token, s := g.session(p, a)
	if err := g.o.Store.PutStaffSession(ctx, s); err != nil {
		return "", who, err
	}
	g.tries.right(a.Source, a.Login)
	return token, identity(p, s), nil
}

// Session is whose log-in a token is: nobody where it is none, is over, or where the person has left.
func (g *Guard) Session(ctx context.Context, token string) (Identity, error) {
	if len(token) > 100 {
		return Identity{}, nil
	}
	now := g.o.Now()
	s, err := g.o.Store.StaffSession(ctx, hashOf(token), now)
	if err != nil || s.ID == "" {
		return Identity{}, err
	}
	p, known := g.o.People.Person(s.Person)
	if !known {
		return Identity{}, nil
	}
	if now.Sub(s.Seen) > touchEvery {
		if err := g.o.Store.TouchStaffSession(ctx, s.ID, now); err != nil {
			g.o.Log.Warn("not kept that a log-in was in use", "err", err)
		}
	}
	return identity(p, s), nil
}

// Logout ends one session.
func (g *Guard) Logout(ctx context.Context, session string) error {
	return g.o.Store.EndStaffSession(ctx, session)
}

// LogoutAll ends all sessions of a person but one, which may be empty.
func (g *Guard) LogoutAll(ctx context.Context, person, but string) error {
	return g.o.Store.EndStaffSessions(ctx, person, but)
}

func identity(p Person, s store.StaffSession) Identity {
	return Identity{Person: p.ID, Name: p.Name, Role: p.Role, Team: p.Team, Teams: p.Teams, Session: s.ID, CSRF: s.CSRF}
}

// hashOf is what is kept of a token: it has more randomness than anybody can guess, so a plain hash is enough.
func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// short cuts a text that somebody else wrote.
func short(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return s
}
