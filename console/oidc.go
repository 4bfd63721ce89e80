package console

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
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
	maxPending  = 1000             // log-ins begun and not ended
)

// provider logs people in by OpenID Connect: the authorization code flow with PKCE (RFC 7636).
//
//	browser                          we                              provider
//	GET /oidc/start ────────────▶ state, nonce, verifier kept
//	  ◀── 302, state cookie ───────  code_challenge = S256(verifier)
//	log-in ──────────────────────────────────────────────────────────▶
//	GET /oidc/callback?code&state ▶ state = cookie = kept, once
//	                                code, verifier ──────────────────▶
//	                                ◀────────────── id_token (signature, issuer, audience, expiry, nonce checked)
//	  ◀── 302, session cookie ─────
type provider struct {
	api    *API
	o      OIDC
	client *http.Client

	mu      sync.Mutex     // guards what follows
	found   *oidc.Provider // nil until it answered once
	pending map[string]pendingLogin
}

// pendingLogin is a log-in that began here.
type pendingLogin struct {
	verifier, nonce, to string
	at                  time.Time
}

func newProvider(a *API, o OIDC) *provider {
	return &provider{api: a, o: o, client: &http.Client{Timeout: oidcTime, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}},
		pending: map[string]pendingLogin{}}
}

// routes serves the two addresses of a log-in; they are for browsers that move from page to page, not operations of the API.
func (p *provider) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+base+"/oidc/start", p.start)
	mux.HandleFunc("GET "+base+"/oidc/callback", p.callback)
}

// discover asks the provider where its pages are; again at the next log-in where it does not answer.
func (p *provider) discover(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	p.mu.Lock()
	found := p.found
	p.mu.Unlock()
	if found == nil {
		var err error
		if found, err = oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.o.Issuer); err != nil {
			return nil, nil, err
		}
		p.mu.Lock()
		p.found = found
		p.mu.Unlock()
	}
	return found, &oauth2.Config{ClientID: p.o.ClientID, ClientSecret: p.o.ClientSecret, Endpoint: found.Endpoint(),
		RedirectURL: p.api.public + base + "/oidc/callback", Scopes: append([]string{oidc.ScopeOpenID}, p.o.Scopes...)}, nil
}

// start sends a browser to the provider.
func (p *provider) start(w http.ResponseWriter, r *http.Request) {
	_, conf, err := p.discover(r.Context())
	if err != nil {
		p.fail(w, r, "oidc_unreachable", err)
		return
	}
	login := pendingLogin{verifier: oauth2.GenerateVerifier(), nonce: rand.Text(), to: localPath(r.URL.Query().Get("to")), at: p.api.now()}
	state := rand.Text()
	if !p.keep(state, login) {
		p.fail(w, r, "busy", errors.New("too many log-ins have begun"))
		return
	}
	// Lax: the way back comes from the provider's site
	http.SetCookie(w, &http.Cookie{Name: oidcCookie, Value: state, Path: base + "/oidc", MaxAge: int(oidcPending / time.Second), HttpOnly: true,
		Secure: p.api.secure, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, conf.AuthCodeURL(state, oidc.Nonce(login.nonce), oauth2.S256ChallengeOption(login.verifier)), http.StatusFound)
}

// keep remembers a log-in that begins; false where there are too many.
func (p *provider) keep(state string, l pendingLogin) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for s, old := range p.pending {
		if old.at.Add(oidcPending).Before(l.at) {
			delete(p.pending, s)
		}
	}
	if len(p.pending) >= maxPending {
		return false
	}
	p.pending[state] = l
	return true
}

// take finds a log-in that began here, once.
func (p *provider) take(state string) (pendingLogin, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, ok := p.pending[state]
	delete(p.pending, state)
	return l, ok && !l.at.Add(oidcPending).Before(p.api.now())
}

// callback is where the provider sends a browser back to.
func (p *provider) callback(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	cookie, err := r.Cookie(oidcCookie)
	http.SetCookie(w, &http.Cookie{Name: oidcCookie, Path: base + "/oidc", MaxAge: -1, HttpOnly: true, Secure: p.api.secure, SameSite: http.SameSiteLaxMode})
	login, known := p.take(q.Get("state"))
	switch {
	case err != nil || !sameToken(q.Get("state"), cookie.Value) || !known:
		p.fail(w, r, "oidc_state", errors.New("the log-in did not begin in this browser, or took too long"))
		return
	case q.Get("error") != "":
		p.fail(w, r, "oidc_refused", errors.New(line(q.Get("error")+" "+q.Get("error_description"))))
		return
	}
	names, err := p.names(r.Context(), q.Get("code"), login)
	if err != nil {
		p.fail(w, r, "oidc_failed", err)
		return
	}
	for _, name := range names {
		person, found := p.api.Roster.ByLogin(name)
		if !found || person.Login == "" { // an id of ours is no name of the provider's
			continue
		}
		token, who, err := p.api.Staff.LoginAs(r.Context(), staff.Attempt{Login: name, Source: source(r.Context()), Agent: r.UserAgent()})
		if err != nil {
			p.fail(w, r, "oidc_failed", err)
			return
		}
		c := p.api.cookie(token, 0)
		http.SetCookie(w, &c)
		p.api.audit(r, Op{ID: "login-oidc", Audit: true}, who, http.StatusFound)
		http.Redirect(w, r, login.to, http.StatusFound)
		return
	}
	p.fail(w, r, "oidc_unknown", fmt.Errorf("people.yaml has no login %q", line(strings.Join(names, " or "))))
}

// names exchanges a code for the names under which the provider knows the person: the subject, and the e-mail address where
// the provider has verified it.
func (p *provider) names(ctx context.Context, code string, login pendingLogin) ([]string, error) {
	found, conf, err := p.discover(ctx)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := conf.Exchange(ctx, code, oauth2.VerifierOption(login.verifier))
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
	if !sameToken(id.Nonce, login.nonce) {
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

// fail sends a browser back to the log-in page, which says what went wrong.
func (p *provider) fail(w http.ResponseWriter, r *http.Request, problem string, err error) {
	p.api.log.Warn("a log-in by the identity provider failed", "problem", problem, "err", err)
	http.Redirect(w, r, "/login?problem="+url.QueryEscape(problem), http.StatusFound)
}

// localPath is a path on our own site, "/" for anything else: a log-in must not send people elsewhere.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return to
}
