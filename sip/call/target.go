package call

import (
	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/dialplan"
	"ringway/sip/leg"
	"ringway/sip/transport"
	"ringway/store"
)

// maxForks bounds the phones that one target may ring at once, maxRedirects the redirections it may follow.
const (
	maxForks     = 16
	maxRedirects = 3
)

// LostRaceCause is the cause of a leg that rang while another one answered.
const LostRaceCause Cause = "lost_race"

// phones are those of a target: one account's, or all of an agent.
func phones(t dialplan.Target) []dialplan.Phone {
	if t.Account != "" {
		return append([]dialplan.Phone{{Account: t.Account}}, t.Phones...)
	}
	return t.Phones
}

// start rings all phones of the target, or its trunk.
func (t *target) start() {
	t.started = true
	switch {
	case t.spec.Trunk != "":
		t.startTrunk()
	case t.spec.App != "":
		t.startApp()
	default:
		for _, phone := range phones(t.spec) {
			t.startPhone(phone)
		}
	}
	if t.live == 0 && !t.done {
		if t.outcome == "" {
			t.note(store.OfferUnreachable, 480)
		}
		t.done = true
	}
}

// startPhone rings every phone that is registered for an account.
func (t *target) startPhone(phone dialplan.Phone) {
	c, account := t.dial.c, phone.Account
	contacts, _ := c.m.o.Phones.Contacts(account, c.now())
	for _, k := range contacts {
		if t.live >= maxForks {
			return
		}
		p := t.newParty(k.Flow)
		p.account, p.row.Account = account, account
		if p.agent == "" {
			p.agent = c.m.o.Phones.PersonOf(account)
			p.row.Agent = p.agent
		}
		callee := leg.Callee{Target: k.URI, Route: k.Route}
		c.identify(&callee, p, t)
		if phone.AutoAnswer {
			c.answerItself(&callee, p)
		}
		t.invite(p, callee)
	}
}

// startTrunk calls the number through a carrier.
func (t *target) startTrunk() {
	c := t.dial.c
	c.asksFor(true)
	r, err := c.m.o.Trunks.Route(t.spec.Trunk, t.spec.Number, c.authority)
	if err != nil {
		c.log().Warn("trunk refused", "trunk", t.spec.Trunk, "err", err)
		t.note(store.OfferUnreachable, 0)
		return
	}
	p := t.newParty(transport.Flow{Proto: r.Proto, Remote: r.Addr})
	p.row.Trunk, p.route = t.spec.Trunk, &r
	t.live++
	c.m.runConnect(p, func(flow transport.Flow, err error) { t.connected(p, flow, err) })
}

// connected goes on when the path to a trunk is open.
func (t *target) connected(p *party, flow transport.Flow, err error) {
	t.live--
	if t.done || t.dial.over {
		p.route.release()
		return
	}
	if err != nil {
		p.route.release()
		p.c.log().Warn("trunk not reached", "trunk", t.spec.Trunk, "err", err)
		t.note(store.OfferUnreachable, 503)
		t.check()
		return
	}
	p.flow = flow
	p.row.Remote = flow.Remote.String()
	callee := leg.Callee{Target: p.route.Target, Route: p.route.Routes, Authorize: p.route.Authorize}
	p.c.identify(&callee, p, t)
	t.invite(p, callee)
	t.check()
}

// newParty makes a leg's party, without its dialog yet.
func (t *target) newParty(flow transport.Flow) *party {
	c := t.dial.c
	return &party{c: c, flow: flow, target: t, origin: t.dial.origin != nil, agent: t.spec.Agent, row: store.Leg{ID: newID(), Call: c.id, Direction: store.Out,
		Agent: t.spec.Agent, Offer: t.spec.Offer, Remote: flow.Remote.String(), Start: c.now()}}
}

// invite makes the dialog of a party and sends its INVITE.
func (t *target) invite(p *party, callee leg.Callee) {
	c := t.dial.c
	p.tag, p.callID = newTag(), newTag()
	callee.CallID = p.callID
	p.row.SIPID = p.callID
	p.leg = leg.NewUAC(c.m.legOptions(p.tag, p.flow), callee)
	if err := p.lease(); err != nil {
		c.log().Warn("no media port", "leg", p.row.ID, "err", err)
		p.route.release()
		t.note(store.ReservationLapsed, 503) // ours, not the phone's
		return
	}
	t.live++
	c.join(p)
	p.started()
	p.step(leg.Invite{Media: p.ours(c.prefer())})
}

