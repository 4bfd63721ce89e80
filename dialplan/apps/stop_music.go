package apps

import (
	"context"

	"ringway/dialplan"
)

func stopMusic() dialplan.App {
	return dialplan.App{Name: "stop_music", Doc: "Ends the music in the background.",
		Prepare: func(*dialplan.Args) dialplan.Step {
			return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) { return "", r.Channel().StopMusic(ctx) })
		}}
}
