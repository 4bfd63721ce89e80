package apps

import (
	"context"

	"ringway/dialplan"
)

func startMusic() dialplan.App {
	return dialplan.App{
		Name: "start_music", Doc: "Plays music in the background until `stop_music` or a conversation.", Main: "music", Media: dialplan.NeedsMedia,
		Args: []dialplan.Arg{{Name: "music", Type: dialplan.TextArg, Default: "hold", Doc: "music or prompt"}},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			music := a.Music("music")
			return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) {
				name, err := r.Text(music)
				if err != nil {
					return "", err
				}
				return "", r.Channel().StartMusic(ctx, name)
			})
		}}
}
