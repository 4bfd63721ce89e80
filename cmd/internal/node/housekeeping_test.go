package node

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
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
