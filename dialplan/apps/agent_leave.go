package apps

import "ringway/dialplan"

func agentLeave() dialplan.App {
	return dialplan.App{
		Name: "agent_leave", Doc: "The calling person leaves a queue, or all.", Main: "queue", Results: memberResults,
		Args: []dialplan.Arg{{Name: "queue", Type: dialplan.QueueArg, Doc: "name or number; none is all"}, quietArg},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			return &member{verb: Leave, queue: a.Queue("queue"), quiet: a.Bool("quiet")}
		}}
}
