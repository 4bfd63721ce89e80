package console

import (
	"context"
	"time"

	"ringway/console/desk"
	"ringway/store"
)

// SaidView is what one agent said and wrote about a call.
type SaidView struct {
	Agent       string       `json:"agent"`
	Queue       string       `json:"queue,omitempty"`
	At          time.Time    `json:"at"`
	Disposition *desk.Choice `json:"disposition,omitempty"`
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
	v.Said = said(outcomes, notes)
	for _, s := range v.Said {
		if s.Disposition != nil {
			v.Disposition = s.Disposition
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
