package sqlite

import (
	"path/filepath"
	"strings"
	"testing"
)

// The history on a card is found by indexes alone, however many calls there are.
func TestHistoryIsFoundByIndexes(t *testing.T) {
	d, err := Open(t.Context(), filepath.Join(t.TempDir(), "h.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	rows, err := d.read.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+pastCalls, "k1", "c9", 10)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	text := strings.Join(plan, "\n")
	if rows.Err() != nil || !strings.Contains(text, "calls_customer") || !strings.Contains(text, "visits_call") || strings.Contains(strings.ReplaceAll(text, "SCAN c", ""), "SCAN") {
		t.Errorf("%v\n%s", rows.Err(), text)
	}
}
