package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/console/staff"
	"ringway/store"
)

// ids reads a list and tells which it holds.
func ids(t *testing.T, text string) []string {
	t.Helper()
	type row struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	var list []row
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		var page Page[row]
		if err := json.Unmarshal([]byte(text), &page); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		list = page.Items
	}
	out := []string{}
	for _, r := range list {
		if r.ID == "" {
			r.ID = r.Name
		}
		out = append(out, r.ID)
	}
	return out
}

// Everybody sees what is hers: an agent herself, a manager the people of her teams and who has nobody, an administrator and a
// machine all.
func TestWhoSeesWhat(t *testing.T) {
	o, _ := busy(t)
	machine := o.machine(staff.Scopes...)
	for _, c := range []struct {
		path                      string
		mei, lin, tom, ada, keyed string
	}{
		{"/agents", "[mei]", "[mei]", "[ken]", "[ken mei]", "[ken mei]"},
		{"/queues", "[help]", "[flights help]", "[flights help]", "[flights help]", "[flights help]"},
		{"/queues/help/waiting", "403", "[v1]", "[v1]", "[v1]", "[v1]"},
		{"/live-calls", "[c-mei]", "[c-mei c-wait]", "[c-ken c-wait c-out]", "[c-ken c-mei c-wait c-out]", "[c-ken c-mei c-wait c-out]"},
		{"/calls", "[of-mei]", "[of-nobody of-mei]", "[of-nobody of-ken]", "[of-nobody of-mei of-ken]", "[of-nobody of-mei of-ken]"},
		{"/calls?agent=ken", "403", "403", "[of-ken]", "[of-ken]", "[of-ken]"},
		{"/calls?agent=mei&queue=help", "[of-mei]", "[of-mei]", "403", "[of-mei]", "[of-mei]"},
		{"/customers/c-7/calls", "[of-nobody of-mei of-ken]", "[of-nobody of-mei of-ken]", "[of-nobody of-mei of-ken]", "[of-nobody of-mei of-ken]", "[of-nobody of-mei of-ken]"},
		{"/calls/of-ken", "403", "403", "200", "200", "200"},
		{"/calls/of-nobody", "403", "200", "200", "200", "200"},
		{"/calls/of-mei/explain", "403", "200", "403", "200", "200"},
		{"/calls/nothing", "404", "404", "404", "404", "404"},
		{"/agents/mei/explain?at=2026-06-01T08:00:30Z", "403", "200", "403", "200", "200"},
		{"/agents/nobody/explain", "403", "404", "404", "404", "404"},
		{"/queues/nothing/waiting", "403", "404", "404", "404", "404"},
		{"/bindings", "403", "403", "403", "[]", "[]"},
		{"/trunks", "403", "[carrier]", "[carrier]", "[carrier]", "[carrier]"},
		{"/status", "403", "200", "200", "200", "200"},
		{"/audit", "403", "403", "403", "200", "403"},
	} {
		for _, as := range []struct {
			name string
			who  *caller
			want string
		}{{"mei", o.as("mei"), c.mei}, {"lin", o.as("lin"), c.lin}, {"tom", o.as("tom"), c.tom}, {"ada", o.as("ada"), c.ada}, {"a machine", machine, c.keyed}} {
			status, text := as.who.send(http.MethodGet, "/api/v1"+c.path, nil)
			got := fmt.Sprint(status)
			if status == 200 && strings.HasPrefix(as.want, "[") {
				if strings.TrimSpace(text) == "null" {
					text = "[]"
				}
				got = fmt.Sprint(ids(t, text))
			}
			if got != as.want {
				t.Errorf("%s sees of %s: %s, want %s (%s)", as.name, c.path, got, as.want, text)
			}
		}
	}
}

// Who and which team something is about is told by name too, to agents as well: ids are for machines.
func TestPeopleAndTeamsHaveNames(t *testing.T) {
	o, _ := busy(t)
	mei := o.as("mei")
	mei.want("GET", "/api/v1/calls/of-mei", nil, 200, `"names":{"mei":"Mei Lin"}`)
	mei.want("GET", "/api/v1/me", nil, 200, `"team":"taipei","team_name":"Taipei desk"`)
	o.as("lin").want("GET", "/api/v1/staff", nil, 200, `"team":"taipei","team_name":"Taipei desk"`)
}

