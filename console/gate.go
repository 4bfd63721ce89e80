package console

import (
	"context"
	"crypto/subtle"
	"net/http"
	"strings"

	"ringway/console/staff"
)

// sessionCookie carries the token of a log-in.
const sessionCookie = "ringway_session"

// Gate finds out who asks; console/staff's Guard is one.
type Gate interface {
	// Session is whose log-in a token is; nobody where it is none, or over.
	Session(ctx context.Context, token string) (staff.Identity, error)
	// Key is whose key it is; nobody where it is none.
	Key(ctx context.Context, key string) (staff.Identity, error)
}

// identify finds out who asks: by key where one is sent, else by cookie.
func (a *API) identify(r *http.Request) (staff.Identity, error) {
	if a.Gate == nil {
		return staff.Identity{}, nil
	}
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, key, _ := strings.Cut(h, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return staff.Identity{}, nil
		}
		return a.Gate.Key(r.Context(), strings.TrimSpace(key))
	}
	c, err := r.Cookie(sessionCookie)
	if err != nil || c.Value == "" {
		return staff.Identity{}, nil
	}
	return a.Gate.Session(r.Context(), c.Value)
}

// sameToken compares without telling by its time how much of it is right. An empty one is never right.
func sameToken(a, b string) bool {
	return b != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
