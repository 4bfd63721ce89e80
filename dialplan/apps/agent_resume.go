package apps

import "ringway/dialplan"

func agentResume() dialplan.App {
	return dialplan.App{
		Name: "agent_resume", Doc: "The calling person is ready again.", Results: memberResults,
		Args:    []dialplan.Arg{quietArg},
		Prepare: func(a *dialplan.Args) dialplan.Step { return &member{verb: Resume, quiet: a.Bool("quiet")} }}
}
