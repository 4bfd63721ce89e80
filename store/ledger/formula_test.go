package ledger

import (
	"slices"
	"testing"
)

// A rate is computed of parts by their names: each has a formula, and none is there for nothing.
func TestEachPartOfAFormulaIsOne(t *testing.T) {
	parts(t, "queue", queueSheet)
	parts(t, "agent", agentSheet)
	parts(t, "calls", callSheet)
}

func parts[T any](t *testing.T, name string, s sheet[T]) {
	t.Helper()
	var used []string
	for _, f := range s.formulas {
		if (f.value == nil) != (len(f.over) > 0 && len(f.under) > 0) {
			t.Errorf("%s %s has neither a value nor parts, or both", name, f.name)
		}
		for _, p := range slices.Concat(f.over, f.under) {
			i, known := s.at[p.Name]
			if !known || s.formulas[i].value == nil {
				t.Errorf("%s %s is made of %s, which is no count and no sum", name, f.name, p.Name)
			}
			used = append(used, p.Name)
		}
	}
	for _, f := range s.formulas {
		if f.inner && !slices.Contains(used, f.name) {
			t.Errorf("%s %s is part of nothing", name, f.name)
		}
	}
	if len(s.at) != len(s.formulas) {
		t.Errorf("%s: two formulas have one name", name)
	}
}
