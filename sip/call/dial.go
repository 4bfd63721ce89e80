package call

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/sip/leg"
	"ringway/store"
)

// defaultRing is how long a Dial rings when it does not say.
const defaultRing = 60 * time.Second

// dialing is one Dial: targets that ring together or in turn, until one answers.
//
//	ringing ──200 of one──▶ answered ──joined──▶ conversation ──BYE of it──▶ over (result: answered)
//	   └──── all failed, time is up, script's context ended ──────────────▶ over (result: the best reason)
type dialing struct {
	c       *Call
	spec    dialplan.Dial
	origin  *Origin // it rings the phones of her who will be the caller
	targets []*target
	tried   int    // targets started
	alarm   *alarm // end of ringing
	winner  *target
	party   *party // the winner's
	at      time.Time
	ended   time.Time
	reply   func(dialplan.DialResult, error)
	over    bool
}

// target is one Target of a Dial: an agent's phones, an account's contacts, or a trunk.
type target struct {
	dial    *dialing
	spec    dialplan.Target
	live    int // legs that may still answer
	outcome store.OfferOutcome
	status  int
	reason  reason // of the refusal behind outcome
	started bool
	done    bool
	rang    bool
	hops    int // redirections followed
}

// Dial rings the targets and returns when none answered or the conversation is over.
func (h *channel) Dial(ctx context.Context, spec dialplan.Dial) (dialplan.DialResult, error) {
	c := (*Call)(h)
	d := &dialing{c: c, spec: spec}
	return ask(ctx, c, verb[dialplan.DialResult]{
		start: func(reply func(dialplan.DialResult, error)) {
			d.reply = reply
			c.startDial(d)
		},
		stop:  d.stop,
		final: true,
	})
}

// startDial checks the targets and rings the first or all of them.
func (c *Call) startDial(d *dialing) {
	if c.bridge != nil {
		d.refuse(store.LostRace)
		return
	}
	for _, spec := range d.spec.Targets {
		if err := c.known(spec); err != nil {
			d.reply(dialplan.DialResult{}, err)
			return
		}
		d.targets = append(d.targets, &target{dial: d, spec: spec})
	}
	if c.leaseCaller() != nil {
		return // the call ended
	}
	c.farEnd, c.lost, c.said, c.refusal = false, "", reason{}, ""
	c.asksFor(false)
	c.dials = append(c.dials, d)
	d.advance()
}

// known tells what a target names that does not exist.
func (c *Call) known(t dialplan.Target) error {
	for _, phone := range phones(t) {
		if _, ok := c.m.o.Phones.Contacts(phone.Account, c.now()); !ok {
			return fmt.Errorf("account %q: %w", phone.Account, dialplan.ErrMissing)
		}
	}
	return nil
}

// refuse ends a Dial that may not begin.
func (d *dialing) refuse(o store.OfferOutcome) {
	r := dialplan.DialResult{Outcome: o}
	for _, t := range d.spec.Targets {
		r.Targets = append(r.Targets, dialplan.TargetResult{Target: t, Outcome: o})
	}
	d.over = true
	d.reply(r, nil)
}

func (d *dialing) ring() time.Duration { return orDuration(d.spec.Ring, defaultRing) }

// advance starts what is next to ring, or ends the Dial when nothing is left.
func (d *dialing) advance() {
	for !d.over && d.winner == nil {
		if d.busy() && (d.spec.Sequential || d.tried == len(d.targets)) {
			return
		}
		if d.tried == len(d.targets) {
			d.finish()
			return
		}
		if d.spec.Sequential || d.tried == 0 {
			d.alarm.stop()
			d.alarm = d.c.after(d.ring(), d.rangOut)
		}
		t := d.targets[d.tried]
		d.tried++
		t.start()
	}
}

// busy tells whether a started target may still answer.
func (d *dialing) busy() bool {
	for _, t := range d.targets[:d.tried] {
		if !t.done {
			return true
		}
	}
	return false
}

// rangOut ends the ringing of those who had their time.
func (d *dialing) rangOut() {
	for _, t := range d.targets[:d.tried] {
		if !t.done {
			t.note(rangOr(t.rang), 408) // unless one of its phones told more
			t.giveUp(NoAnswer.leg(), string(t.outcome), t.outcome, t.status)
		}
	}
	d.advance()
}

