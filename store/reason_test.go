package store

import (
	"strings"
	"testing"
)

func TestReasonsAreShortWords(t *testing.T) {
	for s, want := range map[string]bool{
		"lunch": true, "break_2": true, "x-y": true, DefaultReason: true, strings.Repeat("a", 32): true,
		"": false, "Lunch": false, "gone home": false, "mei@example.org": false, "+886912345678": false, "午休": false, "a\n": false, strings.Repeat("a", 33): false,
	} {
		if IsReason(s) != want {
			t.Errorf("IsReason(%q) is %t", s, !want)
		}
	}
}
