package console

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ringway/store"
)

// MintRequest asks for the credential of one app session.
type MintRequest struct {
	Domain   string        `json:"domain,omitempty" doc:"app domain; may be left out where there is one only"`
	Subject  string        `json:"subject" doc:"who the customer is; part of the AOR" pattern:"^[A-Za-z0-9_-]+$" maxLength:"64"`
	Lifetime time.Duration `json:"lifetime,omitempty" doc:"nanoseconds; an hour when absent"`
	Claims   store.Claims  `json:"claims,omitempty"`
}

// Credential is what a SIP client needs to call as this session.
type Credential struct {
	AOR      string    `json:"aor"`
	User     string    `json:"user" doc:"digest user name"`
	Password string    `json:"password"`
	Realm    string    `json:"realm"`
	Proxy    string    `json:"proxy,omitempty" doc:"where to send requests, as host:port"`
	Expires  time.Time `json:"expires"`
	Claims   string    `json:"claims" doc:"value of an X-Ringway-Claims header, for a switch that did not mint the credential"`
}

func routeMint(api huma.API, s Switch) {
	op := huma.Operation{OperationID: "mint", Method: http.MethodPost, Path: "/v1/app-sessions", Summary: "Mint the SIP credential of an app session"}
	huma.Register(api, op, func(ctx context.Context, in *body[MintRequest]) (*body[Credential], error) {
		c, err := s.Mint(ctx, in.Body)
		switch {
		case errors.Is(err, ErrUnknown):
			return nil, huma.Error404NotFound(err.Error())
		case err != nil:
			return nil, huma.Error422UnprocessableEntity(err.Error())
		}
		return &body[Credential]{c}, nil
	})
}

// Mint makes the credential of an app session.
func (c *Client) Mint(ctx context.Context, r MintRequest) (out Credential, err error) {
	return out, c.call(ctx, http.MethodPost, "/v1/app-sessions", r, &out)
}
