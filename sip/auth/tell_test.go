package auth

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// Whoever sets up a phone finds in the log why it does not register, and a guesser does not fill it.
func TestTheLogTellsWhyAPhoneDidNotGetIn(t *testing.T) {
	var log bytes.Buffer
	b := newBench(Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	try := func(user, password string, from netip.Addr) string {
		log.Reset()
		b.login(t, b.request("REGISTER", user, "example.org"), &phone{user: user, password: password}, Peer{Source: from})
		return log.String()
	}
	if got := try("mei", "tea", office); got != "" {
		t.Errorf("who got in is told of: %s", got)
	}
	got := try("mei", "coffee", office)
	for _, want := range []string{"user=mei", "source=" + office.String(), "realm=example.org", "the password is wrong"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not say %q", got, want)
		}
	}
	if strings.Contains(got, "coffee") || strings.Contains(got, "response") {
		t.Errorf("a secret is told: %s", got)
	}
	if got := try("mei", "coffee", office); got != "" {
		t.Errorf("told again at once: %s", got)
	}
	if got := try(strings.Repeat("mai", 40), "tea", home); !strings.Contains(got, "there is no such user") || len(got) > 300 {
		t.Errorf("of a name that nobody has: %s", got)
	}
	b.now = b.now.Add(tellEvery)
	if got := try("mei", "coffee", office); got == "" {
		t.Error("not told again after a minute")
	}
	lines := 0
	for i := range 2 * tellRoom {
		if try("mei", "guess", netip.MustParseAddr(fmt.Sprintf("10.0.%d.%d", i/250, i%250))) != "" {
			lines++
		}
	}
	if lines > tellRoom {
		t.Errorf("%d lines within a minute", lines)
	}
	b.now = b.now.Add(time.Hour)
	if got := try("mei", "coffee", home); got == "" {
		t.Error("after a flood nothing is told any more")
	}
}
