package sim

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ringway/acd"
	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/store"
)

// Test is one test of an administrator.
type Test struct {
	Name   string
	Pos    diag.Pos
	At     time.Time
	Caller Caller
	Joined []string
	Expect Expect
}

// Expect is what a test demands; what is left out is not looked at.
type Expect struct {
	Path     []string // "answer", "queue=timeout", "from-app,help": in this order
	Played   []string // in this order
	Agent    string
	NoAgent  bool
	Cause    string
	Failures int // steps that may fail
	set      bool
}

// CodeTest is the code of findings in tests.
const CodeTest = "SIM001"

// LoadTests reads a file of tests. All findings go to l.
func LoadTests(file string, src []byte, l *diag.List) []Test {
	root, ok := diag.ParseYAML(file, src, l)
	if !ok {
		return nil
	}
	top := root.Mapping()
	joined := top.Field("people_joined").Strings()
	var out []Test
	for i, n := range top.Field("tests").Sequence() {
		t := readTest(n)
		if t.Name == "" {
			t.Name = fmt.Sprintf("test %d", i+1)
		}
		if t.Joined == nil {
			t.Joined = joined
		}
		out = append(out, t)
	}
	top.Done()
	return out
}

func readTest(n diag.Node) Test {
	m := n.Mapping()
	t := Test{Name: m.Field("name").String(""), Pos: n.Pos()}
	c := &t.Caller
	c.Context, c.Dialled = m.Require("context").String(""), m.Require("dial").String("")
	t.At = readTime(m)
	readCaller(m.Field("caller").Mapping(), c)
	c.Digits = m.Field("digits").Strings()
	for _, p := range m.Field("press").Items() {
		pm := p.Mapping()
		c.Press = append(c.Press, Press{After: pm.Require("after").Duration(0), Keys: pm.Require("keys").String("")})
		pm.Done()
	}
	c.HangUp = m.Field("hang_up").Duration(0)
	c.Phones = map[string]Phone{}
	for _, field := range []string{"phones", "agents"} {
		for _, e := range m.Field(field).Mapping().Entries() {
			c.Phones[e.Name()] = readPhone(e.Value)
		}
	}
	if others := m.Field("others"); others.Present() {
		c.Others = readPhone(others)
	}
	t.Joined = m.Field("joined").Strings()
	readExpect(m.Field("expect").Mapping(), &t.Expect)
	m.Done()
	return t
}

func readTime(m *diag.Mapping) time.Time {
	zone, err := time.LoadLocation(m.Field("zone").String("UTC"))
	if err != nil {
		m.Field("zone").Errorf(CodeTest, "use an IANA name such as Asia/Taipei", "unknown time zone '%s'", m.Field("zone").String(""))
		zone = time.UTC
	}
	at := m.Field("at")
	if !at.Present() {
		return time.Time{}
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", at.Text().Value, zone)
	if full, e := time.ParseInLocation(time.DateTime, at.Text().Value, zone); e == nil {
		t, err = full, nil
	}
	if err != nil {
		at.Errorf(CodeTest, `write it like "2026-03-02 21:30"`, "'%s' is no time", at.Text().Value)
	}
	return t
}

func readCaller(m *diag.Mapping, c *Caller) {
	c.Number, c.Name = m.Field("number").String(""), m.Field("name").String("")
	c.Account, c.Trunk = m.Field("account").String(""), m.Field("trunk").String("")
	c.Claims = store.Claims{Name: c.Name, Language: m.Field("language").String(""), Region: m.Field("region").String(""), Zone: m.Field("zone").String(""),
		Customer: m.Field("customer").String(""), Booking: m.Field("booking").String(""), Priority: m.Field("priority").Duration(0)}
	m.Done()
}

func readPhone(n diag.Node) Phone {
	word := n
	p := Phone{}
	if n.Kind() == diag.KindMapping {
		m := n.Mapping()
		word = m.Field("outcome")
		p.Answer, p.Talk = m.Field("answer").Duration(0), m.Field("talk").Duration(0)
		m.Done()
	}
	p.Outcome = store.OfferOutcome(word.OneOf("answered", "answered", "busy", "declined", "no_answer", "unreachable", "media_failed"))
	return p
}

func readExpect(m *diag.Mapping, e *Expect) {
	e.set = m.Len() > 0
	e.Path, e.Played = m.Field("path").Strings(), m.Field("played").Strings()
	e.Agent, e.NoAgent = m.Field("agent").String(""), m.Has("agent") && !m.Field("agent").Present()
	e.Cause = m.Field("cause").String("")
	e.Failures = m.Field("failures").Int(0)
	m.Done()
}

// RunTest lives through one test. The problems say what was not as expected, in plain words; none means that it passed.
// spec may be nil: then there are no queues.
func RunTest(ctx context.Context, plan *dialplan.Plan, spec *acd.Spec, t Test) (Report, []string) {
	o := Options{Plan: plan, Start: t.At}
	if spec != nil {
		o.Queues = NewQueues(spec, t.Joined)
	}
	r := Run(ctx, o, t.Caller)
	return r, t.Expect.check(r)
}

func (e Expect) check(r Report) []string {
	var problems []string
	complain := func(format string, args ...string) {
		anyArgs := make([]any, len(args))
		for i, a := range args {
			anyArgs[i] = a
		}
		problems = append(problems, fmt.Sprintf(format, anyArgs...))
	}
	if r.Err != nil {
		complain("the script ended with an error: %s", r.Err.Error())
	}
	if !e.set {
		return problems
	}
	if missing, after := inOrder(e.Path, r.path()); missing != "" {
		complain("step '%s' did not come%s; the path was: %s", missing, after, strings.Join(r.path(), ", "))
	}
	if missing, after := inOrder(e.Played, r.Played); missing != "" {
		complain("'%s' was not played%s; played: %s", missing, after, strings.Join(r.Played, ", "))
	}
	if e.Agent != "" && r.Agent != e.Agent || e.NoAgent && r.Agent != "" {
		complain("the caller spoke to '%s', expected '%s'", r.Agent, e.Agent)
	}
	if e.Cause != "" && r.Cause != e.Cause {
		complain("the call ended by '%s', expected '%s'", r.Cause, e.Cause)
	}
	failures := 0
	for _, l := range r.Trace {
		if l.Kind == dialplan.TraceFail {
			if failures++; failures > e.Failures {
				complain("%s: step '%s' failed: %s", l.Pos.String(), l.Step, l.Err.Error())
			}
		}
	}
	return problems
}

// path is the trace in the words of Expect.Path.
func (r Report) path() []string {
	var out []string
	for _, l := range r.Trace {
		switch l.Kind {
		case dialplan.TraceEnter:
			out = append(out, l.Context+","+l.Exten)
		case dialplan.TraceFinish, dialplan.TraceFail:
			step := l.Step
			if l.Result != "" {
				step += "=" + l.Result
			}
			out = append(out, step)
		}
	}
	return out
}

// inOrder returns the first word that does not follow the ones before it, and what it should have followed.
func inOrder(want, have []string) (missing, after string) {
	i := 0
	for n, w := range want {
		for i < len(have) && have[i] != w && !strings.HasPrefix(have[i], w+"=") {
			i++
		}
		if i == len(have) {
			if n > 0 {
				after = " after '" + want[n-1] + "'"
			}
			return w, after
		}
		i++
	}
	return "", ""
}
