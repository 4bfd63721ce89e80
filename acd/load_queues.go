package acd

import (
	"strings"
	"time"

	"ringway/config/diag"
	"ringway/config/expr"
)

// Defaults of a queue, as semantics names them.
const (
	defaultRing         = 20 * time.Second
	defaultWrapUp       = 30 * time.Second
	defaultServiceLevel = 20 * time.Second
	defaultShortAbandon = 5 * time.Second
	defaultDeclined     = 10 * time.Second
	defaultDeclinedCall = 60 * time.Second
	defaultBusy         = 5 * time.Second
	defaultExtension    = 5 * time.Minute
	maxSteps            = 32
	maxRankItems        = 16
)

// queueLoader reads queues.yaml.
type queueLoader struct {
	spec    *Spec
	list    *diag.List
	match   *expr.Env
	member  *expr.Env
	numbers *names
}

func loadQueues(root diag.Node, s *Spec, l *diag.List) {
	ld := &queueLoader{spec: s, list: l, match: matchEnv(), member: memberEnv(), numbers: newNames("queue number")}
	m := root.Mapping()
	for _, e := range m.Field("queues").Mapping().Entries() {
		if !okName(e.Name()) {
			l.Errorf(e.Pos(), CodeName, "use letters, digits, - and _", "'%s' cannot be the name of a queue", e.Name())
			continue
		}
		s.Queues = append(s.Queues, ld.queue(e))
	}
	s.Reasons = pauseReasons(m.Field("pause_reasons"))
	m.Done()
}

func (ld *queueLoader) queue(e diag.Entry) *Queue {
	m := e.Value.Mapping()
	q := &Queue{Name: e.Name(), Number: m.Field("number").String(""), Music: m.Field("music").String("hold")}
	if q.Number != "" {
		ld.number(q, m.Field("number"))
	}
	q.Members = ld.predicate(m.Field("members"), ld.member)
	q.Need = ld.predicate(m.Field("need"), ld.match)
	ld.rank(q, m.Field("rank"))
	q.RingAll = m.Field("ring").OneOf("one", "one", "all") == "all"
	q.Offer = OfferMode(m.Field("offer").OneOf("ring", "ring", "preview"))
	ld.steps(q, m.Field("steps"))
	q.RingTime = positive(m.Field("ring_time"), defaultRing)
	q.WrapUp = m.Field("wrap_up").Duration(defaultWrapUp)
	q.WrapUpExtension = m.Field("wrap_up_extension").Duration(defaultExtension)
	q.Dispositions = dispositions(m.Field("dispositions"))
	q.MaxWait = m.Field("max_wait").Duration(0)
	q.MaxLength = m.Field("max_length").IntBetween(0, 0, 1_000_000)
	q.JoinEmpty = m.Field("join_empty").OneOf("allow", "allow", "refuse") == "allow"
	q.LeaveEmpty = m.Field("leave_empty").OneOf("stay", "stay", "leave") == "leave"
	q.RequireShift = m.Field("require_shift").Bool(false)
	q.ServiceLevel = positive(m.Field("service_level"), defaultServiceLevel)
	q.ShortAbandon = m.Field("short_abandon").Duration(defaultShortAbandon)
	q.Announce = announcements(m.Field("announce"))
	q.ExitKeys = exitKeys(m.Field("exit_keys"))
	q.Recording = m.Field("recording").OneOf("off", "off", "on", "announced")
	q.Misses = misses(m.Field("misses"))
	q.Targets = targets(m.Field("targets"))
	m.Done()
	ld.serviceable(q, e)
	return q
}

// targets reads what the wallboard colours.
func targets(n diag.Node) Targets {
	m := n.Mapping()
	defer m.Done()
	percent := func(key string) float64 {
		f := m.Field(key)
		v := f.Float(0)
		if v < 0 || v > 100 {
			f.Errorf(diag.CodeValue, "write a percentage from 0 to 100", "'%s' can't be %g", key, v)
			return 0
		}
		return v
	}
	return Targets{ServiceLevel: percent("service_level"), AbandonRate: percent("abandon_rate"),
		LongestWait: m.Field("longest_wait").Duration(0), Waiting: m.Field("waiting").IntBetween(0, 0, 1_000_000)}
}

func (ld *queueLoader) number(q *Queue, n diag.Node) {
	if len(q.Number) > 32 || strings.ContainsFunc(q.Number, func(r rune) bool { return r < '0' || r > '9' }) {
		n.Errorf(CodeName, "use digits only, as agents dial it after *45", "'%s' cannot be the number of a queue", q.Number)
		return
	}
	ld.numbers.claim(q.Number, n.Pos(), ld.list)
}

func (ld *queueLoader) predicate(n diag.Node, env *expr.Env) *Predicate {
	if !n.Present() || n.Kind() != diag.KindScalar {
		if n.Present() {
			n.Text()
		}
		return nil
	}
	return compilePredicate(n.Text(), env, ld.list)
}

