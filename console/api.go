package console

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"ringway/console/staff"
	"ringway/store"
)

// API is the staff's API while its routes are registered: what operations may use stands in Parts.
type API struct {
	Parts
	huma   huma.API
	log    *slog.Logger
	now    func() time.Time
	secure bool   // browsers reach it by HTTPS: cookies stay there
	public string // address for links, without a slash at its end
	oidc   bool   // people may log in at the company's identity provider
	ops    []Op   // as registered, for the tests that walk them

	underWay  underWay // requests with an Idempotency-Key
	refused   refusals // what is on its way to the record of who did what
	standings standings

	standEvery time.Duration // between two looks of a stream at its standing
}

// Parts are what the operations ask, each a small interface; cmd/internal/node puts them together. Whoever adds a resource
// adds the part that it needs.
type Parts struct {
	Switch    Switch
	Desks     Desks
	Staff     *staff.Guard
	Roster    Roster
	Journal   Journal
	Queues    Queues
	Live      Live
	Callbacks Callbacks
	Records   Records
	Customers Customers
	Trunks    Trunks
	Meter     Meter
	Events    Events
	Webhooks  Webhooks
	Reports   Reports
	Mails     Mails
	Letters   Letters
	Board     Board
	Walls     Walls
	Plans     Plans
	Traces    Traces
	Zone      func() *time.Location            // the company's
	Labels    func(o store.CallOutcome) string // a disposition in the queue's words; "" where it has none any more
	Ready     func() error                     // what keeps the switch from working, nil where nothing does

	Recordings Recordings
}

// Roster is people.yaml, and what it says with queues.yaml.
type Roster interface {
	staff.People
	// MayServe lists the queues that a person may serve.
	MayServe(person string) []QueueName
}

// QueueName is how a queue is called.
type QueueName struct {
	Name   string `json:"name"`
	Number string `json:"number,omitempty" doc:"what agents dial after *45"`
}

// Op is one operation.
type Op struct {
	Method, Path string // Path follows /api/v1
	ID, Summary  string
	Tag          string // the resource that it belongs to, in the description
	Allow        Rule
	Audit        bool   // who did it is on record
	Asks         bool   // it changes nothing, whatever its method
	Once         bool   // its answer holds a secret that is told once: it is not kept for those who repeat the request
	Status       int    // of success; 0: 200, or 204 where there is nothing to say
	Media        string // what a success brings where it is no JSON
	Ranges       bool   // byte ranges of it are served
}

// Rule says who may use an operation.
type Rule struct {
	anyone bool
	least  staff.Role    // of a person; empty: no person
	scopes []staff.Scope // of a machine, any of them; empty: no machine
}

// Anyone lets everybody in, without log-in.
func Anyone() Rule { return Rule{anyone: true} }

// Allow lets people of a role in, and machines with any of the scopes; without one it lets no machine in. An empty role lets no
// person in.
func Allow(least staff.Role, scopes ...staff.Scope) Rule { return Rule{least: least, scopes: scopes} }

// admits tells whether an identity may use what the rule guards.
func (r Rule) admits(i staff.Identity) bool {
	switch {
	case r.anyone:
		return true
	case i.Machine():
		return slices.ContainsFunc(r.scopes, i.Has)
	}
	return r.least != "" && i.Role.AtLeast(r.least)
}

// base is where the operations stand.
const base = "/api/v1"

// register declares one operation: it checks who asks before anything else is read, and keeps on record what was done.
func register[I, O any](a *API, op Op, f func(context.Context, *I) (*O, error)) {
	o := huma.Operation{OperationID: op.ID, Method: op.Method, Path: base + op.Path, Summary: op.Summary, DefaultStatus: op.Status,
		BodyReadTimeout: -1, // whole reads within the server's own; one that is set behind it would end the connection while the operation works
		Middlewares:     huma.Middlewares{a.guard(op), exact, whole}, Security: security(op.Allow)}
	if op.Media != "" {
		o.Responses = op.brings()
	}
	if op.Tag != "" {
		o.Tags = []string{op.Tag}
	}
	a.ops = append(a.ops, op)
	huma.Register(a.huma, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		return out, a.answer(op, err)
	})
}

// brings describes a success that is no JSON.
func (op Op) brings() map[string]*huma.Response {
	content := map[string]*huma.MediaType{op.Media: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	out := map[string]*huma.Response{"200": {Content: content}}
	if op.Ranges {
		out["206"] = &huma.Response{Description: http.StatusText(http.StatusPartialContent), Content: content}
	}
	return out
}

// security tells readers of the description what an operation asks for.
func security(r Rule) []map[string][]string {
	var out []map[string][]string
	if r.least != "" {
		out = append(out, map[string][]string{"session": {}})
	}
	for _, s := range r.scopes {
		out = append(out, map[string][]string{"key": {string(s)}})
	}
	return out
}

// answer gives errors that operations return the status that callers see. What nobody expected is told to the log, not to
// the caller.
func (a *API) answer(op Op, err error) error {
	var said huma.StatusError
	switch {
	case err == nil, errors.As(err, &said):
		return err
	case errors.Is(err, ErrUnknown), errors.Is(err, store.ErrNotFound):
		return refusedBy(http.StatusNotFound, err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return refused(http.StatusServiceUnavailable, "slow")
	}
	a.log.Error("an operation of the console failed", "operation", op.ID, "err", err)
	return refused(http.StatusInternalServerError, "failed")
}

// newAPI registers all routes on a mux.
func newAPI(mux *http.ServeMux, o Options) *API {
	cfg := huma.DefaultConfig("Ringway", "1")
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "/api/openapi", "", "" // the ready-made page fetches scripts from elsewhere
	cfg.CreateHooks = nil
	cfg.Transformers = append(cfg.Transformers, coded)
	cfg.Info.Description = strings.TrimSpace(apiDescription)
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "a person who logged in; unsafe requests carry X-CSRF-Token too"},
		"key":     {Type: "http", Scheme: "bearer", Description: "a machine's key, with scopes"},
	}
	a := &API{Parts: o.Parts, huma: humago.New(mux, cfg), log: o.Log, now: o.Now,
		secure: o.secure(), public: o.PublicURL, oidc: o.OIDC.Issuer != "", standEvery: cmp.Or(o.standEvery, standingEvery)}
	for _, route := range apiRoutes {
		route(a)
	}
	describeProblems(a.huma)
	return a
}

// newID is an identifier that nobody had before.
func newID() string { return strings.ToLower(rand.Text()[:20]) }

const apiDescription = `
Times are RFC 3339 in UTC, durations are seconds in keys that end in _seconds. Errors are problem+json (RFC 9457) and name the
field that is at fault. The code of an error stays what it is, whatever its words say; params are what the words tell beside it.
A parameter that an operation does not take is an error. A list comes in pages: its next is the cursor of the page that follows.
`
