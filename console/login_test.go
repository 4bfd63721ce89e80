package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/console/staff"
)

const secret = "correct horse battery"

// The first start's link sets an administrator's password, once; she logs in, invites somebody, and everything is on record.
func TestFirstStart(t *testing.T) {
	o := opened(t)
	token, err := o.guard.Setup(t.Context())
	if err != nil || token == "" {
		t.Fatal(token, err)
	}
	nobody := o.anonymous()
	nobody.want("POST", "/api/v1/invitation/look", map[string]any{"token": token}, 200, `"kind":"setup"`, `"ada"`)
	nobody.want("POST", "/api/v1/setup", map[string]any{"token": "x" + token, "person": "ada", "password": secret}, 410)
	nobody.want("POST", "/api/v1/setup", map[string]any{"token": token, "person": "mei", "password": secret}, 422, "body.person")
	nobody.want("POST", "/api/v1/setup", map[string]any{"token": token, "person": "ada", "password": "short"}, 422, "body.password")
	nobody.want("POST", "/api/v1/setup", map[string]any{"token": token, "person": "ada", "password": secret}, 200, `"ada@wayfare.example"`)
	nobody.want("POST", "/api/v1/setup", map[string]any{"token": token, "person": "ada", "password": secret + "2"}, 410)
	if again, err := o.guard.Setup(t.Context()); again != "" || err != nil {
		t.Errorf("a second link is made: %q %v", again, err)
	}
	nobody.want("POST", "/api/v1/login", map[string]any{"login": "ada@wayfare.example", "password": secret}, 200, `"role":"admin"`, `"csrf":"`)
	cookie := nobody.last.Header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Strict", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie lacks %s: %s", want, cookie)
		}
	}
	ada := o.as("ada")
	var link Link
	if err := json.Unmarshal([]byte(ada.want("POST", "/api/v1/staff/mei/invite", nil, 200)), &link); err != nil {
		t.Fatal(err)
	}
	_, invited, _ := strings.Cut(link.Link, "token=")
	nobody.want("POST", "/api/v1/invitation", map[string]any{"token": invited, "password": "mei has a password"}, 200, `"mei"`)
	nobody.want("POST", "/api/v1/login", map[string]any{"login": "mei", "password": "mei has a password"}, 200, `"number":"700"`)
	ada.want("GET", "/api/v1/audit", nil, 200, `"action":"setup"`, `"action":"invite","target":"/staff/mei/invite"`, `"action":"login"`)
	if text := ada.want("GET", "/api/v1/audit?action=login&who=mei", nil, 200); strings.Contains(text, "ada") || strings.Contains(text, "password") {
		t.Errorf("the audit of mei's log-in: %s", text)
	}
}

