package apps

import (
	"context"

	"ringway/dialplan"
)

func set() dialplan.App {
	return dialplan.App{
		Name: "set", Doc: "Sets variables, in the order in which they are written.", Main: "variables",
		Args: []dialplan.Arg{{Name: "variables", Type: dialplan.VarsArg, Required: true, Doc: "names and values, as in `set: {lang: \"${caller.language}\"}`"}},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			all := a.Assignments("variables")
			return dialplan.StepFunc(func(_ context.Context, r *dialplan.Run) (string, error) {
				for _, one := range all {
					if err := r.Set(one); err != nil {
						return "", err
					}
				}
				return "", nil
			})
		}}
}
