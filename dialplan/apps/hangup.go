package apps

import (
	"context"

	"ringway/dialplan"
)

func hangup() dialplan.App {
	return dialplan.App{
		Name: "hangup", Doc: "Ends the call.", Main: "cause", Ends: true,
		Args: []dialplan.Arg{{Name: "cause", Type: dialplan.WordArg, Doc: "normal, busy, congestion, unallocated or rejected; without it what the last dial came to, else normal"}},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			if !a.Has("cause") {
				return ending("")
			}
			return ending(a.OneOf("cause", "normal", "busy", "congestion", "unallocated", "rejected"))
		}}
}

// ending hangs up, without a cause for what the last dial came to; the call is over whatever the verb says.
func ending(named string) dialplan.Step {
	return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) {
		cause := named
		if cause == "" {
			cause = r.Cause()
		}
		if err := r.Channel().Hangup(ctx, cause); err != nil {
			return "", err
		}
		return "", dialplan.ErrEnded
	})
}
