package apps

import (
	"context"

	"ringway/dialplan"
)

func logMessage() dialplan.App {
	return dialplan.App{
		Name: "log", Doc: "Writes a line to the call's trace and the log.", Main: "message",
		Args: []dialplan.Arg{{Name: "message", Type: dialplan.TextArg, Required: true, Doc: "what to say; never write digits typed after a secure prompt"}},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			text := a.Text("message")
			return dialplan.StepFunc(func(_ context.Context, r *dialplan.Run) (string, error) {
				s, err := r.Text(text)
				if err == nil {
					r.Log(s)
				}
				return "", err
			})
		}}
}
