package hooks

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ringway/console/outbound"
)

// fails asks an address and tells what a delivery would keep of it.
func fails(t *testing.T, url string, private bool, within time.Duration) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/hook?key=secret", nil)
	if err != nil {
		t.Fatal(err)
	}
	c := outbound.NewClient(outbound.Options{AllowPrivate: private})
	defer c.CloseIdleConnections()
	resp, err := c.Do(req)
	if err == nil {
		resp.Body.Close()
		t.Fatal("it answered")
	}
	return reason(err)
}

// What the network says of a failed delivery has a code, keeps its own words, and nothing of the address.
func TestFailuresAreClassified(t *testing.T) {
	quiet := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer quiet.Close()
	cuts := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer cuts.Close()
	strange := httptest.NewUnstartedServer(http.NotFoundHandler())
	strange.Config.ErrorLog = log.New(io.Discard, "", 0)
	strange.StartTLS()
	defer strange.Close()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + ln.Addr().String()
	ln.Close()
	if _, err := x509.SystemCertPool(); err != nil { // reading them may take longer than a handshake is given
		t.Log(err)
	}
	const long, short = 10 * time.Second, 100 * time.Millisecond
	for _, c := range []struct{ code, text, detail string }{
		{"refused", fails(t, nobody, true, long), "connection refused"},
		{"timeout", fails(t, quiet.URL, true, short), ""},
		{"cut", fails(t, cuts.URL, true, long), "EOF"},
		{"certificate", fails(t, strange.URL, true, long), "x509"},
		{"no_tls", fails(t, strings.Replace(quiet.URL, "http:", "https:", 1), true, long), "HTTPS"},
		{"private", fails(t, quiet.URL, false, long), ""},
		{"no_host", reason(&net.DNSError{Err: "no such host", Name: "crm.example.org", IsNotFound: true}), "no such host"},
		{"status", reason(statusError(503)), "503"},
		{"redirect", reason(statusError(302)), "302"},
		{"", reason(fmt.Errorf("a: %w", errors.New("something new"))), "something new"},
	} {
		f := FailureOf(c.text)
		if f.Code != c.code || !strings.Contains(f.Detail, c.detail) || c.detail == "" && f.Detail != "" {
			t.Errorf("%q is %+v, want %s of %q", c.text, f, c.code, c.detail)
		}
		if strings.Contains(c.text, "key=") {
			t.Errorf("%q holds the address", c.text)
		}
	}
}
