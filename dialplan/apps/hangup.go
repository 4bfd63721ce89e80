package apps

import (
	"context"

	"ringway/dialplan"
)

func hangup() dialplan.App {
	return dialplan.App{
		Name: "hangup", Doc: "Ends the call.", Main: "cause", Ends: true,
		Args: []dialplan.Arg{{Name: "cause", Type: dialplan.WordArg, Default: "normal", Doc: "normal, busy, congestion, unallocated or rejected"}},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			return ending(a.OneOf("cause", "normal", "busy", "congestion", "unallocated", "rejected"))
		}}
}

// ending hangs up; the call is over whatever the verb says.
func ending(cause string) dialplan.Step {
	return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) {
		if err := r.Channel().Hangup(ctx, cause); err != nil {
			return "", err
		}
		return "", dialplan.ErrEnded
	})
}
