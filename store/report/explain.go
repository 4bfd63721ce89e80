package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"ringway/store"
)

// Words say how people are called and in which zone times are told. The zero value uses identifiers and UTC.
type Words struct {
	Name func(agent string) string
	Zone *time.Location
}

func (w Words) name(agent string) string {
	if w.Name != nil {
		if n := w.Name(agent); n != "" {
			return n
		}
	}
	return agent
}

func (w Words) names(agents []string) string { return list(w.named(agents)) }

func (w Words) named(agents []string) []string {
	all := make([]string, len(agents))
	for i, a := range agents {
		all[i] = w.name(a)
	}
	return all
}

// list joins with commas and a last "and".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// moment is an instant in the zone in which times are told.
func (w Words) moment(at time.Time) string {
	zone := w.Zone
	if zone == nil {
		zone = time.UTC
	}
	return at.In(zone).Format("2006-01-02 15:04:05 MST")
}

// scene says which decision is spoken of.
func (w Words) scene(d store.Decision) string {
	return fmt.Sprintf("%s: call %s in queue %s after %s, step %d, %s, configuration %s", w.moment(d.At), d.Call,
		d.Queue, duration(d.Waited), d.Step, caller(d.Caller), d.PlanVersion)
}

func caller(p store.Profile) string {
	var parts []string
	for _, f := range []struct{ label, value string }{{"language ", p.Language}, {"region ", p.Region}, {"zone ", p.Zone}} {
		if f.value != "" {
			parts = append(parts, f.label+f.value)
		}
	}
	for _, skill := range sortedKeys(p.Skills) {
		parts = append(parts, fmt.Sprintf("skill %s ≥ %d", skill, p.Skills[skill]))
	}
	if p.Priority != 0 {
		parts = append(parts, "head start "+duration(p.Priority))
	}
	if len(parts) == 0 {
		return "a caller of whom nothing is known"
	}
	return "a caller with " + list(parts)
}

