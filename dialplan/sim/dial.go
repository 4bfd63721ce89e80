package sim

import (
	"context"
	"time"

	"ringway/acd"
	"ringway/dialplan"
	"ringway/store"
)

// Dial rings the virtual phones. In parallel the quickest answer wins.
func (ch *channel) Dial(ctx context.Context, d dialplan.Dial) (dialplan.DialResult, error) {
	if err := ch.alive(); err != nil {
		return dialplan.DialResult{}, err
	}
	ring := d.Ring
	if ring == 0 {
		ring = time.Minute
	}
	if d.Sequential {
		var all []dialplan.TargetResult
		for _, t := range d.Targets {
			one := d
			one.Targets, one.Sequential = []dialplan.Target{t}, false
			res, err := ch.Dial(ctx, one)
			all = append(all, res.Targets...)
			if err != nil || res.Outcome == store.Answered {
				res.Targets = all
				return res, err
			}
		}
		return dialplan.DialResult{Outcome: all[len(all)-1].Outcome, Targets: all}, nil
	}
	winner, after, res := ch.race(d.Targets, ring)
	for _, t := range d.Targets {
		if d.OnRinging != nil && ch.phone(t).Outcome != store.OfferUnreachable {
			d.OnRinging(t)
		}
	}
	if err := ch.wait(ctx, after, nil); err != nil {
		return dialplan.DialResult{}, err
	}
	if winner < 0 {
		return res, nil
	}
	return ch.talk(ctx, d, winner, res)
}

// race finds out who answers first, and how long that takes; -1 when nobody does.
func (ch *channel) race(targets []dialplan.Target, ring time.Duration) (winner int, after time.Duration, res dialplan.DialResult) {
	winner = -1
	for i, t := range targets {
		took, outcome := ch.phone(t).ring(ring)
		res.Targets = append(res.Targets, dialplan.TargetResult{Target: t, Outcome: outcome})
		if outcome == store.Answered && (winner < 0 || took < ch.phone(targets[winner]).Answer) {
			winner = i
		}
		if winner < 0 {
			after, res.Outcome = max(after, took), outcome
		}
	}
	if winner >= 0 {
		for i := range res.Targets {
			if i != winner && res.Targets[i].Outcome == store.Answered {
				res.Targets[i].Outcome = store.LostRace
			}
		}
		return winner, ch.phone(targets[winner]).Answer, res
	}
	return winner, after, res
}

// talk joins the caller and the one who answered until one of them has enough.
func (ch *channel) talk(ctx context.Context, d dialplan.Dial, winner int, res dialplan.DialResult) (dialplan.DialResult, error) {
	t := d.Targets[winner]
	ch.mu.Lock()
	lost := ch.talking
	if !lost {
		ch.talking, ch.answered, ch.open, ch.music = true, true, true, ""
		ch.report.Agent = t.Agent
		ch.report.Talked = append(ch.report.Talked, name(t))
	}
	ch.mu.Unlock()
	if lost {
		res.Outcome = store.LostRace
		return res, nil
	}
	defer ch.dialog(t)()
	for _, hook := range []func(dialplan.Target){d.OnAnswer, d.OnConnect} {
		if hook != nil {
			hook(t)
		}
	}
	res.Outcome, res.Target, res.Answered = store.Answered, t, ch.clock.Now()
	err := ch.wait(ctx, ch.phone(t).Talk, nil)
	ch.mu.Lock()
	ch.talking = false
	ch.mu.Unlock()
	res.Ended = ch.clock.Now()
	return res, err
}

// dialog tells the queues that an agent has a dialog; the answer tells that it is over.
func (ch *channel) dialog(t dialplan.Target) (end func()) {
	r, ok := ch.queues.(*router)
	if !ok || t.Agent == "" && t.Account == "" {
		return func() {}
	}
	leg := r.name("leg")
	r.post(acd.LegUp{Agent: t.Agent, Account: t.Account, Leg: leg, Call: ch.info.Call})
	return func() { r.post(acd.LegDown{Leg: leg}) }
}

func (ch *channel) phone(t dialplan.Target) Phone {
	names := []string{t.Agent, t.Account, t.Number}
	for _, p := range t.Phones {
		names = append(names, p.Account)
	}
	return ch.caller.Phone(names...)
}

func name(t dialplan.Target) string {
	switch {
	case t.Agent != "":
		return t.Agent
	case t.Account != "":
		return t.Account
	default:
		return t.Number
	}
}
