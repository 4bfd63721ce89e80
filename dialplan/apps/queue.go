package apps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ringway/config/diag"
	"ringway/config/expr"
	"ringway/dialplan"
	"ringway/store"
)

func queue() dialplan.App {
	return dialplan.App{
		Name: "queue", Doc: "Lets the caller wait for the most capable agent; ends the call after the conversation, else branches on the result.", Lasts: true, Main: "name", Media: dialplan.OpensMedia,
		Results: []string{"timeout", "full", "empty", "key", "withdrawn", "closed", "connected"}, EndsOn: []string{"connected"},
		Args: []dialplan.Arg{
			{Name: "name", Type: dialplan.QueueArg, Required: true, Doc: "the queue"},
			{Name: "language", Type: dialplan.TextArg, Doc: "language the agent should speak, instead of the caller's"},
			{Name: "region", Type: dialplan.TextArg, Doc: "region, instead of the caller's"},
			{Name: "zone", Type: dialplan.TextArg, Doc: "time zone, instead of the caller's"},
			{Name: "skills", Type: dialplan.LevelsArg, Doc: "wanted skills with their least levels"},
			{Name: "priority", Type: dialplan.DurationArg, Default: "0s", Doc: "head start, added to the caller's own"},
			{Name: "music", Type: dialplan.TextArg, Doc: "music, instead of the queue's"},
			{Name: "answer", Type: dialplan.WordArg, Default: "first", Doc: "`on_connect`: music is early media until an agent is there"},
		},
		Prepare: prepareQueue,
	}
}

// queueing is a prepared queue step.
type queueing struct {
	name, language, region, zone, music *expr.Template
	skills                              map[string]int
	priority                            time.Duration
	early                               bool
	pos                                 diag.Pos
}

func prepareQueue(a *dialplan.Args) dialplan.Step {
	return &queueing{name: a.Queue("name"), language: a.Text("language"), region: a.Text("region"), zone: a.Text("zone"), music: a.Music("music"),
		skills: a.Levels("skills"), priority: a.Duration("priority"), early: a.OneOf("answer", "first", "on_connect") == "on_connect", pos: a.Pos()}
}

// Do enters the queue and stays to the end of the visit.
func (q *queueing) Do(ctx context.Context, r *dialplan.Run) (string, error) {
	queues, err := queuesOf(r)
	if err != nil {
		return "", err
	}
	entry, err := q.entry(r)
	if err != nil {
		return "", err
	}
	if err := openMedia(ctx, r, !q.early); err != nil {
		return "", err
	}
	settings, _ := queues.Settings(entry.Queue)
	recorded, err := recording(ctx, r, settings)
	if err != nil {
		return "", err
	}
	ticket, err := queues.Enter(ctx, entry)
	if errors.Is(err, ErrUnknownQueue) {
		return string(store.Closed), fmt.Errorf("queue '%s': %w", cut(entry.Queue), err)
	}
	if err != nil {
		return "", err
	}
	music, err := r.Text(q.music)
	if err != nil || music == "" {
		music = ticket.Settings().Music
	}
	v := &visit{ch: r.Channel(), ticket: ticket, queue: entry.Queue, language: r.Language(), music: music, recorded: recorded, log: r.Log}
	result, err := v.run(ctx)
	return string(result), err
}

// entry puts what the step says over what the signed claims say.
func (q *queueing) entry(r *dialplan.Run) (QueueEntry, error) {
	info := r.Info()
	p := store.Profile{Language: info.Claims.Language, Region: info.Claims.Region, Zone: info.Claims.Zone, Skills: q.skills, Priority: info.Claims.Priority + q.priority}
	e := QueueEntry{Call: info.Call, ByTransfer: info.ByTransfer}
	for _, f := range []struct {
		from *expr.Template
		to   *string
	}{{q.name, &e.Queue}, {q.language, &p.Language}, {q.region, &p.Region}, {q.zone, &p.Zone}} {
		s, err := r.Text(f.from)
		if err != nil {
			return e, err
		}
		if s != "" {
			*f.to = s
		}
	}
	e.Profile = p
	return e, nil
}
