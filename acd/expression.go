package acd

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"ringway/config/diag"
	"ringway/config/expr"
)

// subject is what expressions see as agent: a person at an instant. The tags are the names that administrators use.
type subject struct {
	ID        string         `expr:"id"`
	Team      string         `expr:"team"`
	Role      string         `expr:"role"`
	Languages map[string]int `expr:"languages"`
	Skills    map[string]int `expr:"skills"`
	Regions   []string       `expr:"regions"`
	Zone      string         `expr:"zone"`
	Robot     bool           `expr:"robot"`

	person *Person
	now    time.Time
}

func (s *subject) be(p *Person) {
	s.ID, s.Team, s.Role, s.Languages, s.Skills = p.ID, p.Team, p.Role, p.Languages, p.Skills
	s.Regions, s.Zone, s.Robot, s.person = p.Regions, p.Zone, p.Robot, p
}

// fields are what a term reads, known at compile time.
type fields uint16

// What a term may read.
const (
	usesAgent fields = 1 << iota
	usesLanguage
	usesRegion
	usesZone
	usesSkills
	usesPriority
	usesShift // on_shift: changes at the edges of shifts
	usesGap   // zone_gap: changes with daylight saving
	usesID    // the agent's id: people who are alike otherwise differ

	usesCaller = usesLanguage | usesRegion | usesZone | usesSkills | usesPriority
	usesTime   = usesShift | usesGap
)

// Expression is a compiled expression over agent and caller.
type Expression struct {
	Source string
	prog   *expr.Program
	uses   fields
}

// Predicate is a condition, split into the terms that are joined by `and`: terms on the agent alone and on the call alone
// are decided once, and only those on both for each kind of caller.
type Predicate struct {
	Source string
	terms  []*Expression
	uses   fields
}

var (
	agentType  = expr.Struct[*subject]()
	callerType = expr.Struct[*Caller]()
)

// matchEnv is what want, need and rank expressions may name.
func matchEnv() *expr.Env {
	return expr.NewEnv(map[string]expr.Type{"agent": agentType, "caller": callerType},
		append(personFuncs(),
			expr.Func1("on_shift", func(a *subject) bool { return a.person.onShift(a.now) }),
			expr.Func2("zone_gap", func(a *subject, zone string) int {
				loc := zoneNamed(zone)
				if loc == nil {
					return noGap
				}
				return gap(offsetAt(a.person.location, a.now), offsetAt(loc, a.now))
			}))...)
}

// memberEnv is what members expressions may name: the person's fields directly, and as agent.
func memberEnv() *expr.Env {
	return expr.NewEnv(map[string]expr.Type{"agent": agentType, "id": expr.String, "team": expr.String, "role": expr.String,
		"zone": expr.String, "robot": expr.Bool, "regions": expr.Strings, "languages": expr.Levels, "skills": expr.Levels}, personFuncs()...)
}

func personFuncs() []expr.Func {
	return []expr.Func{
		expr.Func2("speaks", func(a *subject, tag string) int { return a.person.speaks(fallbacks(tag)) }),
		expr.Func2("skill", func(a *subject, name string) int { return a.Skills[name] }),
		expr.Func2("suits", func(a *subject, wanted map[string]int) bool { return a.person.suits(wanted) }),
		expr.Func2("serves", func(a *subject, region string) bool { return a.person.serves[strings.ToUpper(region)] }),
	}
}

// evaluator runs expressions; it belongs to one State.
type evaluator struct {
	agent subject
	vars  expr.Vars
}

func newEvaluator() *evaluator {
	ev := &evaluator{vars: expr.Vars{}}
	ev.vars["agent"] = &ev.agent
	return ev
}

var (
	callerUse = regexp.MustCompile(`\bcaller\b(?:\s*\??\.\s*(\w+))?`)
	agentUse  = regexp.MustCompile(`\bagent\b`)
	shiftUse  = regexp.MustCompile(`\bon_shift\b`)
	gapUse    = regexp.MustCompile(`\bzone_gap\b`)
	idUse     = regexp.MustCompile(`\bid\b|\bagent\s*\??\[`)
)

