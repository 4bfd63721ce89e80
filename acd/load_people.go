package acd

import (
	"strings"
	"time"

	"golang.org/x/text/language"

	"ringway/config/diag"
)

// peopleLoader reads people.yaml.
type peopleLoader struct {
	spec     *Spec
	list     *diag.List
	ids      *names
	accounts *names
	teams    bool // teams are declared, so that unknown ones are findings
}

func loadPeople(root diag.Node, s *Spec) {
	ld := &peopleLoader{spec: s, list: root.List(), ids: newNames("person"), accounts: newNames("account")}
	m := root.Mapping()
	ld.readTeams(m.Field("teams"))
	ld.readGroups(m.Field("region_groups"))
	for _, item := range m.Field("people").Sequence() {
		if p := ld.person(item); p != nil {
			p.order = len(s.People)
			s.People = append(s.People, p)
		}
	}
	m.Done()
}

func (ld *peopleLoader) readTeams(n diag.Node) {
	ld.teams = n.Present()
	for _, e := range n.Mapping().Entries() {
		t := e.Value.Mapping()
		ld.spec.Teams[e.Name()] = t.Field("name").String(e.Name())
		t.Done()
	}
}

func (ld *peopleLoader) readGroups(n diag.Node) {
	for _, e := range n.Mapping().Entries() {
		if country(e.Name()) {
			ld.list.Errorf(e.Pos(), CodeRegion, "choose another name", "region group '%s' has the name of a country code", e.Name())
		}
		ld.spec.Groups[e.Name()] = nil
		for _, item := range e.Value.Items() {
			code := item.Text().Value
			if !country(code) {
				item.Errorf(CodeRegion, "write two capital letters of ISO 3166, as in TW", "'%s' is no country code", code)
				continue
			}
			ld.spec.Groups[e.Name()] = append(ld.spec.Groups[e.Name()], code)
		}
	}
}

// country tells whether a word is an ISO 3166 code of two capital letters.
func country(code string) bool {
	if len(code) != 2 || code != strings.ToUpper(code) {
		return false
	}
	r, err := language.ParseRegion(code)
	return err == nil && r.IsCountry()
}

func (ld *peopleLoader) person(n diag.Node) *Person {
	m := n.Mapping()
	id := m.Require("id")
	p := &Person{ID: id.String(""), Name: m.Field("name").String(""), Team: m.Field("team").String(""), Login: m.Field("login").String(""), Pin: m.Field("pin").String("")}
	p.Role = m.Field("role").OneOf("agent", "agent", "manager", "admin")
	p.Robot = m.Field("robot").Bool(false)
	ld.team(m.Field("team"), p.Team)
	for _, n := range m.Field("teams").Items() {
		p.Teams = append(p.Teams, n.String(""))
		ld.team(n, n.String(""))
	}
	p.Languages = ld.levels(m.Field("languages"), func(e diag.Entry) {
		if _, err := language.Parse(e.Name()); err != nil {
			ld.list.Errorf(e.Pos(), CodeLanguage, "write it like en, zh-TW or pt-BR", "'%s' is no language tag (BCP 47)", e.Name())
		}
	})
	p.Skills = ld.levels(m.Field("skills"), func(e diag.Entry) {
		if !okName(e.Name()) {
			ld.list.Errorf(e.Pos(), CodeName, "use letters, digits, - and _", "'%s' cannot be the name of a skill", e.Name())
		}
	})
	ld.regions(p, m.Field("regions"))
	ld.zone(p, m.Field("zone"))
	ld.phones(p, m.Field("phones"))
	ld.shifts(p, m.Field("shifts"))
	ld.daysOff(p, m.Field("days_off"))
	m.Done()
	if !id.Present() {
		return nil
	}
	if !okName(p.ID) {
		id.Errorf(CodeName, "use letters, digits, - and _", "'%s' cannot identify a person", p.ID)
		return nil
	}
	if !ld.ids.claim(p.ID, id.Pos(), ld.list) {
		return nil
	}
	return p
}

// team demands that a team is declared, where any is.
func (ld *peopleLoader) team(n diag.Node, name string) {
	if _, ok := ld.spec.Teams[name]; !ok && ld.teams && name != "" {
		n.Errorf(CodeUnknown, diag.Suggest(name, sortedKeys(ld.spec.Teams)), "team '%s' is not declared", name)
	}
}

