package console

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ringway/console/staff"
)

// With a certificate, cookies stay on HTTPS and browsers are told to; old TLS is refused.
func TestTLS(t *testing.T) {
	lender := httptest.NewTLSServer(nil)
	lender.Close()
	o := opened(t, func(opts *Options) {
		opts.TLS = &tls.Config{Certificates: lender.TLS.Certificates, MinVersion: tls.VersionTLS12}
	})
	if err := o.guard.SetPassword(t.Context(), "mei", secret); err != nil {
		t.Fatal(err)
	}
	client := lender.Client()
	t.Cleanup(client.CloseIdleConnections)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.api.URL()+"/api/v1/login", strings.NewReader(`{"login":"mei","password":"`+secret+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 || !strings.Contains(resp.Header.Get("Set-Cookie"), "Secure") || resp.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%s %v", resp.Status, resp.Header)
	}
	old := &tls.Config{RootCAs: client.Transport.(*http.Transport).TLSClientConfig.RootCAs, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	if conn, err := tls.Dial("tcp", o.api.Addr(), old); err == nil {
		conn.Close() //nolint:errcheck // it should not have been there
		t.Error("TLS 1.1 is spoken")
	}
}

// A proxy that has the certificate makes cookies secure too.
func TestPublicAddress(t *testing.T) {
	o := opened(t, func(opts *Options) { opts.PublicURL = "https://desk.wayfare.example" })
	text := o.as("ada").want("POST", "/api/v1/staff/mei/invite", nil, 200, "https://desk.wayfare.example/invitation?token=")
	_, token, _ := strings.Cut(text, "token=")
	token, _, _ = strings.Cut(token, `"`)
	nobody := o.anonymous()
	nobody.with("Origin", "https://desk.wayfare.example").want("POST", "/api/v1/invitation", map[string]any{"token": token, "password": secret}, 200)
	nobody.want("POST", "/api/v1/login", map[string]any{"login": "mei", "password": secret}, 200)
	if c := nobody.last.Header.Get("Set-Cookie"); !strings.Contains(c, "Secure") {
		t.Error(c)
	}
	if who := (staff.Identity{}); who.Known() || who.SeesAll() {
		t.Error("nobody is somebody")
	}
}
