package apps

import (
	"context"

	"ringway/dialplan"
)

func ringing() dialplan.App {
	return dialplan.App{Name: "ringing", Doc: "Lets the caller's phone ring (180).",
		Prepare: func(*dialplan.Args) dialplan.Step {
			return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) { return "", r.Channel().Ringing(ctx) })
		}}
}
