package dialplan_test

import (
	"context"
	"time"

	"ringway/dialplan"
)

// quiet is a channel that does nothing at once: it measures the interpreter alone.
type quiet struct{}

func (*quiet) Info() dialplan.Info                                      { return dialplan.Info{Call: "c"} }
func (*quiet) Now() time.Time                                           { return time.Unix(1e9, 0) }
func (*quiet) Answer(context.Context) error                             { return nil }
func (*quiet) Progress(context.Context) error                           { return nil }
func (*quiet) Ringing(context.Context) error                            { return nil }
func (*quiet) Play(context.Context, dialplan.Play) (string, error)      { return "", nil }
func (*quiet) StartMusic(context.Context, string) error                 { return nil }
func (*quiet) StopMusic(context.Context) error                          { return nil }
func (*quiet) Digits(context.Context, dialplan.Collect) (string, error) { return "", nil }
func (*quiet) Wait(context.Context, time.Duration) error                { return nil }
func (*quiet) Hangup(context.Context, string) error                     { return nil }
func (*quiet) Trace(dialplan.TraceEvent)                                {}
func (*quiet) Dial(context.Context, dialplan.Dial) (dialplan.DialResult, error) {
	return dialplan.DialResult{}, nil
}
