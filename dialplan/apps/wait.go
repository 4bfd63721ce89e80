package apps

import (
	"context"

	"ringway/dialplan"
)

func wait() dialplan.App {
	return dialplan.App{
		Name: "wait", Doc: "Lets time pass.", Lasts: true, Main: "time",
		Args: []dialplan.Arg{{Name: "time", Type: dialplan.DurationArg, Required: true, Doc: "how long"}},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			d := a.Duration("time")
			return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) { return "", r.Channel().Wait(ctx, d) })
		}}
}
