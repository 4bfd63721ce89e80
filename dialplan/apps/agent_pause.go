package apps

import (
	"ringway/dialplan"
	"ringway/store"
)

func agentPause() dialplan.App {
	return dialplan.App{
		Name: "agent_pause", Doc: "The calling person gets no calls until she is back.", Main: "reason", Results: memberResults,
		Args: []dialplan.Arg{{Name: "reason", Type: dialplan.TextArg, Default: store.DefaultReason, Doc: "why, for the reports: one short word of lower-case letters, digits, `_` and `-`; any other ends with `bad_reason`"}, quietArg},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			reason := a.Text("reason")
			if fixed, ok := reason.Static(); ok && !store.IsReason(fixed) {
				a.Errorf("reason", "write lower-case letters, digits, _ and -, as in lunch", "a reason is one short word, for the reports")
			}
			a.Opaque(reason)
			return &member{verb: Pause, reason: reason, quiet: a.Bool("quiet")}
		}}
}
