package apps

import "ringway/dialplan"

func agentPause() dialplan.App {
	return dialplan.App{
		Name: "agent_pause", Doc: "The calling person gets no calls until she is back.", Main: "reason", Results: memberResults,
		Args: []dialplan.Arg{{Name: "reason", Type: dialplan.TextArg, Default: "pause", Doc: "why, for the reports"}, quietArg},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			return &member{verb: Pause, reason: a.Text("reason"), quiet: a.Bool("quiet")}
		}}
}
