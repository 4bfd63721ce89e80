package apps

import "ringway/dialplan"

func agentJoin() dialplan.App {
	return dialplan.App{
		Name: "agent_join", Doc: "The calling person joins a queue, or all she may serve, and hears so.", Main: "queue", Results: memberResults,
		Args: []dialplan.Arg{{Name: "queue", Type: dialplan.QueueArg, Doc: "name or number; none is all she may serve"}, quietArg},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			return &member{verb: Join, queue: a.Queue("queue"), quiet: a.Bool("quiet")}
		}}
}
