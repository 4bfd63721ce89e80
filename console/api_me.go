package console

import (
	"context"
	"errors"
	"net/http"

	"ringway/console/staff"
)

// Me is who is logged in.
type Me struct {
	ID        string      `json:"id"`
	Name      string      `json:"name"`
	Role      string      `json:"role" enum:"agent,manager,admin"`
	Team      string      `json:"team"`
	TeamName  string      `json:"team_name,omitempty" doc:"what the team is called"`
	Teams     []string    `json:"teams" doc:"whose people she sees; an administrator sees all"`
	Zone      string      `json:"zone" doc:"her time zone"`
	CSRF      string      `json:"csrf" doc:"goes into the header X-CSRF-Token of what changes something"`
	Languages []string    `json:"languages" doc:"the best first"`
	TOTP      bool        `json:"totp" doc:"she has a second factor"`
	Queues    []QueueName `json:"queues" doc:"that she may serve"`
}

type passwordInput struct {
	Body struct {
		Old      string `json:"old" doc:"the password until now" minLength:"1" maxLength:"1024"`
		Password string `json:"password" doc:"the new one" minLength:"1" maxLength:"1024"`
	}
}

type confirmInput struct {
	Body struct {
		Password string `json:"password" minLength:"1" maxLength:"1024"`
	}
}

type codeInput struct {
	Body struct {
		Code string `json:"code" doc:"that the authenticator app shows" minLength:"6" maxLength:"16"`
	}
}

// Enrolment is what an authenticator app needs.
type Enrolment struct {
	Secret  string `json:"secret" doc:"base32, to be typed where no camera is"`
	Address string `json:"address" doc:"otpauth address, for a QR code"`
}

func routeMe(a *API) {
	me := Allow(staff.Agent)
	register(a, Op{Method: http.MethodGet, Path: "/me", ID: "me", Summary: "Who is logged in", Tag: "log-in", Allow: me},
		func(ctx context.Context, _ *struct{}) (*body[Me], error) {
			m, err := a.me(ctx, staff.From(ctx))
			return &body[Me]{m}, err
		})
	register(a, Op{Method: http.MethodPost, Path: "/me/password", ID: "change-password", Summary: "Change one's password; other log-ins end",
		Tag: "log-in", Allow: me, Audit: true, Status: http.StatusNoContent}, func(ctx context.Context, in *passwordInput) (*struct{}, error) {
		err := a.Staff.ChangePassword(ctx, staff.Attempt{Source: source(ctx)}, in.Body.Old, in.Body.Password)
		return nil, ownProblem(a.ended(staff.From(ctx).Who(), err), "body.old")
	})
	register(a, Op{Method: http.MethodPost, Path: "/me/totp", ID: "begin-totp", Summary: "Begin with a second factor; it counts when a code confirmed it",
		Tag: "log-in", Allow: me, Audit: true, Once: true}, a.beginTOTP)
	register(a, Op{Method: http.MethodPost, Path: "/me/totp/confirm", ID: "confirm-totp", Summary: "Confirm a second factor by a code",
		Tag: "log-in", Allow: me, Audit: true, Status: http.StatusNoContent}, func(ctx context.Context, in *codeInput) (*struct{}, error) {
		return nil, ownProblem(a.Staff.ConfirmTOTP(ctx, staff.Attempt{Source: source(ctx)}, in.Body.Code), "body.code")
	})
	register(a, Op{Method: http.MethodPost, Path: "/me/totp/end", ID: "end-totp", Summary: "Log in without a second factor again",
		Tag: "log-in", Allow: me, Audit: true, Status: http.StatusNoContent}, func(ctx context.Context, in *confirmInput) (*struct{}, error) {
		return nil, ownProblem(a.Staff.EndTOTP(ctx, staff.Attempt{Source: source(ctx)}, in.Body.Password), "body.password")
	})
}

// ownProblem is staffProblem for those who are logged in: what they typed wrong is a field, not the end of their log-in.
func ownProblem(err error, field string) error {
	if errors.Is(err, staff.ErrWrong) {
		return refused(http.StatusUnprocessableEntity, "wrong").at(field)
	}
	return staffProblem(err)
}

func (a *API) me(ctx context.Context, who staff.Identity) (Me, error) {
	p, known := a.Roster.Person(who.Person)
	if !known {
		return Me{}, refused(http.StatusNotFound, "you_are_gone")
	}
	totp, err := a.Staff.HasTOTP(ctx, p.ID)
	return Me{ID: p.ID, Name: p.Name, Role: string(p.Role), Team: p.Team, TeamName: p.TeamName, Teams: some(p.Teams), Zone: p.Zone, CSRF: who.CSRF,
		Languages: some(p.Languages), TOTP: totp, Queues: some(a.Roster.MayServe(p.ID))}, err
}

func (a *API) beginTOTP(ctx context.Context, in *confirmInput) (*body[Enrolment], error) {
	p, _ := a.Roster.Person(staff.From(ctx).Person)
	secret, err := a.Staff.BeginTOTP(ctx, staff.Attempt{Source: source(ctx)}, in.Body.Password)
	if err != nil {
		return nil, ownProblem(err, "body.password")
	}
	return &body[Enrolment]{Enrolment{Secret: secret, Address: staff.TOTPAddress(secret, "Ringway", personName(p).Login)}}, nil
}
