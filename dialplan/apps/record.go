package apps

import (
	"context"
	"errors"
	"fmt"

	"ringway/dialplan"
)

// noticePrompt tells a caller that what is said will be recorded.
const noticePrompt = "recording-notice"

func mixMonitor() dialplan.App {
	return dialplan.App{
		Name: "mix_monitor", Doc: "Records each conversation of this call from here on, the caller on the left and who is called on the right; law on recording differs by country.",
		Lasts: true,
		Args:  []dialplan.Arg{{Name: "announce", Type: dialplan.YesNoArg, Default: "false", Doc: "yes: the caller is told first, by the prompt `recording-notice`; when it can't be played nothing is recorded"}},
		Prepare: func(a *dialplan.Args) dialplan.Step {
			announce := a.Bool("announce")
			return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) {
				if announce {
					if err := openMedia(ctx, r, true); err != nil {
						return "", err
					}
					if err := notice(ctx, r); err != nil {
						return "", err
					}
				}
				return "", record(ctx, r, true)
			})
		}}
}

func stopMixMonitor() dialplan.App {
	return dialplan.App{
		Name: "stop_mix_monitor", Doc: "Ends what `mix_monitor` began; a queue that records goes on doing so.",
		Prepare: func(*dialplan.Args) dialplan.Step {
			return dialplan.StepFunc(func(ctx context.Context, r *dialplan.Run) (string, error) { return "", record(ctx, r, false) })
		}}
}

func record(ctx context.Context, r *dialplan.Run, on bool) error {
	rec, ok := r.Channel().(dialplan.Recorder)
	if !ok {
		return fmt.Errorf("recording: %w", dialplan.ErrRefused)
	}
	return rec.Record(ctx, on)
}

// notice plays the notice to its end: no key cuts it short.
func notice(ctx context.Context, r *dialplan.Run) error {
	_, err := r.Channel().Play(ctx, dialplan.Play{Files: []string{noticePrompt}, Language: r.Language()})
	return err
}

// recording tells whether a queue's conversations are recorded, after the caller was told where that is wanted. Who can't be
// told is not recorded, and gets into the queue all the same.
func recording(ctx context.Context, r *dialplan.Run, queue QueueSettings) (bool, error) {
	switch queue.Recording {
	case RecordingOn:
		return true, nil
	case RecordingAnnounced:
		switch err := notice(ctx, r); {
		case errors.Is(err, dialplan.ErrEnded), ctx.Err() != nil:
			return false, err
		case err != nil:
			r.Log("not recorded, as the caller can't be told: " + err.Error())
			return false, nil
		}
		return true, nil
	}
	return false, nil
}
