package call

import (
	"testing"
	"time"
)

func TestIdentifiersSortByAge(t *testing.T) {
	first := newID()
	seen := map[string]bool{first: true}
	for range 1000 {
		id := newID()
		if len(id) != 20 || seen[id] || id[:7] < first[:7] {
			t.Fatalf("%q after %q", id, first)
		}
		seen[id] = true
	}
	for began := time.Now(); ; {
		if id := newID(); id[:7] > first[:7] {
			return
		} else if time.Since(began) > time.Minute {
			t.Fatalf("%q is as old as %q", id, first)
		}
	}
}
