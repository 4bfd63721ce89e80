package config

import (
	"net"
	"net/url"
	"strconv"
	"time"

	"ringway/config/diag"
)

func (r *reader) console(m *diag.Mapping, def Console) Console {
	defer m.Done()
	out := Console{Listen: r.listenAddress(m.Field("listen"), def.Listen)}
	t := m.Field("tls").Mapping()
	r.mark(m, "console.", "tls", "listen", "oidc")
	out.TLS = TLS{Cert: t.Field("cert").String(""), Key: t.Field("key").String("")}
	if (out.TLS.Cert == "") != (out.TLS.Key == "") {
		t.Node().Errorf(codeConflict, "write cert and key", "a certificate without its key, or a key without its certificate")
	}
	t.Done()
	out.PublicURL = r.webAddress(m.Field("public_url"))
	out.Proxies = r.networks(m.Field("trusted_proxies"))
	out.OIDC = r.oidc(m.Field("oidc").Mapping())
	out.SessionHours = m.Field("session_hours").IntBetween(def.SessionHours, 1, 24*30)
	out.PerSource = m.Field("connections_per_source").IntBetween(def.PerSource, 8, 4096)
	return out
}

// shortestAudit is what a record of who did what is good for at least: who could shorten it to a minute could leave no trace.
const shortestAudit = 24 * time.Hour

func (r *reader) audit(m *diag.Mapping, def Audit) Audit {
	defer m.Done()
	n := m.Field("retention")
	out := Audit{Retention: n.Duration(def.Retention)}
	if out.Retention > 0 && out.Retention < shortestAudit {
		n.Errorf(diag.CodeValue, "write a day or more, as in 365d, or 0s to keep entries for ever", "%s is too short for a record of who did what", out.Retention)
	}
	return out
}

func (r *reader) listenAddress(n diag.Node, def string) string {
	v := n.String(def)
	if v == "" {
		return ""
	}
	host, port, err := net.SplitHostPort(v)
	number, errPort := strconv.Atoi(port)
	if err != nil || errPort != nil || number < 0 || number > 65535 || host != "" && net.ParseIP(host) == nil && host != "localhost" {
		n.Errorf(codeAddress, `write an IP address and a port, as in "127.0.0.1:8080", or "" for no console`, "%q is not an address to listen on", v)
		return def
	}
	return v
}

func (r *reader) webAddress(n diag.Node) string {
	v := n.String("")
	if v == "" {
		return ""
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil {
		n.Errorf(codeAddress, `write it as browsers do, without a path, as in "https://desk.example.org"`, "%q is not the address of a web server", v)
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func (r *reader) oidc(m *diag.Mapping) OIDC {
	defer m.Done()
	o := OIDC{ClientID: m.Field("client_id").String(""), Scopes: m.Field("scopes").Strings()}
	issuer := m.Field("issuer")
	if o.Issuer = issuer.String(""); o.Issuer == "" {
		return o
	}
	if u, err := url.Parse(o.Issuer); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		issuer.Errorf(codeAddress, `write the address of the provider, as in "https://login.example.org"`, "%q is not the address of an issuer", o.Issuer)
	}
	if o.ClientID == "" {
		m.Node().Errorf(diag.CodeValue, "write the name that the provider knows this switch by", "oidc needs a client_id")
	}
	if m.Has("client_secret") {
		o.ClientSecret = r.secret(m.Field("client_secret"), "console.oidc.client_secret")
	}
	if len(o.Scopes) == 0 {
		o.Scopes = []string{"email"}
	}
	return o
}
