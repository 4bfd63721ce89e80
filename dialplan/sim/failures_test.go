package sim

import (
	"fmt"
	"testing"

	"ringway/dialplan"
	"ringway/dialplan/apps"
)

// What a script and its steps fail with can be told in other languages.
func TestFailuresAreSentences(t *testing.T) {
	for _, err := range []error{
		dialplan.ErrBudget, dialplan.ErrDeep, dialplan.ErrNoSub, dialplan.ErrEnded, dialplan.ErrRefused, dialplan.ErrMissing, errStuck, apps.ErrUnknownAgent,
		fmt.Errorf("queue '%s': %w", "help", apps.ErrUnknownQueue), fmt.Errorf("prompt %s %w", "x", dialplan.ErrMissing),
		fmt.Errorf("number %q: %w", "900", dialplan.ErrRefused), fmt.Errorf("nobody to ring: %w", dialplan.ErrMissing),
	} {
		if s, ok := Failures.Of(err.Error()); !ok || s.String() != err.Error() {
			t.Errorf("%q can't be told in other languages", err)
		}
	}
	if s, ok := Failures.Of(`exten[9]: index out of range`); ok {
		t.Errorf("what an expression says is taken for %q", s.Text)
	}
}
