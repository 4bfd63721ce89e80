package call

import (
	"ringway/sip/leg"
	"ringway/store"
)

// legEvent takes what a dialog tells, of the caller or of somebody called.
func (c *Call) legEvent(p *party, e leg.Event) {
	switch e.Kind {
	case leg.Offered:
		c.offered()
	case leg.RingingHeard:
		p.ringing(e.Status)
	case leg.EarlyMedia:
		c.earlyMedia(p, e)
	case leg.Answered:
		c.legAnswered(p, e)
	case leg.Acknowledged:
		if e.Agreed != nil {
			p.apply(e.Agreed, true)
			c.mediaOpen(p)
		}
	case leg.MediaChanged, leg.Held, leg.Resumed:
		if p.media != nil {
			p.media.Relearn()
		}
		p.apply(e.Agreed, true)
		switch e.Kind {
		case leg.Held:
			p.phoneHold = true
		case leg.Resumed:
			p.phoneHold = false
		}
		p.settleHold()
	case leg.Digit:
		c.infoDigit(p, e)
	case leg.Finished:
		c.legFinished(p, e.End)
	}
}

// infoDigit takes a digit that came by INFO: in a conversation it goes on to the other side as telephone-event.
func (c *Call) infoDigit(p *party, e leg.Event) {
	other := c.bridge
	if p != c.a {
		other = c.a
	}
	switch {
	case c.joined && other != nil && other.media != nil && (p == c.a || p == c.bridge):
		if err := other.media.SendDigit(rune(e.Digit), e.Duration); err != nil {
			c.log().Debug("digit not sent", "leg", other.row.ID, "err", err)
		}
	case p == c.a:
		c.digit(e.Digit)
	}
}

// legAnswered takes a 200, ours to the caller or one from somebody called.
func (c *Call) legAnswered(p *party, e leg.Event) {
	p.row.Answer, p.invite = c.now(), nil // which nobody can cancel any more
	c.event(store.Event{Kind: store.LegAnswer, Leg: p.row.ID, Agent: p.agent, Offer: p.row.Offer})
	if p == c.a {
		c.setAnswered(p.row.Answer)
		if e.Agreed != nil {
			p.apply(e.Agreed, true)
			c.mediaOpen(p)
		}
		return
	}
	p.apply(e.Agreed, true)
	if p.target == nil || p.down {
		p.hangup(elsewhere(), string(Normal))
		return
	}
	p.target.dial.answered(p)
}

// legFinished takes the end of a dialog.
func (c *Call) legFinished(p *party, e leg.End) {
	defer p.leave()
	if p == c.a {
		c.callerFinished(e)
		return
	}
	if p.down {
		return
	}
	cause := causeOf(e)
	switch {
	case p == c.bridge:
		if c.farEnd, c.said = e.Why == leg.ByeReceived, reasonOf(e); !c.farEnd {
			c.lost = cause
		}
		p.finishTalk(string(cause), e.Status)
		c.parted(p)
	case p.target != nil:
		elsewhere := c.m.dialogs(p.account) > c.forks(p.account)
		p.finishTalk(e.Why.String(), e.Status)
		p.target.failed(p, e, outcome(e, elsewhere))
	default:
		p.finishTalk(e.Why.String(), e.Status)
	}
}

// callerFinished ends the call with the caller's leg, however that ended.
func (c *Call) callerFinished(e leg.End) {
	cause, by := causeOf(e), byCaller
	switch e.Why {
	case leg.ByeReceived, leg.CancelReceived:
	default:
		by = bySwitch
	}
	c.a.finishTalk(string(cause), e.Status)
	c.status, c.said = e.Status, reasonOf(e)
	c.end(cause, by)
}

// mediaOpen goes on with what waited for the caller's media.
func (c *Call) mediaOpen(p *party) {
	if p != c.a {
		return
	}
	c.resumeMusic()
	c.rejoin()
	waiting := c.waiting
	c.waiting = nil
	for _, f := range waiting {
		f()
	}
}
