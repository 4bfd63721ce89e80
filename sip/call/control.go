package call

import (
	"context"
	"errors"

	"ringway/dialplan"
	"ringway/store"
)

// Refusals of what a person asks of a call from outside it.
var (
	ErrNoCall         = errors.New("no such call, or it is over")
	ErrNotTalking     = errors.New("nobody of that name talks in this call")
	ErrNotTheirs      = errors.New("only the one who was called can hand a call on")
	ErrCannotTransfer = errors.New("nothing there takes the call: no such number may be dialled")
)

// Talker names one side of a conversation: the agent, or where there is none the account.
type Talker struct {
	Call    string
	Agent   string
	Account string
}

// Handover is where a caller goes on when the one she talks with hands the call on.
type Handover struct {
	Plan    *dialplan.Plan              // nil is the one that the call is pinned to
	Context func(account string) string // whose rules decide what may be reached: those of the phone that hands on
	Exten   string
}

// Hold puts the other side on hold, or takes it back, without a word to the talker's phone: it hears nothing meanwhile. It
// counts as the talker's hold, as one that the phone asked for does.
func (m *Manager) Hold(ctx context.Context, t Talker, on bool) error {
	return m.control(ctx, t, func(c *Call, p *party) error {
		p.deskHold = on
		p.settleHold()
		return nil
	})
}

// HangUp ends the talker's part: whoever called in goes on in the dialplan, as after a BYE from the phone.
func (m *Manager) HangUp(ctx context.Context, t Talker) error {
	return m.control(ctx, t, func(c *Call, p *party) error {
		if p == c.a {
			c.end(Normal, byCaller)
			return nil
		}
		c.farEnd, c.said = true, reason{}
		p.hangup(Normal.leg(), string(Normal))
		c.parted(p)
		return nil
	})
}

// Transfer hands the caller on, unannounced: the talker's leg ends, and the script goes on at the new place. A place that
// does not exist is refused and nothing changes.
func (m *Manager) Transfer(ctx context.Context, t Talker, to Handover) error {
	return m.control(ctx, t, func(c *Call, p *party) error {
		if p != c.bridge {
			return ErrNotTheirs
		}
		plan := to.Plan
		if plan == nil {
			plan = c.plan
		}
		context := to.Context(p.account)
		if !plan.HasContext(context) || !plan.Accepts(context, to.Exten, c.now()) {
			return ErrCannotTransfer
		}
		c.handOn(p, dialplan.Redirect{Plan: plan, Context: context, Exten: to.Exten})
		return nil
	})
}

// handOn parts the conversation for a transfer. The caller hears music until somebody else is there.
func (c *Call) handOn(p *party, to dialplan.Redirect) {
	c.redirect.Store(&to)
	c.farEnd, c.said = true, reason{}
	if to.Plan == c.plan {
		c.authority = to.Context
	}
	p.left = store.TransferBlind
	p.hangup(Normal.leg(), store.TransferBlind)
	if src, err := c.m.o.Sounds.Sound(c.m.o.HoldMusic, ""); c.m.o.HoldMusic != "" && err == nil && src != nil {
		c.music = &music{source: src}
	}
	c.parted(p)
}

// control runs f on the loop of a call, for one who talks in it.
func (m *Manager) control(ctx context.Context, t Talker, f func(*Call, *party) error) error {
	m.mu.RLock()
	c := m.calls[t.Call]
	m.mu.RUnlock()
	if c == nil {
		return ErrNoCall
	}
	taken, answer := make(chan struct{}), make(chan error, 1)
	do := func() {
		close(taken)
		defer close(answer) // also after a panic of f
		p := c.talker(t)
		switch {
		case c.state >= Ending:
			answer <- ErrNoCall
		case p == nil:
			answer <- ErrNotTalking
		default:
			answer <- f(c, p)
		}
	}
	if !c.post(message{do: do}, false) {
		return ErrNoCall
	}
	select {
	case err := <-answer:
		return err
	case <-c.ended:
		select {
		case <-taken: // it may be f that ended the call, and is about to return
			return <-answer
		default:
			return ErrNoCall
		}
	case <-ctx.Done():
		return ctx.Err()
	}
}

// talker finds the side that is meant, nil where nobody talks.
func (c *Call) talker(t Talker) *party {
	if c.bridge == nil {
		return nil
	}
	for _, p := range []*party{c.bridge, c.a} {
		if t.Agent != "" && p.agent == t.Agent || t.Agent == "" && t.Account != "" && p.account == t.Account {
			return p
		}
	}
	return nil
}

// Redirected is where the script goes on instead: dialplan.Redirector.
func (h *channel) Redirected() (dialplan.Redirect, bool) {
	if to := h.redirect.Swap(nil); to != nil {
		return *to, true
	}
	return dialplan.Redirect{}, false
}
