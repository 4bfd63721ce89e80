package apps

import (
	"context"
	"fmt"

	"ringway/dialplan"
)

func userEvent() dialplan.App {
	return dialplan.App{
		Name: "user_event", Doc: "Puts an event of your own on record, for webhooks and reports.", Main: "name",
		Args: []dialplan.Arg{
			{Name: "name", Type: dialplan.WordArg, Required: true, Doc: "name of the event"},
			{Name: "fields", Type: dialplan.FieldsArg, Doc: "small facts: opaque ids, never names or numbers of people (`check` refuses caller.name and caller.number)"},
		},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			name, fields := a.Word("name"), a.Fields("fields")
			for _, f := range fields {
				a.Opaque(f.Value)
			}
			return dialplan.StepFunc(func(_ context.Context, r *dialplan.Run) (string, error) {
				out := make(map[string]string, len(fields))
				for _, f := range fields {
					v, err := r.Text(f.Value)
					if err != nil {
						return "", err
					}
					out[f.Name] = v
				}
				em, ok := r.Channel().(dialplan.Emitter)
				if !ok {
					return "", fmt.Errorf("user_event: %w", dialplan.ErrRefused)
				}
				em.UserEvent(name, out)
				return "", nil
			})
		}}
}
