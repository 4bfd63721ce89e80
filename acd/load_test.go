package acd

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"ringway/config/diag"
)

// findings loads both files and prints every finding as an administrator sees it.
func findings(queues, people string) (*Spec, string) {
	var l diag.List
	spec := LoadSpec(File{"queues.yaml", []byte(queues)}, File{"people.yaml", []byte(people)}, &l)
	var b bytes.Buffer
	diag.Render(&b, &l, func(file string) []byte {
		return []byte(map[string]string{"queues.yaml": queues, "people.yaml": people}[file])
	})
	return spec, b.String()
}

// TestFindingsOfBadFiles: everything that is wrong with testdata/acd/bad comes at once, with its place and a hint.
func TestFindingsOfBadFiles(t *testing.T) {
	queues, err1 := os.ReadFile("../testdata/acd/bad/queues.yaml")
	people, err2 := os.ReadFile("../testdata/acd/bad/people.yaml")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	_, got := findings(string(queues), string(people))
	golden := "../testdata/acd/bad/findings.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("run with -update and review:\n%s", firstDifference(string(want), got))
	}
}

// TestGoodFilesMeanWhatTheySay loads the words of the documentation.
func TestGoodFilesMeanWhatTheySay(t *testing.T) {
	spec, bad := findings(`queues:
  support:
    number: "700"
    members: "role == 'agent' and team != 'tokyo'"
    music: hold
    rank: [language, {expr: "skill(agent, 'flights')", desc: true}, idle]
    ring: all
    offer: preview
    need: "not agent.robot"
    steps:
      - {after: 0s, want: "speaks(agent, caller.language) >= 3 and serves(agent, caller.region)"}
      - {after: 20s, want: "true"}
    ring_time: 25s
    wrap_up: 0s
    max_wait: 15m
    max_length: 200
    join_empty: refuse
    leave_empty: leave
    require_shift: true
    service_level: 30s
    short_abandon: 3s
    announce: {position: true, every: 30s, file: please-hold}
    exit_keys: "1#"
    misses: {declined_rest: 11s, declined_caller: 61s, busy_rest: 6s}
  plain: {}
`, `teams: {taipei: {name: Taipei desk}}
region_groups: {APAC: [TW, JP, HK, SG]}
people:
  - {id: mei, name: "Mei Lin", team: taipei, role: agent, login: mei@example.org, languages: {zh-TW: 5, en: 3}, skills: {flights: 4},
     regions: [TW, APAC], zone: Asia/Taipei, pin: "env:MEI_PIN", phones: [{account: mei, auto_answer: true}, mei2], shifts: [{days: mon-fri, hours: "09:00-18:00"}], days_off: ["2026-12-25"]}
`)
	if bad != "" {
		t.Fatal(bad)
	}
	q, plain, p := spec.QueueByNumber("700"), spec.Queue("plain"), spec.Person("mei")
	if q == nil || !q.RingAll || q.Offer != PreviewMode || len(q.Rank) != 3 || !q.Rank[1].Desc || q.RingTime != 25*time.Second || q.WrapUp != 0 ||
		q.MaxWait != 15*time.Minute || q.MaxLength != 200 || q.JoinEmpty || !q.LeaveEmpty || !q.RequireShift || q.ServiceLevel != 30*time.Second ||
		q.ShortAbandon != 3*time.Second || q.Announce != (Announcements{true, 30 * time.Second, "please-hold"}) || q.ExitKeys != "1#" ||
		q.Misses != (Misses{11 * time.Second, 61 * time.Second, 6 * time.Second}) || len(q.Steps) != 2 || len(q.Steps[0].Want.terms) != 2 {
		t.Errorf("%+v", q)
	}
	if plain.RankName != "most_capable" || plain.RingTime != 20*time.Second || plain.WrapUp != 30*time.Second || !plain.JoinEmpty || plain.LeaveEmpty ||
		plain.Misses != (Misses{10 * time.Second, 60 * time.Second, 5 * time.Second}) || plain.ServiceLevel != 20*time.Second || len(plain.Steps) != 1 {
		t.Errorf("%+v", plain)
	}
	if p.Languages["zh-TW"] != 5 || !p.serves["HK"] || !p.Phones[0].AutoAnswer || p.Phones[1].Account != "mei2" || spec.PersonOf("mei2") != p ||
		p.Pin != "env:MEI_PIN" || len(p.Shifts) != 1 || spec.Accounts()[1] != "mei2" || len(spec.AccountRefs) != 2 || spec.Teams["taipei"] != "Taipei desk" {
		t.Errorf("%+v", p)
	}
	if names := spec.QueueNames(); strings.Join(names, " ") != "plain support" || len(spec.Version) != 12 || spec.WithVersion("v2").Version != "v2" {
		t.Error(names, spec.Version)
	}
}

