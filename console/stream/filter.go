package stream

import (
	"fmt"
	"slices"
	"strings"

	"ringway/config/diag"
	"ringway/store"
)

// Filter selects events; what is empty selects all.
type Filter struct {
	Kinds              []string // kinds, or subjects with a star: "call.*"
	Queue, Agent, Call string
}

// Matches tells whether e is wanted.
func (f *Filter) Matches(e *store.Event) bool {
	switch {
	case f.Queue != "" && f.Queue != e.Queue, f.Agent != "" && f.Agent != e.Agent, f.Call != "" && f.Call != e.Call:
		return false
	case len(f.Kinds) == 0:
		return true
	}
	for _, k := range f.Kinds {
		if subject, all := strings.CutSuffix(k, "*"); all && strings.HasPrefix(string(e.Kind), subject) || k == string(e.Kind) {
			return true
		}
	}
	return false
}

// Patterns are all words that may select kinds.
func Patterns() []string {
	out := []string{"*"}
	for _, k := range Catalogue {
		subject, _, _ := strings.Cut(string(k.Name), ".")
		for _, p := range []string{string(k.Name), subject + ".*"} {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// CheckKind says what is wrong with a word that should select kinds, with a hint.
func CheckKind(word string) (hint string, err error) {
	known := Patterns()
	if slices.Contains(known, word) {
		return "", nil
	}
	if hint = diag.Suggest(word, known); hint == "" {
		hint = "see GET /api/v1/events/catalogue"
	}
	return hint, fmt.Errorf("there is no event '%s'", word)
}