// usesOf tells what a source reads; where in doubt, too much.
func usesOf(src string) fields {
	var f fields
	if agentUse.MatchString(src) {
		f |= usesAgent
	}
	if shiftUse.MatchString(src) {
		f |= usesShift
	}
	if gapUse.MatchString(src) {
		f |= usesGap
	}
	if idUse.MatchString(src) {
		f |= usesID
	}
	names := map[string]fields{"language": usesLanguage, "region": usesRegion, "zone": usesZone, "skills": usesSkills, "priority": usesPriority}
	for _, m := range callerUse.FindAllStringSubmatch(src, -1) {
		if one, ok := names[m[1]]; ok {
			f |= one
		} else {
			f |= usesCaller
		}
	}
	return f
}

// compilePredicate compiles a condition and its terms; findings point inside the scalar.
func compilePredicate(src diag.Text, env *expr.Env, l *diag.List) *Predicate {
	whole, ok := expr.Compile(src, env, expr.KindBool, l)
	if !ok {
		return nil
	}
	p := &Predicate{Source: whole.Source()}
	for _, part := range conjuncts(src) {
		var quiet diag.List
		prog, ok := expr.Compile(part, env, expr.KindBool, &quiet)
		if !ok { // a part alone is no condition: keep the whole in one piece
			p.terms = []*Expression{{Source: whole.Source(), prog: whole, uses: usesOf(whole.Source())}}
			break
		}
		p.terms = append(p.terms, &Expression{Source: prog.Source(), prog: prog, uses: usesOf(prog.Source())})
	}
	for _, t := range p.terms {
		p.uses |= t.uses
	}
	return p
}

var topBreaks = regexp.MustCompile(`^(or|let|if|else|not)\b|^(\|\||\?|;|\||:)`)

// conjuncts cuts an expression at its outermost `and` or `&&`. An expression in which anything that binds less stands
// outside of brackets stays whole.
func conjuncts(src diag.Text) []diag.Text {
	var out []diag.Text
	s, depth, from := src.Value, 0, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"' || c == '\'' || c == '`':
			i = skipString(s, i)
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		case depth > 0 || i > 0 && isWord(s[i-1]) && isWord(c):
		case topBreaks.MatchString(s[i:]):
			return []diag.Text{src}
		case strings.HasPrefix(s[i:], "&&"):
			out = append(out, src.Slice(from, i))
			from, i = i+2, i+1
		case strings.HasPrefix(s[i:], "and") && (i+3 == len(s) || !isWord(s[i+3])):
			out = append(out, src.Slice(from, i))
			from, i = i+3, i+2
		}
	}
	return append(out, src.Slice(from, len(s)))
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// skipString returns the index of the quote that ends the string beginning at i.
func skipString(s string, i int) int {
	for j := i + 1; j < len(s); j++ {
		switch {
		case s[j] == '\\' && s[i] != '`':
			j++
		case s[j] == s[i]:
			return j
		}
	}
	return len(s)
}

// projection is the part of a caller that uses names, as a key: callers with equal keys are wanted by the same agents.
func (f fields) projection(c *caller) string {
	var b strings.Builder
	add := func(use fields, value string) {
		if f&use != 0 {
			b.WriteString(strconv.Itoa(len(value)))
			b.WriteByte(':')
			b.WriteString(value)
		}
	}
	add(usesLanguage, c.Language)
	add(usesRegion, c.Region)
	add(usesZone, c.Zone)
	add(usesPriority, strconv.Itoa(c.Priority))
	if f&usesSkills != 0 {
		for _, name := range sortedKeys(c.Skills) {
			b.WriteString(name + "=" + strconv.Itoa(c.Skills[name]) + ",")
		}
	}
	return b.String()
}

// admits runs a term; an expression that fails at run time admits nobody.
func (ev *evaluator) admits(t *Expression, p *Person, c *caller) bool {
	v, err := ev.run(t, p, c)
	return err == nil && v.Bool()
}

func (ev *evaluator) run(t *Expression, p *Person, c *caller) (expr.Value, error) {
	ev.agent.be(p)
	ev.vars["caller"] = &c.Caller
	return t.prog.Run(ev.vars)
}

// member runs a members expression.
func (ev *evaluator) member(pred *Predicate, p *Person) bool {
	ev.agent.be(p)
	v := ev.vars
	v["id"], v["team"], v["role"], v["zone"], v["robot"] = p.ID, p.Team, p.Role, p.Zone, p.Robot
	v["regions"], v["languages"], v["skills"] = p.Regions, p.Languages, p.Skills
	for _, t := range pred.terms {
		if ok, err := t.prog.Run(v); err != nil || !ok.Bool() {
			return false
		}
	}
	return true
}