// forks counts the dialogs of this call that ring an account's phones: those that tell nothing of another call there.
func (c *Call) forks(account string) int {
	n := 0
	for _, p := range c.parties {
		if p.account == account && p.target != nil && !p.down && p.row.Answer.IsZero() {
			n++
		}
	}
	return n
}

// note keeps the outcome that tells most.
func (t *target) note(o store.OfferOutcome, status int) { t.noteReason(o, status, reason{}) }

func (t *target) noteReason(o store.OfferOutcome, status int, r reason) {
	if weight(o) > weight(t.outcome) {
		t.outcome, t.status, t.reason = o, status, r
	}
}

// settle closes the target with an outcome.
func (t *target) settle(o store.OfferOutcome, status int) {
	if t.done || !t.started {
		return
	}
	if o != t.outcome {
		t.reason = reason{}
	}
	t.done, t.outcome, t.status = true, o, status
}

// giveUp cancels what still rings and closes the target. word is for the records of its legs.
func (t *target) giveUp(reason leg.Cause, word string, o store.OfferOutcome, status int) {
	if !t.started {
		return
	}
	t.settle(o, status)
	for _, p := range append([]*party(nil), t.dial.c.parties...) {
		if p.target == t && !p.down && p != t.dial.party {
			p.hangup(reason, word)
		}
	}
	t.live = 0
}

// failed takes the end of one leg that did not answer.
func (t *target) failed(p *party, e leg.End, o store.OfferOutcome) {
	t.live = max(t.live-1, 0)
	if t.done {
		return
	}
	if e.Why == leg.Refused && e.Status < 400 && t.redirect(e.Targets) {
		return
	}
	t.noteReason(o, e.Status, reasonOf(e))
	if e.Why == leg.Refused && e.Status >= 600 { // somebody answered for all phones (RFC 3261 §21.6)
		t.giveUp(leg.Cause{Status: 487, Q850: 21, Text: "declined at another phone"}, string(o), o, e.Status)
	}
	t.check()
}

// check closes the target when no leg is left, and lets its Dial go on.
func (t *target) check() {
	if t.live == 0 && !t.done {
		t.settle(t.outcome, t.status)
	}
	if t.done {
		t.dial.advance()
	}
}

// redirect follows a 302 to local accounts, never for a queue.
func (t *target) redirect(targets []sipmsg.Uri) bool {
	if t.dial.spec.Queue != "" || t.spec.Offer != "" || t.hops >= maxRedirects {
		return false
	}
	before := t.live
	for _, u := range targets {
		account, ok := t.dial.c.m.o.Phones.AccountOf(u)
		if !ok {
			continue
		}
		t.hops++
		t.startPhone(dialplan.Phone{Account: account})
	}
	return t.live > before
}

// ringing takes an 18x.
func (p *party) ringing(int) {
	c, t := p.c, p.target
	if t == nil || p.down {
		return
	}
	if p.row.Ringing.IsZero() {
		p.row.Ringing = c.now()
		c.event(store.Event{Kind: store.LegRinging, Leg: p.row.ID, Agent: p.agent, Offer: p.row.Offer})
		if p.row.Offer == "" {
			p.tellUp()
		}
	}
	if !t.rang {
		t.rang = true
		if t.dial.spec.OnRinging != nil {
			t.dial.spec.OnRinging(t.spec)
		}
	}
	if !c.answered && c.a != nil && c.a.leg.State() == leg.Incoming {
		c.a.step(leg.Ring{})
		c.markRinging()
	}
}

// earlyMedia takes a 183: ours to the caller, or that of somebody called. The caller hears it unless our music or another
// phone is what there is to hear.
func (c *Call) earlyMedia(p *party, e leg.Event) {
	p.apply(e.Agreed, false)
	if p == c.a {
		c.mediaOpen(p)
		return
	}
	p.ringing(e.Status)
	if p.down || p.target == nil || p.target.dial.spec.KeepMusic || c.music != nil || c.playing != nil || c.alone(p) != p {
		return
	}
	if c.progressCaller(e.Agreed.Codec.Name) != nil || c.a.leg.Agreed() == nil {
		return
	}
	c.hearEarly(p)
}

// alone is the one leg that rings, nil where there are several.
func (c *Call) alone(p *party) *party {
	for _, q := range c.parties {
		if q != p && q != c.a && !q.down {
			return nil
		}
	}
	return p
}
