package apps

import (
	"context"
	"time"

	"ringway/dialplan"
)

func background() dialplan.App {
	return dialplan.App{
		Name: "background", Doc: "Plays prompts while the caller may type an extension; typed digits go to it at once, or to `i`.", Types: true, Lasts: true, Main: "files", Media: dialplan.NeedsMedia,
		Args: []dialplan.Arg{
			{Name: "files", Type: dialplan.PromptsArg, Required: true, Doc: "prompt names"},
			{Name: "digits", Type: dialplan.NumberArg, Default: "0", Doc: "how many digits an extension has here; 0 finds out from the extensions"},
			{Name: "between", Type: dialplan.DurationArg, Default: "3s", Doc: "longest pause between two digits"},
			{Name: "language", Type: dialplan.TextArg, Doc: "language of the prompts"},
		},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			files, language, most, between := a.Prompts("files"), a.Text("language"), a.Int("digits", 0, 32), patience(a.Duration("between"))
			return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) {
				p, err := playOf(r, files, language)
				if err != nil {
					return "", err
				}
				p.Interrupt = "any"
				digit, err := r.Channel().Play(ctx, p)
				if err != nil || digit == "" {
					return "", err
				}
				digits, err := extension(ctx, r, typing{typed: digit, most: most, between: between})
				if err == nil {
					r.DialExten(digits)
				}
				return "", err
			})
		}}
}

// typing is how an extension is collected.
type typing struct {
	typed   string
	most    int // digits; 0 asks the dialplan
	first   time.Duration
	between time.Duration
}

// extension collects digits until they reach an extension that no further digit could change, until there are enough of
// them, until "#", or until the caller pauses. Nothing typed is "".
func extension(ctx context.Context, r *dialplan.Run, t typing) (string, error) {
	digits := t.typed
	if t.most > 0 {
		if len(digits) >= t.most {
			return digits, nil
		}
		first := t.between
		if digits == "" {
			first = t.first
		}
		more, err := r.Channel().Digits(ctx, dialplan.Collect{Max: t.most - len(digits), First: first, Inter: t.between, Terminators: "#"})
		return digits + more, err
	}
	const longest = 32
	for pause := t.between; len(digits) < longest; {
		if digits != "" {
			if _, more := r.Reachable(digits); !more {
				return digits, nil
			}
		} else {
			pause = t.first
		}
		d, err := r.Channel().Digits(ctx, dialplan.Collect{Max: 1, First: pause, Inter: pause, Terminators: "#"})
		if err != nil || d == "" {
			return digits, err
		}
		digits, pause = digits+d, t.between
	}
	return digits, nil
}

// patience turns the administrator's 0s into a wait without end.
func patience(d time.Duration) time.Duration {
	if d == 0 {
		return dialplan.Forever
	}
	return d
}