func TestShifts(t *testing.T) {
	spec, bad := findings("", `people:
  - {id: day, zone: Asia/Taipei, shifts: [{days: mon-fri, hours: "09:00-18:00"}], days_off: ["2026-03-03"]}
  - {id: night, zone: Europe/London, shifts: [{days: "fri,sat", hours: "22:00-06:00"}], days_off: ["2026-03-28"]}
  - {id: round, shifts: [{days: sun-sat, hours: "00:00-24:00"}]}
  - {id: none}
`)
	if bad != "" {
		t.Fatal(bad)
	}
	for _, c := range []struct {
		who, at string
		on      bool
	}{
		{"day", "2026-03-02T00:59:59Z", false}, {"day", "2026-03-02T01:00:00Z", true}, {"day", "2026-03-02T09:59:59Z", true},
		{"day", "2026-03-02T10:00:00Z", false}, {"day", "2026-03-03T02:00:00Z", false}, {"day", "2026-03-07T02:00:00Z", false},
		{"night", "2026-03-27T22:00:00Z", true}, {"night", "2026-03-28T05:59:00Z", true}, // begun on a working Friday, into the day off
		{"night", "2026-03-28T22:30:00Z", false}, {"night", "2026-03-29T02:00:00Z", false}, // begun on the day off
		{"night", "2026-07-03T21:00:00Z", true}, {"night", "2026-07-03T20:59:00Z", false}, // summer time
		{"round", "2026-03-29T12:00:00Z", true}, {"none", "2026-03-02T12:00:00Z", false},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := spec.Person(c.who).onShift(at); got != c.on {
			t.Errorf("%s at %s: on shift %t", c.who, c.at, got)
		}
	}
	// Walking from check to check misses no change.
	for _, who := range []string{"day", "night", "round"} {
		p := spec.Person(who)
		next := p.nextShiftCheck(epoch)
		last := p.onShift(epoch)
		for at := epoch; at.Before(epoch.AddDate(0, 1, 5)); at = at.Add(time.Minute) {
			if !at.Before(next) {
				last, next = p.onShift(at), p.nextShiftCheck(at)
			}
			if p.onShift(at) != last {
				t.Fatalf("%s changed at %s between two checks", who, at)
			}
		}
	}
}

func TestLanguageFallsBack(t *testing.T) {
	p := &Person{Languages: map[string]int{"zh": 4, "en-GB": 5, "pt-BR": 2}}
	(&Spec{}).prepare(p)
	for tag, want := range map[string]int{"zh-TW": 4, "zh-Hant-TW": 4, "ZH": 4, "zh_TW": 4, "en": 5, "en-GB": 5, "en-US": 0, "pt": 2, "fr": 0, "": 0, "zh-x-a": 4} {
		if got := p.speaks(fallbacks(tag)); got != want {
			t.Errorf("%q: level %d, want %d", tag, got, want)
		}
	}
}

func TestConjunctsSplitWhereNothingBindsLess(t *testing.T) {
	for src, want := range map[string]string{
		"a and b":                         "a|b",
		"a && b and c":                    "a|b|c",
		"(a or b) and c":                  "(a or b)|c",
		"a or b and c":                    "a or b and c",
		"a and b || c":                    "a and b || c",
		"x == 'this and that' and b":      "x == 'this and that'|b",
		"x == \"a\\\" and b\" and c":      "x == \"a\\\" and b\"|c",
		"band and handle":                 "band|handle",
		"a ? b : c and d":                 "a ? b : c and d",
		"not a and b":                     "not a and b",
		"f(a and b) and [c and d][0] > 0": "f(a and b)|[c and d][0] > 0",
		"true":                            "true",
	} {
		var got []string
		for _, c := range conjuncts(diag.TextAt(diag.Pos{}, src)) {
			got = append(got, strings.TrimSpace(c.Value))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s → %s", src, strings.Join(got, "|"))
		}
	}
}

func TestUsesTellWhatATermReads(t *testing.T) {
	for src, want := range map[string]fields{
		"speaks(agent, caller.language) >= 3": usesAgent | usesLanguage,
		"agent.team == 'x'":                   usesAgent,
		"caller . region == 'TW'":             usesRegion,
		"caller['zone'] == ''":                usesCaller,
		"on_shift(agent)":                     usesAgent | usesShift,
		"zone_gap(agent, caller.zone) < 60":   usesAgent | usesZone | usesGap,
		"suits(agent, caller.skills)":         usesAgent | usesSkills,
		"true":                                0,
		"agent.id in ['a']":                   usesAgent | usesID,
	} {
		if got := usesOf(src); got != want {
			t.Errorf("%s reads %b, want %b", src, got, want)
		}
	}
}
