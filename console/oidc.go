package console

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"ringway/console/staff"
)

// OIDC is the company's identity provider. People log in there; `login` in people.yaml is their verified e-mail address or the
// subject that the provider gives them.
type OIDC struct {
	Issuer       string
	ClientID     string
	ClientSecret string   // empty: a public client, by PKCE alone
	Scopes       []string // beside openid
}

// Bounds of log-ins by the provider.
const (
	oidcCookie  = "ringway_oidc"
	oidcTime    = 10 * time.Second // for one answer of the provider
	oidcPending = 10 * time.Minute // for a person to log in there
	oidcAgain   = 3 * time.Second  // before a provider that did not answer is asked again where it has its pages
	oidcTold    = time.Second      // between two log-ins that failed, in the log
	maxReturn   = 1000             // bytes of the page that a log-in leads to
)

// provider logs people in by OpenID Connect: the authorization code flow with PKCE (RFC 7636). Of a log-in that has begun nothing
// is kept here: anybody may begin as many as he likes and keeps nobody else out. What belongs to it goes with the browser, sealed.
//
//	browser                          we                              provider
//	GET /oidc/start ────────────▶ cookie = sealed(state, nonce, verifier, time)
//	  ◀── 302, cookie ─────────────  code_challenge = S256(verifier)
//	log-in ──────────────────────────────────────────────────────────▶
//	GET /oidc/callback?code&state ▶ state = cookie's, not older than ten minutes; the cookie ends
//	                                code, verifier ──────────────────▶ a code is good once (RFC 6749 §4.1.2)
//	                                ◀────────────── id_token (signature, issuer, audience, expiry, nonce checked)
//	  ◀── 302, session cookie ─────
type provider struct {
	api    *API
	o      OIDC
	client *http.Client
	seals  *sealer
	told   rare

	asking chan struct{}  // holds one: whoever asks the provider where its pages are, and guards what follows
	found  *oidc.Provider // nil until it answered once
	failed time.Time      // when it did not answer last
	why    error
}

// loginOIDC is the log-in as the record of who did what names it.
var loginOIDC = Op{ID: "login-oidc", Audit: true}

// pendingLogin is a log-in that began here.
type pendingLogin struct {
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"`
	To       string    `json:"t"`
	At       time.Time `json:"a"`
}

func newProvider(a *API, o OIDC) *provider {
	return &provider{api: a, o: o, client: &http.Client{Timeout: oidcTime, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}},
		seals: newSealer(oidcCookie), asking: make(chan struct{}, 1)}
}

// routes serves the two addresses of a log-in; they are for browsers that move from page to page, not operations of the API.
func (p *provider) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+base+"/oidc/start", p.start)
	mux.HandleFunc("GET "+base+"/oidc/callback", p.callback)
}

// discover asks the provider where its pages are: one at a time, and again a little later where it did not answer.
func (p *provider) discover(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	select {
	case p.asking <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	defer func() { <-p.asking }()
	if p.found == nil {
		if now := time.Now(); now.Sub(p.failed) >= oidcAgain {
			p.found, p.why = oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.o.Issuer)
			p.failed = time.Now()
		}
		if p.found == nil {
			return nil, nil, p.why
		}
	}
	return p.found, &oauth2.Config{ClientID: p.o.ClientID, ClientSecret: p.o.ClientSecret, Endpoint: p.found.Endpoint(),
		RedirectURL: p.api.public + base + "/oidc/callback", Scopes: append([]string{oidc.ScopeOpenID}, p.o.Scopes...)}, nil
}

// start sends a browser to the provider.
func (p *provider) start(w http.ResponseWriter, r *http.Request) {
	_, conf, err := p.discover(r.Context())
	if err != nil {
		p.fail(w, r, "oidc_unreachable", err)
		return
	}
	login := pendingLogin{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), To: localPath(r.URL.Query().Get("to")), At: p.api.now()}
	sealed, err := p.seals.seal(login)
	if err != nil {
		p.fail(w, r, "oidc_failed", err)
		return
	}
	p.give(w, sealed, int(oidcPending/time.Second))
	http.Redirect(w, r, conf.AuthCodeURL(login.State, oidc.Nonce(login.Nonce), oauth2.S256ChallengeOption(login.Verifier)), http.StatusFound)
}

