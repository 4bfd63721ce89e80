package console

import (
	"context"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/console/staff"
	"ringway/store"
	"ringway/store/report"
)

// reach is whom and what an operation reaches: of whom it speaks, and who may do it to whom. Every operation has one.
type reach struct {
	// why nothing is to be tried but the gate, which admits a role or a scope: it reaches no person of a team
	gate string
	// what is tried on somebody of each team, as "METHOD path body", with the statuses for an agent and a manager of taipei, a
	// manager of tokyo and an administrator
	tries []try
}

type try struct {
	path, body         string
	mei, lin, tom, ada int
	hides              bool // what is told of it speaks to each only of those whom she sees
}

// Why an operation reaches no person of a team.
const (
	anyone  = "it is for those who have not logged in yet, and tells nothing but what they bring"
	oneself = "it is about who asks, and names nobody else"
	company = "it is the company's, not a team's"
	admins  = "it is for administrators, who see all"
)

// reaches is what each operation reaches, by its identifier.
var reaches = map[string]reach{
	"login": {gate: anyone}, "login-ways": {gate: anyone}, "setup": {gate: anyone}, "accept-invitation": {gate: anyone}, "look-at-invitation": {gate: anyone},

	"me": {gate: oneself}, "logout": {gate: oneself}, "change-password": {gate: oneself}, "begin-totp": {gate: oneself}, "confirm-totp": {gate: oneself},
	"end-totp": {gate: oneself}, "desk-stream": {gate: oneself}, "desk-shown": {gate: oneself}, "desk-accept": {gate: oneself}, "desk-decline": {gate: oneself},
	"desk-ready": {gate: oneself}, "desk-not-ready": {gate: oneself}, "desk-next": {gate: oneself}, "desk-join": {gate: oneself}, "desk-leave": {gate: oneself},
	"desk-hold": {gate: oneself}, "desk-hangup": {gate: oneself}, "desk-transfer": {gate: oneself}, "desk-wrap-up-end": {gate: oneself},
	"desk-wrap-up-extend": {gate: oneself}, "desk-calls-disposition": {gate: oneself}, "desk-calls-note": {gate: oneself},

	"customers": {gate: company}, "customer": {gate: company}, "add-customer": {gate: company}, "put-customer": {gate: company}, "add-note": {gate: company},
	"customer-calls": {gate: company}, "notes": {gate: company}, "status": {gate: company}, "trunks": {gate: company}, "events-catalogue": {gate: company}, "waiting": {gate: company},
	"withdraw": {gate: company}, "prioritise": {gate: company}, "queues": {gate: company},

	"audit": {gate: admins}, "bindings": {gate: admins}, "forget-customer": {gate: admins}, "export-customer": {gate: admins}, "delete-recording": {gate: admins},
	"reset-totp": {gate: admins}, "events": {gate: admins}, "mint": {gate: admins}, "report-mails": {gate: admins}, "report-letters": {gate: admins}, "send-report": {gate: admins}, "keys": {gate: admins}, "scopes": {gate: admins},
	"make-key": {gate: admins}, "delete-key": {gate: admins}, "webhooks": {gate: admins}, "webhook-deliveries": {gate: admins}, "webhook-resend": {gate: admins},
	"webhook-resend-dead": {gate: admins}, "captures": {gate: admins}, "start-capture": {gate: admins}, "stop-capture": {gate: admins}, "delete-capture": {gate: admins},
	"capture-pcap": {gate: admins}, "call-ladder": {gate: admins}, "config-files": {gate: admins}, "config-check": {gate: admins}, "config-preview": {gate: admins},
	"config-apply": {gate: admins}, "config-rollback": {gate: admins}, "config-versions": {gate: admins}, "config-version": {gate: admins}, "config-diff": {gate: admins},
	"config-schema": {gate: admins}, "dialplan-graph": {gate: admins}, "dialplan-draft-graph": {gate: admins}, "simulate": {gate: admins},

	"agents":        {tries: []try{{"/agents", "", 200, 200, 200, 200, true}}},
	"direct-agent":  {tries: []try{{"/agents/mei/pause", "{}", 200, 200, 403, 200, false}, {"/agents/ken/pause", "{}", 403, 403, 200, 200, false}}},
	"explain-agent": {tries: []try{{"/agents/mei/explain", "", 403, 200, 403, 200, false}, {"/agents/ken/explain", "", 403, 403, 200, 200, false}}},
	"calls":         {tries: []try{{"/calls", "", 200, 200, 200, 200, true}, {"/calls?agent=mei", "", 200, 200, 403, 200, true}, {"/calls?agent=ken", "", 403, 403, 200, 200, true}}},
	"call":          {tries: []try{{"/calls/of-mei", "", 200, 200, 403, 200, false}, {"/calls/of-ken", "", 403, 403, 200, 200, false}, {"/calls/of-nobody", "", 403, 200, 200, 200, false}}},
	"explain-call":  {tries: []try{{"/calls/of-mei/explain", "", 403, 200, 403, 200, false}, {"/calls/of-ken/explain", "", 403, 403, 200, 200, false}}},
	"live-calls":    {tries: []try{{"/live-calls", "", 200, 200, 200, 200, true}}},
	"hang-up":       {tries: []try{{"/live-calls/c-mei/hangup", "", 403, 204, 403, 204, false}, {"/live-calls/c-ken/hangup", "", 403, 403, 204, 204, false}, {"/live-calls/c-out/hangup", "", 403, 403, 204, 204, false}}},
	"transfer": {tries: []try{{"/live-calls/c-mei/transfer", `{"to":"700","kind":"queue"}`, 403, 204, 403, 204, false},
		{"/live-calls/c-ken/transfer", `{"to":"700","kind":"queue"}`, 403, 403, 204, 204, false}}},
	"call-back": {tries: []try{{"/callbacks", `{"call":"of-mei","agent":"mei"}`, 201, 201, 403, 201, false}, {"/callbacks", `{"call":"of-ken","agent":"ken"}`, 403, 403, 201, 201, false},
		{"/callbacks", `{"call":"of-ken","agent":"mei"}`, 403, 403, 403, 201, false}}},
	"call-recordings":    {tries: []try{{"/calls/of-mei/recordings", "", 200, 200, 403, 200, true}, {"/calls/of-ken/recordings", "", 403, 403, 200, 200, true}}},
	"listen":             {tries: []try{{"/recordings/r-mei", "", 200, 200, 403, 200, false}, {"/recordings/r-ken", "", 403, 403, 200, 200, false}, {"/recordings/r-nobody", "", 403, 200, 200, 200, false}}},
	"report":             {tries: []try{{"/reports/agents", "", 403, 200, 200, 200, true}, {"/reports/agent-day", "", 200, 200, 200, 200, true}, {"/reports/agent-day?agent=ken", "", 403, 200, 200, 200, true}}},
	"board":              {tries: []try{{"/board", "", 403, 200, 200, 200, true}}},
	"board-stream":       {tries: []try{{"/board/stream?token=of-nobody", "", 401, 401, 401, 401, false}}},
	"board-token":        {tries: []try{{"/board/tokens", "{}", 403, 201, 201, 201, false}}},
	"board-tokens":       {tries: []try{{"/board/tokens", "", 403, 200, 200, 200, true}}},
	"board-token-revoke": {tries: []try{{"/board/tokens/of-mei", "", 403, 204, 404, 204, false}, {"/board/tokens/of-ken", "", 403, 404, 204, 204, false}}},
	"staff":              {tries: []try{{"/staff", "", 403, 200, 200, 200, true}}},
	"invite":             {tries: []try{{"/staff/mei/invite", "", 403, 200, 403, 200, false}, {"/staff/ken/invite", "", 403, 403, 200, 200, false}, {"/staff/ada/invite", "", 403, 403, 403, 403, false}, {"/staff/tao/invite", "", 403, 403, 403, 200, false}}},
	"end-log-ins":        {tries: []try{{"/staff/mei/logout", "", 403, 204, 403, 204, false}, {"/staff/ken/logout", "", 403, 403, 204, 204, false}, {"/staff/tao/logout", "", 403, 403, 403, 204, false}}},
}

