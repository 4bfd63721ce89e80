package console

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"ringway/console/staff"
)

// API is the staff's API while its routes are registered: what operations may use stands in Parts.
type API struct {
	Parts
	huma huma.API
	log  *slog.Logger
	now  func() time.Time
	ops  []Op // as registered, for the tests that walk them
}

// Parts are what the operations ask, each a small interface; cmd/internal/node puts them together. Whoever adds a resource
// adds the part that it needs.
type Parts struct {
	Switch Switch
	Gate   Gate
	Ready  func() error // what keeps the switch from working, nil where nothing does
}

// Op is one operation.
type Op struct {
	Method, Path string // Path follows /api/v1
	ID, Summary  string
	Tag          string // the resource that it belongs to, in the description
	Allow        Rule
	Audit        bool // who did it is on record
	Status       int  // of success; 0: 200, or 204 where there is nothing to say
}

// Rule says who may use an operation.
type Rule struct {
	anyone bool
	least  staff.Role  // of a person; empty: no person
	scope  staff.Scope // of a machine; empty: no machine
}

// Anyone lets everybody in, without log-in.
func Anyone() Rule { return Rule{anyone: true} }

// Allow lets people of a role in, and machines with a scope; an empty scope lets no machine in, an empty role no person.
func Allow(least staff.Role, scope staff.Scope) Rule { return Rule{least: least, scope: scope} }

// admits tells whether an identity may use what the rule guards.
func (r Rule) admits(i staff.Identity) bool {
	switch {
	case r.anyone:
		return true
	case i.Machine():
		return i.Has(r.scope)
	}
	return r.least != "" && i.Role.AtLeast(r.least)
}

// base is where the operations stand.
const base = "/api/v1"

// register declares one operation: it checks who asks before anything else is read, and keeps on record what was done.
func register[I, O any](a *API, op Op, f func(context.Context, *I) (*O, error)) {
	o := huma.Operation{OperationID: op.ID, Method: op.Method, Path: base + op.Path, Summary: op.Summary, DefaultStatus: op.Status,
		Middlewares: huma.Middlewares{a.guard(op)}, Security: security(op.Allow)}
	if op.Tag != "" {
		o.Tags = []string{op.Tag}
	}
	a.ops = append(a.ops, op)
	huma.Register(a.huma, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		return out, answer(err)
	})
}

// security tells readers of the description what an operation asks for.
func security(r Rule) []map[string][]string {
	var out []map[string][]string
	if r.least != "" {
		out = append(out, map[string][]string{"session": {}})
	}
	if r.scope != "" {
		out = append(out, map[string][]string{"key": {string(r.scope)}})
	}
	return out
}

// answer gives errors that operations return the status that callers see. What nobody expected is told to the log, not to
// the caller: huma answers 500 without a word of it.
func answer(err error) error {
	var said huma.StatusError
	switch {
	case err == nil, errors.As(err, &said):
		return err
	case errors.Is(err, ErrUnknown):
		return huma.Error404NotFound(err.Error())
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return huma.Error503ServiceUnavailable("the switch did not answer in time")
	}
	return err
}

// guard lets in whom the operation's rule admits.
func (a *API) guard(op Op) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, _ := humago.Unwrap(ctx)
		who, err := a.identify(r)
		switch {
		case err != nil:
			a.log.Error("who asks can't be found out", "err", err)
			a.refuse(ctx, http.StatusServiceUnavailable, "log-ins can't be checked now")
		case op.Allow.anyone:
			next(huma.WithContext(ctx, staff.With(ctx.Context(), who)))
		case !who.Known():
			ctx.SetHeader("WWW-Authenticate", `Bearer realm="ringway"`)
			a.refuse(ctx, http.StatusUnauthorized, "log in, or send a key")
		case !op.Allow.admits(who):
			a.refuse(ctx, http.StatusForbidden, "this is not yours to do")
		case unsafe(r.Method) && !who.Machine() && !sameToken(r.Header.Get("X-CSRF-Token"), who.CSRF):
			a.refuse(ctx, http.StatusForbidden, "the request lacks the X-CSRF-Token that GET /api/v1/me tells")
		default:
			next(huma.WithContext(ctx, staff.With(ctx.Context(), who)))
		}
	}
}

// refuse answers with a problem.
func (a *API) refuse(ctx huma.Context, status int, detail string) {
	if err := huma.WriteErr(a.huma, ctx, status, detail); err != nil {
		a.log.Debug("a refusal did not reach its caller", "err", err)
	}
}

// unsafe methods change something (RFC 9110 §9.2.1).
func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// newAPI registers all routes on a mux.
func newAPI(mux *http.ServeMux, o Options) *API {
	cfg := huma.DefaultConfig("Ringway", "1")
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "/api/openapi", "", "" // the ready-made page fetches scripts from elsewhere
	cfg.CreateHooks = nil
	cfg.Info.Description = strings.TrimSpace(apiDescription)
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "a person who logged in; unsafe requests carry X-CSRF-Token too"},
		"key":     {Type: "http", Scheme: "bearer", Description: "a machine's key, with scopes"},
	}
	a := &API{Parts: o.Parts, huma: humago.New(mux, cfg), log: o.Log, now: o.Now}
	for _, route := range apiRoutes {
		route(a)
	}
	return a
}

const apiDescription = `
Times are RFC 3339 in UTC, durations are seconds in keys that end in _seconds. Errors are problem+json (RFC 9457) and name the
field that is at fault.
`
