package apps

import (
	"context"

	"ringway/dialplan"
)

func progress() dialplan.App {
	return dialplan.App{Name: "progress", Doc: "Opens early media (183), so that prompts can be heard before the answer.", Media: dialplan.OpensMedia,
		Prepare: func(*dialplan.Args) dialplan.Step {
			return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) { return "", r.Channel().Progress(ctx) })
		}}
}