// rooms are the parts that the tries ask, beside those of a floor: each knows things of mei's and of ken's.
type rooms struct{}

func (rooms) Make(_ context.Context, q report.Query, v report.Viewer) (*report.Table, error) {
	var seen []string
	for _, id := range []string{"mei", "ken"} {
		if (v.Sees == nil || v.Sees(id)) && (q.Agent == "" || q.Agent == id) {
			seen = append(seen, id)
		}
	}
	return &report.Table{Title: "of " + strings.Join(seen, " and of ")}, nil
}

func (rooms) AddWallToken(context.Context, store.WallToken) error      { return nil }
func (rooms) RevokeWallToken(context.Context, string, time.Time) error { return nil }
func (rooms) WallTokenUsed(context.Context, string, time.Time) error   { return nil }
func (rooms) WallToken(context.Context, string) (store.WallToken, error) {
	return store.WallToken{}, store.ErrNotFound
}

func (rooms) WallTokens(context.Context) ([]store.WallToken, error) {
	return []store.WallToken{{ID: "of-mei", By: "lin"}, {ID: "of-ken", By: "tom"}}, nil
}

// generous is a shelf whose company lets agents hear themselves.
type generous struct{ *shelf }

func (generous) AgentsMayListen() bool { return true }

// described are the operations that the description names, by identifier, as "METHOD /path".
func (o *office) described() map[string]string {
	var d struct {
		Paths map[string]map[string]struct {
			ID string `json:"operationId"`
		} `json:"paths"`
	}
	o.anonymous().read("/api/openapi.json", &d)
	out := map[string]string{}
	for path, methods := range d.Paths {
		for method, op := range methods {
			out[op.ID] = strings.ToUpper(method) + " " + path
		}
	}
	return out
}

