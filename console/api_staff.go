package console

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"ringway/console/staff"
)

// StaffMember is a person of people.yaml as those see her who manage log-ins.
type StaffMember struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Login    string   `json:"login"`
	Role     string   `json:"role" enum:"agent,manager,admin"`
	Team     string   `json:"team"`
	TeamName string   `json:"team_name,omitempty" doc:"what the team is called"`
	Teams    []string `json:"teams"`
	Password bool     `json:"password" doc:"she has set one"`
}

// Link lets somebody set a password, once.
type Link struct {
	Link    string    `json:"link"`
	Expires time.Time `json:"expires"`
}

type personInput struct {
	ID string `path:"id" maxLength:"64"`
}

func routeStaff(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/staff", ID: "staff", Summary: "People by id, and whether they can log in", Tag: "staff",
		Allow: Allow(staff.Manager)}, a.staffList)
	register(a, Op{Method: http.MethodPost, Path: "/staff/{id}/invite", ID: "invite", Summary: "Make a link with which a person sets a password, once",
		Tag: "staff", Allow: Allow(staff.Manager), Audit: true, Once: true}, a.invite)
	register(a, Op{Method: http.MethodPost, Path: "/staff/{id}/logout", ID: "end-log-ins", Summary: "End all log-ins of a person",
		Tag: "staff", Allow: Allow(staff.Manager), Audit: true, Status: http.StatusNoContent},
		func(ctx context.Context, in *personInput) (*struct{}, error) {
			if err := a.directs(ctx, in.ID); err != nil {
				return nil, err
			}
			return nil, a.ended(in.ID, a.Staff.LogoutAll(ctx, in.ID, ""))
		})
	register(a, Op{Method: http.MethodPost, Path: "/staff/{id}/totp/reset", ID: "reset-totp", Summary: "Take away the second factor of a person who lost it",
		Tag: "staff", Allow: Allow(staff.Admin), Audit: true, Status: http.StatusNoContent},
		func(ctx context.Context, in *personInput) (*struct{}, error) {
			if err := a.directs(ctx, in.ID); err != nil {
				return nil, err
			}
			return nil, staffProblem(a.ended(in.ID, a.Staff.ResetTOTP(ctx, in.ID)))
		})
}

// directs tells whether who asks may change how a person logs in: her own log-ins everybody may end, what else is refused of
// her own stands with it.
func (a *API) directs(ctx context.Context, id string) error {
	who := staff.From(ctx)
	p, known := a.Roster.Person(id)
	switch {
	case !known:
		return refused(http.StatusNotFound, "no_person", "person", id)
	case p.ID == who.Person, who.Directs(p):
		return nil
	case who.SeesTeam(p.Team):
		return refused(http.StatusForbidden, "role_above", "person", id)
	}
	return refused(http.StatusForbidden, "other_team", "person", id)
}

func (a *API) staffList(ctx context.Context, in *Paged) (*body[Page[StaffMember]], error) {
	who := staff.From(ctx)
	has, err := a.Staff.HasPassword(ctx)
	if err != nil {
		return nil, err
	}
	out := []StaffMember{}
	for _, p := range a.Roster.People() {
		if who.Sees(p.ID, p.Team) {
			out = append(out, StaffMember{ID: p.ID, Name: p.Name, Login: personName(p).Login, Role: string(p.Role), Team: p.Team, TeamName: p.TeamName,
				Teams: some(p.Teams), Password: has[p.ID]})
		}
	}
	return pageOf(out, *in, func(m StaffMember) place { return place{name: m.ID} })
}

func (a *API) invite(ctx context.Context, in *personInput) (*body[Link], error) {
	if err := a.directs(ctx, in.ID); err != nil {
		return nil, err
	}
	token, expires, err := a.Staff.Invite(ctx, in.ID)
	if err != nil {
		return nil, staffProblem(err)
	}
	return &body[Link]{Link{Link: a.public + "/invitation?token=" + url.QueryEscape(token), Expires: expires}}, nil
}
