package console

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"ringway/console/web"
)

// serve opens a staff's listener for one test.
func serve(t *testing.T, o Options) *Server {
	t.Helper()
	o.Listen = "127.0.0.1:0"
	if o.Switch == nil {
		o.Switch = idle{}
	}
	s, err := Serve(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// fetch gets a page, without asking for a compressed one.
func fetch(t *testing.T, url string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

var built = fstest.MapFS{
	"index.html":          {Data: []byte(`<meta name="csp-nonce" content="` + web.NonceMark + `">`)},
	"assets/main-1.js":    {Data: []byte("plain")},
	"assets/main-1.js.br": {Data: []byte("brotli")},
	"assets/main-1.js.gz": {Data: []byte("gzip")},
	"favicon.svg":         {Data: []byte("<svg/>")},
}

// Each page carries a nonce of its own, in itself and in its policy, and may run nothing else.
func TestPageHasANonceOfItsOwn(t *testing.T) {
	s := serve(t, Options{Files: built})
	seen := map[string]bool{}
	for _, path := range []string{"/", "/desk", "/calls/some-id", "/index.html", "/../etc/passwd"} {
		resp, text := fetch(t, s.URL()+path)
		policy := resp.Header.Get("Content-Security-Policy")
		_, rest, _ := strings.Cut(text, `content="`)
		nonce, _, _ := strings.Cut(rest, `"`)
		if nonce == "" || nonce == web.NonceMark || seen[nonce] || !strings.Contains(policy, "style-src 'self' 'nonce-"+nonce+"'") {
			t.Errorf("%s: nonce %q, policy %q", path, nonce, policy)
		}
		if !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		seen[nonce] = true
	}
}

func TestAssets(t *testing.T) {
	s := serve(t, Options{Files: built})
	for _, c := range []struct {
		path, accept string
		status       int
		text, cache  string
	}{
		{"/assets/main-1.js", "identity", 200, "plain", "public, max-age=31536000, immutable"},
		{"/assets/main-1.js", "gzip", 200, "gzip", "public, max-age=31536000, immutable"},
		{"/assets/main-1.js", "gzip, br", 200, "brotli", "public, max-age=31536000, immutable"},
		{"/assets/main-1.js", "br;q=0, gzip", 200, "gzip", "public, max-age=31536000, immutable"},
		{"/assets/main-2.js", "br", 404, "no such file\n", "no-store"},
		{"/favicon.svg", "identity", 200, "<svg/>", "no-cache"},
		{"/livez", "identity", 200, "alive\n", "no-store"},
		{"/readyz", "identity", 200, "ready\n", "no-store"},
	} {
		resp, text := fetch(t, s.URL()+c.path, "Accept-Encoding", c.accept)
		if resp.StatusCode != c.status || text != c.text || resp.Header.Get("Cache-Control") != c.cache {
			t.Errorf("%s with %q: %d %q %q", c.path, c.accept, resp.StatusCode, text, resp.Header.Get("Cache-Control"))
		}
	}
}

// Without a log-in nothing is told, and what does not exist is a problem, not a page.
func TestNobodyGetsNothing(t *testing.T) {
	s := opened(t).api
	for path, status := range map[string]int{"/api/v1/status": 401, "/api/v1/nothing": 404, "/api/openapi.json": 200} {
		resp, text := fetch(t, s.URL()+path)
		if resp.StatusCode != status {
			t.Errorf("%s: %d %s", path, resp.StatusCode, text)
		}
		if status != 200 && !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/problem+json") {
			t.Errorf("%s: %s", path, resp.Header.Get("Content-Type"))
		}
	}
}