// The link of the first start is for the first password: once anybody has one, by whatever way, it gives nobody a second.
func TestSetupLinkEndsWithTheFirstPassword(t *testing.T) {
	o := opened(t)
	token, err := o.guard.Setup(t.Context())
	if err != nil || token == "" {
		t.Fatal(token, err)
	}
	invited, _, err := o.guard.Invite(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.guard.Accept(t.Context(), invited, "", "a password of ada's"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.guard.Accept(t.Context(), token, "ada", "a password of eve's"); !errors.Is(err, staff.ErrGone) {
		t.Errorf("the link of the first start still sets a password: %v", err)
	}
}

// A wrong password and an unknown login get one answer; after some of them, one more is refused, the right password too, until
// the window has passed; another login from the same place still works.
func TestGuessing(t *testing.T) {
	o := opened(t)
	for _, p := range []string{"mei", "ken"} {
		if err := o.guard.SetPassword(t.Context(), p, secret); err != nil {
			t.Fatal(err)
		}
	}
	nobody := o.anonymous()
	wrong := nobody.want("POST", "/api/v1/login", map[string]any{"login": "mei", "password": "a guess"}, 401)
	unknown := nobody.want("POST", "/api/v1/login", map[string]any{"login": "who", "password": "a guess"}, 401)
	unset := nobody.want("POST", "/api/v1/login", map[string]any{"login": "lin", "password": "a guess"}, 401)
	if wrong != unknown || wrong != unset {
		t.Errorf("the answers differ:\n%s\n%s\n%s", wrong, unknown, unset)
	}
	for range 4 {
		nobody.want("POST", "/api/v1/login", map[string]any{"login": "mei", "password": "a guess"}, 401)
	}
	nobody.want("POST", "/api/v1/login", map[string]any{"login": "mei", "password": secret}, 429)
	if nobody.last.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	nobody.want("POST", "/api/v1/login", map[string]any{"login": "ken", "password": secret}, 200)
	o.clock.pass(11 * time.Minute)
	nobody.want("POST", "/api/v1/login", map[string]any{"login": "mei", "password": secret}, 200)
	nobody.want("POST", "/api/v1/login", map[string]any{"login": "mei"}, 422, "body", "password")
	nobody.want("POST", "/api/v1/login", "{", 400)
}

// A session ends by log-out, by time, by a new password elsewhere, and when its person leaves the roster.
func TestSessionEnds(t *testing.T) {
	o := opened(t)
	first, second := o.as("mei"), o.as("mei")
	first.want("GET", "/api/v1/me", nil, 200, `"languages":["zh-TW","en"]`, `"zone":"Asia/Taipei"`)
	first.want("POST", "/api/v1/logout", nil, 204)
	first.want("GET", "/api/v1/me", nil, 401)
	second.want("GET", "/api/v1/me", nil, 200)
	o.clock.pass(13 * time.Hour)
	second.want("GET", "/api/v1/me", nil, 401)

	if err := o.guard.SetPassword(t.Context(), "mei", secret); err != nil {
		t.Fatal(err)
	}
	here, there := o.as("mei"), o.as("mei")
	here.want("POST", "/api/v1/me/password", map[string]any{"old": "wrong one", "password": secret + "!"}, 422, "body.old")
	here.want("POST", "/api/v1/me/password", map[string]any{"old": secret, "password": "mei"}, 422, "body.password")
	here.want("POST", "/api/v1/me/password", map[string]any{"old": secret, "password": secret + "!"}, 204)
	here.want("GET", "/api/v1/me", nil, 200)
	there.want("GET", "/api/v1/me", nil, 401)
	o.as("lin").want("POST", "/api/v1/staff/mei/logout", nil, 204)
	here.want("GET", "/api/v1/me", nil, 401)
}

// What changes something needs the token of the page, and comes from our own site.
func TestForgedRequests(t *testing.T) {
	o := opened(t)
	mei := o.as("mei")
	csrf := mei.csrf
	mei.csrf = ""
	mei.want("POST", "/api/v1/logout", nil, 403, "X-CSRF-Token")
	mei.csrf = csrf + "x"
	mei.want("POST", "/api/v1/logout", nil, 403, "X-CSRF-Token")
	mei.csrf = csrf
	mei.with("Sec-Fetch-Site", "cross-site").want("POST", "/api/v1/logout", nil, 403, "another site")
	mei.with("Origin", "https://evil.example").want("POST", "/api/v1/logout", nil, 403, "another site")
	o.anonymous().with("Sec-Fetch-Site", "cross-site").want("POST", "/api/v1/login", map[string]any{"login": "mei", "password": secret}, 403)
	mei.with("Sec-Fetch-Site", "same-origin").want("POST", "/api/v1/logout", nil, 204)
}

// Who may do what to whose log-in.
func TestStaffByTeam(t *testing.T) {
	o := opened(t)
	o.as("mei").want("GET", "/api/v1/staff", nil, 403)
	var seen Page[StaffMember]
	o.as("lin").read("/api/v1/staff", &seen)
	if got := seen.Items; len(got) != 3 || got[0].ID != "lin" || got[1].ID != "mei" || got[2].ID != "tao" {
		t.Errorf("lin sees %+v", seen)
	}
	o.as("ada").read("/api/v1/staff", &seen)
	if len(seen.Items) != len(people) {
		t.Errorf("ada sees %+v", seen)
	}
	for _, c := range []struct {
		who, whom string
		status    int
	}{{"lin", "mei", 200}, {"lin", "ken", 403}, {"lin", "ada", 403}, {"lin", "lin", 403}, {"ada", "ada", 403}, {"lin", "tao", 403}, {"ada", "ken", 200}, {"ada", "lin", 200}, {"ada", "nobody", 404}, {"mei", "mei", 403}} {
		o.as(c.who).want("POST", "/api/v1/staff/"+c.whom+"/invite", nil, c.status)
	}
	o.as("lin").want("POST", "/api/v1/staff/tao/logout", nil, 403, "role that is not below yours")
	o.as("lin").want("POST", "/api/v1/staff/lin/logout", nil, 204)
	o.as("lin").want("POST", "/api/v1/staff/mei/totp/reset", nil, 403)
	o.as("lin").want("GET", "/api/v1/audit", nil, 403)
	o.as("ada").want("GET", "/api/v1/audit?who=lin", nil, 200, `"status":403`)
	o.as("ada").want("GET", "/api/v1/audit?cursor=x", nil, 422, "query.cursor")
}

// A screen that was left unlocked is no way to a new password, nor around a second factor: what changes one's own asks for the
// password until now, and the ways that do not are for others.
func TestAnUnlockedScreenChangesNoPassword(t *testing.T) {
	o := opened(t)
	for _, who := range []string{"ada", "lin"} {
		if err := o.guard.SetPassword(t.Context(), who, secret); err != nil {
			t.Fatal(err)
		}
		screen := o.as(who)
		screen.want("POST", "/api/v1/staff/"+who+"/invite", nil, 403, "profile")
		screen.want("POST", "/api/v1/me/password", map[string]any{"old": "a guess", "password": "another horse"}, 422, "body.old")
		screen.want("POST", "/api/v1/me/totp/end", map[string]any{"password": "a guess"}, 422, "body.password")
		screen.want("POST", "/api/v1/me/totp", map[string]any{"password": "a guess"}, 422, "body.password")
	}
	ada := o.as("ada")
	var e Enrolment
	if err := json.Unmarshal([]byte(ada.want("POST", "/api/v1/me/totp", map[string]any{"password": secret}, 200)), &e); err != nil {
		t.Fatal(err)
	}
	ada.want("POST", "/api/v1/me/totp/confirm", map[string]any{"code": codeFor(t, e.Secret, o.clock.now())}, 204)
	ada.want("POST", "/api/v1/staff/ada/totp/reset", nil, 403, "profile")
	ada.want("GET", "/api/v1/me", nil, 200, `"totp":true`)
}

// A link is worth no more than whoever made it is when it is used.
func TestALinkEndsWithItsMakersRights(t *testing.T) {
	now := slices.Clone(people)
	o := opened(t)
	g := staff.NewGuard(staff.Options{Store: o.db, People: &changing{&now}, Now: o.clock.now})
	lin := staff.With(t.Context(), staff.Identity{Person: "lin", Role: staff.Manager, Teams: []string{"taipei"}})
	for _, c := range []struct {
		what   string
		change func(crew)
		err    error
	}{
		{"nothing changed", func(crew) {}, nil},
		{"the maker is an agent by now", func(c crew) { c.at("lin").Role = staff.Agent }, staff.ErrGone},
		{"the maker has another team by now", func(c crew) { c.at("lin").Teams = []string{"tokyo"} }, staff.ErrGone},
		{"the maker has left", func(c crew) { c.at("lin").ID = "gone" }, staff.ErrGone},
		{"the agent is an administrator by now", func(c crew) { c.at("mei").Role = staff.Admin }, staff.ErrGone},
	} {
		token, _, err := g.Invite(lin, "mei")
		if err != nil {
			t.Fatal(err)
		}
		c.change(now)
		_, _, look := g.Invited(t.Context(), token)
		_, err = g.Accept(t.Context(), token, "", "a password by the link")
		if !errors.Is(err, c.err) || !errors.Is(look, c.err) {
			t.Errorf("%s: looked at %v, used %v", c.what, look, err)
		}
		now = slices.Clone(people)
	}
}

// A key is told once, allows what it was made for, and ends.
func TestKeys(t *testing.T) {
	o := opened(t)
	ada := o.as("ada")
	ada.want("POST", "/api/v1/keys", map[string]any{"name": "crm", "scopes": []string{"everything"}}, 422, "body.scopes")
	o.as("lin").want("POST", "/api/v1/keys", map[string]any{"name": "crm", "scopes": []string{"status:read"}}, 403)
	o.machine("events").want("GET", "/api/v1/status", nil, 403)
	var k NewKey
	if err := json.Unmarshal([]byte(ada.want("POST", "/api/v1/keys", map[string]any{"name": "crm", "scopes": []string{"status:read"}, "days": 1}, 201)), &k); err != nil {
		t.Fatal(err)
	}
	crm := o.anonymous()
	crm.key = k.Key
	crm.want("GET", "/api/v1/status", nil, 200)
	crm.want("GET", "/api/v1/keys", nil, 403)
	crm.want("GET", "/api/v1/me", nil, 403)
	crm.key = k.Key[:len(k.Key)-1] + "?"
	crm.want("GET", "/api/v1/status", nil, 401)
	crm.key = k.Key
	if text := ada.want("GET", "/api/v1/keys", nil, 200, `"name":"crm"`, `"by":"ada"`); strings.Contains(text, strings.Split(k.Key, "_")[2]) {
		t.Error("the list of keys tells a secret")
	}
	o.clock.pass(25 * time.Hour)
	crm.want("GET", "/api/v1/status", nil, 401)
	ada = o.as("ada")
	ada.want("DELETE", "/api/v1/keys/"+k.ID, nil, 204)
	ada.want("DELETE", "/api/v1/keys/"+k.ID, nil, 404)
}

// A second factor counts once a code confirmed it, each code once; a lost one is reset by an administrator.
func TestSecondFactor(t *testing.T) {
	o := opened(t)
	if err := o.guard.SetPassword(t.Context(), "mei", secret); err != nil {
		t.Fatal(err)
	}
	mei := o.as("mei")
	mei.want("POST", "/api/v1/me/totp/confirm", map[string]any{"code": "123456"}, 409)
	mei.want("POST", "/api/v1/me/totp", map[string]any{"password": "not hers"}, 422, "body.password")
	var e Enrolment
	if err := json.Unmarshal([]byte(mei.want("POST", "/api/v1/me/totp", map[string]any{"password": secret}, 200, "otpauth://totp/Ringway")), &e); err != nil {
		t.Fatal(err)
	}
	login := map[string]any{"login": "mei", "password": secret}
	o.anonymous().want("POST", "/api/v1/login", login, 200)
	mei.want("POST", "/api/v1/me/totp/confirm", map[string]any{"code": "000000"}, 422, "body.code")
	code := codeFor(t, e.Secret, o.clock.now())
	mei.want("POST", "/api/v1/me/totp/confirm", map[string]any{"code": code}, 204)
	o.anonymous().want("POST", "/api/v1/login", login, 401, "body.totp")
	login["totp"] = code
	o.anonymous().want("POST", "/api/v1/login", login, 401)
	o.clock.pass(time.Minute)
	login["totp"] = codeFor(t, e.Secret, o.clock.now())
	o.anonymous().want("POST", "/api/v1/login", login, 200, `"totp":true`)
	o.anonymous().want("POST", "/api/v1/login", login, 401)
	o.as("ada").want("POST", "/api/v1/staff/mei/totp/reset", nil, 204)
	mei.want("GET", "/api/v1/me", nil, 401)
	delete(login, "totp")
	o.anonymous().want("POST", "/api/v1/login", login, 200, `"totp":false`)
}

// A request with a key is done once, whoever sends it again gets the first answer.
func TestIdempotency(t *testing.T) {
	o := opened(t)
	mei := o.as("mei")
	ada := o.as("ada")
	ada.with("Idempotency-Key", "k1").want("POST", "/api/v1/staff/mei/logout", nil, 204)
	mei.want("GET", "/api/v1/me", nil, 401)
	mei = o.as("mei")
	ada.with("Idempotency-Key", "k1").want("POST", "/api/v1/staff/mei/logout", nil, 204)
	if ada.last.Header.Get("Idempotency-Replayed") != "true" {
		t.Error("the second answer is not the first one's")
	}
	mei.want("GET", "/api/v1/me", nil, 200)
	ada.with("Idempotency-Key", "k1").want("POST", "/api/v1/staff/ken/logout", nil, 422, "another request")
	o.as("lin").with("Idempotency-Key", "k1").want("POST", "/api/v1/staff/mei/logout", nil, 204)
	mei.want("GET", "/api/v1/me", nil, 401)
	ada.with("Idempotency-Key", "k2").want("POST", "/api/v1/keys", map[string]any{"name": "a", "scopes": []string{"events"}}, 201, `"key":"rw_`)
	ada.with("Idempotency-Key", "k2").want("POST", "/api/v1/keys", map[string]any{"name": "a", "scopes": []string{"events"}}, 409, "told once")
	o.clock.pass(11 * time.Hour)
	ada.with("Idempotency-Key", strings.Repeat("k", 300)).want("POST", "/api/v1/logout", nil, 422)
	o.clock.pass(14 * time.Hour)
	ada, mei = o.as("ada"), o.as("mei")
	ada.with("Idempotency-Key", "k1").want("POST", "/api/v1/staff/mei/logout", nil, 204)
	mei.want("GET", "/api/v1/me", nil, 401)
}

// Every operation but those that are meant for it refuses who did not log in, before it looks at anything else.
func TestAnonymousGetsNowhere(t *testing.T) {
	o := opened(t)
	// the board looks at a screen's token itself, else at the log-in: board_test.go holds it
	open := map[string]bool{"login": true, "login-ways": true, "setup": true, "accept-invitation": true, "look-at-invitation": true, "board": true, "board-stream": true}
	mux := http.NewServeMux()
	ops := newAPI(mux, Options{Parts: Parts{Staff: o.guard, Roster: people, Journal: o.db}}).ops
	if len(ops) < 10 {
		t.Fatalf("only %d operations are registered", len(ops))
	}
	for _, op := range ops {
		if open[op.ID] != op.Allow.anyone {
			t.Errorf("%s: open to anyone: %t", op.ID, op.Allow.anyone)
		}
		if op.Allow.anyone {
			continue
		}
		if op.Allow.least == "" && len(op.Allow.scopes) == 0 {
			t.Errorf("%s admits nobody", op.ID)
		}
		if unsafe(op.Method) && !op.Audit && !op.Asks && op.Tag != "desk" && op.ID != "mint" { // sessions are rows of their own; a desk's clicks are events already
			t.Errorf("%s changes something and is not on record", op.ID)
		}
		path := "/api/v1" + strings.NewReplacer("{", "", "}", "").Replace(op.Path)
		o.anonymous().want(op.Method, path, nil, 401)
		forged := o.anonymous()
		forged.cookie, forged.csrf = "0123456789", "x"
		forged.want(op.Method, path, "{}", 401)
		keyless := o.anonymous()
		keyless.key = "rw_abc_def"
		keyless.want(op.Method, path, "{}", 401)
	}
}
