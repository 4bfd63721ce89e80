package node

import (
	"sort"
	"strings"

	"ringway/config"
	"ringway/sip/auth"
	"ringway/sip/location"
)

// directory is who may call, by a configuration: an immutable answer to auth's questions.
type directory struct {
	realm    string
	hosts    map[string]bool // canonical hosts that stand for the realm
	accounts map[string]auth.Account
	apps     map[string]auth.App
}

// newDirectory lists accounts, trunks that log in, and app domains. own are the addresses that this switch listens on.
func newDirectory(c *config.Config, own []string) (*directory, error) {
	s := &c.Settings
	d := &directory{realm: s.Realm, hosts: map[string]bool{}, accounts: map[string]auth.Account{}, apps: map[string]auth.App{}}
	for _, h := range append(append([]string{s.Realm}, s.Domains...), own...) {
		d.hosts[location.CanonicalHost(h)] = true
	}
	for name, a := range s.Accounts {
		aor, err := location.UserAOR(name, s.Realm)
		if err != nil {
			return nil, err
		}
		d.accounts[name] = auth.Account{Name: name, AOR: aor, Context: a.Context, Secret: secret(c, a.Password)}
	}
	for name, t := range s.Trunks {
		if t.User != "" {
			d.accounts[t.User] = auth.Account{Name: t.User, Trunk: name, Context: t.Context, Secret: secret(c, t.Password)}
		}
	}
	for domain, a := range s.AppDomains {
		app := auth.App{Domain: domain, Context: a.Context, MaxLifetime: a.MaxLifetime}
		for id, k := range a.Keys {
			app.Keys = append(app.Keys, auth.Key{ID: id, Secret: []byte(c.Secret(k))})
		}
		sort.Slice(app.Keys, func(i, j int) bool { return app.Keys[i].ID < app.Keys[j].ID })
		d.apps[location.CanonicalHost(domain)] = app
	}
	return d, nil
}

func secret(c *config.Config, s config.Secret) auth.Secret {
	if h, ok := s.HA1(); ok {
		if h = strings.ToLower(h); len(h) == 64 {
			return auth.Secret{HA1SHA256: h}
		}
		return auth.Secret{HA1MD5: h}
	}
	return auth.Secret{Plain: c.Secret(s)}
}

// Realm names the protection space of a host.
func (d *directory) Realm(host string) (string, bool) {
	host = location.CanonicalHost(host)
	if app, ok := d.apps[host]; ok {
		return app.Domain, true
	}
	if d.hosts[host] {
		return d.realm, true
	}
	return "", false
}

// Account finds a phone, or a trunk that logs in.
func (d *directory) Account(realm, user string) (auth.Account, bool) {
	if realm != d.realm {
		return auth.Account{}, false
	}
	a, ok := d.accounts[user]
	return a, ok
}

// App finds the app domain that a realm is.
func (d *directory) App(realm string) (auth.App, bool) {
	a, ok := d.apps[location.CanonicalHost(realm)]
	return a, ok
}
