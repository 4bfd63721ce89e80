package apps

import "ringway/dialplan"

func agentDesk() dialplan.App {
	return dialplan.App{
		Name: "agent_desk", Doc: "A person takes the calling phone as her desk (hot desk).", Results: memberResults,
		Args: []dialplan.Arg{
			{Name: "agent", Type: dialplan.TextArg, Required: true, Doc: "the person's id or number"},
			{Name: "pin", Type: dialplan.TextArg, Required: true, Doc: "her pin"},
			quietArg,
		},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			return &member{verb: Desk, agent: a.Text("agent"), pin: a.Text("pin"), quiet: a.Bool("quiet")}
		}}
}
