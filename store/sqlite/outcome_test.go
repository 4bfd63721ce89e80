package sqlite

import (
	"path/filepath"
	"strings"
	"testing"
)

// The history on a card and the consults of a call are found by indexes alone, however many calls there are.
func TestHistoryIsFoundByIndexes(t *testing.T) {
	d, err := Open(t.Context(), filepath.Join(t.TempDir(), "h.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	text := planned(t, d, pastCalls, "k1", "c9", 10)
	if !strings.Contains(text, "calls_customer") || !strings.Contains(text, "visits_call") || strings.Contains(strings.ReplaceAll(text, "SCAN c", ""), "SCAN") {
		t.Error(text)
	}
	if text := planned(t, d, calls.selects(consultsOf), "c1", 0, 1); !strings.Contains(text, "calls_consults") || strings.Contains(text, "SCAN") {
		t.Errorf("the consults of a call: %s", text)
	}
}

// planned is how a query finds its rows.
func planned(t *testing.T, d *DB, query string, args ...any) string {
	t.Helper()
	rows, err := d.read.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
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
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return strings.Join(plan, "\n")
}
