package config

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"ringway/config/diag"
	"ringway/console/hooks"
	"ringway/console/lookup"
	"ringway/console/outbound"
	"ringway/console/stream"
)

// maxWebhooks is how many other systems are told what happens.
const maxWebhooks = 20

const hookTimeout = 10 * time.Second

func (r *reader) webhooks(n diag.Node) []Webhook {
	var out []Webhook
	seen := map[string]bool{}
	for i, item := range n.Sequence() {
		m := item.Mapping()
		w := r.webhook(m, hookPath(i))
		if seen[w.Name] && w.Name != "" {
			m.Field("name").Errorf(codeConflict, "give each a name of its own", "two webhooks are called '%s'", w.Name)
		}
		seen[w.Name] = true
		out = append(out, w)
		m.Done()
	}
	if len(out) > maxWebhooks {
		n.Errorf(diag.CodeValue, "", "%d webhooks are more than %d", len(out), maxWebhooks)
	}
	return out
}

func hookPath(i int) string { return fmt.Sprintf("webhooks[%d]", i) }

func (r *reader) webhook(m *diag.Mapping, path string) Webhook {
	r.at[path] = m.Pos()
	w := Webhook{AllowPrivate: m.Field("allow_private").Bool(false), Timeout: within(m.Field("timeout"), hookTimeout, 100*time.Millisecond, time.Minute)}
	name := m.Require("name")
	if w.Name = name.String(""); name.Present() && !word(w.Name) {
		name.Errorf(diag.CodeValue, "use 1 to 32 lower-case letters, digits, _ and -", "'%s' is no name of a webhook", w.Name)
	}
	u := m.Require("url")
	if w.URL = u.String(""); u.Present() {
		if _, err := outbound.CheckURL(w.URL, w.AllowPrivate); err != nil {
			u.Errorf(codeAddress, addressHint(err), "%q is no address for a webhook: %v", w.URL, err)
		}
	}
	for i, s := range m.Require("secrets").Items() {
		w.Secrets = append(w.Secrets, r.secret(s, fmt.Sprintf("%s.secrets[%d]", path, i)))
	}
	for _, e := range m.Field("events").Items() {
		kind := e.String("")
		if hint, err := stream.CheckKind(kind); err != nil {
			e.Errorf(codeReference, hint, "there is no event '%s'", kind)
		}
		w.Events = append(w.Events, kind)
	}
	return w
}

func word(s string) bool {
	return s != "" && len(s) <= 32 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// addressHint tells what to write where an address is refused.
func addressHint(err error) string {
	if errors.Is(err, outbound.ErrPrivate) {
		return "write allow_private: true where it is a system of your own"
	}
	return `write it in full, as in "https://hooks.example.org/ringway"`
}

// within reads a duration with bounds.
func within(n diag.Node, def, least, most time.Duration) time.Duration {
	d := n.Duration(def)
	if d < least || d > most {
		n.Errorf(diag.CodeValue, "", "%v is not between %v and %v", d, least, most)
		return def
	}
	return d
}

func (r *reader) crm(m *diag.Mapping, def CRM) CRM {
	defer m.Done()
	c := CRM{AllowPrivate: m.Field("allow_private").Bool(false), Headers: map[string]Secret{},
		Timeout: within(m.Field("timeout"), def.Timeout, 50*time.Millisecond, 30*time.Second),
		Cache:   within(m.Field("cache"), def.Cache, 0, 24*time.Hour)}
	u := m.Field("url")
	if c.URL = u.String(""); c.URL != "" {
		if _, err := lookup.Parse(c.URL, c.AllowPrivate); err != nil {
			hint := addressHint(err)
			if !errors.Is(err, outbound.ErrPrivate) {
				hint = `as in "https://crm.example.org/customers/{customer}?booking={booking}"`
			}
			u.Errorf(codeAddress, hint, "%q: %v", c.URL, err)
		}
	} else if m.Len() > 0 {
		m.Node().Warnf(codeUnused, "write its url", "nobody is looked up: crm has no url")
	}
	for _, e := range m.Field("headers").Mapping().Entries() {
		name := http.CanonicalHeaderKey(e.Name())
		if !headerName(name) {
			r.l.Errorf(e.Pos(), diag.CodeValue, "", "'%s' is no header that can be set", e.Name())
			continue
		}
		c.Headers[name] = r.secret(e.Value, "crm.headers."+name)
	}
	return c
}

// headerName tells whether a header of this name can be sent along.
func headerName(s string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	return s != "" && strings.Trim(strings.ToLower(s), letters+"0123456789-") == "" && s != "Host" && s != "Content-Length"
}

// hooks demands that the secrets of webhooks and of the look-up can be read, and are of use.
func (k *checker) hooks() {
	for i, w := range k.c.Settings.Webhooks {
		for j, s := range w.Secrets {
			path := fmt.Sprintf("%s.secrets[%d]", hookPath(i), j)
			if _, hashed := s.HA1(); hashed {
				k.l.Errorf(k.at[path], codeSecret, "write env:NAME or file:PATH", "a hashed secret can't sign anything")
				continue
			}
			if k.secret(s, path); k.c.secrets[s] == "" {
				continue
			}
			if _, err := hooks.ParseSecret(k.c.secrets[s]); err != nil {
				k.l.Errorf(k.at[path], codeSecret, "make one with: echo whsec_$(openssl rand -base64 32)", "%v", err)
			}
		}
	}
	for _, name := range keys(k.c.Settings.CRM.Headers) {
		s := k.c.Settings.CRM.Headers[name]
		if k.secret(s, "crm.headers."+name); strings.ContainsFunc(k.c.secrets[s], unicode.IsControl) {
			k.l.Errorf(k.at["crm.headers."+name], codeSecret, "", "the secret can't be the value of a header")
		}
	}
}
