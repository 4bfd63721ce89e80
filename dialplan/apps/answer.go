package apps

import (
	"context"

	"ringway/dialplan"
)

func answer() dialplan.App {
	return dialplan.App{Name: "answer", Doc: "Answers the call; does nothing on an answered one.", Media: dialplan.OpensMedia,
		Prepare: func(*dialplan.Args) dialplan.Step {
			return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) { return "", r.Channel().Answer(ctx) })
		}}
}