// Everybody does what is hers to do, and wrong input is told by its field.
func TestWhoDoesWhat(t *testing.T) {
	o, f := busy(t)
	who := map[string]*caller{"mei": o.as("mei"), "lin": o.as("lin"), "ada": o.as("ada"), "events": o.machine(staff.Events), "all": o.machine(staff.Scopes...)}
	for _, c := range []struct {
		who, method, path, body string
		status                  int
		says                    string
	}{
		{"mei", "POST", "/agents/mei/pause", `{"reason":"lunch"}`, 200, "not_ready"},
		{"mei", "POST", "/agents/mei/resume", ``, 200, ""},
		{"mei", "POST", "/agents/ken/pause", `{}`, 403, ""},
		{"lin", "POST", "/agents/mei/join", `{"queue":"help"}`, 200, ""},
		{"lin", "POST", "/agents/ken/join", `{}`, 403, ""},
		{"lin", "POST", "/agents/mei/join", `{"queue":"nowhere"}`, 404, "nowhere"},
		{"lin", "POST", "/agents/mei/leave", `{}`, 409, "is in no queue"},
		{"lin", "POST", "/agents/mei/dance", `{}`, 422, "path.verb"},
		{"lin", "POST", "/agents/mei/pause", `{"reason":"Mrs Lin called"}`, 422, "body.reason"},
		{"lin", "POST", "/agents/mei/pause", `{"why":"x"}`, 422, "body.why"},
		{"ada", "POST", "/agents/ken/join", `{}`, 200, ""},
		{"ada", "POST", "/agents/nobody/join", `{}`, 404, "nobody"},
		{"events", "POST", "/agents/ken/join", `{}`, 403, ""},
		{"all", "POST", "/agents/ken/join", `{}`, 200, ""},
		{"mei", "POST", "/visits/v1/withdraw", ``, 403, ""},
		{"lin", "POST", "/visits/v2/withdraw", ``, 404, "v2"},
		{"lin", "POST", "/visits/v1/withdraw", ``, 204, ""},
		{"lin", "POST", "/visits/v1/priority", `{"seconds":90}`, 204, ""},
		{"lin", "POST", "/visits/v1/priority", `{"seconds":9e9}`, 422, "body.seconds"},
		{"lin", "POST", "/visits/v1/priority", `{}`, 422, "body"},
		{"mei", "POST", "/live-calls/c-mei/hangup", ``, 403, ""},
		{"lin", "POST", "/live-calls/c-ken/hangup", ``, 403, ""},
		{"mei", "POST", "/live-calls/c-mei/transfer", `{"to":"help","kind":"queue"}`, 403, ""},
		{"lin", "POST", "/live-calls/c-ken/transfer", `{"to":"help","kind":"queue"}`, 403, ""},
		{"lin", "POST", "/live-calls/c-wait/transfer", `{"to":"help","kind":"queue"}`, 409, "talks with no agent"},
		{"lin", "POST", "/live-calls/c-mei/transfer", `{"to":"999","kind":"number"}`, 409, "no such number"},
		{"lin", "POST", "/live-calls/c-mei/transfer", `{"to":"","kind":"number"}`, 422, "body.to"},
		{"lin", "POST", "/live-calls/c-mei/transfer", `{"to":"help","kind":"queue"}`, 204, ""},
		{"lin", "POST", "/live-calls/c-mei/hangup", ``, 204, ""},
		{"lin", "POST", "/live-calls/c-none/hangup", ``, 404, ""},
		{"mei", "POST", "/app-sessions", `{"subject":"x"}`, 403, ""},
		{"events", "POST", "/app-sessions", `{"subject":"x"}`, 403, ""},
		{"all", "POST", "/app-sessions", `{"subject":"c-1","lifetime_seconds":600,"claims":{"language":"zh-TW","priority_seconds":30}}`, 201, "sip:c-1@"},
		{"all", "POST", "/app-sessions", `{"subject":"a b"}`, 422, "body.subject"},
		{"all", "POST", "/app-sessions", `{"subject":"c-1","claims":{"language":"??","region":"Taiwan","zone":"Asia/Nowhere"}}`, 422, "body.claims.zone"},
		{"all", "POST", "/app-sessions", `{"subject":"c-1","domain":"elsewhere"}`, 404, ""},
		{"ada", "GET", "/calls?from=yesterday", ``, 422, "query.from"},
		{"ada", "GET", "/calls?kind=strange", ``, 422, "query.kind"},
		{"ada", "GET", "/calls?limit=100000", ``, 422, "query.limit"},
		{"ada", "GET", "/calls?cursor=zzz", ``, 422, "query.cursor"},
		{"ada", "GET", "/calls?from=2026-06-02T00:00:00Z&to=2026-06-01T00:00:00Z", ``, 422, "query.to"},
		{"ada", "GET", "/calls?search='%20OR%201=1%20--", ``, 200, `"items":[]`},
		{"ada", "GET", "/calls?search=000111&limit=2", ``, 200, `"next":"1`},
	} {
		var in any
		if c.body != "" {
			in = c.body
		}
		text := who[c.who].want(c.method, "/api/v1"+c.path, in, c.status, c.says)
		if t.Failed() {
			t.Logf("as %s: %s %s: %s", c.who, c.method, c.path, text)
		}
	}
	want := []string{"pause mei lunch", "resume mei ", "join mei help", "join ken ", "join ken ", "withdraw v1", "prioritise 1m30s v1", "hand on mei c-mei help true", "hangup c-mei",
		"mint c-1 10m0s 30s"}
	if !slices.Equal(f.done, want) {
		t.Errorf("done: %q\nwant: %q", f.done, want)
	}
}

