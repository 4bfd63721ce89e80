package ledger

import (
	"testing"
	"time"
)

func TestThresholdsMayBeFractions(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"20": 20 * time.Second, "0": 0, "0.2": 200 * time.Millisecond, "2.5": 2500 * time.Millisecond,
		"": time.Minute, "-1": time.Minute, "NaN": time.Minute, "Inf": time.Minute, "1e300": time.Minute, "soon": time.Minute,
	} {
		if got := seconds(text, time.Minute); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}
