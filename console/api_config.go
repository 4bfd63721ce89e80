package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"ringway/config"
	"ringway/console/staff"
)

// maxDraft is how many files one draft may hold.
const maxDraft = 200

type draftInput struct {
	Body struct {
		Files Draft `json:"files" doc:"texts by path, as GET /config/files names them; null takes a file of the dialplan away"`
	}
}

type applyInput struct {
	Body struct {
		Files   Draft  `json:"files" doc:"texts by path; null takes a file of the dialplan away"`
		Base    string `json:"base_version" doc:"the version of the files that were edited" maxLength:"64"`
		Comment string `json:"comment,omitempty" maxLength:"500"`
	}
}

type rollbackInput struct {
	Body struct {
		Version string `json:"version" doc:"number or version of the one to bring back" minLength:"1" maxLength:"64"`
		Base    string `json:"base_version,omitempty" doc:"of the files on the disk now; not asked for when absent" maxLength:"64"`
		Comment string `json:"comment,omitempty" maxLength:"500"`
	}
}

type versionsInput struct {
	Limit  int   `query:"limit" default:"50" minimum:"1" maximum:"200"`
	Cursor int64 `query:"cursor" minimum:"0"`
}

type versionInput struct {
	Version string `path:"version" maxLength:"64"`
}

type diffInput struct {
	From string `query:"from" required:"true" doc:"a number, a version, or current" maxLength:"64"`
	To   string `query:"to" default:"current" maxLength:"64"`
}

type schemaInput struct {
	File string `path:"file" doc:"ringway.json, queues.json, people.json or dialplan.json" maxLength:"32"`
}

func routeConfig(a *API) {
	op := func(method, path, id, summary string, scopes ...staff.Scope) Op {
		return Op{Method: method, Path: "/config" + path, ID: id, Summary: summary, Tag: "configuration", Allow: Allow(staff.Admin, scopes...)}
	}
	changing := func(method, path, id, summary string, scopes ...staff.Scope) Op {
		o := op(method, path, id, summary, scopes...)
		o.Audit = true
		return o
	}
	register(a, op(http.MethodGet, "/files", "config-files", "The configuration files on the disk; a key of the dialplan alone sees those of the dialplan",
		staff.ReadPlan, staff.ReadConfig), func(ctx context.Context, _ *struct{}) (*tagged[ConfigFiles], error) {
		f, err := a.Plans.Files(ctx)
		if !works(staff.From(ctx), staff.ReadConfig) {
			f.Files = slices.DeleteFunc(f.Files, func(f ConfigFile) bool { return !ofDialplan(f.Path) })
		}
		return &tagged[ConfigFiles]{strconv.Quote(f.Version), f}, planProblem(err)
	})
	register(a, asking(op(http.MethodPost, "/check", "config-check", "Check a draft, as one types", staff.ReadPlan, staff.ReadConfig)), func(ctx context.Context, in *draftInput) (*body[Checked], error) {
		if err := checkDraft(ctx, in.Body.Files, staff.ReadConfig); err != nil {
			return nil, err
		}
		c, err := a.Plans.Check(ctx, in.Body.Files)
		return &body[Checked]{c}, planProblem(err)
	})
	register(a, asking(op(http.MethodPost, "/preview", "config-preview", "What a draft would change", staff.ReadPlan, staff.ReadConfig)), func(ctx context.Context, in *draftInput) (*body[ConfigDiff], error) {
		if err := checkDraft(ctx, in.Body.Files, staff.ReadConfig); err != nil {
			return nil, err
		}
		d, err := a.Plans.Preview(ctx, in.Body.Files)
		return &body[ConfigDiff]{d}, planProblem(err)
	})
	register(a, changing(http.MethodPost, "/apply", "config-apply", "Write a draft and bring it in force: calls that are up keep what they began with; a key of the dialplan alone writes files of the dialplan",
		staff.WritePlan, staff.WriteConfig), a.applyConfig)
	register(a, changing(http.MethodPost, "/rollback", "config-rollback", "Bring an old version in force", staff.WriteConfig), a.rollbackConfig)
	register(a, op(http.MethodGet, "/versions", "config-versions", "Configurations that were in force, newest first", staff.ReadConfig), a.configVersions)
	register(a, op(http.MethodGet, "/versions/{version}", "config-version", "One with its files", staff.ReadConfig), func(ctx context.Context, in *versionInput) (*body[ConfigVersion], error) {
		v, err := a.Plans.Version(ctx, in.Version)
		return &body[ConfigVersion]{v}, planProblem(err)
	})
	register(a, op(http.MethodGet, "/diff", "config-diff", "How two versions differ, as text and in words", staff.ReadConfig), func(ctx context.Context, in *diffInput) (*body[ConfigDiff], error) {
		d, err := a.Plans.Diff(ctx, in.From, in.To)
		return &body[ConfigDiff]{d}, planProblem(err)
	})
	register(a, op(http.MethodGet, "/schema/{file}", "config-schema", "JSON Schema of a kind of file", staff.ReadPlan, staff.ReadConfig), a.configSchema)
}

