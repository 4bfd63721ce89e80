package console

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"ringway/console/staff"
	"ringway/store"
)

// KeyView is a machine's key, without its secret.
type KeyView struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Scopes  []string   `json:"scopes"`
	By      string     `json:"by" doc:"who made it"`
	Created time.Time  `json:"created"`
	Used    *time.Time `json:"used,omitempty" doc:"last time, within some minutes"`
	Expires *time.Time `json:"expires,omitempty"`
}

// NewKey is a key with its secret, which is told this once.
type NewKey struct {
	KeyView
	Key string `json:"key" doc:"goes into Authorization: Bearer …; it is not kept and can't be told again"`
}

type keyInput struct {
	Body struct {
		Name   string   `json:"name" doc:"which system it is for" minLength:"1" maxLength:"100"`
		Scopes []string `json:"scopes" minItems:"1" maxItems:"50"`
		Days   int      `json:"days,omitempty" doc:"how long it is good; for ever when absent" minimum:"0" maximum:"3650"`
	}
}

func routeKeys(a *API) {
	admin := Allow(staff.Admin)
	register(a, Op{Method: http.MethodGet, Path: "/keys", ID: "keys", Summary: "Keys of machines, oldest first", Tag: "keys", Allow: admin}, a.keys)
	register(a, Op{Method: http.MethodGet, Path: "/keys/scopes", ID: "scopes", Summary: "What a key can allow", Tag: "keys", Allow: admin},
		func(context.Context, *struct{}) (*body[[]staff.Scope], error) {
			return &body[[]staff.Scope]{staff.Scopes}, nil
		})
	register(a, Op{Method: http.MethodPost, Path: "/keys", ID: "make-key", Summary: "Make a key for a machine", Tag: "keys", Allow: admin,
		Audit: true, Once: true, Status: http.StatusCreated}, a.makeKey)
	register(a, Op{Method: http.MethodDelete, Path: "/keys/{id}", ID: "delete-key", Summary: "Delete a key: it is refused from now on", Tag: "keys",
		Allow: admin, Audit: true, Status: http.StatusNoContent}, func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"64"`
	}) (*struct{}, error) {
		there, err := a.Staff.DropKey(ctx, in.ID)
		if err = a.ended(staff.Identity{Key: in.ID}.Who(), err); err != nil || there {
			return nil, err
		}
		return nil, refused(http.StatusNotFound, "no_key")
	})
}

func (a *API) keys(ctx context.Context, in *Paged) (*body[Page[KeyView]], error) {
	all, err := a.Staff.Keys(ctx)
	if err != nil {
		return nil, err
	}
	out := []KeyView{}
	for _, k := range all {
		out = append(out, keyView(k))
	}
	return pageOf(out, *in, func(k KeyView) place { return placeOf(k.Created, k.ID) })
}

func (a *API) makeKey(ctx context.Context, in *keyInput) (*body[NewKey], error) {
	var scopes []staff.Scope
	for _, s := range in.Body.Scopes {
		scopes = append(scopes, staff.Scope(s))
	}
	text, k, err := a.Staff.NewKey(ctx, in.Body.Name, scopes, time.Duration(in.Body.Days)*24*time.Hour)
	if err != nil {
		return nil, staffProblem(err)
	}
	tell(ctx, fmt.Sprintf("key %s with %v", k.ID, k.Scopes))
	return &body[NewKey]{NewKey{keyView(k), text}}, nil
}

func keyView(k store.APIKey) KeyView {
	return KeyView{ID: k.ID, Name: k.Name, Scopes: k.Scopes, By: k.By, Created: k.Created, Used: maybe(k.Used), Expires: maybe(k.Expires)}
}

// maybe is a time that may be missing.
func maybe(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
