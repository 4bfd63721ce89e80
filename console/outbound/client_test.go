package outbound_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"ringway/console/outbound"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "93.184.216.34": true, "2606:4700::1111": true, "64:ff9b::808:808": true, "2002:808:808::1": true,
		"127.0.0.1": false, "127.9.9.9": false, "0.0.0.0": false, "10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "198.18.0.1": false, "224.0.0.1": false,
		"255.255.255.255": false, "::": false, "::1": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd12::1": false,
		"ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::7f00:1": false, "64:ff9b::7f00:1": false,
		"64:ff9b::a00:1": false, "2002:7f00:1::": false, "2002:c0a8:101::1": false, "2001:0:1::": false, "fec0::1": false,
	} {
		if got := outbound.Public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: public %v", text, got)
		}
	}
}

func TestCheckURL(t *testing.T) {
	for text, want := range map[string]string{
		"https://hooks.example.org/x": "", "http://hooks.example.org": "", "https://93.184.216.34/": "",
		"ftp://example.org": "neither", "hooks.example.org": "neither", "https://": "no host", "https://a:b@example.org": "password",
		"https://127.0.0.1:8080/": "private", "https://[::1]/": "private", "https://169.254.169.254/latest": "private", "https://e x": "no URL",
		"https://example.org/#top": "#",
	} {
		_, err := outbound.CheckURL(text, false)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := outbound.CheckURL("http://127.0.0.1:1/", true); err != nil {
		t.Error(err)
	}
}

// The address is looked at when the connection is made: a name that means this machine is refused too.
func TestPrivateIsRefusedAfterDNS(t *testing.T) {
	asked := false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked = true }))
	defer s.Close()
	c := outbound.NewClient(outbound.Options{})
	defer c.CloseIdleConnections()
	for _, url := range []string{s.URL, strings.Replace(s.URL, "127.0.0.1", "localhost", 1)} {
		resp, err := c.Get(url)
		if err == nil {
			resp.Body.Close()
		}
		if !errors.Is(err, outbound.ErrPrivate) || asked {
			t.Errorf("%s: %v, asked %v", url, err, asked)
		}
	}
}

func TestRedirectsAndLongAnswers(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusFound)
			return
		}
		w.Write([]byte(strings.Repeat("x", 100))) //nolint:errcheck // the test reads it
	}))
	defer s.Close()
	c := outbound.NewClient(outbound.Options{AllowPrivate: true})
	defer c.CloseIdleConnections()
	resp, err := c.Get(s.URL + "/old")
	if err != nil || resp.StatusCode != http.StatusFound {
		t.Fatalf("a redirect: %v, %v", resp, err)
	}
	resp.Body.Close()
	for most, want := range map[int64]error{99: outbound.ErrTooLong, 100: nil} {
		resp, err := c.Get(s.URL + "/new")
		if err != nil {
			t.Fatal(err)
		}
		if text, err := outbound.Body(resp, most); !errors.Is(err, want) || err == nil && len(text) != 100 {
			t.Errorf("at most %d: %d bytes, %v", most, len(text), err)
		}
	}
}