// A consult and the call that it belongs to name each other.
func TestConsults(t *testing.T) {
	o, _ := busy(t)
	var s StoryView
	o.as("lin").read("/api/v1/calls/of-mei", &s)
	if s.Consults == nil || len(s.Consults) > 0 {
		t.Errorf("before there is one: %+v", s.Consults)
	}
	k := store.Call{ID: "asks", Parent: "of-mei", Kind: store.Internal, Agent: "mei", Dialled: "212", Start: s.Call.Start.Add(4 * time.Second), End: s.Call.Start.Add(6 * time.Second)}
	if err := o.db.Save(t.Context(), []store.Record{{Call: &k}}); err != nil {
		t.Fatal(err)
	}
	o.as("lin").want("GET", "/api/v1/calls/asks", nil, 200, `"parent":"of-mei"`)
	o.as("lin").want("GET", "/api/v1/calls/of-mei", nil, 200, `"consults":[{"id":"asks","kind":"internal"`)
}

// A call's story has everything in its own list, and what a caller wrote stays text.
func TestStory(t *testing.T) {
	o, _ := busy(t)
	var s StoryView
	o.as("lin").read("/api/v1/calls/of-mei", &s)
	if s.Call.CallerName != "Lin <b>Yi</b>" || len(s.Legs) != 1 || len(s.Visits) != 1 || len(s.Offers) != 1 || len(s.Events) != 2 || len(s.Decisions) != 1 ||
		len(s.Segments) == 0 || s.Call.Queue != "help" || s.Call.Agent != "mei" || *s.Call.Wait != 3 || *s.Call.Duration != 9 {
		t.Errorf("%+v", s)
	}
	if s.Disposition != nil || s.Note != "" || len(s.Said) != 0 {
		t.Errorf("nobody said anything of it: %+v", s.Said)
	}
	if err := o.db.Save(t.Context(), []store.Record{{Outcome: &store.CallOutcome{Call: "of-mei", Agent: "mei", Queue: "help", Code: "refund", Sub: "late", At: o.clock.now()}},
		{Note: &store.CallNote{Call: "of-mei", Agent: "mei", Customer: "c-1", Text: "was kind", At: o.clock.now()}}}); err != nil {
		t.Fatal(err)
	}
	o.as("lin").read("/api/v1/calls/of-mei", &s)
	if len(s.Said) != 1 || s.Disposition == nil || s.Disposition.Sub != "late" || s.Note != "was kind" || s.Said[0].Agent != "mei" || s.Said[0].Name != "Mei Lin" {
		t.Errorf("%+v", s.Said)
	}
	var hers Page[CallRow]
	o.as("mei").read("/api/v1/calls", &hers)
	if len(hers.Items) != 1 || hers.Items[0].AgentName != "Mei Lin" || hers.Items[0].Label != "refund" || s.Call.Label != "refund" {
		t.Errorf("hers: %+v, %q", hers.Items, s.Call.Label)
	}
	o.as("lin").want("GET", "/api/v1/calls/of-mei/explain", nil, 200, "Mei Lin was chosen as the only one eligible")
	o.as("lin").want("GET", "/api/v1/agents/mei/explain?at=2026-06-01T08:00:30Z", nil, 200, "Mei Lin was chosen", "Mei Lin is not among")
	var page Page[CallRow]
	o.as("ada").read("/api/v1/calls?limit=2", &page)
	first := page
	o.as("ada").read("/api/v1/calls?limit=2&cursor="+page.Next, &page)
	if len(first.Items) != 2 || len(page.Items) != 1 || page.Next != "" || page.Items[0].ID != "of-ken" {
		t.Errorf("pages: %+v, %+v", first, page)
	}
}