// serviceable warns of a queue that nobody of people.yaml may serve.
func (ld *queueLoader) serviceable(q *Queue, e diag.Entry) {
	if q.Members == nil || len(ld.spec.People) == 0 {
		return
	}
	ev := newEvaluator()
	for _, p := range ld.spec.People {
		if ev.member(q.Members, p) {
			return
		}
	}
	ld.list.Warnf(e.Pos(), CodeNobody, "change its members expression or the people", "nobody may serve queue '%s'", q.Name)
}

// rank reads the name of a strategy, or a list of keys and expressions.
func (ld *queueLoader) rank(q *Queue, n diag.Node) {
	if n.Kind() != diag.KindList {
		name := n.String(mostCapable.Name)
		st, ok := strategyNamed(name)
		if !ok {
			hint := diag.Suggest(name, StrategyNames())
			if hint == "" {
				hint = "known: " + strings.Join(StrategyNames(), ", ") + "; or a list of " + strings.Join(KeyNames(), ", ")
			}
			n.Errorf(CodeRank, hint, "rank '%s' is not known", name)
			return
		}
		q.RankName = name
		for _, k := range st.Rank {
			q.Rank = append(q.Rank, RankItem{Key: k})
		}
		return
	}
	items := n.Items()
	if len(items) == 0 || len(items) > maxRankItems {
		n.Errorf(CodeRank, "", "a rank has 1 to %d items", maxRankItems)
	}
	for _, item := range items {
		if item.Kind() == diag.KindMapping {
			ld.rankExpression(q, item)
		} else {
			ld.rankKey(q, item)
		}
	}
}

func (ld *queueLoader) rankKey(q *Queue, n diag.Node) {
	name := n.String("")
	if _, ok := keys[name]; !ok {
		hint := diag.Suggest(name, KeyNames())
		if hint == "" {
			hint = "known: " + strings.Join(KeyNames(), ", ")
		}
		n.Errorf(CodeRank, hint, "rank key '%s' is not known", name)
		return
	}
	q.Rank = append(q.Rank, RankItem{Key: name})
}

func (ld *queueLoader) rankExpression(q *Queue, n diag.Node) {
	m := n.Mapping()
	src := m.Require("expr")
	item := RankItem{Desc: m.Field("desc").Bool(false)}
	m.Done()
	if !src.Present() {
		return
	}
	prog, ok := expr.Compile(src.Text(), ld.match, expr.KindFloat, ld.list)
	if !ok {
		return
	}
	item.Expr = &Expression{Source: prog.Source(), prog: prog, uses: usesOf(prog.Source())}
	q.Rank = append(q.Rank, item)
}

// steps reads the widening steps; without any, one wants everybody.
func (ld *queueLoader) steps(q *Queue, n diag.Node) {
	items := n.Sequence()
	if len(items) > maxSteps {
		n.Errorf(CodeSteps, "", "a queue has at most %d steps", maxSteps)
		items = items[:maxSteps]
	}
	for i, item := range items {
		m := item.Mapping()
		after := m.Field("after")
		st := QueueStep{After: after.Duration(0)}
		st.Want = ld.predicate(m.Require("want"), ld.match)
		m.Done()
		switch {
		case i == 0 && st.After != 0:
			after.Errorf(CodeSteps, "write after: 0s", "the first step must begin at once")
		case i > 0 && st.After <= q.Steps[i-1].After:
			after.Errorf(CodeSteps, "order the steps by their time", "step %d begins no later than the one before it", i+1)
		}
		q.Steps = append(q.Steps, st)
	}
	if len(q.Steps) == 0 {
		q.Steps = []QueueStep{{}}
	}
}

func announcements(n diag.Node) Announcements {
	m := n.Mapping()
	a := Announcements{Position: m.Field("position").Bool(false), Every: m.Field("every").Duration(0), File: m.Field("file").String("")}
	if a.Every > 0 && a.Every < 5*time.Second {
		m.Field("every").Errorf(diag.CodeValue, "write 5s or more", "announcements every %s leave no music", a.Every)
	}
	m.Done()
	return a
}

func exitKeys(n diag.Node) string {
	s := n.String("")
	if strings.Trim(s, "0123456789*#") != "" {
		n.Errorf(diag.CodeValue, "use the digits 0–9, * and #", "'%s' are not keys of a phone", s)
		return ""
	}
	return s
}

func misses(n diag.Node) Misses {
	m := n.Mapping()
	out := Misses{DeclinedRest: m.Field("declined_rest").Duration(defaultDeclined),
		DeclinedCaller: m.Field("declined_caller").Duration(defaultDeclinedCall), BusyRest: m.Field("busy_rest").Duration(defaultBusy)}
	m.Done()
	return out
}

// positive is a duration that may not be zero.
func positive(n diag.Node, def time.Duration) time.Duration {
	d := n.Duration(def)
	if d == 0 {
		n.Errorf(diag.CodeValue, "", "this time must be longer than zero")
		return def
	}
	return d
}
