package node

import (
	"fmt"
	"strings"
	"time"

	"ringway/config/diag"
	"ringway/console"
	"ringway/dialplan"
	"ringway/dialplan/sim"
	"ringway/store"
	"ringway/store/report"
)

// told is what a virtual call came to.
func (s *simulation) told(r sim.Report) console.Simulated {
	start := s.asked.At
	out := console.Simulated{Version: s.c.Version, Context: s.caller.Context, Kind: string(s.caller.Kind), Start: start, End: r.End, Cause: r.Cause,
		Agent: r.Agent, AgentName: nameOf(s.c)(r.Agent), Talked: some(r.Talked), Played: some(r.Played), Events: some(r.Events),
		Steps: []console.SimulatedStep{}, Visits: []console.SimulatedVisit{}, Decisions: []console.SimulatedDecision{}}
	if out.End.IsZero() {
		out.End = start
		if n := len(r.Trace); n > 0 {
			out.End = r.Trace[n-1].At
		}
	}
	out.Duration = out.End.Sub(start).Seconds()
	if r.Err != nil {
		out.Problem, out.Said = r.Err.Error(), console.SaidBy(sim.Failures, r.Err.Error())
	}
	out.Steps, out.Truncated = s.steps(r)
	out.Truncated = out.Truncated || s.more
	for _, id := range s.order {
		out.Visits = append(out.Visits, s.visit(s.visits[id]))
	}
	words := report.Words{Name: nameOf(s.c), Zone: zoneOf(s.c)}
	for _, d := range s.decisions {
		out.Decisions = append(out.Decisions, s.decided(words, d))
	}
	if s.asked.Behind {
		out.Behind = s.behind()
	}
	return out
}

// steps are what the script did and what the caller did, by time; true means that there was more.
func (s *simulation) steps(r sim.Report) ([]console.SimulatedStep, bool) {
	texts := map[diag.Pos]string{}
	for _, x := range s.c.Plan.Draw().Extensions {
		for _, step := range x.Steps {
			texts[step.Pos] = step.Text
		}
	}
	out := []console.SimulatedStep{}
	acts := r.Acts
	for _, l := range r.Trace {
		if l.Kind == dialplan.TraceStart {
			continue // its end says more
		}
		for len(acts) > 0 && !acts[0].At.After(l.At) {
			out = append(out, actTold(acts[0], s.asked.At))
			acts = acts[1:]
		}
		if len(out) >= maxSimulated {
			return out[:maxSimulated], true
		}
		out = append(out, stepTold(l, s.asked.At, texts[l.Pos]))
	}
	for _, a := range acts {
		out = append(out, actTold(a, s.asked.At))
	}
	return out, false
}

// actTold is what the caller did.
func actTold(a sim.Act, start time.Time) console.SimulatedStep {
	t := console.SimulatedStep{After: a.At.Sub(start).Seconds(), Kind: "key", Keys: a.Keys, Spoken: a.Spoken, Text: "the caller presses " + a.Keys}
	switch {
	case a.Keys == "":
		t.Kind, t.Text = "hang_up", "the caller hangs up"
	case a.Spoken:
		t.Text += ", which the other side hears"
	}
	return t
}

// visit is one stay in a queue.
func (s *simulation) visit(v store.Visit) console.SimulatedVisit {
	out := console.SimulatedVisit{Queue: v.Queue, After: v.Enter.Sub(s.asked.At).Seconds(), Ahead: s.ahead[v.ID], Result: string(v.Result)}
	if !v.Leave.IsZero() {
		out.Waited = v.Leave.Sub(v.Enter).Seconds()
	}
	if v.Agent != "" {
		out.Agent = &console.Somebody{ID: v.Agent, Name: nameOf(s.c)(v.Agent)}
		if !v.End.IsZero() {
			out.Talked = v.End.Sub(v.Connect).Seconds()
		}
	}
	return out
}

// behind is who waited before the call.
func (s *simulation) behind() *console.SimulatedLine {
	out := &console.SimulatedLine{At: s.seen, Count: len(s.line), Callers: []console.SimulatedAhead{}}
	for _, a := range s.line {
		if s.c.Spec.Queue(a.queue) == nil {
			out.LeftOut++
			out.Count--
			continue
		}
		if len(out.Callers) == maxDecisions {
			continue
		}
		told := console.SimulatedAhead{Queue: a.queue, Waited: s.asked.At.Sub(a.Enter).Seconds(), Language: a.Caller.Language}
		if v, ok := s.visits[a.ID]; ok && v.Result != "" {
			told.Result, told.After = string(v.Result), v.Leave.Sub(s.asked.At).Seconds()
			if v.Agent != "" {
				told.Agent = &console.Somebody{ID: v.Agent, Name: nameOf(s.c)(v.Agent)}
			}
		}
		out.Callers = append(out.Callers, told)
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
		Written: text, Result: l.Result, Detail: l.Detail, Position: console.PositionOf(l.Pos)}
	if l.Err != nil {
		s.Error, s.Said = l.Err.Error(), console.SaidBy(sim.Failures, l.Err.Error())
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
func (s *simulation) decided(w report.Words, d store.Decision) console.SimulatedDecision {
	people := func(ids []string) []console.Somebody {
		out := []console.Somebody{}
		for _, id := range ids {
			out = append(out, console.Somebody{ID: id, Name: w.Name(id)})
		}
		return out
	}
	out := console.SimulatedDecision{After: d.At.Sub(s.asked.At).Seconds(), Queue: d.Queue, Step: d.Step, Waited: d.Waited.Seconds(), Chosen: people(d.Chosen),
		Eligible: d.Eligible, Text: strings.TrimSpace(w.WhyAgent(d)), Removed: []console.SimulatedRemoval{}, Ranks: []console.SimulatedRank{}, Offers: []console.SimulatedOffer{}}
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
	for _, o := range s.offers[d.ID] {
		out.Offers = append(out.Offers, console.SimulatedOffer{Agent: people([]string{o.Agent})[0], Rang: o.End.Sub(o.Start).Seconds(), Outcome: string(o.Outcome)})
	}
	return out
}
