package console

import (
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"ringway/console/staff"
)

// sessionCookie carries the token of a log-in.
const sessionCookie = "ringway_session"

// guard is what every operation goes through, in this order: who asks, may they, does the request come from our own page, was
// it answered already; then the operation itself; then the record of who did what.
func (a *API) guard(op Op) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		r = r.WithContext(noted(r.Context()))
		who, err := a.identify(r)
		switch {
		case err != nil:
			a.log.Error("who asks can't be found out", "err", err)
			problemTo(w, refused(http.StatusServiceUnavailable, "log_ins_unchecked"))
			return
		case op.Allow.anyone:
		case !who.Known():
			ctx.SetHeader("WWW-Authenticate", `Bearer realm="ringway"`)
			problemTo(w, refused(http.StatusUnauthorized, "log_in"))
			return
		case !op.Allow.admits(who):
			problemTo(w, refused(http.StatusForbidden, "not_yours"))
			a.audit(r, op, who, http.StatusForbidden)
			return
		case unsafe(r.Method) && !who.Machine() && !sameToken(r.Header.Get("X-CSRF-Token"), who.CSRF):
			problemTo(w, refused(http.StatusForbidden, "csrf"))
			tell(r.Context(), "without the page's token")
			a.audit(r, Op{ID: op.ID, Audit: true}, who, http.StatusForbidden)
			return
		}
		r = a.withStanding(r.WithContext(staff.With(r.Context(), who)), who)
		answer := func(w http.ResponseWriter, r *http.Request) { next(humago.NewContext(ctx.Operation(), r, w)) }
		if key := r.Header.Get("Idempotency-Key"); key != "" && unsafe(r.Method) && who.Known() && a.Journal != nil {
			answer = a.once(op, key, answer)
		}
		seen := &status{ResponseWriter: w}
		done := false
		defer func() {
			if !done { // a panic, which whoever called us answers
				seen.code = http.StatusInternalServerError
			}
			a.audit(r, op, who, seen.code)
		}()
		answer(seen, r)
		done = true
	}
}

// identify finds out who asks: by key where one is sent, else by cookie.
func (a *API) identify(r *http.Request) (staff.Identity, error) {
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, key, _ := strings.Cut(h, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return staff.Identity{}, nil
		}
		return a.Staff.Key(r.Context(), strings.TrimSpace(key))
	}
	c, err := r.Cookie(sessionCookie)
	if err != nil || c.Value == "" {
		return staff.Identity{}, nil
	}
	return a.Staff.Session(r.Context(), c.Value)
}

// unsafe methods change something (RFC 9110 §9.2.1).
func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// sameToken compares without telling by its time how much of it is right. An empty one is never right.
func sameToken(a, b string) bool {
	return b != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// status remembers how a request was answered.
type status struct {
	http.ResponseWriter
	code int
}

// WriteHeader implements http.ResponseWriter.
func (s *status) WriteHeader(code int) {
	if s.code == 0 {
		s.code = code
	}
	s.ResponseWriter.WriteHeader(code)
}

// Write implements http.ResponseWriter.
func (s *status) Write(b []byte) (int, error) {
	if s.code == 0 {
		s.code = http.StatusOK
	}
	return s.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what is below.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }
