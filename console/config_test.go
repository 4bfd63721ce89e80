package console

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"ringway/console/staff"
)

// library is a configuration of a test: one file, and what was asked of it.
type library struct {
	fail  error
	asked []string
}

func (l *library) note(format string, args ...any) error {
	l.asked = append(l.asked, fmt.Sprintf(format, args...))
	return l.fail
}

func (l *library) Files(context.Context) (ConfigFiles, error) {
	return ConfigFiles{Version: "abc", InForce: "abc", Files: []ConfigFile{{Path: "ringway.yaml", Text: "node: x"}, {Path: "dialplan/10-day.yaml", Text: "contexts: {}"}}}, l.fail
}

func (l *library) Check(_ context.Context, d Draft) (Checked, error) {
	return Checked{OK: false, Findings: []Finding{{Position: Position{"people.yaml", 1, 2}, EndLine: 1, EndColumn: 5, Severity: "error", Code: "QU001", Message: "m"}}},
		l.note("check %d", len(d))
}

func (l *library) Preview(_ context.Context, d Draft) (ConfigDiff, error) {
	return ConfigDiff{}, l.note("preview %d", len(d))
}

func (l *library) Apply(_ context.Context, r ApplyRequest) (Applied, error) {
	return Applied{Applied: true, Version: "def", Number: 2}, l.note("apply %d %s %s %s", len(r.Files), r.Base, r.Comment, r.Who)
}

func (l *library) Versions(_ context.Context, before int64, limit int) ([]ConfigVersion, error) {
	return []ConfigVersion{{Number: 7}, {Number: 6}}, l.note("versions %d %d", before, limit)
}

func (l *library) Version(_ context.Context, name string) (ConfigVersion, error) {
	if name == "9" {
		return ConfigVersion{}, fmt.Errorf("%w version", ErrUnknown)
	}
	return ConfigVersion{Version: name}, nil
}

func (l *library) Diff(_ context.Context, from, to string) (ConfigDiff, error) {
	return ConfigDiff{From: from, To: to}, nil
}

func (l *library) Rollback(_ context.Context, r RollbackRequest) (Applied, error) {
	return Applied{Applied: true}, l.note("rollback %s %s", r.Version, r.Who)
}

func (l *library) Schema(file string) ([]byte, bool) {
	return []byte(`{"title":"q"}`), file == "queues"
}

func (l *library) Graph(context.Context, Draft) (Graph, error) { return Graph{Version: "abc"}, l.fail }

func (l *library) Simulate(_ context.Context, r SimulateRequest) (Simulated, error) {
	if r.Behind {
		return Simulated{}, WrongFields{{"body.behind", "the queues do not run"}, {"body.joined[0]", "who?"}}
	}
	return Simulated{Agent: "mei"}, l.note("simulate %s %s", r.Exten, r.Agents)
}

func (l *library) Ladder(_ context.Context, call string) (Ladder, error) {
	if call != "c1" {
		return Ladder{}, fmt.Errorf("%w call", ErrUnknown)
	}
	return Ladder{Call: call}, nil
}

func (l *library) StartCapture(_ context.Context, r CaptureRequest, who string) (CaptureView, error) {
	return CaptureView{ID: "1", By: who}, l.note("capture %s %s %d", r.Filter.Kind, r.Filter.Value, r.Seconds)
}

func (l *library) Captures(context.Context) []CaptureView { return []CaptureView{} }

func (l *library) StopCapture(_ context.Context, id string) (CaptureView, error) {
	return CaptureView{ID: id}, l.note("stop %s", id)
}

func (l *library) DeleteCapture(_ context.Context, id string) error { return l.note("delete %s", id) }

func (l *library) WriteCapture(_ context.Context, _ string, w io.Writer) error {
	_, err := io.WriteString(w, "\xd4\xc3\xb2\xa1")
	return err
}

func withLibrary(t *testing.T) (*office, *library) {
	t.Helper()
	l := &library{}
	return opened(t, func(o *Options) { o.Plans, o.Traces = l, l }), l
}

func TestConfigurationAPI(t *testing.T) {
	o, l := withLibrary(t)
	ada := o.as("ada")
	ada.want("GET", "/api/v1/config/files", nil, 200, `"in_force":"abc"`, "node: x")
	if tag := ada.last.Header.Get("ETag"); tag != `"abc"` {
		t.Errorf("ETag %s", tag)
	}
	draft := `{"files": {"people.yaml": "people: []", "dialplan/x.yaml": null}}`
	ada.want("POST", "/api/v1/config/check", draft, 200, `"line":1`, `"column":2`, `"end_column":5`, `"code":"QU001"`)
	ada.want("POST", "/api/v1/config/preview", draft, 200)
	edit := `{"files": {"people.yaml": "people: []"}, "base_version": "abc", "comment": "why"}`
	ada.want("POST", "/api/v1/config/apply", edit, 200, `"number":2`, `"version":"def"`)
	ada.want("POST", "/api/v1/config/rollback", `{"version": "1"}`, 200)
	ada.want("GET", "/api/v1/config/versions?limit=2&cursor=8", nil, 200, `"next":"6"`)
	ada.want("GET", "/api/v1/config/versions/3", nil, 200, `"version":"3"`)
	ada.want("GET", "/api/v1/config/versions/9", nil, 404)
	ada.want("GET", "/api/v1/config/diff?from=1", nil, 200, `"to":"current"`)
	ada.want("GET", "/api/v1/config/diff", nil, 422)
	if got := ada.want("GET", "/api/v1/config/schema/queues.json", nil, 200); got != `{"title":"q"}` {
		t.Error(got)
	}
	ada.want("GET", "/api/v1/config/schema/secrets.json", nil, 404)
	ada.want("GET", "/api/v1/dialplan/graph", nil, 200, `"version":"abc"`)
	ada.want("POST", "/api/v1/dialplan/simulate", `{"account": "mei", "exten": "help"}`, 200, `"agent":"mei"`)
	ada.want("POST", "/api/v1/dialplan/simulate", `{"exten": "help"}`, 422, "account, trunk and app")
	ada.want("POST", "/api/v1/dialplan/simulate", `{"account": "a", "trunk": "b", "exten": "help"}`, 422)
	for _, c := range []struct{ more, location string }{
		{`"press": [{"after_seconds": 4, "keys": "1"}, {"after_seconds": 5, "keys": "x"}]`, `"location":"body.press[1].keys"`},
		{`"press": [{"after_seconds": -1, "keys": "1"}]`, `"location":"body.press[0].after_seconds"`},
		{`"phones": {"mei": {"outcome": "sleeps"}}`, `"location":"body.phones.mei.outcome"`},
		{`"others": {"talk_seconds": 99999}`, `"location":"body.others.talk_seconds"`},
		{`"hang_up_seconds": -3`, `"location":"body.hang_up_seconds"`},
		{`"agents": "some"`, `"location":"body.agents"`},
		{`"behind": true`, `"location":"body.joined[0]"`},
	} {
		ada.want("POST", "/api/v1/dialplan/simulate", `{"account": "mei", "exten": "help", `+c.more+`}`, 422, c.location)
	}
	want := "[check 2 preview 2 apply 1 abc why ada rollback 1 ada versions 8 2 simulate help now]"
	if got := fmt.Sprint(l.asked); got != want {
		t.Errorf("asked %s, want %s", got, want)
	}
	ada.want("GET", "/api/v1/audit?action=config-apply", nil, 200, `"detail":"abc → def: why"`)
}

// TestWhatIsWrongWithADraft: paths outside the configuration never reach the files, and each failure has its status.
func TestWhatIsWrongWithADraft(t *testing.T) {
	o, l := withLibrary(t)
	ada := o.as("ada")
	for _, path := range []string{"secrets/phones", "../x", "/etc/passwd", "dialplan/../../x.yaml", "notes.txt"} {
		text, err := json.Marshal(map[string]any{"files": map[string]string{path: "x"}, "base_version": "abc"})
		if err != nil {
			t.Fatal(err)
		}
		ada.want("POST", "/api/v1/config/apply", string(text), 422, "body.files")
	}
	ada.want("POST", "/api/v1/config/check", `{"files": {"ringway.yaml": null}}`, 422, "can't be taken away")
	if len(l.asked) > 0 {
		t.Error(l.asked)
	}
	edit := `{"files": {"people.yaml": "x"}, "base_version": "abc"}`
	for _, c := range []struct {
		err    error
		status int
		says   string
	}{
		{fmt.Errorf("%w (a, not b)", ErrOutdated), 409, "changed meanwhile"},
		{fmt.Errorf("%w: no space", ErrDisk), 507, "nothing was changed"},
		{fmt.Errorf("%w: read-only", ErrReadOnly), 500, "can't be written"},
		{&Refused{[]Finding{{Position: Position{"people.yaml", 3, 1}, Code: "QU002", Severity: "error"}}}, 422, `"line":3`},
	} {
		l.fail = c.err
		ada.want("POST", "/api/v1/config/apply", edit, c.status, c.says)
	}
}

func TestOnlyAdministratorsConfigure(t *testing.T) {
	o, _ := withLibrary(t)
	for _, path := range []string{"/config/files", "/dialplan/graph", "/captures", "/calls/c1/ladder", "/config/versions"} {
		o.as("lin").want("GET", "/api/v1"+path, nil, 403)
		o.anonymous().want("GET", "/api/v1"+path, nil, 401)
	}
	reader := o.machine(staff.ReadPlan)
	reader.want("GET", "/api/v1/config/files", nil, 200)
	reader.want("POST", "/api/v1/config/apply", `{"files": {}, "base_version": "abc"}`, 403)
	o.machine(staff.WritePlan).want("POST", "/api/v1/config/apply", `{"files": {}, "base_version": "abc"}`, 200)
	reader.want("GET", "/api/v1/captures", nil, 403)
}

// TestTheDialplansKeyHasNoOtherFile: whoever may write people.yaml may make anybody an administrator, so a key for the dialplan
// neither writes nor reads it, nor any other file, by whatever operation.
func TestTheDialplansKeyHasNoOtherFile(t *testing.T) {
	o, l := withLibrary(t)
	plan, all := o.machine(staff.ReadPlan, staff.WritePlan), o.machine(staff.ReadConfig, staff.WriteConfig)
	takeDrafts := map[string]string{"/config/apply": `, "base_version": "abc"`, "/config/check": "", "/config/preview": "", "/dialplan/graph": "",
		"/dialplan/simulate": `, "account": "mei", "exten": "help"`}
	for path, more := range takeDrafts {
		draft := func(file string) string {
			return `{"files": {"dialplan/10-day.yaml": "x", "` + file + `": "x"}` + more + "}"
		}
		for _, file := range []string{"people.yaml", "queues.yaml", "ringway.yaml"} {
			plan.want("POST", "/api/v1"+path, draft(file), 403, file, "scope config:")
		}
		if len(l.asked) > 0 {
			t.Fatalf("%s: %v", path, l.asked)
		}
		plan.want("POST", "/api/v1"+path, draft("dialplan/20-night.yml"), 200)
		all.want("POST", "/api/v1"+path, draft("people.yaml"), 200)
		l.asked = nil
	}
	for path, in := range map[string]any{"POST /config/rollback": `{"version": "1"}`, "GET /config/versions": nil, "GET /config/versions/3": nil, "GET /config/diff?from=1": nil} {
		method, path, _ := strings.Cut(path, " ")
		plan.want(method, "/api/v1"+path, in, 403)
		all.want(method, "/api/v1"+path, in, 200)
	}
	if text := plan.want("GET", "/api/v1/config/files", nil, 200, `"path":"dialplan/10-day.yaml"`, `"version":"abc"`); strings.Contains(text, "ringway.yaml") {
		t.Error(text)
	}
	all.want("GET", "/api/v1/config/files", nil, 200, `"path":"dialplan/10-day.yaml"`, `"path":"ringway.yaml"`)
}

func TestTracesAPI(t *testing.T) {
	o, l := withLibrary(t)
	ada := o.as("ada")
	ada.want("GET", "/api/v1/calls/c1/ladder", nil, 200, `"call":"c1"`)
	ada.want("GET", "/api/v1/calls/c2/ladder", nil, 404)
	ada.want("POST", "/api/v1/captures", `{"filter": {"kind": "account", "value": "mei"}, "seconds": 60}`, 201, `"by":"ada"`)
	ada.want("POST", "/api/v1/captures", `{"filter": {"kind": "header", "value": "mei"}, "seconds": 60}`, 422)
	ada.want("POST", "/api/v1/captures", `{"filter": {"kind": "account", "value": "mei"}, "seconds": 6000}`, 422)
	ada.want("GET", "/api/v1/captures", nil, 200, "[]")
	ada.want("POST", "/api/v1/captures/1/stop", nil, 200)
	if got := ada.want("GET", "/api/v1/captures/1/pcap", nil, 200); got != "\xd4\xc3\xb2\xa1" || !strings.Contains(ada.last.Header.Get("Content-Disposition"), "ringway-1.pcap") ||
		ada.last.Header.Get("Content-Type") != "application/vnd.tcpdump.pcap" {
		t.Errorf("%q %v", got, ada.last.Header)
	}
	ada.want("DELETE", "/api/v1/captures/1", nil, 204)
	for kind, code := range map[string]string{"account": "no_capture_account", "address": "no_capture_address", "call": "no_capture_call"} {
		l.fail = fmt.Errorf("%w: so", ErrFilter)
		ada.want("POST", "/api/v1/captures", `{"filter": {"kind": "`+kind+`", "value": "no one"}, "seconds": 60}`, 422, `"location":"body.filter.value"`, `"code":"`+code+`"`)
	}
	l.fail = fmt.Errorf("%w: too many", ErrCapture)
	ada.want("POST", "/api/v1/captures", `{"filter": {"kind": "account", "value": "mei"}, "seconds": 60}`, http.StatusConflict, "too many")
	ada.want("GET", "/api/v1/audit?action=call-ladder", nil, 200, "/calls/c1/ladder")
}
