package node

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"sort"
	"strings"
	"time"

	"ringway/config"
	"ringway/console"
	"ringway/sip/auth"
	"ringway/store"
)

// defaultLifetime is how long a minted credential lives when nobody says.
const defaultLifetime = time.Hour

// Mint makes the SIP credential of one app session and keeps its claims, so that any SIP client can use it as it is.
func (n *Node) Mint(_ context.Context, r console.MintRequest) (console.Credential, error) {
	c, session, err := MintWith(n.config(), r, n.clock.Now())
	if err != nil {
		return c, err
	}
	n.sessions.add(session)
	n.records.Record(store.Record{Session: &session})
	if at := n.transport.Addrs(); len(at) > 0 {
		c.Proxy = net.JoinHostPort(at[0].Addr.Addr().String(), fmt.Sprint(at[0].Addr.Port()))
	}
	return c, nil
}

// MintWith makes the credential from a configuration alone; a switch that never heard of the session takes its claims from
// the signed header.
func MintWith(c *config.Config, r console.MintRequest, now time.Time) (console.Credential, store.AppSession, error) {
	domain, err := appDomain(c, r.Domain)
	if err != nil {
		return console.Credential{}, store.AppSession{}, err
	}
	app := c.Settings.AppDomains[domain]
	ids := make([]string, 0, len(app.Keys))
	for id := range app.Keys {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	life := r.Lifetime
	if life <= 0 {
		life = min(defaultLifetime, app.MaxLifetime)
	}
	if life > app.MaxLifetime {
		return console.Credential{}, store.AppSession{}, fmt.Errorf("%s is longer than max_lifetime of %s, which is %s", life, domain, app.MaxLifetime)
	}
	key := auth.Key{ID: ids[len(ids)-1], Secret: []byte(c.Secret(app.Keys[ids[len(ids)-1]]))}
	u := auth.UserName{Key: key.ID, Subject: r.Subject, Session: strings.ToLower(rand.Text()[:16]), Expires: now.Add(life).Truncate(time.Second)}
	user, password, err := auth.Mint(key, u)
	if err != nil {
		return console.Credential{}, store.AppSession{}, err
	}
	claims, err := auth.SignClaims(key, u, r.Claims)
	if err != nil {
		return console.Credential{}, store.AppSession{}, err
	}
	session := store.AppSession{Session: u.Session, Subject: u.Subject, Domain: domain, Key: key.ID, Expires: u.Expires, Claims: r.Claims}
	return console.Credential{AOR: "sip:" + u.Subject + "@" + domain, User: user, Password: password, Realm: domain,
		Expires: u.Expires, Claims: claims}, session, nil
}

// appDomain is the asked domain, or the only one there is.
func appDomain(c *config.Config, want string) (string, error) {
	var all []string
	for d := range c.Settings.AppDomains {
		if strings.EqualFold(d, want) {
			return d, nil
		}
		all = append(all, d)
	}
	sort.Strings(all)
	switch {
	case len(all) == 0:
		return "", fmt.Errorf("%w: ringway.yaml has no app_domains", console.ErrUnknown)
	case want == "" && len(all) == 1:
		return all[0], nil
	case want == "":
		return "", fmt.Errorf("name one of the app domains: %s", strings.Join(all, ", "))
	}
	return "", fmt.Errorf("%w app domain %q; there are %s", console.ErrUnknown, want, strings.Join(all, ", "))
}
