package node

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ringway/store"
)

// A fault in housekeeping is logged with its place and ends nothing.
func TestAFaultInHousekeepingEndsNothing(t *testing.T) {
	var log bytes.Buffer
	n := &Node{log: slog.New(slog.NewTextHandler(&log, nil))}
	n.safely("close days", func() { panic("a fault of ours") })
	if text := log.String(); !strings.Contains(text, "a fault of ours") || !strings.Contains(text, "close days") || !strings.Contains(text, "housekeeping_test.go") {
		t.Error(text)
	}
}

// Entries of who did what that are older than the company keeps them are deleted by the housekeeping, however many they are.
func TestOldEntriesOfWhoDidWhatAreDeleted(t *testing.T) {
	defer goleak.VerifyNone(t)
	n := company(t)
	defer stop(t, n)
	ctx, now := context.Background(), n.clock.Now()
	put := func(who string, age time.Duration) {
		if err := n.tables.PutAudit(ctx, store.AuditEntry{At: now.Add(-age), Who: who}); err != nil {
			t.Fatal(err)
		}
	}
	for range auditBatch + 10 {
		put("old", 366*24*time.Hour)
	}
	put("kept", 364*24*time.Hour)
	left := func() string {
		n.prune(ctx)
		all, err := n.tables.Audit(ctx, store.AuditQuery{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		who := map[string]int{}
		for _, e := range all {
			who[e.Who]++
		}
		return fmt.Sprint(who)
	}
	if got := left(); got != "map[kept:1]" {
		t.Errorf("%s", got)
	}
	forever := *n.cur.Load()
	c := *forever.config
	c.Settings.Audit.Retention, forever.config = 0, &c
	n.cur.Store(&forever)
	put("ancient", 3660*24*time.Hour)
	if got := left(); got != "map[ancient:1 kept:1]" {
		t.Errorf("kept for ever: %s", got)
	}
}
