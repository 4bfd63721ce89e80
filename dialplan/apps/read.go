package apps

import (
	"context"

	"ringway/dialplan"
)

func read() dialplan.App {
	return dialplan.App{
		Name: "read", Doc: "Plays prompts and collects digits into a variable.", Lasts: true, Main: "var", Media: dialplan.NeedsMedia, Results: []string{"typed", "nothing"},
		Args: []dialplan.Arg{
			{Name: "var", Type: dialplan.VarArg, Required: true, Doc: "variable that gets the digits"},
			{Name: "files", Type: dialplan.PromptsArg, Doc: "prompt names"},
			{Name: "digits", Type: dialplan.NumberArg, Default: "0", Doc: "how many digits at most; 0 is up to the `end` digit or the pause"},
			{Name: "timeout", Type: dialplan.DurationArg, Default: "10s", Doc: "how long to wait for the first digit; 0s is for ever"},
			{Name: "between", Type: dialplan.DurationArg, Default: "3s", Doc: "longest pause between two digits"},
			{Name: "end", Type: dialplan.WordArg, Default: "#", Doc: "digit that ends the input"},
			{Name: "attempts", Type: dialplan.NumberArg, Default: "1", Doc: "how often to ask when nothing is typed"},
			{Name: "language", Type: dialplan.TextArg, Doc: "language of the prompts"},
		},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			files, language, attempts, name := a.Prompts("files"), a.Text("language"), a.Int("attempts", 1, 10), a.Variable("var")
			c := dialplan.Collect{Max: a.Int("digits", 0, 64), First: patience(a.Duration("timeout")), Inter: patience(a.Duration("between")), Terminators: a.Word("end")}
			return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) {
				r.SetText(name, "")
				for range attempts {
					p, err := playOf(r, files, language)
					if err != nil {
						return "", err
					}
					digits, err := ask(ctx, r.Channel(), p, c)
					if err != nil {
						return "", err
					}
					if digits != "" {
						r.SetText(name, digits)
						return "typed", nil
					}
				}
				return "nothing", nil
			})
		}}
}

// ask plays and collects; the first digit ends the prompt and is part of the input.
func ask(ctx context.Context, ch dialplan.Channel, p dialplan.Play, c dialplan.Collect) (string, error) {
	digit := ""
	if len(p.Files) > 0 {
		p.Interrupt = "any"
		d, err := ch.Play(ctx, p)
		if err != nil {
			return "", err
		}
		digit = d
	}
	switch {
	case digit == "":
		return ch.Digits(ctx, c)
	case len(c.Terminators) > 0 && digit == c.Terminators:
		return "", nil
	case c.Max == 1:
		return digit, nil
	}
	if c.First = c.Inter; c.Max > 0 {
		c.Max--
	}
	rest, err := ch.Digits(ctx, c)
	return digit + rest, err
}
