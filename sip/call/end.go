package call

import (
	"errors"
	"fmt"
	"time"

	"ringway/dialplan"
	"ringway/rtp"
	"ringway/sip/leg"
	"ringway/store"
)

var errNoTrunk = errors.New("no such trunk")

// Who ended a call.
const (
	byCaller = "caller"
	byAgent  = "agent"
	bySwitch = "switch"
)

// end is the one way a call ends, from wherever: verbs are refused from now on, everybody is hung up in the words of the
// cause, media go back. The CDR follows when the h extension has run.
func (c *Call) end(cause Cause, by string) {
	if c.state >= Ending {
		return
	}
	if !c.answered {
		c.m.count.setups.Add(-1)
	}
	if by == bySwitch && cause == Normal {
		switch {
		case c.farEnd:
			by = byAgent
		case c.lost != "":
			cause = c.lost
		}
	}
	c.state, c.cause = Ending, cause
	v := cause.verdict()
	c.row.End, c.row.Cause, c.row.Q850, c.row.EndedBy = c.now(), string(cause), v.q850, by
	said := c.heard(cause, by)
	if said.q850 > 0 {
		c.row.Q850 = said.q850
	}
	c.row.Disposition, c.row.Status = v.unanswered, v.status
	switch {
	case !c.row.Answer.IsZero():
		c.row.Disposition, c.row.Status = store.DispositionAnswered, 200
	case c.status >= 300:
		c.row.Status = c.status
	}
	close(c.ended)
	c.limit.stop()
	c.stopRecording()
	c.stopSounds()
	c.settleDials()
	c.wakeScript()
	for _, p := range append([]*party(nil), c.parties...) {
		if p != c.a {
			p.hangup(said.onto(c.partyCause(p)), string(cause))
		}
	}
	if c.a != nil {
		status := 0
		if !c.answered {
			status = v.status
		}
		c.a.finishTalk(string(cause), status)
		c.a.step(leg.Hangup{Cause: said.ontoFinal(c.told(cause))})
	}
	c.talksWith(nil)
	c.joined = false
	c.after(c.m.o.Limits.HangupLimit, c.scriptOverdue)
	if !c.script {
		c.finish()
	}
}

// told is a cause as the caller hears it: whoever found no room may come again.
func (c *Call) told(cause Cause) leg.Cause {
	out := cause.leg()
	if cause == NoPorts || cause == ShuttingDown {
		out.Headers = append(out.Headers, c.m.retryAfter())
	}
	return out
}

// partyCause is what another leg is told when the call ends.
func (c *Call) partyCause(p *party) leg.Cause {
	if p.leg.State() == leg.Confirmed {
		return c.cause.leg()
	}
	return leg.Cause{Status: 487, Q850: c.cause.verdict().q850, Text: c.cause.verdict().text}
}

// settleDials closes every Dial that is under way: its script gets ErrEnded from the closed channel anyway.
func (c *Call) settleDials() {
	for _, d := range c.dials {
		d.over = true
		d.alarm.stop()
		for _, t := range d.targets {
			t.settle(store.CallerLeft, 0)
		}
		d.reply(d.result(), dialplan.ErrEnded)
	}
	c.dials = nil
}

// scriptOverdue writes the CDR without the h extension's end: a script that hangs holds no record.
func (c *Call) scriptOverdue() {
	if c.script && c.stop != nil {
		c.stop()
	}
	c.finish()
}

// finish writes the CDR, once.
func (c *Call) finish() {
	if c.written || c.state < Ending {
		return
	}
	c.written, c.state = true, Done
	if at := c.lastStep.Load(); at != nil {
		c.row.LastStep = at.String()
	}
	c.m.count.cdrs.Add(1)
	c.event(store.Event{Kind: store.CallEnd, State: string(c.row.Disposition), Reason: c.row.Cause})
	c.record(store.Record{Call: c.copyRow()})
}

// drop lets go of dialogs that still wait for messages; the CDR is written.
func (c *Call) drop() {
	c.end(ShuttingDown, bySwitch)
	for _, p := range append([]*party(nil), c.parties...) {
		p.leave()
	}
	c.scriptOverdue()
}

// abandon does by hand what must not be lost when end itself panicked: phones free, media back, one CDR.
func (c *Call) abandon() {
	if c.state < Ending {
		close(c.ended)
		if !c.answered {
			c.m.count.setups.Add(-1)
		}
	}
	c.row.Cause, c.row.EndedBy = string(Panicked), bySwitch
	if c.row.End.IsZero() {
		c.row.End = c.now()
	}
	if c.stop != nil {
		c.stop()
	}
	c.wakeScript()
	c.try(c.stopRecording)
	for _, p := range append([]*party(nil), c.parties...) {
		c.try(p.abandon)
	}
	c.parties = nil
	c.state = Ending
	c.try(c.finish)
	c.state = Done
}

// abandon frees what a party holds, without a word to its dialog.
func (p *party) abandon() {
	p.gone = true
	p.c.m.dropParty(p)
	if p.down {
		return
	}
	p.down = true
	p.c.m.countPhone(p.account, -1)
	p.route.release()
	if p.media != nil {
		p.media.Release()
	}
	if p.up {
		p.c.m.o.Agents.LegDown(p.agentLeg())
	}
}

// try runs a last deed whose panic must not keep the others from being done.
func (c *Call) try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			c.log().Error("panic while abandoning a call", "err", fmt.Sprint(r))
		}
	}()
	f()
}

// event sends one event of this call.
func (c *Call) event(e store.Event) {
	e.Call, e.At = c.id, c.now()
	c.record(store.Record{Event: &e})
}

func (c *Call) record(r store.Record) { c.m.o.Recorder.Record(r) }

func (c *Call) copyRow() *store.Call {
	row := c.row
	return &row
}

// mediaEvent takes what a media loop tells.
func (c *Call) mediaEvent(p *party, e rtp.Event) {
	if p == nil || p.down {
		return
	}
	switch e.Kind {
	case rtp.Digit:
		if p == c.a && e.Digit < 0x80 {
			c.digit(byte(e.Digit))
		}
	case rtp.PlayDone:
		c.playDone(p, e)
	case rtp.Silent:
		p.fellSilent()
	case rtp.Failed:
		if p == c.a {
			c.end(BadOffer, bySwitch)
			return
		}
		p.hangup(BadOffer.leg(), string(BadOffer))
	}
}

// setAnswered marks the caller's answer: from here the call counts as answered.
func (c *Call) setAnswered(at time.Time) {
	if !c.answered {
		c.openCaller()
		c.noteAnswer(at)
	}
}

// openCaller marks that the caller's dialog is confirmed.
func (c *Call) openCaller() {
	c.answered = true
	c.m.count.setups.Add(-1)
	c.said, c.refusal = reason{}, ""
	c.limit.stop()
	c.limit = c.after(c.longest, func() { c.end(TooLong, bySwitch) })
}

// noteAnswer marks that the call was answered, once. One that the switch placed is answered by the one it is for, not by the
// person whose own phone rang first.
func (c *Call) noteAnswer(at time.Time) {
	if c.row.Answer.IsZero() {
		c.row.Answer = at
		c.event(store.Event{Kind: store.CallAnswer})
	}
}
