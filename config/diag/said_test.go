package diag

import (
	"errors"
	"testing"
)

// A finding can be told in another language: what was put into its sentence is beside it, and ours is told from an administrator's.
func TestAFindingIsTakenApart(t *testing.T) {
	var l List
	l.Errorf(Pos{}, "X001", "did you mean 'list'?", "'%s' where %s is %d%% of %q: %v", "lits", Words("a list"), 7, "x", errors.New("it is no URL"))
	f := l.All()[0]
	if f.Said.Text != "'{1}' where {2} is {3}% of {4}: {5}" || f.Said.String() != f.Message {
		t.Errorf("%q says %q, not %q", f.Said.Text, f.Said, f.Message)
	}
	want := []string{"lits", "a list", "7", `"x"`, "it is no URL"}
	for i, p := range f.Said.Params {
		if i >= len(want) || p.Value != want[i] || (p.Said != nil) != (i == 1 || i == 4) {
			t.Errorf("value %d: %+v", i+1, p)
		}
	}
	if a := f.Advice(); a.Text != "did you mean '{1}'?" || len(a.Params) != 1 || a.Params[0].Value != "list" {
		t.Errorf("%+v", a)
	}
	if a := (Finding{Hint: "write true or false"}).Advice(); a.Text != "write true or false" || a.Params != nil {
		t.Errorf("%+v", a)
	}
	if s, ok := Computed.Of("known: a, b; or a list of c"); !ok || s.Text != "known: {1}; or a list of {2}" || s.String() != "known: a, b; or a list of c" {
		t.Errorf("%t %+v", ok, s)
	}
}
