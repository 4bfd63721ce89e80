package console

import (
	"cmp"
	"context"
	"time"

	"ringway/console/desk"
	"ringway/store"
)

// SaidView is what one agent said and wrote about a call.
type SaidView struct {
	Agent       string       `json:"agent"`
	Name        string       `json:"name,omitempty" doc:"hers"`
	Queue       string       `json:"queue,omitempty"`
	At          time.Time    `json:"at"`
	Disposition *desk.Choice `json:"disposition,omitempty"`
	Label       string       `json:"label,omitempty" doc:"the disposition in the queue's words"`
	Note        string       `json:"note,omitempty"`
}

// said puts what agents said of a call into its story; the last of them speaks for the call.
func (a *API) said(ctx context.Context, call string, v *StoryView) error {
	outcomes, err := a.Records.Outcomes(ctx, call)
	if err != nil {
		return err
	}
	notes, err := a.Records.Notes(ctx, call)
	if err != nil {
		return err
	}
	v.Said, v.Call.AgentName = said(outcomes, notes), a.nameOf(v.Call.Agent)
	for i, s := range v.Said {
		v.Said[i].Name = a.nameOf(s.Agent)
		if s.Disposition != nil {
			v.Disposition = s.Disposition
			v.Said[i].Label = a.label(store.CallOutcome{Call: call, Agent: s.Agent, Queue: s.Queue, Code: s.Disposition.Code, Sub: s.Disposition.Sub})
			v.Call.Label = v.Said[i].Label
		}
		if s.Note != "" {
			v.Note = s.Note
		}
	}
	return nil
}

// said joins both by agent, in the order in which they were said first.
func said(outcomes []store.CallOutcome, notes []store.CallNote) []SaidView {
	out, at := []SaidView{}, map[string]int{}
	of := func(agent string, when time.Time) *SaidView {
		i, known := at[agent]
		if !known {
			i = len(out)
			at[agent], out = i, append(out, SaidView{Agent: agent, At: when})
		}
		return &out[i]
	}
	for _, o := range outcomes {
		s := of(o.Agent, o.At)
		s.Queue, s.Disposition = o.Queue, &desk.Choice{Code: o.Code, Sub: o.Sub}
	}
	for _, n := range notes {
		of(n.Agent, n.At).Note = n.Text
	}
	return out
}

// labels are what calls were about, in the words of their queues.
func (a *API) labels(ctx context.Context, calls []string) (map[string]string, error) {
	found, err := a.Records.OutcomesOf(ctx, calls)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, o := range found {
		out[o.Call] = a.label(o)
	}
	return out, nil
}

// label is a disposition in the queue's words, or its code where the queue has none any more.
func (a *API) label(o store.CallOutcome) string {
	if o.Code == store.NoDisposition {
		return ""
	}
	label := ""
	if a.Labels != nil {
		label = a.Labels(o)
	}
	return cmp.Or(label, o.Code)
}

// nameOf is a person's name, "" for nobody.
func (a *API) nameOf(id string) string {
	p, _ := a.Roster.Person(id)
	return p.Name
}