// stop takes the Dial back when the script's context ends: ringing is cancelled with the context's cause as reason, a
// conversation is ended.
func (d *dialing) stop(cause error) {
	if d.over {
		return
	}
	var ringing dialplan.StopRinging
	if errors.As(cause, &ringing) && d.party != nil {
		return
	}
	if d.party != nil {
		d.party.hangup(Normal.leg(), string(Normal))
		d.c.parted(d.party)
		return
	}
	reason := leg.Cause{Status: 487, Q850: 31, Text: "withdrawn"}
	if cause != nil {
		reason.Text = cause.Error()
	}
	d.cancel(reason, cmp.Or(string(ringing), string(store.CallerLeft)), store.CallerLeft)
	d.finish()
}

// cancel ends all ringing of this Dial. word is for the records of the legs.
func (d *dialing) cancel(reason leg.Cause, word string, o store.OfferOutcome) {
	for _, t := range d.targets {
		if !t.done {
			t.giveUp(reason, word, o, 0)
		}
	}
}

// answered takes the first 200 of this Dial; a later one lost the race.
func (d *dialing) answered(p *party) {
	c := d.c
	if d.over || d.winner != nil || c.bridge != nil {
		p.hangup(elsewhere(), string(LostRaceCause))
		return
	}
	if d.origin != nil {
		c.pickedUp(d, p)
		return
	}
	d.winner, d.party, d.at = p.target, p, c.now()
	d.alarm.stop()
	p.target.live--
	p.target.settle(store.Answered, 200)
	c.talksWith(p)
	for _, q := range append([]*party(nil), c.parties...) {
		if q != p && q != c.a && q.target != nil && !q.down {
			q.hangup(elsewhere(), string(LostRaceCause))
		}
	}
	d.cancel(elsewhere(), string(LostRaceCause), store.LostRace)
	for _, other := range append([]*dialing(nil), c.dials...) {
		if other != d {
			other.cancel(elsewhere(), string(LostRaceCause), store.LostRace)
			other.finish()
		}
	}
	if d.spec.OnAnswer != nil {
		d.spec.OnAnswer(p.target.spec)
	}
	c.connect(d, p)
}

// connect joins the caller with the one who answered.
func (c *Call) connect(d *dialing, p *party) {
	p.tellUp()
	c.stopMusic()
	if c.playing != nil {
		c.stopPlaying(c.playing, "", nil)
	}
	if err := c.answerCaller(); err != nil {
		return // the call ended
	}
	c.noteAnswer(p.row.Answer)
	c.whenOpen(func() {
		if c.bridge != p || c.state >= Ending {
			return
		}
		c.rejoin()
		if c.bridge == p && d.spec.OnConnect != nil {
			d.spec.OnConnect(p.target.spec)
		}
	})
}

// parted takes the end of the conversation with p; the script goes on.
func (c *Call) parted(p *party) {
	if c.bridge != p {
		return
	}
	c.talksWith(nil)
	c.joined = false
	c.stopRecording()
	c.a.holdMusic(false)
	if c.state < Ending {
		c.state = Routing
	}
	if p.target != nil {
		p.target.dial.ended = c.now()
		p.target.dial.finish()
	}
}

// finish ends the Dial and tells the script.
func (d *dialing) finish() {
	if d.over {
		return
	}
	d.over = true
	d.alarm.stop()
	for i, o := range d.c.dials {
		if o == d {
			d.c.dials = append(d.c.dials[:i], d.c.dials[i+1:]...)
			break
		}
	}
	r := d.result()
	if d.winner == nil && d.spec.Queue == "" && !d.c.answered {
		d.c.said, d.c.refusal = d.best().reason, Cause(apps.CauseOf(r.Outcome))
	}
	d.reply(r, nil)
	d.c.resumeMusic()
}

// best is the target that tells most of why nobody answered.
func (d *dialing) best() (best target) {
	for _, t := range d.targets {
		if t.started && weight(t.outcome) > weight(best.outcome) {
			best = *t
		}
	}
	return best
}

// result is what came of it: the winner, or the best reason.
func (d *dialing) result() dialplan.DialResult {
	r := dialplan.DialResult{Outcome: store.OfferUnreachable, Answered: d.at, Ended: d.ended}
	for _, t := range d.targets {
		if !t.started {
			continue
		}
		r.Targets = append(r.Targets, dialplan.TargetResult{Target: t.spec, Outcome: t.outcome, Status: t.status})
	}
	if t := d.best(); t.outcome != "" {
		r.Outcome, r.Status = t.outcome, t.status
	}
	if d.winner != nil {
		r.Target = d.winner.spec
	}
	return r
}

// elsewhere is what those who lost the race are told (RFC 3326 §2).
func elsewhere() leg.Cause { return leg.Cause{Status: 200, Text: "Call completed elsewhere"} }
