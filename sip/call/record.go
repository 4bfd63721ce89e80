package call

import (
	"context"

	"ringway/dialplan"
	"ringway/rtp"
	"ringway/store"
)

// Recordings is where recorded conversations go.
type Recordings interface {
	// Begin puts a recording on record. Nothing is opened before the media engine asks for the file, and done is what it has to
	// be told of the end. It never blocks.
	Begin(r store.Recording) (open func() (rtp.Tape, error), done func(rtp.Recorded))
}

// Record says that conversations are recorded from now on, the one that runs included, or not: dialplan.Recorder.
func (h *channel) Record(ctx context.Context, on bool) error {
	c := (*Call)(h)
	_, err := ask(ctx, c, verb[none]{start: func(reply func(none, error)) {
		if c.records = on; !on {
			c.stopRecording()
		} else if c.joined {
			c.recordTalk(c.bridge)
		}
		reply(none{}, nil)
	}})
	return err
}

// recordTalk begins to record the conversation with p, where somebody wants that. It lasts as long as the conversation, holds
// included: they are silent. Another conversation of the call is another recording.
func (c *Call) recordTalk(p *party) {
	var spec dialplan.Dial
	if p.target != nil {
		spec = p.target.dial.spec
	}
	if c.recording != nil || c.m.o.Recordings == nil || !c.records && !spec.Record {
		return
	}
	r := store.Recording{ID: newID(), Call: c.id, Leg: p.row.ID, Agent: p.agent, Queue: spec.Queue, Visit: visitOf(p), Customer: c.caller.Claims.Customer,
		Start: c.now(), State: store.RecordingRuns}
	if r.Agent == "" {
		r.Agent = c.a.agent // she called: hers to answer for, and her managers' to hear
	}
	open, done := c.m.o.Recordings.Begin(r)
	rec, err := c.m.o.Media.Record(rtp.RecordOptions{Name: r.ID, Left: c.a.media, Right: p.media, Open: open, Done: done})
	if err != nil {
		c.log().Warn("conversation not recorded", "leg", p.row.ID, "err", err)
		done(rtp.Recorded{Err: err})
		return
	}
	c.recording = rec
}

// visitOf is the stay in a queue of which a conversation with p is, "" where no queue offered the call.
func visitOf(p *party) string {
	if p.target == nil || p.target.dial.spec.Queue == "" {
		return ""
	}
	return store.VisitOf(p.target.spec.Offer)
}

// stopRecording ends the recording that runs.
func (c *Call) stopRecording() {
	if c.recording != nil {
		c.recording.Stop()
		c.recording = nil
	}
}