// A customer is added, edited by one at a time, noted, found, and forgotten.
func TestCustomers(t *testing.T) {
	o, _ := busy(t)
	mei, ada := o.as("mei"), o.as("ada")
	mei.want("GET", "/api/v1/customers/c-7", nil, 404)
	mei.want("POST", "/api/v1/customers", `{"id":"c 7"}`, 422, "body.id")
	mei.want("POST", "/api/v1/customers", `{"id":"c-7","zone":"Mars/Phobos","language":"x"}`, 422, "body.zone", "body.language")
	mei.want("POST", "/api/v1/customers", `{"id":"c-7","name":"Lin Yi","number":"+886955000111","zone":"Asia/Taipei","fields":{"tier":"gold"}}`, 201, `"version":1`)
	if got := mei.last.Header.Get("ETag"); got != `"v1"` {
		t.Errorf("ETag %q", got)
	}
	mei.want("POST", "/api/v1/customers", `{"id":"c-7"}`, 409, "body.id")
	mei.want("PUT", "/api/v1/customers/c-7", `{"name":"Lin"}`, 428, "If-Match")
	mei.with("If-Match", `"v9"`).want("PUT", "/api/v1/customers/c-7", `{"name":"Lin"}`, 412)
	mei.with("If-Match", `"v1"`).want("PUT", "/api/v1/customers/c-7", `{"name":"Lin Yi-Chen","number":"+886955000111"}`, 200, `"version":2`, "Lin Yi-Chen")
	mei.with("If-Match", `"v1"`).want("PUT", "/api/v1/customers/c-7", `{"name":"Lin"}`, 412)
	mei.with("If-Match", `"v1"`).want("PUT", "/api/v1/customers/c-8", `{"name":"Who"}`, 412)
	mei.want("PUT", "/api/v1/customers/c-7", `{"id":"c-7","name":"Lin","reach":"app"}`, 422, "body.reach", "unexpected")
	mei.want("PUT", "/api/v1/customers/c-8", `{"name":"Wang"}`, 200, `"version":1`)
	mei.want("POST", "/api/v1/customers/c-7/notes", `{"text":"<script>alert(1)</script>","call":"of-mei"}`, 201, `"by":"mei"`)
	mei.want("POST", "/api/v1/customers/c-9/notes", `{"text":"x"}`, 404)
	mei.want("POST", "/api/v1/customers/c-7/notes", `{"text":""}`, 422, "body.text")
	mei.want("GET", "/api/v1/customers/c-7", nil, 200, `<script>alert(1)</script>`, `"call":"of-mei"`)
	if h := mei.last.Header; h.Get("Content-Type") != "application/json" || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("a note is told as %q", h.Get("Content-Type"))
	}
	for search, want := range map[string]string{"": "[c-7 c-8]", "c-": "[c-7 c-8]", "lin": "[c-7]", "+8869": "[c-7]", "WANG": "[c-8]", "%": "[]"} {
		if got := fmt.Sprint(ids(t, mei.want("GET", "/api/v1/customers?search="+strings.NewReplacer("+", "%2B", "%", "%25").Replace(search), nil, 200))); got != want {
			t.Errorf("search %q finds %s, want %s", search, got, want)
		}
	}
	var page Page[CustomerView]
	mei.read("/api/v1/customers?limit=1", &page)
	mei.read("/api/v1/customers?limit=1&cursor="+page.Next, &page)
	if len(page.Items) != 1 || page.Items[0].ID != "c-8" {
		t.Errorf("the second page: %+v", page)
	}
	mei.want("DELETE", "/api/v1/customers/c-7", nil, 403)
	ada.want("DELETE", "/api/v1/customers/c-7", nil, 200)
	if f, err := o.db.Forget(t.Context(), "c-7"); err != nil || f.Rows != 1 || f.Notes != 1 || f.Calls != 3 {
		t.Errorf("forgotten: %+v, %v", f, err)
	}
	ada.want("GET", "/api/v1/customers/c-7", nil, 404)
	if text := ada.want("GET", "/api/v1/calls", nil, 200, `"customer":"c-7"`); strings.Contains(text, "955000111") {
		t.Error("a number of a forgotten customer is told")
	}
	ada.want("GET", "/api/v1/calls?search=000111", nil, 200, `"items":[]`)
}
