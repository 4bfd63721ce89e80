package store

import "testing"

func TestOffersSayTheirVisitAndDecision(t *testing.T) {
	for offer, want := range map[string][2]string{
		"v-7f.3":   {"v-7f", "v-7f.3"},
		"v-7f.3-2": {"v-7f", "v-7f.3"},
		"v7.12":    {"v7", "v7.12"},
		"o-1":      {"", "o-1"},
		"":         {"", ""},
	} {
		if got := [2]string{VisitOf(offer), DecisionOf(offer)}; got != want {
			t.Errorf("%q: visit and decision %q, want %q", offer, got, want)
		}
	}
}
