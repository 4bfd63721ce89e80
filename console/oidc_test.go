package console

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// idp is an identity provider over loopback: discovery, authorization, token with PKCE, keys. It speaks plain HTTP and JSON and
// uses nothing of the client's libraries but a signer.
type idp struct {
	t      *testing.T
	server *httptest.Server
	key    *rsa.PrivateKey

	mu    sync.Mutex // guards what follows
	codes map[string]url.Values
	who   jwt.MapClaims                // whom the next log-in names
	bend  func(claims jwt.MapClaims)   // spoils the next token
	refit func(answer *map[string]any) // spoils the next answer
}

func newIDP(t *testing.T) *idp {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &idp{t: t, key: key, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		u := p.server.URL
		p.json(w, map[string]any{"issuer": u, "authorization_endpoint": u + "/authorize", "token_endpoint": u + "/token", "jwks_uri": u + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}, "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		b64 := base64.RawURLEncoding.EncodeToString
		p.json(w, map[string]any{"keys": []map[string]string{{"kty": "RSA", "kid": "k1", "alg": "RS256", "use": "sig",
			"n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())}}})
	})
	mux.HandleFunc("/authorize", p.authorize)
	mux.HandleFunc("/token", p.token)
	p.server = httptest.NewServer(mux)
	t.Cleanup(p.server.Close)
	return p
}

func (p *idp) json(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}

// authorize logs the next person in at once and sends the browser back with a code.
func (p *idp) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	for name, want := range map[string]string{"client_id": "ringway", "response_type": "code", "code_challenge_method": "S256", "scope": "openid email"} {
		if q.Get(name) != want {
			p.t.Errorf("the provider is asked with %s=%q, want %q", name, q.Get(name), want)
		}
	}
	code := rand.Text()
	p.mu.Lock()
	p.codes[code] = q
	p.mu.Unlock()
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

// token exchanges a code, once, for whoever knows the verifier behind the challenge.
func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked, known := p.codes[r.FormValue("code")]
	delete(p.codes, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !known || base64.RawURLEncoding.EncodeToString(sum[:]) != asked.Get("code_challenge") || r.FormValue("redirect_uri") != asked.Get("redirect_uri") {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	now := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC) // the office's clock
	claims := jwt.MapClaims{"iss": p.server.URL, "aud": "ringway", "exp": now.Add(time.Minute).Unix(), "iat": now.Unix(), "nonce": asked.Get("nonce")}
	for k, v := range p.who {
		claims[k] = v
	}
	if p.bend != nil {
		p.bend(claims)
	}
	signed := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	signed.Header["kid"] = "k1"
	text, err := signed.SignedString(p.key)
	if err != nil {
		p.t.Error(err)
	}
	answer := map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": text}
	if p.refit != nil {
		p.refit(&answer)
	}
	p.json(w, answer)
}

// surf follows a log-in as a browser does, cookies and all, and tells where it ends and with which session.
func surf(t *testing.T, start string, forget bool) (end *url.URL, session string) {
	t.Helper()
	cookies, at := map[string]string{}, start
	for range 5 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range cookies {
			if !forget {
				req.AddCookie(&http.Cookie{Name: name, Value: value})
			}
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		for _, c := range resp.Cookies() {
			cookies[c.Name] = c.Value
		}
		if resp.StatusCode != http.StatusFound {
			t.Fatalf("%s: %s", at, resp.Status)
		}
		if end, err = req.URL.Parse(resp.Header.Get("Location")); err != nil {
			t.Fatal(err)
		}
		if at = end.String(); end.Path == "/" || end.Path == "/login" || end.Path == "/desk" {
			return end, cookies[sessionCookie]
		}
	}
	t.Fatal("the log-in goes round and round")
	return nil, ""
}

// People log in at the provider under a verified address or a subject; a token that is not ours, or not of this log-in, gets
// nobody in.
func TestLoginByProvider(t *testing.T) {
	p := newIDP(t)
	o := opened(t, func(opts *Options) {
		opts.OIDC = OIDC{Issuer: p.server.URL, ClientID: "ringway", Scopes: []string{"email"}}
	})
	t.Cleanup(func() { http.DefaultTransport.(*http.Transport).CloseIdleConnections() })
	start := o.api.URL() + "/api/v1/oidc/start"
	o.anonymous().want("GET", "/api/v1/login", nil, 200, `"oidc":true`)
	verified := jwt.MapClaims{"sub": "s-1", "email": "ada@wayfare.example", "email_verified": true}
	for _, c := range []struct {
		name    string
		who     jwt.MapClaims
		bend    func(jwt.MapClaims)
		problem string
	}{
		{"verified address", verified, nil, ""},
		{"subject", jwt.MapClaims{"sub": "ada@wayfare.example"}, nil, ""},
		{"unverified address", jwt.MapClaims{"sub": "s-1", "email": "ada@wayfare.example"}, nil, "oidc_unknown"},
		{"a stranger", jwt.MapClaims{"sub": "s-2", "email": "eve@evil.example", "email_verified": true}, nil, "oidc_unknown"},
		{"an id of ours as subject", jwt.MapClaims{"sub": "mei"}, nil, "oidc_unknown"},
		{"for another client", verified, func(c jwt.MapClaims) { c["aud"] = "other" }, "oidc_failed"},
		{"of another issuer", verified, func(c jwt.MapClaims) { c["iss"] = "https://evil.example" }, "oidc_failed"},
		{"expired", verified, func(c jwt.MapClaims) { c["exp"] = c["iat"].(int64) - 1 }, "oidc_failed"},
		{"of another log-in", verified, func(c jwt.MapClaims) { c["nonce"] = "old" }, "oidc_failed"},
		{"without a nonce", verified, func(c jwt.MapClaims) { delete(c, "nonce") }, "oidc_failed"},
	} {
		p.mu.Lock()
		p.who, p.bend = c.who, c.bend
		p.mu.Unlock()
		end, session := surf(t, start+"?to=/desk", false)
		if end.Query().Get("problem") != c.problem || (session != "") != (c.problem == "") {
			t.Errorf("%s: ends at %s with session %t", c.name, end, session != "")
		}
		if c.problem == "" {
			ada := o.anonymous()
			ada.cookie = session
			ada.want("GET", "/api/v1/me", nil, 200, `"id":"ada"`)
			if end.Path != "/desk" {
				t.Errorf("%s: sent to %s", c.name, end)
			}
		}
	}
	p.mu.Lock()
	p.who, p.bend = verified, nil
	p.mu.Unlock()
	if end, session := surf(t, start, true); end.Query().Get("problem") != "oidc_state" || session != "" {
		t.Errorf("in a browser that did not begin it: %s", end)
	}
	for _, to := range []string{"https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""} {
		if got := localPath(to); got != "/" {
			t.Errorf("%q sends people to %q", to, got)
		}
	}
	p.mu.Lock()
	p.refit = func(a *map[string]any) { delete(*a, "id_token") }
	p.mu.Unlock()
	if end, _ := surf(t, start, false); end.Query().Get("problem") != "oidc_failed" {
		t.Errorf("without an id_token: %s", end)
	}
}

// A provider that does not answer costs a log-in, not the console.
func TestDeadProvider(t *testing.T) {
	p := newIDP(t)
	o := opened(t, func(opts *Options) { opts.OIDC = OIDC{Issuer: p.server.URL, ClientID: "ringway"} })
	t.Cleanup(func() { http.DefaultTransport.(*http.Transport).CloseIdleConnections() })
	p.server.Close()
	if end, _ := surf(t, o.api.URL()+"/api/v1/oidc/start", false); end.Query().Get("problem") != "oidc_unreachable" {
		t.Errorf("sent to %s", end)
	}
	o.as("ada").want("GET", "/api/v1/me", nil, 200)
}

// begun opens the page that sends a browser to the provider, and returns the cookie and the state that it went with.
func begun(t *testing.T, start string) (cookie *http.Cookie, state string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, start, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range resp.Cookies() {
		if c.Name == oidcCookie {
			cookie = c
		}
	}
	if cookie == nil {
		t.Fatalf("no cookie; sent to %s", to)
	}
	return cookie, to.Query().Get("state")
}

// back comes back from the provider, and tells with which problem the log-in ends.
func back(t *testing.T, callback string, cookie *http.Cookie, q url.Values) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, callback+"?"+q.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if cookie != nil {
		req.AddCookie(cookie)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	return to.Query().Get("problem")
}

// Whoever begins log-ins without end keeps nobody else from one; codes that he makes up are counted as wrong passwords are, and
// soon do not reach the provider any more.
func TestBeginningLogInsLocksNobodyOut(t *testing.T) {
	p := newIDP(t)
	o := opened(t, func(opts *Options) {
		opts.OIDC = OIDC{Issuer: p.server.URL, ClientID: "ringway", Scopes: []string{"email"}}
	})
	t.Cleanup(func() { http.DefaultTransport.(*http.Transport).CloseIdleConnections() })
	start, callback := o.api.URL()+"/api/v1/oidc/start", o.api.URL()+"/api/v1/oidc/callback"
	for range 1200 {
		begun(t, start)
	}
	p.mu.Lock()
	p.who = jwt.MapClaims{"sub": "s-1", "email": "ada@wayfare.example", "email_verified": true}
	p.mu.Unlock()
	if end, session := surf(t, start, false); session == "" {
		t.Errorf("after many that were begun: %s", end)
	}
	refused := 0
	for range 70 {
		cookie, state := begun(t, start)
		if back(t, callback, cookie, url.Values{"state": {state}, "code": {"made up"}}) == "oidc_many" {
			refused++
		}
	}
	if refused != 10 {
		t.Errorf("%d of 70 made-up codes are refused unasked, want 10", refused)
	}
}

// What the browser keeps of a log-in is good for ten minutes, for its own state, and can be neither read nor changed.
func TestCookieOfALoginThatBegan(t *testing.T) {
	p := newIDP(t)
	o := opened(t, func(opts *Options) {
		opts.OIDC = OIDC{Issuer: p.server.URL, ClientID: "ringway", Scopes: []string{"email"}}
	})
	t.Cleanup(func() { http.DefaultTransport.(*http.Transport).CloseIdleConnections() })
	start, callback := o.api.URL()+"/api/v1/oidc/start", o.api.URL()+"/api/v1/oidc/callback"
	cookie, state := begun(t, start+"?to=/"+strings.Repeat("x", 5000))
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.MaxAge != 600 || len(cookie.Value) > 1000 || strings.Contains(cookie.Value, state) {
		t.Errorf("the cookie: %+v", cookie)
	}
	q := url.Values{"state": {state}, "code": {"x"}}
	if got := back(t, callback, nil, q); got != "oidc_state" {
		t.Errorf("without the cookie: %q", got)
	}
	if got := back(t, callback, cookie, url.Values{"state": {state + "x"}, "code": {"x"}}); got != "oidc_state" {
		t.Errorf("with another state: %q", got)
	}
	changed := *cookie
	changed.Value = "A" + changed.Value[1:]
	if cookie.Value[0] == 'A' {
		changed.Value = "B" + changed.Value[1:]
	}
	if got := back(t, callback, &changed, q); got != "oidc_state" {
		t.Errorf("with a changed cookie: %q", got)
	}
	if got := back(t, callback, cookie, q); got != "oidc_failed" { // the code is made up
		t.Errorf("with the cookie: %q", got)
	}
	o.clock.pass(oidcPending + time.Second)
	if got := back(t, callback, cookie, q); got != "oidc_state" {
		t.Errorf("after ten minutes: %q", got)
	}
}

// A provider that is away is not asked by everybody who opens the page of its log-in.
func TestAProviderThatIsAwayIsAskedNowAndThen(t *testing.T) {
	var asked atomic.Int32
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(away.Close)
	o := opened(t, func(opts *Options) { opts.OIDC = OIDC{Issuer: away.URL, ClientID: "ringway"} })
	t.Cleanup(func() { http.DefaultTransport.(*http.Transport).CloseIdleConnections() })
	for range 20 {
		if got := back(t, o.api.URL()+"/api/v1/oidc/start", nil, url.Values{}); got != "oidc_unreachable" {
			t.Fatalf("sent away with %q", got)
		}
	}
	if n := asked.Load(); n < 1 || n > 2 {
		t.Errorf("asked %d times", n)
	}
}
