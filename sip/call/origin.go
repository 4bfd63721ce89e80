package call

import (
	"cmp"
	"errors"
	"time"

	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/sip/leg"
	"ringway/store"
)

// Origin is a call that the switch places for a person: her own phones ring, and when she has picked one up she is its
// caller, as if she had dialled.
//
//	her phones ring ──200 of one──▶ she is the caller ──▶ the plan, or the app that is called
//	        └── none answered, or she never picked up ──▶ end (its cause is that of a Dial which came to the same)
type Origin struct {
	Caller       Caller           // who she is; Exten is what she dials, empty where an App is called
	Phones       []dialplan.Phone // hers
	Name, Number string           // whom her phone shows
	App          string           // address of record of a customer's app, called without the plan
	Ring         time.Duration    // of her phones, and then of the app; 0 is 60 s
	Customer     string           // whom the call is for, by her opaque id
	Returns      string           // the call of that customer that this one answers
}

// callee is whom an Origin is for.
type callee struct{ customer, name string }

// Originate refuses a call with one of these.
var (
	ErrBusy      = errors.New("a phone of theirs is in use")
	ErrNoPhone   = errors.New("no phone of theirs is registered")
	ErrNoRoom    = errors.New("there are as many calls as the switch takes; try again in a moment")
	ErrForbidden = errors.New("the dialplan has no place for it: nothing is dialled that no rule allows")
)

// Originate places a call and returns its id as soon as her phones are being rung.
func (m *Manager) Originate(o Origin) (string, error) {
	if err := m.claim(o.Phones); err != nil {
		return "", err
	}
	id, err := m.place(o)
	if err != nil {
		m.unclaim(o.Phones)
	}
	return id, err
}

// place makes the call, whose first message rings the phones.
func (m *Manager) place(o Origin) (string, error) {
	if o.App == "" {
		if _, ok := entry(m.o.Plan(), o.Caller.Context, o.Caller.Exten, m.o.Now()); !ok {
			return "", ErrForbidden
		}
	}
	if m.gate() != 0 {
		m.count.refused.Add(1)
		return "", ErrNoRoom
	}
	id := newID()
	c := m.newCall(id, o.Caller, dialplan.Info{Call: id, Kind: o.Caller.Kind, CallerNumber: o.Caller.Number, CallerName: o.Caller.Name,
		Dialled: cmp.Or(o.Caller.Exten, o.Number), Context: o.Caller.Context, Account: o.Caller.Account}, limits{maxForwards: 70, hops: 1})
	if c == nil {
		m.count.refused.Add(1)
		return "", ErrNoRoom
	}
	c.callee = callee{o.Customer, o.Name}
	c.post(message{do: func() { c.originate(o) }}, true)
	m.workers.give(c)
	return id, nil
}

// claim takes somebody's phones for a call that will ring them, where one of them can be rung and none is in use or about to be.
func (m *Manager) claim(phones []dialplan.Phone) error {
	reached := false
	for _, p := range phones {
		at, _ := m.o.Phones.Contacts(p.Account, m.o.Now())
		reached = reached || len(at) > 0
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range phones {
		if m.phones[p.Account] > 0 || m.placing[p.Account] {
			return ErrBusy
		}
	}
	if !reached {
		return ErrNoPhone
	}
	for _, p := range phones {
		m.placing[p.Account] = true
	}
	return nil
}

// unclaim gives them back: no call came of it, or its dialogs count by now.
func (m *Manager) unclaim(phones []dialplan.Phone) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range phones {
		delete(m.placing, p.Account)
	}
}

// originate is the first message of the loop: it rings her phones.
func (c *Call) originate(o Origin) {
	defer c.m.unclaim(o.Phones)
	c.row = c.firstRow("")
	c.row.Customer, c.row.Returns = o.Customer, o.Returns
	c.record(store.Record{Call: c.copyRow()})
	c.event(c.startEvent())
	c.limitUnanswered(c.m.o.Limits.Unanswered)
	d := &dialing{c: c, origin: &o, spec: dialplan.Dial{Targets: []dialplan.Target{{Phones: o.Phones}}, Ring: o.Ring,
		CallerName: o.Name, CallerID: o.Number, KeepMusic: true}}
	d.reply = func(r dialplan.DialResult, _ error) { c.nobodyPickedUp(r) }
	d.targets = []*target{{dial: d, spec: d.spec.Targets[0]}}
	c.dials = append(c.dials, d)
	d.advance()
}

// nobodyPickedUp ends a call whose person was not there.
func (c *Call) nobodyPickedUp(r dialplan.DialResult) {
	if c.state < Ending {
		c.end(causeOfDial(r), bySwitch)
	}
}

// causeOfDial is what a call ends with after a Dial that nobody answered.
func causeOfDial(r dialplan.DialResult) Cause {
	return cmp.Or(Cause(apps.CauseOf(r.Outcome)), NoAnswer)
}

// pickedUp makes the one who answered the caller, and lets her call go on.
func (c *Call) pickedUp(d *dialing, p *party) {
	o := d.origin
	d.over = true
	d.alarm.stop()
	c.dials = nil
	for _, q := range append([]*party(nil), c.parties...) {
		if q != p && !q.down {
			q.hangup(elsewhere(), string(LostRaceCause))
		}
	}
	c.a, p.target = p, nil
	c.row.Codec = p.row.Codec
	c.caller.Account, c.row.Account = p.account, p.account
	c.openCaller()
	if o.App == "" {
		c.offered()
		return
	}
	c.state = Routing
	c.callApp(o)
}

// callApp rings a customer's app, and ends the call when nobody answered there or the conversation is over.
func (c *Call) callApp(o *Origin) {
	c.asksFor(true)
	if src, err := c.m.o.Sounds.Sound(c.m.o.HoldMusic, ""); err == nil && src != nil {
		c.music = &music{source: src}
		c.resumeMusic()
	}
	d := &dialing{c: c, spec: dialplan.Dial{Targets: []dialplan.Target{{App: o.App}}, Ring: o.Ring, KeepMusic: true}}
	d.reply = func(r dialplan.DialResult, _ error) {
		cause := Normal
		if r.Outcome != store.Answered {
			cause = causeOfDial(r)
		}
		c.end(cause, bySwitch)
	}
	c.startDial(d)
}

// startApp rings every device on which a customer's app is registered.
func (t *target) startApp() {
	c := t.dial.c
	for _, k := range c.m.o.Phones.App(t.spec.App, c.now()) {
		if t.live >= maxForks {
			return
		}
		p := t.newParty(k.Flow)
		callee := leg.Callee{Target: k.URI, Route: k.Route}
		c.identify(&callee, p, t)
		t.invite(p, callee)
	}
}
