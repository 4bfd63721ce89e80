package node

import (
	"fmt"
	"strings"
	"time"

	"ringway/config"
	"ringway/config/diag"
	"ringway/console"
	"ringway/dialplan"
	"ringway/dialplan/sim"
	"ringway/store"
	"ringway/store/report"
)

// told is what a virtual call came to.
func told(c *config.Config, start time.Time, r sim.Report) console.Simulated {
	out := console.Simulated{Version: c.Version, Start: start, End: r.End, Cause: r.Cause, Agent: r.Agent, AgentName: nameOf(c)(r.Agent),
		Talked: some(r.Talked), Played: some(r.Played), Events: some(r.Events), Steps: []console.SimulatedStep{}, Decisions: []console.SimulatedDecision{}}
	if out.End.IsZero() {
		out.End = start
		if n := len(r.Trace); n > 0 {
			out.End = r.Trace[n-1].At
		}
	}
	out.Duration = out.End.Sub(start).Seconds()
	if r.Err != nil {
		out.Problem = r.Err.Error()
	}
	texts := map[diag.Pos]string{}
	for _, x := range c.Plan.Draw().Extensions {
		for _, s := range x.Steps {
			texts[s.Pos] = s.Text
		}
	}
	for _, l := range r.Trace {
		if l.Kind == dialplan.TraceStart {
			continue // its end says more
		}
		if len(out.Steps) == maxSimulated {
			out.Truncated = true
			break
		}
		out.Steps = append(out.Steps, stepTold(l, start, texts[l.Pos]))
	}
	return out
}

// some is a list that is never null.
func some(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func stepTold(l sim.Line, start time.Time, text string) console.SimulatedStep {
	s := console.SimulatedStep{After: l.At.Sub(start).Seconds(), Kind: string(l.Kind), Context: l.Context, Exten: l.Exten, Step: l.Step, Label: l.Label,
		Result: l.Result, Detail: l.Detail, Position: console.PositionOf(l.Pos)}
	if l.Err != nil {
		s.Error = l.Err.Error()
	}
	step := strings.TrimSuffix(l.Step+": "+text, ": ")
	switch l.Kind {
	case dialplan.TraceEnter:
		s.Text, s.Step = fmt.Sprintf("enters %s in context %s", l.Exten, l.Context), ""
		if l.Detail != l.Exten {
			s.Text += ", dialled as " + l.Detail
		}
	case dialplan.TraceFinish:
		if s.Text = step; l.Result != "" {
			s.Text += " → " + l.Result
		}
	case dialplan.TraceSkip:
		s.Text = step + " is skipped: its condition does not hold"
	case dialplan.TraceBranch:
		s.Text = "goes on at " + l.Detail
	case dialplan.TraceFail:
		s.Text = step + " fails: " + s.Error
	case dialplan.TraceMessage:
		s.Text = l.Detail
	case dialplan.TraceEnd:
		s.Text = "the call ends: " + l.Result
	}
	return s
}

// decided is one decision in words and figures.
func decided(w report.Words, start time.Time, d store.Decision) console.SimulatedDecision {
	people := func(ids []string) []console.Somebody {
		out := []console.Somebody{}
		for _, id := range ids {
			out = append(out, console.Somebody{ID: id, Name: w.Name(id)})
		}
		return out
	}
	out := console.SimulatedDecision{After: d.At.Sub(start).Seconds(), Queue: d.Queue, Step: d.Step, Waited: d.Waited.Seconds(), Chosen: people(d.Chosen),
		Eligible: d.Eligible, Text: strings.TrimSpace(w.WhyAgent(d)), Removed: []console.SimulatedRemoval{}, Ranks: []console.SimulatedRank{}}
	for _, r := range d.Removed {
		out.Removed = append(out.Removed, console.SimulatedRemoval{Rule: string(r.Rule), Detail: r.Detail, Text: report.RuleWords(r), Count: r.Count, Agents: people(r.Agents)})
	}
	for _, r := range d.Ranks {
		v := console.SimulatedRank{Agent: people([]string{r.Agent})[0], Step: r.Step, Robot: r.Robot, Values: []console.RankedValue{}}
		for i, x := range r.Values {
			name := fmt.Sprintf("rank %d", i+1)
			if i < len(d.RankNames) {
				name = d.RankNames[i]
			}
			v.Values = append(v.Values, console.RankedValue{Name: name, Value: x})
		}
		out.Ranks = append(out.Ranks, v)
	}
	return out
}
