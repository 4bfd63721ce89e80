package dialplan

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ringway/config/diag"
)

func TestSearchOrderOfAsterisksExample(t *testing.T) {
	best := []string{"_640X", "_64NX", "_64XX", "_6[34]NX", "_6[45]NX", "_6XX1", "_6."}
	mixed := slices.Clone(best)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	slices.SortFunc(mixed, func(a, b string) int { return mustPattern(t, a).compare(mustPattern(t, b)) })
	if !slices.Equal(mixed, best) {
		t.Errorf("order %v, want %v", mixed, best)
	}
	table := newTable()
	for _, name := range mixed {
		table.add(&Extension{Name: name, pattern: mustPattern(t, name)})
	}
	for number, want := range map[string]string{"6401": "_640X", "6421": "_64NX", "6411": "_64XX", "6321": "_6[34]NX", "6521": "_6[45]NX", "6131": "_6XX1", "6132": "_6.", "64": "_6.", "6": "", "74": ""} {
		if got := nameOf(table.find(number)); got != want {
			t.Errorf("%s found %q, want %q", number, got, want)
		}
	}
}

func TestPatternLanguage(t *testing.T) {
	for _, c := range []struct {
		pattern string
		yes, no []string
	}{
		{"_X", []string{"0", "9"}, []string{"a", "", "10"}},
		{"_Z", []string{"1"}, []string{"0"}},
		{"_n", []string{"2"}, []string{"1"}},
		{"_[2-57a-c]", []string{"2", "5", "7", "b"}, []string{"6", "d"}},
		{"_9.", []string{"91", "9abc"}, []string{"9"}},
		{"_9!", []string{"9", "91"}, []string{"8"}},
		{"_1-2-X", []string{"123"}, []string{"1-23", "12"}},
		{"_+41X", []string{"+415"}, []string{"415"}},
		{"_*45X.", []string{"*45700"}, []string{"*457"}},
		{"_.", []string{"é", "x"}, []string{""}},
	} {
		p := mustPattern(t, c.pattern)
		for _, s := range c.yes {
			if !p.matches(s) {
				t.Errorf("%s should match %s", c.pattern, s)
			}
		}
		for _, s := range c.no {
			if p.matches(s) {
				t.Errorf("%s should not match %s", c.pattern, s)
			}
		}
	}
	for _, bad := range []string{"_", "_-", "_.X", "_!1", "_[", "_[]", "_[9-1]", "_[-1]", "_]", "_ X", "_é", "_[é]"} {
		if _, err := parsePattern(bad); err == nil {
			t.Errorf("%s is no pattern", bad)
		}
	}
}

func drawPattern(t *rapid.T) string {
	return "_" + strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"X", "Z", "N", "1", "2", "6", "[12]", "[1-4]", "[26]", "-"}), 1, 4).Draw(t, "elements"), "") +
		rapid.SampledFrom([]string{"", "", "", ".", "!"}).Draw(t, "tail")
}

// TestTableFindsWhatTheOrderSays compares the trie with the definition: the first in order that matches.
func TestTableFindsWhatTheOrderSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := newTable()
		var all []*Extension
		for range rapid.IntRange(1, 12).Draw(t, "patterns") {
			name := drawPattern(t)
			p, err := parsePattern(name)
			if err != nil {
				continue
			}
			x := &Extension{Name: name, pattern: p}
			if table.add(x) == nil {
				all = append(all, x)
			}
		}
		slices.SortFunc(all, func(a, b *Extension) int { return a.pattern.compare(b.pattern) })
		number := rapid.StringMatching(`[12346]{1,5}`).Draw(t, "number")
		want := ""
		for _, x := range all {
			if x.pattern.matches(number) {
				want = x.Name
				break
			}
		}
		if got := nameOf(table.find(number)); got != want {
			t.Fatalf("%s found %q, want %q", number, got, want)
		}
		longer := slices.ContainsFunc(all, func(x *Extension) bool {
			for _, c := range []string{"1", "2", "3", "4", "6", "8"} {
				if longerMatch(x.pattern, number+c) {
					return true
				}
			}
			return false
		})
		if got := table.extends(number); longer && !got {
			t.Fatalf("typing on after %s could find something", number)
		}
	})
}

// longerMatch tells whether s is the beginning of something that p matches.
func longerMatch(p pattern, s string) bool {
	for i := range s {
		if i >= len(p.elems) {
			return p.tail != 0
		}
		if !p.elems[i].has(s[i]) {
			return false
		}
	}
	return true
}