// asking marks an operation that changes nothing though it is sent a draft.
func asking(o Op) Op {
	o.Asks = true
	return o
}

func (a *API) applyConfig(ctx context.Context, in *applyInput) (*body[Applied], error) {
	if err := checkDraft(ctx, in.Body.Files, staff.WriteConfig); err != nil {
		return nil, err
	}
	done, err := a.Plans.Apply(ctx, ApplyRequest{Files: in.Body.Files, Base: in.Body.Base, Comment: in.Body.Comment, Who: staff.From(ctx).Who()})
	tell(ctx, fmt.Sprintf("%s → %s: %s", in.Body.Base, done.Version, in.Body.Comment))
	return &body[Applied]{done}, planProblem(err)
}

func (a *API) rollbackConfig(ctx context.Context, in *rollbackInput) (*body[Applied], error) {
	done, err := a.Plans.Rollback(ctx, RollbackRequest{Version: in.Body.Version, Base: in.Body.Base, Comment: in.Body.Comment, Who: staff.From(ctx).Who()})
	tell(ctx, fmt.Sprintf("back to %s: %s", done.Version, in.Body.Comment))
	return &body[Applied]{done}, planProblem(err)
}

func (a *API) configVersions(ctx context.Context, in *versionsInput) (*body[Page[ConfigVersion]], error) {
	list, err := a.Plans.Versions(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, planProblem(err)
	}
	return readPage(list, in.Limit, func(v ConfigVersion) string { return numbered(v.Number) }, func(v ConfigVersion) ConfigVersion { return v }), nil
}

// schemaOutput is a schema as it is.
type schemaOutput struct {
	Type string `header:"Content-Type"`
	Body []byte
}

func (a *API) configSchema(_ context.Context, in *schemaInput) (*schemaOutput, error) {
	text, ok := a.Plans.Schema(strings.TrimSuffix(in.File, ".json"))
	if !ok {
		return nil, refused(http.StatusNotFound, "schemas")
	}
	return &schemaOutput{"application/schema+json", text}, nil
}

// works tells whether who asks may work with all files: people, and keys with a scope. Other keys have the dialplan's.
func works(who staff.Identity, all staff.Scope) bool { return !who.Machine() || who.Has(all) }

func ofDialplan(file string) bool { return strings.HasPrefix(file, "dialplan/") }

// checkDraft refuses what is no file of a configuration, and to a key that has the dialplan alone all others: people.yaml says who
// is an administrator, and ringway.yaml to whom the switch sends what.
func checkDraft(ctx context.Context, d Draft, all staff.Scope) error {
	if len(d) > maxDraft {
		return badField("body.files", "draft_files", "n", strconv.Itoa(maxDraft))
	}
	for name, text := range d {
		at := fmt.Sprintf("body.files[%q]", name)
		switch {
		case !config.IsFile(name):
			return badField(at, "no_file")
		case text == nil && name == "ringway.yaml":
			return badField(at, "file_stays")
		case !ofDialplan(name) && !works(staff.From(ctx), all):
			return refused(http.StatusForbidden, "key_dialplan", "file", name, "scope", string(all))
		}
	}
	return nil
}

// refusedDraft is a problem with findings.
type refusedDraft struct {
	*refusal
	Findings []Finding `json:"findings"`
}

// statuses of what goes wrong with files.
var planStatuses = []struct {
	err    error
	status int
}{{ErrOutdated, http.StatusConflict}, {ErrDisk, http.StatusInsufficientStorage}, {ErrReadOnly, http.StatusInternalServerError}, {ErrDraft, http.StatusUnprocessableEntity}}

// planProblem gives errors of Plans the status that callers see.
func planProblem(err error) error {
	var r *Refused
	if errors.As(err, &r) {
		return &refusedDraft{refused(http.StatusUnprocessableEntity, "config_wrong"), r.Findings}
	}
	var wrong WrongFields
	if errors.As(err, &wrong) {
		var details []*flaw
		for _, f := range wrong {
			details = append(details, flawOf(&huma.ErrorDetail{Message: f.Message, Location: f.Location}))
		}
		return wrongFields(details...)
	}
	for _, s := range planStatuses {
		if errors.Is(err, s.err) {
			return refusedBy(s.status, err)
		}
	}
	return err
}