// crowded is an office in which each team has something of everything.
func crowded(t *testing.T) *office {
	t.Helper()
	s := &shelf{}
	o, _ := busy(t, func(opts *Options) {
		opts.Recordings, opts.Reports, opts.Walls, opts.Board = generous{s}, rooms{}, rooms{}, still{}
	})
	s.o = o
	var rows []store.Record
	for _, r := range []store.Recording{{ID: "r-mei", Call: "of-mei", Agent: "mei"}, {ID: "r-ken", Call: "of-ken", Agent: "ken"}, {ID: "r-nobody", Call: "of-nobody"}} {
		r.State, r.Start, r.End = store.RecordingDone, o.clock.now(), o.clock.now()
		rows = append(rows, store.Record{Recording: &r})
	}
	if err := o.db.Save(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	return o
}

// Whoever adds an operation says whom it reaches: without that, this fails. What is said is tried on an agent and a manager of one
// team, a manager of another and an administrator, against people, calls, recordings and screens of both teams.
func TestNobodyReachesBeyondHerTeams(t *testing.T) {
	o := crowded(t)
	ops := o.described()
	for _, id := range slices.Sorted(maps.Keys(ops)) {
		if r, said := reaches[id]; !said || (r.gate == "") == (len(r.tries) == 0) {
			t.Errorf("%s (%s): say in reaches whom it reaches, or why nobody", id, ops[id])
		}
	}
	other := map[string]*regexp.Regexp{"mei": regexp.MustCompile(`\bken\b`), "lin": regexp.MustCompile(`\bken\b`), "tom": regexp.MustCompile(`\bmei\b`)}
	own := map[string]*regexp.Regexp{"mei": other["tom"], "lin": other["tom"], "tom": other["lin"], "ada": other["lin"]}
	for id, r := range reaches {
		method, _, there := strings.Cut(ops[id], " ")
		if !there {
			t.Errorf("%s is no operation any more", id)
		}
		for _, y := range r.tries {
			for who, want := range map[string]int{"mei": y.mei, "lin": y.lin, "tom": y.tom, "ada": y.ada} {
				var in any
				if y.body != "" {
					in = y.body
				}
				got, text := o.as(who).send(method, base+y.path, in)
				if got != want {
					t.Errorf("%s: %s of %s: %d, want %d: %s", who, id, y.path, got, want, text)
				}
				if got != http.StatusOK || !y.hides {
					continue
				}
				if hidden := other[who]; hidden != nil && hidden.MatchString(text) {
					t.Errorf("%s sees by %s of %s what is another team's: %s", who, id, y.path, text)
				}
				if !own[who].MatchString(text) && !other["mei"].MatchString(y.path) && !other["tom"].MatchString(y.path) {
					t.Errorf("%s does not see by %s of %s what is hers: %s", who, id, y.path, text)
				}
			}
		}
	}
}

// The gate of each operation keeps out every role below its own, and every key that lacks its scope, whatever other scopes that has.
func TestEveryGateHolds(t *testing.T) {
	o := crowded(t)
	someone := map[staff.Role]string{staff.Agent: "mei", staff.Manager: "lin"}
	for _, op := range o.api.api.ops {
		if op.Allow.anyone {
			continue
		}
		path := base + strings.NewReplacer("{", "", "}", "").Replace(op.Path)
		for role, who := range someone {
			if !role.AtLeast(op.Allow.least) || op.Allow.least == "" {
				o.as(who).want(op.Method, path, "{}", http.StatusForbidden)
			}
		}
		var others []staff.Scope
		for _, s := range staff.Scopes {
			if !slices.Contains(op.Allow.scopes, s) {
				others = append(others, s)
			}
		}
		o.machine(others...).want(op.Method, path, "{}", http.StatusForbidden)
	}
}