// TestCoverIsSound checks the shadow finder against all numbers of up to five of the digits that patterns tell apart.
func TestCoverIsSound(t *testing.T) {
	numbers := []string{""}
	for i := 0; len(numbers[i]) < 5; i++ {
		for _, d := range []string{"0", "1", "2", "3", "5", "6"} {
			numbers = append(numbers, numbers[i]+d)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p, err := parsePattern(drawPattern(t))
		if err != nil {
			return
		}
		var others []pattern
		for range rapid.IntRange(1, 4).Draw(t, "others") {
			if q, err := parsePattern(drawPattern(t)); err == nil {
				others = append(others, q)
			}
		}
		if !p.coveredBy(others) {
			return
		}
		for _, s := range numbers {
			if p.matches(s) && !slices.ContainsFunc(others, func(q pattern) bool { return q.matches(s) }) {
				t.Fatalf("%s is matched by the pattern but by none of the others", s)
			}
		}
	})
}

func TestTimeRules(t *testing.T) {
	rule := func(yaml string) *timeRule {
		var l diag.List
		root, _ := diag.ParseYAML("r", []byte(yaml), &l)
		m := root.Mapping()
		r := readTimeRule(m, time.UTC)
		m.Done()
		if l.HasErrors() {
			t.Fatal(l.Err())
		}
		return r
	}
	for _, c := range []struct {
		rule, at string
		want     bool
	}{
		{`{hours: "09:00-18:00", days: mon-fri}`, "2026-03-02T09:00:00Z", true},
		{`{hours: "09:00-18:00", days: mon-fri}`, "2026-03-02T18:00:00Z", false},
		{`{hours: "09:00-18:00", days: mon-fri}`, "2026-03-01T10:00:00Z", false},
		{`{hours: "18:00-09:00", days: mon-fri}`, "2026-03-07T02:00:00Z", true},  // Friday's night
		{`{hours: "18:00-09:00", days: mon-fri}`, "2026-03-09T02:00:00Z", false}, // Sunday's night
		{`{days: fri-mon}`, "2026-03-01T10:00:00Z", true},
		{`{days: fri-mon}`, "2026-03-04T10:00:00Z", false},
		{`{months: nov-feb}`, "2026-01-31T10:00:00Z", true},
		{`{months: nov-feb}`, "2026-03-01T10:00:00Z", false},
		{`{monthdays: "28-3"}`, "2026-03-01T10:00:00Z", true},
		{`{monthdays: "1,15"}`, "2026-03-15T10:00:00Z", true},
		{`{dates: [2026-12-25]}`, "2026-12-25T10:00:00Z", true},
		{`{dates: [2026-12-25], zone: Asia/Taipei}`, "2026-12-24T16:30:00Z", true},
		{`{hours: ["08:00-12:00", "13:00-17:00"]}`, "2026-03-02T12:30:00Z", false},
		{`{hours: "00:00-24:00"}`, "2026-03-02T23:59:59Z", true},
		{`{hours: "09:00-18:00", zone: Asia/Taipei}`, "2026-03-02T01:00:00Z", true},
		// London springs forward on 2026-03-29 at 01:00 UTC: 02:30 comes at 01:30 UTC, and nothing is 01:30.
		{`{hours: "01:00-02:00", zone: Europe/London}`, "2026-03-29T00:59:59Z", false},
		{`{hours: "01:00-02:00", zone: Europe/London}`, "2026-03-29T01:00:00Z", false},
		{`{hours: "02:00-03:00", zone: Europe/London}`, "2026-03-29T01:30:00Z", true},
		// and falls back on 2026-10-25: 01:30 comes twice.
		{`{hours: "01:00-02:00", zone: Europe/London}`, "2026-10-25T00:30:00Z", true},
		{`{hours: "01:00-02:00", zone: Europe/London}`, "2026-10-25T01:30:00Z", true},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := rule(c.rule).holds(at); got != c.want {
			t.Errorf("%s at %s: %v", c.rule, c.at, got)
		}
	}
}

func mustPattern(t *testing.T, name string) pattern {
	t.Helper()
	p, err := parsePattern(name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return p
}

func nameOf(x *Extension) string {
	if x == nil {
		return ""
	}
	return x.Name
}

// BenchmarkFind looks numbers up in a context of 1,000 exact extensions and 1,000 patterns.
func BenchmarkFind(b *testing.B) {
	table := newTable()
	for i := range 1000 {
		table.add(&Extension{Name: fmt.Sprintf("5%03d", i)})
		p, _ := parsePattern(fmt.Sprintf("_9%03dX.", i))
		table.add(&Extension{Name: "p", pattern: p})
	}
	for _, name := range []string{"_9X.", "_[1-9]XXX", "_."} {
		p, _ := parsePattern(name)
		table.add(&Extension{Name: name, pattern: p})
	}
	b.ReportAllocs()
	for b.Loop() {
		table.find("95001234567")
		table.find("5777")
		table.find("404")
	}
}