func (ld *peopleLoader) levels(n diag.Node, check func(diag.Entry)) map[string]int {
	out := map[string]int{}
	for _, e := range n.Mapping().Entries() {
		check(e)
		level := e.Value.Int(0)
		if level < 1 || level > 5 {
			e.Value.Errorf(CodeLevel, "levels go from 1 (a little) to 5 (native, expert)", "level of '%s' is not between 1 and 5", e.Name())
			continue
		}
		out[e.Name()] = level
	}
	return out
}

func (ld *peopleLoader) regions(p *Person, n diag.Node) {
	p.Regions = []string{}
	for _, item := range n.Items() {
		word := item.Text().Value
		_, group := ld.spec.Groups[word]
		if !group && !country(word) {
			hint := diag.Suggest(word, sortedKeys(ld.spec.Groups))
			if hint == "" {
				hint = "write a country code such as TW, or a name of region_groups"
			}
			item.Errorf(CodeRegion, hint, "region '%s' is neither a country code nor a group", word)
			continue
		}
		p.Regions = append(p.Regions, word)
	}
}

func (ld *peopleLoader) zone(p *Person, n diag.Node) {
	p.Zone, p.location = n.String(""), time.UTC
	if p.Zone == "" {
		return
	}
	if loc := zoneNamed(p.Zone); loc != nil {
		p.location = loc
		return
	}
	n.Errorf(CodeZone, "write it like Asia/Taipei or Europe/London", "'%s' is no time zone", p.Zone)
}

func (ld *peopleLoader) phones(p *Person, n diag.Node) {
	for _, item := range n.Items() {
		ref := PhoneRef{}
		at := item
		if item.Kind() == diag.KindMapping {
			m := item.Mapping()
			at = m.Require("account")
			ref.AutoAnswer = m.Field("auto_answer").Bool(false)
			m.Done()
		}
		ref.Account = at.String("")
		if ref.Account == "" || !ld.accounts.claim(ref.Account, at.Pos(), ld.list) {
			continue
		}
		p.Phones = append(p.Phones, ref)
		ld.spec.AccountRefs = append(ld.spec.AccountRefs, AccountRef{Account: ref.Account, Person: p.ID, Pos: at.Pos()})
	}
}

func (ld *peopleLoader) shifts(p *Person, n diag.Node) {
	for _, item := range n.Items() {
		m := item.Mapping()
		days, hours := m.Require("days"), m.Require("hours")
		m.Done()
		s := Shift{}
		var ok1, ok2 bool
		if s.Days, ok1 = parseDays(strings.Join(days.Strings(), ",")); !ok1 && days.Present() {
			days.Errorf(CodeShift, "write it like mon-fri or mon,wed,sat", "'%s' are no days of the week", days.String(""))
		}
		if s.From, s.To, ok2 = parseHours(hours.String("")); !ok2 && hours.Present() {
			hours.Errorf(CodeShift, "write it like 09:00-18:00", "'%s' are no hours", hours.String(""))
		}
		if ok1 && ok2 {
			p.Shifts = append(p.Shifts, s)
		}
	}
}

func (ld *peopleLoader) daysOff(p *Person, n diag.Node) {
	for _, item := range n.Items() {
		day := item.Text().Value
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			item.Errorf(CodeShift, "write it like 2026-12-25", "'%s' is no date", day)
			continue
		}
		p.DaysOff = append(p.DaysOff, day)
	}
}

var weekdays = map[string]time.Weekday{"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}

// parseDays reads mon-fri, sat or mon,wed; a range may pass the end of the week.
func parseDays(s string) (days [7]bool, ok bool) {
	for _, part := range strings.Split(strings.ToLower(s), ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			to = from
		}
		a, ok1 := weekdays[strings.TrimSpace(from)]
		b, ok2 := weekdays[strings.TrimSpace(to)]
		if !ok1 || !ok2 {
			return days, false
		}
		for d := a; ; d = (d + 1) % 7 {
			days[d] = true
			if d == b {
				break
			}
		}
	}
	return days, true
}

// parseHours reads 09:00-18:00; the end may be 24:00.
func parseHours(s string) (from, to int, ok bool) {
	a, b, found := strings.Cut(s, "-")
	from, ok1 := parseMinute(strings.TrimSpace(a))
	to, ok2 := parseMinute(strings.TrimSpace(b))
	return from, to, found && ok1 && ok2 && from < 24*60
}

func parseMinute(s string) (int, bool) {
	if s == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err == nil
}
