package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ringway/rtp/sdp"
)

// visit is one call of a robot customer to the help line, and what both sides made of it.
type visit struct {
	start      time.Time
	waited     time.Duration // from the dial to the agent's answer
	sipID      string        // Call-ID of the customer's leg
	talk       *talk         // the robot's side; nil: no robot answered
	agreed     sdp.Agreed    // the customer's
	toAgent    Heard
	toCustomer Heard
	err        error
}

// stay is how long a customer waits for an agent, and then talks.
type stay struct{ patience, talk time.Duration }

// visit lets who call, talk for a while once a robot has answered, and hang up.
func (c *company) visit(ctx context.Context, who customer, s stay) (v visit) {
	v.start = time.Now()
	ctx, in, err := c.lobby.enter(ctx, who.subject)
	if err != nil {
		v.err = err
		return v
	}
	defer c.lobby.leave(who.subject)
	c.openApp(ctx, who)
	timely, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	o := phoneTo(c.server, c.domain)
	o.Log = c.o.Log
	d, err := who.dial(timely, c.node, o, "help")
	if err != nil {
		v.err = err
		return v
	}
	v.sipID, v.agreed = d.call.ID(), d.line.agreed
	v.err = converse(ctx, d, in.talks, s, &v)
	if ctx.Err() != nil {
		v.err = context.Cause(ctx)
	}
	customer := d.close()
	if v.talk == nil {
		return v
	}
	select { // the agent hears of the hang-up from the switch
	case <-v.talk.done:
	case <-time.After(goodbye):
		if v.err == nil {
			v.err = errors.New("the agent's side never ended")
		}
		return v
	}
	v.toAgent = hear(customer, v.talk.heard)
	v.toCustomer = hear(v.talk.heard, customer)
	return v
}

// converse waits for the robot that answers this caller, and lets the two talk.
func converse(ctx context.Context, d *dialling, talks <-chan *talk, s stay, v *visit) error {
	limit := time.NewTimer(s.patience)
	defer limit.Stop()
	for v.talk == nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-limit.C:
			return errors.New("no robot answered in time")
		case e := <-d.events:
			if err := d.event(e); err != nil {
				return err
			}
		case v.talk = <-talks:
			v.waited = time.Since(v.start)
		}
	}
	if err := d.listen(ctx, settle); err != nil {
		return err
	}
	d.line.voice.Attend() // prompts and music are over: from here on it is the agent who speaks
	return d.listen(ctx, s.talk)
}

// hear is what one side made out of the other.
func hear(from, to heardSent) Heard {
	h := to.ear.heard
	h.Delay, h.Beats = match(from.sent, to.ear.onsets)
	return h
}

// heardBoth says whether each side heard the other, clearly and in its own pitch.
func (v visit) heardBoth() bool { return v.toAgent.OK() && v.toCustomer.OK() }

// sentence tells the visit in a few words.
func (v visit) sentence(c *company) string {
	switch {
	case errors.Is(v.err, errHungUp) && v.talk != nil:
		return fmt.Sprintf("reached %s in %s, and hung up", c.nameOf(v.talk.account), v.waited.Round(100*time.Millisecond))
	case v.err != nil && v.talk != nil:
		return fmt.Sprintf("reached %s in %s; %v", c.nameOf(v.talk.account), v.waited.Round(100*time.Millisecond), v.err)
	case errors.Is(v.err, errCalling):
		return v.err.Error()
	case v.err != nil:
		return fmt.Sprintf("after %s: %v", time.Since(v.start).Round(time.Second), v.err)
	case !v.heardBoth():
		return fmt.Sprintf("reached %s, but they did not hear each other", c.nameOf(v.talk.account))
	}
	return fmt.Sprintf("reached %s in %s; both heard each other", c.nameOf(v.talk.account), v.waited.Round(100*time.Millisecond))
}
