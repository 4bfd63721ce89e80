package config

import (
	"strings"

	"ringway/codecs/builtin"
	"ringway/config/diag"
)

// checker looks at what a single file cannot know: references across files, secrets, settings that contradict.
type checker struct {
	*reader
	c        *Config
	contexts map[string]bool // that the dialplan defines, whether or not it is sound otherwise
}

// pos is where a key stands, or the beginning of the file where it is a default.
func (k *checker) pos(key string) diag.Pos {
	if p, ok := k.at[key]; ok {
		return p
	}
	return k.at[""]
}

func (k *checker) all() {
	s := &k.c.Settings
	k.listeners()
	if _, missing := builtin.All().Named(s.Codecs); len(s.Codecs) == 0 || len(missing) > 0 {
		for _, name := range missing {
			k.l.Errorf(k.pos("codecs"), codeReference, suggestCodec(name), "there is no codec %q", name)
		}
		if len(s.Codecs) == 0 {
			k.l.Errorf(k.pos("codecs"), codeConflict, "", "without a codec no call is possible")
		}
	}
	if s.Limits.MinExpires > s.Limits.MaxExpires {
		k.l.Errorf(k.pos("limits"), codeConflict, "", "limits.min_expires is longer than limits.max_expires")
	}
	for _, name := range keys(s.AppDomains) {
		k.app(name, s.AppDomains[name])
	}
	for _, name := range keys(s.Accounts) {
		a := s.Accounts[name]
		k.entry("accounts."+name, a.Context)
		k.secret(a.Password, "accounts."+name+".password")
	}
	for _, name := range keys(s.Trunks) {
		k.trunk(name, s.Trunks[name])
	}
	k.console()
	k.mails()
	k.hooks()
	k.phones()
}

// console demands that the certificate can be read, and warns where passwords would cross a network in the clear.
func (k *checker) console() {
	c := k.c.Settings.Console
	if c.OIDC.ClientSecret != "" {
		k.secret(c.OIDC.ClientSecret, "console.oidc.client_secret")
	}
	if c.TLS.Cert != "" && c.TLS.Key != "" {
		if _, err := c.Certificate(k.c.Dir); err != nil {
			k.l.Errorf(k.at["console.tls"], codeFile, "", "the certificate can't be read: %v", err)
		}
	}
}

func suggestCodec(name string) string {
	var known []string
	for _, c := range builtin.All().All() {
		known = append(known, c.Format().Name)
	}
	if hint := diag.Suggest(name, known); hint != "" {
		return hint
	}
	return "known: " + strings.Join(known, ", ")
}

func (k *checker) listeners() {
	seen := map[string]bool{}
	for _, l := range k.c.Settings.Listeners {
		id := l.Protocol + " " + l.Address.String()
		if l.Address.Port() != 0 && seen[id] {
			k.l.Errorf(k.pos("listeners"), codeConflict, "remove one of them", "two listeners on %s", id)
		}
		seen[id] = true
	}
	if len(k.c.Settings.Listeners) == 0 {
		k.l.Errorf(k.pos("listeners"), codeConflict, "", "without a listener nobody can call")
	}
}

func (k *checker) app(name string, a AppDomain) {
	path := "app_domains." + name
	k.entry(path, a.Context)
	if strings.EqualFold(name, k.c.Settings.Realm) {
		k.l.Errorf(k.at[path], codeConflict, "give the app a domain of its own", "%q is also the realm of the accounts", name)
	}
	if len(a.Keys) == 0 {
		k.l.Errorf(k.at[path], codeSecret, "", "an app domain needs a key")
	}
	for _, id := range keys(a.Keys) {
		if strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
			k.l.Errorf(k.at[path+".keys."+id], diag.CodeValue, "use letters, digits, _ and -", "%q is no key id", id)
		}
		k.secret(a.Keys[id], path+".keys."+id)
	}
}

func (k *checker) trunk(name string, t Trunk) {
	path := "trunks." + name
	if len(t.Match) > 0 || t.User != "" {
		k.entry(path, t.Context)
	}
	if t.User != "" {
		k.secret(t.Password, path+".password")
	}
	if len(t.Targets) == 0 && len(t.Dial) > 0 {
		k.l.Errorf(k.at[path], codeConflict, "set targets", "trunk %q may be dialled but has no target", name)
	}
	for _, p := range t.Dial {
		if !k.contexts[p.From] {
			k.l.Errorf(k.at[path+".dial"], codeReference, "", "there is no context %q", p.From)
		}
	}
}

// entry demands that a context in which calls begin exists.
func (k *checker) entry(path, context string) {
	pos := k.at[path+".context"]
	switch {
	case context == "":
		k.l.Warnf(k.at[path], codeUnused, "name its entry context", "calls from %s are refused: it has no context", strings.ReplaceAll(path, ".", " "))
	case !k.contexts[context]:
		k.l.Errorf(pos, codeReference, diag.Suggest(context, keys(k.contexts)), "there is no context %q in the dialplan", context)
	}
}

func (k *checker) secret(s Secret, path string) {
	if _, done := k.c.secrets[s]; done {
		return
	}
	if _, hashed := s.HA1(); hashed {
		return
	}
	plain, err := s.Read(k.c.Dir)
	if err != nil {
		k.l.Errorf(k.at[path], codeSecret, "write env:NAME, file:PATH or ha1:HEX", "the secret can't be read: %v", err)
		return
	}
	k.c.secrets[s] = plain
}

// phones demands that the accounts in people.yaml exist.
func (k *checker) phones() {
	if k.c.Spec == nil {
		return
	}
	accounts := keys(k.c.Settings.Accounts)
	for _, ref := range k.c.Spec.AccountRefs {
		if _, ok := k.c.Settings.Accounts[ref.Account]; !ok {
			k.l.Errorf(ref.Pos, codeReference, diag.Suggest(ref.Account, accounts), "%s has the phone '%s', which is no account of %s",
				ref.Person, ref.Account, settingsFile)
		}
	}
}
