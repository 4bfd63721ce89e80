package console

import (
	"context"
	"errors"
	"net/http"
	"time"

	"ringway/console/staff"
	"ringway/store"
)

// sessionInput asks for the credential of one app session.
type sessionInput struct {
	Body struct {
		Domain   string  `json:"domain,omitempty" doc:"app domain; may be left out where there is one only" maxLength:"253"`
		Subject  string  `json:"subject" doc:"who the customer is; part of the AOR" pattern:"^[A-Za-z0-9_-]+$" maxLength:"64"`
		Lifetime float64 `json:"lifetime_seconds,omitempty" doc:"an hour when absent" minimum:"1" maximum:"31536000"`
		Claims   struct {
			Customer string  `json:"customer,omitempty" maxLength:"128"`
			Name     string  `json:"name,omitempty" maxLength:"200"`
			Language string  `json:"language,omitempty" doc:"BCP 47" maxLength:"35"`
			Region   string  `json:"region,omitempty" doc:"ISO 3166" maxLength:"10"`
			Zone     string  `json:"zone,omitempty" doc:"IANA time zone" maxLength:"64"`
			Booking  string  `json:"booking,omitempty" maxLength:"128"`
			Priority float64 `json:"priority_seconds,omitempty" doc:"head start in queues" minimum:"-86400" maximum:"86400"`
		} `json:"claims,omitempty"`
	}
}

func routeSessions(a *API) {
	register(a, Op{Method: http.MethodPost, Path: "/app-sessions", ID: "mint", Summary: "Mint the SIP credential of an app session", Tag: "app",
		Allow: Allow(staff.Admin, staff.AppSessions), Once: true, Status: http.StatusCreated}, a.mint)
}

func (a *API) mint(ctx context.Context, in *sessionInput) (*body[Credential], error) {
	c := in.Body.Claims
	if err := checkProfile("body.claims.", c.Language, c.Region, c.Zone); err != nil {
		return nil, err
	}
	r := MintRequest{Domain: in.Body.Domain, Subject: in.Body.Subject, Lifetime: time.Duration(in.Body.Lifetime * float64(time.Second)),
		Claims: store.Claims{Customer: c.Customer, Name: c.Name, Language: c.Language, Region: c.Region, Zone: c.Zone, Booking: c.Booking,
			Priority: time.Duration(c.Priority * float64(time.Second))}}
	out, err := a.Switch.Mint(ctx, r)
	switch {
	case errors.Is(err, ErrUnknown):
		return nil, refusedBy(http.StatusNotFound, err)
	case err != nil:
		return nil, refusedBy(http.StatusUnprocessableEntity, err)
	}
	return &body[Credential]{out}, nil
}
