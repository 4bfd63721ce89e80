package dialplan_test

import (
	"fmt"
	"strings"
	"testing"

	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
)

func TestIncludesThatMeetTooOftenAreRefused(t *testing.T) {
	var b strings.Builder
	b.WriteString("contexts:\n")
	for i := range 40 {
		fmt.Fprintf(&b, "  a%d: {include: [a%d, b%d], extensions: {x: [answer]}}\n  b%d: {include: a%d}\n", i, i+1, i, i, i+1)
	}
	b.WriteString("  a40: {extensions: {y: [answer]}}\n")
	var l diag.List
	if dialplan.Load([]dialplan.File{{Name: "p", Data: []byte(b.String())}}, dialplan.LoadOptions{Apps: apps.All()}, &l) != nil || !strings.Contains(l.Err().Error(), "DP009") {
		t.Error(l.Err())
	}
}

func big() []byte {
	var b strings.Builder
	b.WriteString("contexts:\n  in:\n    include: [phones]\n    extensions:\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "      \"_9%03dX.\": [{dial: {account: \"p${exten[1:]}\"}}]\n", i)
	}
	b.WriteString("  phones:\n    extensions:\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "      \"%d\": [{set: {who: \"${caller.name}\"}}, {dial: {account: p%d}}, hangup]\n", 10000+i, i)
	}
	return []byte(b.String())
}

// BenchmarkLoad compiles and checks 6,000 extensions of 16,000 steps: what a reload costs.
func BenchmarkLoad(b *testing.B) {
	text := big()
	for b.Loop() {
		var l diag.List
		if dialplan.Load([]dialplan.File{{Name: "p", Data: text}}, dialplan.LoadOptions{Apps: apps.All()}, &l) == nil {
			b.Fatal(l.Err())
		}
	}
}
