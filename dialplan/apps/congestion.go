package apps

import "ringway/dialplan"

func congestion() dialplan.App {
	return dialplan.App{Name: "congestion", Doc: "Ends the call because nothing is free (503 before an answer).", Ends: true,
		Prepare: func(*dialplan.Args) dialplan.Step { return ending("congestion") }}
}
