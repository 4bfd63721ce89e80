package dialplan_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
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

// patient is a channel whose Wait takes real time, inside a bubble.
type patient struct {
	quiet
	ended bool
	said  []string
}

func (p *patient) Hangup(context.Context, string) error { p.ended = true; return nil }

func (p *patient) Wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func (p *patient) Trace(e dialplan.TraceEvent) {
	if e.Kind == dialplan.TraceMessage {
		p.said = append(p.said, e.Detail)
	}
}

func TestTheHExtensionIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l diag.List
		plan := dialplan.Load([]dialplan.File{{Name: "p", Data: []byte("contexts: {c: {extensions: {s: [hangup], h: [{wait: 4s}, {log: in time}, {wait: 30s}, {log: too late}]}}}")}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
		ch := &patient{}
		start := time.Now()
		if err := dialplan.NewRun(plan, ch, dialplan.Entry{Context: "c", Exten: "s"}).Exec(t.Context()); err != nil || !ch.ended {
			t.Error(err)
		}
		if took := time.Since(start); took != 10*time.Second || len(ch.said) != 1 {
			t.Errorf("took %s, said %q", took, ch.said)
		}
	})
}
