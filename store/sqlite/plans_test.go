package sqlite

import (
	"path/filepath"
	"strings"
	"testing"
)

// What a list behind a sum needs to know of its calls is found by indexes, however many events there are.
func TestTheEventsOfAPageAreFoundByIndexes(t *testing.T) {
	d, err := Open(t.Context(), filepath.Join(t.TempDir(), "p.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for what, c := range map[string]struct {
		query string
		args  []any
		index string
	}{
		"next states": {eventColumns + nextStates, []any{"[]"}, "events_agent"},
		"consults": {eventColumns + "WHERE e.call <> '' AND e.call IN (SELECT id FROM calls WHERE parent <> '' AND started >= ? AND started <= ? AND parent IN (?))",
			[]any{0, 1, "c1"}, "calls_consults"},
	} {
		text := planned(t, d, c.query, c.args...)
		if !strings.Contains(text, c.index) || strings.Contains(text, "SCAN e") {
			t.Errorf("%s: %s", what, text)
		}
	}
}
