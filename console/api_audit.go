package console

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ringway/console/staff"
	"ringway/store"
)

// AuditView is one thing that somebody did.
type AuditView struct {
	At     time.Time `json:"at"`
	Who    string    `json:"who" doc:"a person's id, or key:ID"`
	Source string    `json:"source" doc:"address"`
	Action string    `json:"action" doc:"the operation"`
	Target string    `json:"target"`
	Status int       `json:"status" doc:"HTTP status: 401, 403 and 429 were refused, 500 and above failed; of many alike in a minute the first has an entry, and one tells how many more there were"`
	Detail string    `json:"detail,omitempty"`
}

// Page is one page of a list; next is empty on the last one.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"the cursor of the next page, empty on the last one"`
	// Limited is for calls.
	Limited bool `json:"limited,omitempty" doc:"what other teams had part in alone is left out"`
}

type auditInput struct {
	Who    string    `query:"who" maxLength:"100"`
	Action string    `query:"action" maxLength:"100"`
	From   time.Time `query:"from"`
	To     time.Time `query:"to"`
	Limit  int       `query:"limit" default:"100" minimum:"1" maximum:"1000"`
	Cursor string    `query:"cursor" maxLength:"40"`
}

func routeAudit(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/audit", ID: "audit", Summary: "Who did what, newest first", Tag: "staff",
		Allow: Allow(staff.Admin)}, a.auditList)
}

func (a *API) auditList(ctx context.Context, in *auditInput) (*body[Page[AuditView]], error) {
	q := store.AuditQuery{Who: in.Who, Action: in.Action, From: in.From, To: in.To, Limit: in.Limit}
	if in.Cursor != "" {
		var err error
		if q.Before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || q.Before <= 0 {
			return nil, badField("query.cursor", "it is no cursor of a page")
		}
	}
	a.keepRefused(ctx)
	found, err := a.Journal.Audit(ctx, q)
	if err != nil {
		return nil, err
	}
	out := Page[AuditView]{Items: []AuditView{}}
	for _, e := range found {
		out.Items = append(out.Items, AuditView{e.At, e.Who, e.Source, e.Action, e.Target, e.Status, e.Detail})
	}
	if len(found) == in.Limit {
		out.Next = strconv.FormatInt(found[len(found)-1].ID, 10)
	}
	return &body[Page[AuditView]]{out}, nil
}

// badField refuses a request because of one field.
func badField(location, message string) error {
	return huma.Error422UnprocessableEntity("validation failed", &huma.ErrorDetail{Message: message, Location: location})
}
