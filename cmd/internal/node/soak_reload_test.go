//go:build soak

package node

import (
	"testing"
	"time"
)

// TestSoakReload reloads some seven times a second for a minute.
func TestSoakReload(t *testing.T) { reloadUnderCalls(t, time.Minute) }