// give sets the cookie of a log-in that has begun, or takes it away where age < 0. Lax: the way back comes from the provider's site.
func (p *provider) give(w http.ResponseWriter, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: oidcCookie, Value: value, Path: base + "/oidc", MaxAge: age, HttpOnly: true,
		Secure: p.api.secure, SameSite: http.SameSiteLaxMode})
}

// began finds the log-in that a browser comes back from; false where it did not begin there, or too long ago.
func (p *provider) began(r *http.Request) (l pendingLogin, ok bool) {
	c, err := r.Cookie(oidcCookie)
	ok = err == nil && p.seals.open(c.Value, &l) && sameToken(r.URL.Query().Get("state"), l.State) && !l.At.Add(oidcPending).Before(p.api.now())
	return l, ok
}

// callback is where the provider sends a browser back to. A log-in that fails counts as a wrong password of its source does, so
// that nobody makes us bother the provider without end.
func (p *provider) callback(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	login, ok := p.began(r)
	p.give(w, "", -1)
	switch {
	case !ok:
		p.fail(w, r, "oidc_state", errors.New("the log-in did not begin in this browser, or took too long"))
		return
	case q.Get("error") != "":
		p.fail(w, r, "oidc_refused", errors.New(line(q.Get("error")+" "+q.Get("error_description"))))
		return
	}
	try := staff.Attempt{Login: login.State, Source: source(r.Context()), Agent: r.UserAgent()}
	if err := p.api.Staff.Try(try); err != nil {
		p.refuse(w, r, http.StatusTooManyRequests, "oidc_many", err)
		return
	}
	names, err := p.names(r.Context(), q.Get("code"), login)
	if err != nil {
		p.refuse(w, r, http.StatusUnauthorized, "oidc_failed", err)
		return
	}
	for _, name := range names {
		person, found := p.api.Roster.ByLogin(name)
		if !found || person.Login == "" { // an id of ours is no name of the provider's
			continue
		}
		token, who, err := p.api.Staff.LoginAs(r.Context(), name, try)
		if err != nil {
			p.fail(w, r, "oidc_failed", err)
			return
		}
		c := p.api.cookie(token, 0)
		http.SetCookie(w, &c)
		p.api.audit(r, loginOIDC, who, http.StatusFound)
		http.Redirect(w, r, login.To, http.StatusFound)
		return
	}
	p.refuse(w, r, http.StatusUnauthorized, "oidc_unknown", fmt.Errorf("people.yaml has no login %q", line(strings.Join(names, " or "))))
}

// names exchanges a code for the names under which the provider knows the person: the subject, and the e-mail address where
// the provider has verified it.
func (p *provider) names(ctx context.Context, code string, login pendingLogin) ([]string, error) {
	found, conf, err := p.discover(ctx)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := conf.Exchange(ctx, code, oauth2.VerifierOption(login.Verifier))
	if err != nil {
		return nil, err
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, errors.New("the provider sent no id_token")
	}
	id, err := found.Verifier(&oidc.Config{ClientID: p.o.ClientID, Now: p.api.now}).Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if !sameToken(id.Nonce, login.Nonce) {
		return nil, errors.New("the id_token belongs to another log-in")
	}
	var claims struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
	}
	if err := id.Claims(&claims); err != nil {
		return nil, err
	}
	names := []string{id.Subject}
	if claims.Email != "" && claims.Verified {
		names = append(names, claims.Email)
	}
	return names, nil
}

// refuse is fail for what is kept on record, as a wrong password is.
func (p *provider) refuse(w http.ResponseWriter, r *http.Request, status int, problem string, err error) {
	r = r.WithContext(noted(r.Context()))
	tell(r.Context(), problem)
	p.api.audit(r, loginOIDC, staff.Identity{}, status)
	p.fail(w, r, problem, err)
}

// fail sends a browser back to the log-in page, which says what went wrong.
func (p *provider) fail(w http.ResponseWriter, r *http.Request, problem string, err error) {
	if untold, ok := p.told.due(time.Now(), oidcTold); ok {
		p.api.log.Warn("a log-in by the identity provider failed", "problem", problem, "err", err, "untold", untold)
	}
	http.Redirect(w, r, "/login?problem="+url.QueryEscape(problem), http.StatusFound)
}

// localPath is a path on our own site, "/" for anything else: a log-in must not send people elsewhere.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || len(to) > maxReturn || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return to
}
