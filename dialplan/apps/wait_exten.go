package apps

import (
	"context"

	"ringway/dialplan"
)

func waitExten() dialplan.App {
	return dialplan.App{
		Name: "wait_exten", Doc: "Waits for the caller to type an extension and goes to it, to `i` when there is none, to `t` when nothing is typed (or on, without a `t`).", Types: true, Lasts: true, Main: "timeout", Media: dialplan.NeedsMedia,
		Args: []dialplan.Arg{
			{Name: "timeout", Type: dialplan.DurationArg, Default: "10s", Doc: "how long to wait for the first digit; 0s is for ever"},
			{Name: "digits", Type: dialplan.NumberArg, Default: "0", Doc: "how many digits an extension has here; 0 finds out from the extensions"},
			{Name: "between", Type: dialplan.DurationArg, Default: "3s", Doc: "longest pause between two digits"},
		},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			t := typing{first: patience(a.Duration("timeout")), most: a.Int("digits", 0, 32), between: patience(a.Duration("between"))}
			return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) {
				digits, err := extension(ctx, r, t)
				switch {
				case err != nil:
				case digits == "":
					r.TimedOut()
				default:
					r.DialExten(digits)
				}
				return "", err
			})
		}}
}
