package demo

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestCustomersCallAtAKey types what the guide says may be typed: customers call, and hang up.
func TestCustomersCallAtAKey(t *testing.T) {
	var out screen
	keys := make(chan string)
	guide := out.shows("Ctrl-C ends it all.")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- Run(ctx, Options{Data: t.TempDir(), Port: -1, Out: &out, Keys: keys, Every: -1, Talk: time.Hour, NoPast: true})
	}()
	saw := func(c <-chan struct{}, what string) {
		t.Helper()
		select {
		case <-c:
		case err := <-done:
			t.Fatalf("ended by itself: %v\n%s", err, &out)
		case <-time.After(time.Minute):
			t.Fatalf("never said %q:\n%s", what, &out)
		}
	}
	typed := func(line, answer string) {
		t.Helper()
		c := out.shows(answer)
		keys <- line
		saw(c, answer)
	}
	saw(guide, "the guide")
	if strings.Contains(out.String(), "by herself") {
		t.Error("nobody calls by herself here")
	}
	typed("3", "Grace Hill calls")
	typed(" 3 ", "(en from GB) is calling already")
	typed("", "Marie Petit calls")
	typed("9", "5 Wong Ka-Yan)")
	typed("h", "hang up: 2")
	saw(out.shows("Grace Hill (en from GB) "), "what came of it")
	if strings.Contains(out.String(), "made-up") {
		t.Error("calls were made up")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
