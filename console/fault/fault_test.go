package fault

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestAFaultIsToldWithItsPlace(t *testing.T) {
	var text bytes.Buffer
	log := slog.New(slog.NewTextHandler(&text, nil))
	if err := Contain(log, "a board", func() { panic("a fault of ours") }); err == nil || err.Error() != "panic: a fault of ours" {
		t.Error(err)
	}
	for _, want := range []string{"a board", "a fault of ours", "fault_test.go"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the log does not say %q: %s", want, &text)
		}
	}
	text.Reset()
	if err := Contain(log, "a board", func() {}); err != nil || text.Len() > 0 {
		t.Error(err, &text)
	}
}

// Work that a fault ended begins anew, ever later while it fails at once, and ends with its context, also between two tries.
func TestWorkBeginsAnewAfterAFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		var began []time.Duration
		Loop(ctx, slog.New(slog.DiscardHandler), "x", func(ctx context.Context) {
			began = append(began, time.Since(start))
			switch len(began) {
			case 9:
				time.Sleep(2 * lastPause) // it worked for a while
			case 11:
				time.AfterFunc(time.Second, cancel)
			}
			panic("x")
		})
		want := []time.Duration{0, 1, 3, 7, 15, 31, 63, 123, 183, 304, 306}
		for i, w := range want {
			if i >= len(began) || began[i] != w*time.Second {
				t.Fatalf("began after %s, want %d s", began, want)
			}
		}
		if len(began) != len(want) || time.Since(start) != 307*time.Second {
			t.Errorf("began after %s, ended after %s", began, time.Since(start))
		}
		Loop(t.Context(), slog.New(slog.DiscardHandler), "y", func(context.Context) {}) // work that is done is not begun anew
	})
}
