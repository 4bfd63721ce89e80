package report

import (
	"fmt"

	"ringway/store"
)

// rule is how a removal is told: of one agent, and of many.
type rule struct {
	one  func(name string, r store.Removal, d store.Decision) string
	many string
}

// rules has one entry per store.RemovalRule; a test holds that none is missing.
var rules = map[store.RemovalRule]rule{
	store.NotMember: {func(n string, r store.Removal, d store.Decision) string {
		return fmt.Sprintf("%s may not serve queue %s%s.", n, d.Queue, detail(": its members are ", r))
	}, "not allowed to serve the queue"},
	store.NotJoined: {func(n string, _ store.Removal, d store.Decision) string {
		return fmt.Sprintf("%s may serve queue %s but had not joined it.", n, d.Queue)
	}, "not joined"},
	store.NotWanted: {func(n string, r store.Removal, d store.Decision) string {
		return fmt.Sprintf("No step reached after %s wanted %s%s.", duration(d.Waited), n, detail(": the last one asks for ", r))
	}, "not wanted by any step reached so far"},
	store.OffShift: {func(n string, _ store.Removal, d store.Decision) string {
		return fmt.Sprintf("%s had no shift at that time, and queue %s requires one.", n, d.Queue)
	}, "off shift, and the queue requires one"},
	store.StateNotReady: {func(n string, _ store.Removal, _ store.Decision) string {
		return n + " had paused."
	}, "paused"},
	store.StateNoReply: {func(n string, _ store.Removal, _ store.Decision) string {
		return n + " had let a call ring out and had not acted since."
	}, "not responding since a call that rang out"},
	store.StateLost: {func(n string, _ store.Removal, _ store.Decision) string {
		return "No phone of " + n + " was registered or answered."
	}, "no phone registered or answering"},
	store.StateWrapUp: {func(n string, _ store.Removal, _ store.Decision) string {
		return n + " was finishing the work after a call."
	}, "finishing the work after a call"},
	store.StateBusy: {func(n string, _ store.Removal, _ store.Decision) string {
		return n + " was in a call."
	}, "in a call"},
	store.StateOffered: {func(n string, _ store.Removal, _ store.Decision) string {
		return n + " was just being offered another caller."
	}, "being offered another caller"},
	store.StateRested: {func(n string, r store.Removal, _ store.Decision) string {
		return fmt.Sprintf("%s was resting after a declined or busy offer%s.", n, detail(", ", r))
	}, "resting after a declined or busy offer"},
	store.DeclinedThis: {func(n string, r store.Removal, _ store.Decision) string {
		return fmt.Sprintf("%s had declined this very caller%s.", n, detail(", ", r))
	}, "declined this very caller"},
}

// detail is what the administrator wrote, where the record has it.
func detail(before string, r store.Removal) string {
	if r.Detail == "" {
		return ""
	}
	return before + "`" + r.Detail + "`"
}

func (w Words) ruleSentence(name string, r store.Removal, d store.Decision) string {
	if known, ok := rules[r.Rule]; ok {
		return known.one(name, r, d)
	}
	return fmt.Sprintf("%s was taken out by rule %s%s.", name, r.Rule, detail(": ", r))
}

// RuleWords tells in words why a rule takes agents out.
func RuleWords(r store.Removal) string { return ruleReason(r) }

// ruleReason tells a rule of many agents.
func ruleReason(r store.Removal) string {
	if known, ok := rules[r.Rule]; ok {
		return known.many + detail(", ", r)
	}
	return "rule " + string(r.Rule) + detail(", ", r)
}
