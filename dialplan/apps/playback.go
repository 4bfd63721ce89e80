package apps

import (
	"context"

	"ringway/dialplan"
)

func playback() dialplan.App {
	return dialplan.App{
		Name: "playback", Doc: "Answers (unless `answer` says no) and plays prompts one after the other.", Lasts: true, Main: "files", Media: dialplan.OpensMedia,
		Args: []dialplan.Arg{
			{Name: "files", Type: dialplan.PromptsArg, Required: true, Doc: "prompt names"},
			{Name: "language", Type: dialplan.TextArg, Doc: "language of the prompts, instead of the variable `language`"},
			{Name: "answer", Type: dialplan.YesNoArg, Default: "true", Doc: "no: play as early media"},
		},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			files, language, open := a.Prompts("files"), a.Text("language"), a.Bool("answer")
			return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) {
				if err := openMedia(ctx, r, open); err != nil {
					return "", err
				}
				p, err := playOf(r, files, language)
				if err != nil {
					return "", err
				}
				_, err = r.Channel().Play(ctx, p)
				return "", err
			})
		}}
}

func openMedia(ctx context.Context, r *dialplan.Run, answer bool) error {
	if answer {
		return r.Channel().Answer(ctx)
	}
	return r.Channel().Progress(ctx)
}
