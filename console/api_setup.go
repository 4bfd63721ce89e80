package console

import (
	"context"
	"net/http"

	"ringway/console/staff"
)

// Invited is who may set a password with a link.
type Invited struct {
	Kind   string       `json:"kind" enum:"setup,person" doc:"setup: the link of the first start, for an administrator to choose"`
	People []PersonName `json:"people"`
}

// PersonName is how a person is called.
type PersonName struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Login string `json:"login" doc:"what she types to log in"`
}

// acceptInput sets a password by a link.
type acceptInput struct {
	Body struct {
		Token    string `json:"token" doc:"of the link" minLength:"1" maxLength:"200"`
		Person   string `json:"person,omitempty" doc:"setup: which administrator" maxLength:"64"`
		Password string `json:"password" minLength:"1" maxLength:"1024"`
	}
}

type tokenInput struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"200"`
	}
}

func routeSetup(a *API) {
	register(a, Op{Method: http.MethodPost, Path: "/invitation/look", ID: "look-at-invitation", Summary: "Whom a link is for", Tag: "log-in",
		Allow: Anyone()}, a.lookAtInvitation)
	register(a, Op{Method: http.MethodPost, Path: "/setup", ID: "setup", Summary: "Set an administrator's password by the link of the first start",
		Tag: "log-in", Allow: Anyone(), Audit: true, Once: true}, a.accept)
	register(a, Op{Method: http.MethodPost, Path: "/invitation", ID: "accept-invitation", Summary: "Set one's password by a link, once",
		Tag: "log-in", Allow: Anyone(), Audit: true, Once: true}, a.accept)
}

func (a *API) lookAtInvitation(ctx context.Context, in *tokenInput) (*body[Invited], error) {
	kind, people, err := a.Staff.Invited(ctx, in.Body.Token)
	if err != nil {
		return nil, staffProblem(err)
	}
	out := Invited{Kind: kind, People: []PersonName{}}
	for _, p := range people {
		out.People = append(out.People, personName(p))
	}
	return &body[Invited]{out}, nil
}

func personName(p staff.Person) PersonName {
	n := PersonName{ID: p.ID, Name: p.Name, Login: p.Login}
	if n.Login == "" {
		n.Login = p.ID
	}
	return n
}

func (a *API) accept(ctx context.Context, in *acceptInput) (*body[PersonName], error) {
	p, err := a.Staff.Accept(ctx, in.Body.Token, in.Body.Person, in.Body.Password)
	if err != nil {
		return nil, staffProblem(err)
	}
	a.standings.ask(p.ID) // log-ins with an earlier password are over
	tellWho(ctx, p.ID)
	return &body[PersonName]{personName(p)}, nil
}
