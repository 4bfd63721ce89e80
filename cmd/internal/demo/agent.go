package demo

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"ringway/codecs"
	"ringway/console/fault"
	"ringway/sip/phone"
)

// agent is a robot on an agent's account: it lets an offer ring for a moment, answers, speaks its beat and never hangs up. While
// somebody sits at the agent's desk it answers when she accepts there; while another phone is registered on the account it leaves
// the call to that one.
//
//	INVITE ──▶ 180 ── thinking ──▶ 200, beat ── BYE from the other side ──▶ idle
//	INVITE with answer-after=0 ──▶ 200 at once, in place of one that rings
//	a second INVITE meanwhile: 486
type agent struct {
	account  string
	phone    *phone.Phone
	codecs   *codecs.Set
	thinking time.Duration
	desk     func() bool // somebody sits at the agent's desk; nil: nobody ever does
	busy     func() bool // it calls somebody itself; nil: never
	replaced func() bool // another phone is registered on the account; nil: none ever is
	customer bool        // it is a customer's app: speaks as one
	visitor  bool        // a person's own: the robot lends its phone while she sits at her desk and has no other
	answered func(*talk) // told of every conversation, from the agent's goroutine; only posts
	log      *slog.Logger

	inbox chan agentInput
	quit  chan struct{}
	wg    sync.WaitGroup

	// Owned by the loop.
	call  *phone.Call
	line  *line
	talk  *talk
	timer *time.Timer
}

// agentInput is a new call, or an event of the one that it has.
type agentInput struct {
	call  *phone.Call
	event *phone.Event // nil: the call is new
}

// talk is one conversation as the agent has it. What it heard may be read when done is closed.
type talk struct {
	account string
	caller  string // user part of From
	codec   string
	done    chan struct{}
	heard   heardSent
}

// newAgent opens the phone and registers it. o lacks what the agent sets itself.
func newAgent(ctx context.Context, o phone.Options, a *agent) error {
	a.inbox, a.quit = make(chan agentInput, 64), make(chan struct{})
	a.timer = time.NewTimer(time.Hour)
	o.Codecs = a.codecs
	o.Incoming = func(c *phone.Call) {
		c.Notify(func(e phone.Event) { a.post(agentInput{c, &e}) })
		if !a.post(agentInput{call: c}) {
			c.Reject(486)
		}
	}
	var err error
	if a.phone, err = phone.Open(ctx, o); err != nil {
		return err
	}
	a.wg.Add(1)
	go a.runLoop()
	if a.visitor {
		a.wg.Add(1)
		go a.runLending()
		return nil
	}
	if err := a.phone.Register(ctx); err != nil {
		a.close(ctx)
		return err
	}
	return nil
}

// post hands over what happened; an agent who is that far behind loses it.
func (a *agent) post(in agentInput) bool {
	select {
	case a.inbox <- in:
		return true
	default:
		a.log.Warn("robot is too busy", "agent", a.account)
		return false
	}
}

// close hangs up, unregisters and ends the agent's goroutine.
func (a *agent) close(ctx context.Context) {
	a.phone.Close(ctx)
	close(a.quit)
	a.wg.Wait()
}

func (a *agent) runLoop() {
	defer a.wg.Done()
	defer a.timer.Stop()
	defer a.hangUp()
	for {
		select {
		case <-a.quit:
			return
		case <-a.timer.C:
			contain(a.log, a.account, a.decide)
		case in := <-a.inbox:
			contain(a.log, a.account, func() { a.input(in) })
		}
	}
}

// input does what a new call, or an event of the one it has, asks for.
func (a *agent) input(in agentInput) {
	switch {
	case in.event == nil:
		a.ring(in.call)
	case in.call == a.call:
		a.event(*in.event)
	}
}

// contain does a robot's work. A panic in it costs that piece of work, never the switch in whose process it lives.
func contain(log *slog.Logger, robot string, work func()) {
	fault.Contain(log, "robot "+robot, work) //nolint:errcheck // it is logged
}

// lendEvery is how often a robot looks whether its phone is wanted, and lendAfter how long it lends it on when the desk closes: a
// page that is loaded anew while the phone rings must find it there.
const (
	lendEvery = 250 * time.Millisecond
	lendAfter = 5 * time.Second
)

// runLending registers the phone while somebody sits at the desk without one of her own; it ends with the agent.
func (a *agent) runLending() {
	defer a.wg.Done()
	look := time.NewTicker(lendEvery)
	defer look.Stop()
	lent := false
	var last time.Time // that the desk was open
	for {
		select {
		case <-a.quit:
			return
		case <-look.C:
		}
		contain(a.log, a.account, func() {
			if a.desk() {
				last = time.Now()
			}
			if wanted := time.Since(last) < lendAfter && !a.replaced(); wanted != lent && a.lend(wanted) {
				lent = wanted
			}
		})
	}
}

// lend registers the phone, or takes that back; false where it did not work.
func (a *agent) lend(wanted bool) bool {
	change := a.phone.Unregister
	if wanted {
		change = a.phone.Register
	}
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	err := change(ctx)
	if err != nil {
		a.log.Debug("robot lends its phone", "agent", a.account, "wanted", wanted, "err", err)
	}
	return err == nil
}

// ring takes a new call, if the agent has none.
func (a *agent) ring(c *phone.Call) {
	accepted := strings.Contains(c.Header("Call-Info"), "answer-after=0")
	switch {
	case a.replaced != nil && a.replaced():
		c.Reject(404) // it rings at the other phone; 404 is nobody's wish, so what comes of that one counts
		return
	case a.call != nil && !(accepted && a.line == nil), a.busy != nil && a.busy():
		c.Reject(486)
		return
	}
	a.call = c
	if accepted {
		a.answer()
		return
	}
	c.Ring()
	a.timer.Reset(a.thinking)
}

// decide picks up, unless that is up to a person.
func (a *agent) decide() {
	if a.visitor || a.desk != nil && a.desk() {
		a.timer.Reset(a.thinking)
		return
	}
	a.answer()
}

// answer picks up.
func (a *agent) answer() {
	if a.call == nil || a.line != nil {
		return
	}
	say, hear := agentBeat, customerBeat
	if a.customer {
		say, hear = hear, say
	}
	l, err := openLine(a.codecs, say, hear, a.log)
	if err != nil {
		a.log.Warn("robot has no socket", "agent", a.account, "err", err)
		a.call.Reject(500)
		return
	}
	a.line = l
	a.call.Answer(l.media())
}

func (a *agent) event(e phone.Event) {
	if e.Kind == phone.Ended {
		a.hangUp()
		return
	}
	if a.line == nil || e.Agreed == nil {
		return
	}
	if err := a.line.follow(e.Agreed); err != nil {
		a.log.Warn("robot can't speak", "agent", a.account, "err", err)
		a.call.Hangup()
		return
	}
	if a.talk == nil {
		a.talk = &talk{account: a.account, caller: a.call.From().User, codec: a.line.agreed.Codec.Name, done: make(chan struct{})}
		a.answered(a.talk)
	}
}

// hangUp is the end of what the agent had.
func (a *agent) hangUp() {
	a.timer.Stop()
	var h heardSent
	if a.line != nil {
		h = a.line.close()
	}
	if a.talk != nil {
		a.talk.heard = h
		close(a.talk.done)
	}
	a.call, a.line, a.talk = nil, nil, nil
}
