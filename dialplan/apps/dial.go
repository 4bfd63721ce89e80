package apps

import (
	"context"
	"fmt"

	"ringway/config/expr"
	"ringway/dialplan"
	"ringway/store"
)

// dialResults are the words that on: of a dial may branch on.
var dialResults = map[store.OfferOutcome]string{
	store.Answered: "answered", store.Busy: "busy", store.Declined: "declined", store.NoAnswer: "no_answer",
	store.OfferUnreachable: "unreachable", store.MediaFailed: "failed", store.ReservationLapsed: "failed", store.LostRace: "failed", store.CallerLeft: "failed",
}

// dialCauses are what a call ends with when its last dial came to this and no step names a cause.
var dialCauses = map[store.OfferOutcome]string{
	store.Busy: "busy", store.Declined: "rejected", store.NoAnswer: "no_answer", store.OfferUnreachable: "no_answer", store.MediaFailed: "congestion",
	store.ReservationLapsed: "congestion",
}

// CauseOf is the cause of a call whose last dial came to this, "" where that says nothing.
func CauseOf(o store.OfferOutcome) string { return dialCauses[o] }

func dial() dialplan.App {
	return dialplan.App{
		Name: "dial", Doc: "Rings accounts, or a number behind a trunk, and connects the first that answers; goes on when nobody did, and ends the call after the conversation.", Lasts: true, Main: "account",
		Results: []string{"busy", "declined", "failed", "no_answer", "unreachable", "answered"}, EndsOn: []string{"answered"},
		Args: []dialplan.Arg{
			{Name: "account", Type: dialplan.AccountsArg, Doc: "accounts to ring"},
			{Name: "trunk", Type: dialplan.TrunkArg, Doc: "trunk to call through"},
			{Name: "number", Type: dialplan.TextArg, Doc: "what to dial behind the trunk: digits, `+`, `*` and `#` only"},
			{Name: "ring", Type: dialplan.DurationArg, Default: "30s", Doc: "how long to ring (each, in sequence)"},
			{Name: "sequence", Type: dialplan.YesNoArg, Default: "false", Doc: "yes: one after the other instead of all at once"},
			{Name: "caller_id", Type: dialplan.TextArg, Doc: "number to show instead of the caller's"},
			{Name: "music", Type: dialplan.TextArg, Doc: "what an answered caller hears meanwhile; without it the ringing tone"},
		},
		Prepare: prepareDial,
	}
}

// dialing is a prepared dial.
type dialing struct {
	accounts         []*expr.Template
	trunk            string
	number, callerID *expr.Template
	music            *expr.Template
	form             dialplan.Dial
}

func prepareDial(a *dialplan.Args) dialplan.Step {
	if a.Has("account") == a.Has("trunk") {
		a.Errorf("trunk", "write one of 'account' and 'trunk'", "dial needs either accounts or a trunk")
	}
	if a.Has("trunk") != a.Has("number") {
		a.Errorf("number", "", "'trunk' and 'number' belong together")
	}
	d := &dialing{accounts: a.Accounts("account"), trunk: a.Trunk("trunk"), number: a.Text("number"), callerID: a.Text("caller_id"), music: a.Music("music")}
	d.form = dialplan.Dial{Ring: a.Duration("ring"), Sequential: a.Bool("sequence")}
	if s, fixed := d.number.Static(); fixed && s != "" && !dialable(s) {
		a.Errorf("number", "", "'%s' is not a number that can be dialled", s)
	}
	return d
}

// Do rings and connects.
func (d *dialing) Do(ctx context.Context, r *dialplan.Run) (string, error) {
	form := d.form
	targets, err := d.targets(r)
	if err != nil {
		return "failed", err
	}
	form.Targets = targets
	if form.CallerID, err = r.Text(d.callerID); err != nil || form.CallerID != "" && !dialable(form.CallerID) {
		return "failed", fmt.Errorf("caller_id %q cannot be shown: %w", form.CallerID, dialplan.ErrRefused)
	}
	if music, err := r.Text(d.music); err == nil && music != "" {
		form.KeepMusic = true
		if err := r.Channel().StartMusic(ctx, music); err != nil {
			return "failed", err
		}
	}
	return r.Dial(ctx, form, func(res dialplan.DialResult, err error) (string, error) {
		if err != nil {
			return "failed", err
		}
		r.Failed(CauseOf(res.Outcome))
		if form.KeepMusic && res.Outcome != store.Answered {
			_ = r.Channel().StopMusic(ctx)
		}
		return dialResults[res.Outcome], nil
	})
}

// targets evaluates whom to ring. A name from a caller is only ever looked up, a number only ever digits.
func (d *dialing) targets(r *dialplan.Run) ([]dialplan.Target, error) {
	if d.trunk != "" {
		number, err := r.Text(d.number)
		if err != nil {
			return nil, err
		}
		if !dialable(number) {
			return nil, fmt.Errorf("number %q: %w", cut(number), dialplan.ErrRefused)
		}
		return []dialplan.Target{{Trunk: d.trunk, Number: number}}, nil
	}
	names, err := r.Texts(d.accounts)
	if err != nil {
		return nil, err
	}
	out := make([]dialplan.Target, len(names))
	for i, n := range names {
		out[i] = dialplan.Target{Account: n}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("nobody to ring: %w", dialplan.ErrMissing)
	}
	return out, nil
}

// dialable tells whether s is a telephone number: up to 32 digits, with + only at the start.
func dialable(s string) bool {
	for i, c := range s {
		if (c < '0' || c > '9') && c != '*' && c != '#' && (c != '+' || i > 0) {
			return false
		}
	}
	return s != "" && len(s) <= 32
}

func cut(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}
