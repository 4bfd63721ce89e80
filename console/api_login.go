package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ringway/console/staff"
)

type loginInput struct {
	UserAgent string `header:"User-Agent"`
	Body      struct {
		Login    string `json:"login" doc:"login of people.yaml, or the person's id where none is written" minLength:"1" maxLength:"254"`
		Password string `json:"password" minLength:"1" maxLength:"1024"`
		TOTP     string `json:"totp,omitempty" doc:"code of the second factor, for those who have one" maxLength:"16"`
	}
}

// loggedIn is an answer that sets the cookie of a log-in.
type loggedIn struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      Me
}

type loggedOut struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

// LoginWays is how people may log in.
type LoginWays struct {
	OIDC bool `json:"oidc" doc:"at the company's identity provider: open /api/v1/oidc/start"`
}

func routeLogin(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/login", ID: "login-ways", Summary: "How people may log in", Tag: "log-in", Allow: Anyone()},
		func(context.Context, *struct{}) (*body[LoginWays], error) {
			return &body[LoginWays]{LoginWays{a.oidc}}, nil
		})
	register(a, Op{Method: http.MethodPost, Path: "/login", ID: "login", Summary: "Log in with a password", Tag: "log-in",
		Allow: Anyone(), Audit: true}, a.login)
	register(a, Op{Method: http.MethodPost, Path: "/logout", ID: "logout", Summary: "End this log-in", Tag: "log-in",
		Allow: Allow(staff.Agent), Audit: true}, a.logout)
}

func (a *API) login(ctx context.Context, in *loginInput) (*loggedIn, error) {
	p, known := a.Roster.ByLogin(in.Body.Login)
	if known {
		tellWho(ctx, p.ID)
	}
	token, who, err := a.Staff.Login(ctx, staff.Attempt{Login: in.Body.Login, Password: in.Body.Password, Code: in.Body.TOTP,
		Source: source(ctx), Agent: in.UserAgent})
	if err != nil {
		return nil, staffProblem(err)
	}
	me, err := a.me(ctx, who)
	return &loggedIn{SetCookie: a.cookie(token, 0), Body: me}, err
}

func (a *API) logout(ctx context.Context, _ *struct{}) (*loggedOut, error) {
	who := staff.From(ctx)
	return &loggedOut{SetCookie: a.cookie("", -1)}, a.ended(who.Who(), a.Staff.Logout(ctx, who.Session))
}

// cookie carries a token: out of reach of scripts and of other sites. It ends with the browser, or at once where age < 0.
func (a *API) cookie(token string, age int) http.Cookie {
	return http.Cookie{Name: sessionCookie, Value: token, Path: "/", HttpOnly: true, Secure: a.secure, SameSite: http.SameSiteStrictMode, MaxAge: age}
}

// staffProblem tells callers what staff's errors mean for them.
func staffProblem(err error) error {
	var many *staff.TooManyError
	at := func(location string) error { return refusedBy(http.StatusUnprocessableEntity, err).at(location) }
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		seconds := int(many.Wait/time.Second) + 1
		return huma.ErrorWithHeaders(refusedBy(http.StatusTooManyRequests, err), http.Header{"Retry-After": {fmt.Sprint(seconds)}})
	case errors.Is(err, staff.ErrCode):
		return refusedBy(http.StatusUnauthorized, err).at("body.totp")
	case errors.Is(err, staff.ErrWrong):
		return refusedBy(http.StatusUnauthorized, err)
	case errors.Is(err, staff.ErrBusy):
		return refusedBy(http.StatusServiceUnavailable, err)
	case errors.Is(err, staff.ErrGone):
		return refusedBy(http.StatusGone, err)
	case errors.Is(err, staff.ErrWeak):
		return at("body.password")
	case errors.Is(err, staff.ErrNotAdmin):
		return at("body.person")
	case errors.Is(err, staff.ErrScope):
		return at("body.scopes")
	case errors.Is(err, staff.ErrOwn), errors.Is(err, staff.ErrOwnTOTP):
		return refusedBy(http.StatusForbidden, err)
	case errors.Is(err, staff.ErrNobody):
		return refusedBy(http.StatusNotFound, err)
	case errors.Is(err, staff.ErrNoCode):
		return refusedBy(http.StatusConflict, err)
	}
	return err
}
