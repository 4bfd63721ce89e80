package apps

import "ringway/dialplan"

func busy() dialplan.App {
	return dialplan.App{Name: "busy", Doc: "Ends the call as busy (486 before an answer).", Ends: true,
		Prepare: func(*dialplan.Args) dialplan.Step { return ending("busy") }}
}