func sortedKeys(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// WhyAgent answers "why this agent?": who was chosen, where the runner-up fell behind, and how many each rule took out.
func (w Words) WhyAgent(d store.Decision) string {
	var b strings.Builder
	b.WriteString(w.scene(d) + "\n")
	switch {
	case len(d.Chosen) == 0:
		b.WriteString("  Nobody was eligible; the caller kept the place.\n")
	case len(d.Chosen) > 1:
		fmt.Fprintf(&b, "  %s were rung together: the queue rings all, and %s eligible.\n", w.names(d.Chosen), people(d.Eligible))
	case d.Eligible <= 1:
		fmt.Fprintf(&b, "  %s was chosen as the only one eligible%s.\n", w.name(d.Chosen[0]), w.own(d))
	default:
		fmt.Fprintf(&b, "  %s was chosen out of %d eligible%s.\n", w.name(d.Chosen[0]), d.Eligible, w.own(d))
	}
	if winner, next, ok := runnerUp(d); ok {
		fmt.Fprintf(&b, "  %s\n", w.difference(d, winner, next))
	}
	for _, r := range d.Removed {
		fmt.Fprintf(&b, "  %s not considered: %s%s.\n", people(r.Count), ruleReason(r), w.some(r))
	}
	return b.String()
}

// own lists the chosen agent's own values.
func (w Words) own(d store.Decision) string {
	for _, r := range d.Ranks {
		if r.Agent == d.Chosen[0] && len(r.Values) > 0 {
			return " (" + values(d.RankNames, r.Values) + ")"
		}
	}
	return ""
}

func values(names, vals []string) string {
	parts := make([]string, len(vals))
	for i, v := range vals {
		parts[i] = heading(names, i) + " " + v
	}
	return strings.Join(parts, ", ")
}

func heading(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return "rank " + strconv.Itoa(i+1)
}

func people(n int) string {
	if n == 1 {
		return "1 agent was"
	}
	return strconv.Itoa(n) + " agents were"
}

// some names the removed agents, or says that the list was cut.
func (w Words) some(r store.Removal) string {
	if len(r.Agents) == 0 {
		return ""
	}
	names := w.names(r.Agents)
	if more := r.Count - len(r.Agents); more > 0 {
		names = strings.Join(w.named(r.Agents), ", ") + " and " + strconv.Itoa(more) + " more"
	}
	return " — " + names
}

// runnerUp finds the last chosen agent and the best one who was not chosen.
func runnerUp(d store.Decision) (winner, next store.Rank, ok bool) {
	for _, r := range d.Ranks {
		if slices.Contains(d.Chosen, r.Agent) {
			winner = r
		} else if winner.Agent != "" {
			return winner, r, true
		}
	}
	return winner, next, false
}

// difference says where two candidates parted.
func (w Words) difference(d store.Decision, winner, next store.Rank) string {
	a, b := w.name(winner.Agent), w.name(next.Agent)
	if winner.Robot != next.Robot {
		return fmt.Sprintf("%s came before %s, who is a robot.", a, b)
	}
	if winner.Step != next.Step {
		return fmt.Sprintf("%s came before %s because step %d wants the one and only step %d the other.", a, b, winner.Step, next.Step)
	}
	var same []string
	for i := range min(len(winner.Values), len(next.Values)) {
		if winner.Values[i] != next.Values[i] {
			equal := ""
			if len(same) > 0 {
				equal = ", after equal " + list(same)
			}
			return fmt.Sprintf("%s came before %s by %s: %s against %s%s.", a, b, heading(d.RankNames, i), winner.Values[i], next.Values[i], equal)
		}
		same = append(same, heading(d.RankNames, i))
	}
	return fmt.Sprintf("%s and %s were equal in everything shown; the fixed order of the roster decided.", a, b)
}

// WhyNot answers "why not this agent?" in one sentence.
func (w Words) WhyNot(d store.Decision, agent string) string {
	name := w.name(agent)
	if slices.Contains(d.Chosen, agent) {
		return name + " was chosen."
	}
	for _, r := range d.Ranks {
		if r.Agent != agent {
			continue
		}
		if winner, _, ok := runnerUp(d); ok {
			return name + " could have taken the call. " + w.difference(d, winner, r)
		}
	}
	cut := 0
	for _, r := range d.Removed {
		if slices.Contains(r.Agents, agent) {
			return w.ruleSentence(name, r, d)
		}
		cut += max(r.Count-len(r.Agents), 0)
	}
	switch {
	case d.Eligible > len(d.Ranks):
		return fmt.Sprintf("%s is not among the %d best of %d eligible agents, which is all that the record keeps.", name, len(d.Ranks), d.Eligible)
	case cut > 0:
		return fmt.Sprintf("%s is not named; the record keeps only the first agents of each rule and leaves out %d.", name, cut)
	}
	return name + " was not on the roster of that configuration."
}

// WriteCall writes why each agent of a call was chosen.
func (w Words) WriteCall(out io.Writer, decisions []store.Decision) error {
	if len(decisions) == 0 {
		_, err := io.WriteString(out, "No decision is on record: the call asked no queue.\n")
		return err
	}
	for _, d := range decisions {
		if _, err := io.WriteString(out, sentences(w.WhyAgent(d))); err != nil {
			return err
		}
	}
	return nil
}

// agentDecisions is how many decisions an explanation for one agent tells: the last.
const agentDecisions = 1000

// AgentSpan is which decisions an explanation for one agent around an instant should be given. It asks for one more than
// is told, so that Told sees whether all are.
func AgentSpan(at time.Time) store.DecisionQuery {
	return store.DecisionQuery{From: at.Add(-5 * time.Minute), To: at.Add(time.Minute), Limit: agentDecisions + 1}
}

// Told are those decisions of AgentSpan that an explanation tells. Since is when the first of them was made if there were
// earlier ones, else zero.
func Told(found []store.Decision) (told []store.Decision, since time.Time) {
	if len(found) <= agentDecisions {
		return found, time.Time{}
	}
	told = found[len(found)-agentDecisions:]
	return told, told[0].At
}

// WriteAgent writes why one agent was or was not chosen in each decision that was found for AgentSpan.
func (w Words) WriteAgent(out io.Writer, found []store.Decision, agent string) error {
	decisions, since := Told(found)
	if !since.IsZero() {
		if _, err := fmt.Fprintf(out, "Only the last %d decisions of that time are told, from %s on: for an earlier one ask about its own time.\n",
			agentDecisions, w.moment(since)); err != nil {
			return err
		}
	}
	if len(decisions) == 0 {
		_, err := io.WriteString(out, "No decision was made in that time: nobody waited whom an agent could have been offered.\n")
		return err
	}
	for _, d := range decisions {
		if _, err := io.WriteString(out, sentences(w.scene(d)+"\n  "+w.WhyNot(d, agent)+"\n")); err != nil {
			return err
		}
	}
	return nil
}

// sentences makes text safe for a terminal, keeping its lines.
func sentences(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = plain(lines[i])
	}
	return strings.Join(lines, "\n")
}
