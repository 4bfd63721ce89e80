package storetest

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"ringway/store"
)

// Dice gives numbers in [0, n): math/rand's Rand has them, and so has a property test's source.
type Dice interface{ IntN(n int) int }

// Traffic is made-up work of a call centre, consistent as a switch's own: agents log in, are offered calls, answer, miss,
// hold, consult, wrap up, pause and dial out; callers leave in the menu, in the queue and while a phone rings.
type Traffic struct {
	Dice     Dice
	Start    time.Time
	Agents   int
	Episodes int       // per agent
	Loners   int       // calls that never meet an agent
	HandsOn  bool      // a transfer goes on in another queue: a call may have two visits
	Crash    time.Time // the switch is killed then and back a minute later; zero: never

	events []store.Event
	calls  map[string]*store.Call
	serial int
}

// Records returns the events in order, numbered, each call's row after its first event and after its last.
func (t *Traffic) Records() []store.Record {
	t.calls = map[string]*store.Call{}
	for i := range t.Agents {
		t.shift(fmt.Sprintf("agent%d", i))
	}
	for range t.Loners {
		t.loner(t.Start.Add(t.span(3600)))
	}
	slices.SortStableFunc(t.events, func(a, b store.Event) int { return a.At.Compare(b.At) })
	return t.number()
}

// span is up to n seconds, on the microsecond.
func (t *Traffic) span(n int) time.Duration {
	return time.Duration(t.Dice.IntN(n+1))*time.Second + time.Duration(t.Dice.IntN(1000))*time.Millisecond
}

func (t *Traffic) chance(percent int) bool { return t.Dice.IntN(100) < percent }

func (t *Traffic) emit(at time.Time, e store.Event) {
	e.At = at
	t.events = append(t.events, e)
}

func (t *Traffic) id(kind string) string {
	t.serial++
	return kind + strconv.Itoa(t.serial)
}

// desk is one agent's day: now moves forward only.
type desk struct {
	t     *Traffic
	agent string
	now   time.Time
}

func (d *desk) state(s store.AgentBucket, about store.Event) {
	about.Kind, about.Agent, about.State, about.Leg = store.AgentState, d.agent, string(s), ""
	d.t.emit(d.now, about)
}

func (d *desk) wait(seconds int) { d.now = d.now.Add(d.t.span(seconds)) }

func (t *Traffic) shift(agent string) {
	d := &desk{t: t, agent: agent, now: t.Start.Add(t.span(600))}
	d.state(store.Unreachable, store.Event{})
	d.wait(30)
	for range t.Episodes {
		d.state(store.Available, store.Event{})
		d.wait(120)
		switch n := t.Dice.IntN(100); {
		case n < 65:
			d.served()
		case n < 75:
			d.state(store.NotReady, store.Event{Reason: []string{"lunch", "training"}[t.Dice.IntN(2)]})
			d.wait(600)
		case n < 90:
			d.dials()
		default:
			d.state(store.Offline, store.Event{})
			d.wait(900)
		}
	}
	if t.chance(70) {
		d.state(store.Offline, store.Event{})
	}
}

// call is a customer's call on its way to a queue: it begins before the agent comes into play.
type call struct {
	id, visit, queue string
	offers           int
}

func (t *Traffic) open(id string, kind store.CallKind, at time.Time, parent string) {
	e := store.Event{Kind: store.CallStart, Call: id, State: string(kind)}
	customer := ""
	switch {
	case parent != "":
		e.Data = map[string]string{store.DataParent: parent}
	case kind == store.Customer && t.serial%5 > 0: // some call again, and some are unknown
		customer = fmt.Sprint("k", t.serial%23)
		e.Data = map[string]string{store.DataCustomer: customer}
	}
	t.emit(at, e)
	t.calls[id] = &store.Call{ID: id, Parent: parent, Kind: kind, Customer: customer, Start: at}
}

func (t *Traffic) answered(id string, at time.Time) {
	t.emit(at, store.Event{Kind: store.CallAnswer, Call: id})
	t.calls[id].Answer = at
}

func (t *Traffic) closed(id string, at time.Time, d store.Disposition) {
	t.emit(at, store.Event{Kind: store.CallEnd, Call: id, State: string(d), Reason: "normal"})
	c := t.calls[id]
	c.End, c.Disposition = at, d
}

// arrive opens a call that enters a queue at an instant.
func (t *Traffic) arrive(enter time.Time) call {
	c := call{id: t.id("c"), visit: t.id("v"), queue: []string{"sales", "support"}[t.Dice.IntN(2)]}
	start := enter.Add(-t.span(40))
	t.open(c.id, store.Customer, start, "")
	t.emit(start, store.Event{Kind: store.LegStart, Call: c.id, Leg: c.id + "-a", State: "in"})
	if !t.chance(10) {
		t.answered(c.id, start.Add(enter.Sub(start)/3))
	}
	e := store.Event{Kind: store.VisitEnter, Call: c.id, Visit: c.visit, Queue: c.queue, Data: map[string]string{"service_level": "30.5", "short_abandon": "4.25"}}
	if t.chance(15) {
		e.State, e.Data = "transfer", nil
	}
	t.emit(enter, e)
	return c
}

func (c call) about(kind store.EventKind) store.Event {
	return store.Event{Kind: kind, Call: c.id, Visit: c.visit, Queue: c.queue}
}

func (t *Traffic) leave(c call, at time.Time, r store.VisitResult) {
	e := c.about(store.VisitLeave)
	e.State = string(r)
	t.emit(at, e)
	end := at
	if r != store.Abandoned {
		end = at.Add(t.span(20))
	}
	t.closed(c.id, end, store.DispositionAnswered)
}

// served is one caller for this agent: some misses, then an answer or the caller's end.
func (d *desk) served() {
	t := d.t
	c := t.arrive(d.now.Add(-t.span(50)))
	for range t.Dice.IntN(3) {
		outcome := []store.OfferOutcome{store.Declined, store.Busy, store.NoAnswer, store.OfferUnreachable, store.MediaFailed,
			store.LostRace, store.ReservationLapsed}[t.Dice.IntN(7)]
		d.offer(&c, outcome)
		if outcome == store.NoAnswer {
			d.state(store.NotResponding, store.Event{})
			d.wait(60)
		}
		d.state(store.Available, store.Event{})
		d.wait(15)
	}
	if t.chance(20) {
		d.offer(&c, store.CallerLeft)
		t.leave(c, d.now, store.Abandoned)
		return
	}
	d.converse(c, d.offer(&c, store.Answered))
}

// offer reserves the agent, rings her phone unless it can't be reached, and ends with an outcome.
func (d *desk) offer(c *call, outcome store.OfferOutcome) string {
	c.offers++
	id := c.visit + "." + strconv.Itoa(c.offers)
	e := c.about(store.OfferStart)
	e.Offer, e.Agent = id, d.agent
	d.t.emit(d.now, e)
	d.state(store.Reserved, e)
	d.wait(2)
	if outcome != store.OfferUnreachable {
		e.Kind = store.OfferRinging
		d.t.emit(d.now, e)
		d.state(store.Ringing, e)
		d.wait(20)
	}
	e.Kind, e.State = store.OfferEnd, string(outcome)
	d.t.emit(d.now, e)
	return id
}

// converse is talk and hold in turns, then wrap-up. Some conversations end in a transfer, some go on after the agent.
func (d *desk) converse(c call, offer string) {
	t := d.t
	e := c.about(store.VisitConnect)
	e.Offer, e.Agent = offer, d.agent
	leg := offer + "-b"
	t.emit(d.now, store.Event{Kind: store.LegStart, Call: c.id, Leg: leg, State: "out", Agent: d.agent, Offer: offer})
	t.emit(d.now, store.Event{Kind: store.LegAnswer, Call: c.id, Leg: leg, Agent: d.agent, Offer: offer})
	t.emit(d.now, e)
	d.state(store.Talk, e)
	d.wait(200)
	for range t.Dice.IntN(3) {
		t.emit(d.now, store.Event{Kind: store.LegHold, Call: c.id, Leg: leg, Agent: d.agent})
		d.state(store.Hold, e)
		d.wait(40)
		if t.chance(30) {
			d.consult(c, e)
		}
		t.emit(d.now, store.Event{Kind: store.LegResume, Call: c.id, Leg: leg, Agent: d.agent})
		d.state(store.Talk, e)
		d.wait(60)
	}
	e.Kind, e.Reason = store.VisitEnd, []string{"", "", "", store.TransferBlind, store.TransferAttended}[t.Dice.IntN(5)]
	t.emit(d.now, e)
	t.emit(d.now, store.Event{Kind: store.LegEnd, Call: c.id, Leg: leg, Agent: d.agent, State: "200"})
	if n := len(c.id) + t.serial; n%3 == 0 { // some callers rate the call
		t.emit(d.now, store.Event{Kind: store.UserEvent, Call: c.id, State: "rating", Data: map[string]string{"value": strconv.Itoa(1 + n%5)}})
	}
	if t.HandsOn && e.Reason != "" {
		t.handedOn(c, d.now)
	} else {
		t.closed(c.id, d.now.Add(time.Duration(t.Dice.IntN(2))*t.span(30)), store.DispositionAnswered)
	}
	d.state(store.WrapUp, store.Event{Call: c.id, Queue: c.queue})
	d.wait(45)
}

// handedOn is the rest of a call that an agent transferred to another queue, where nobody has time for it.
func (t *Traffic) handedOn(c call, at time.Time) {
	c.visit, c.queue = t.id("v"), "experts"
	e := c.about(store.VisitEnter)
	e.State = "transfer"
	t.emit(at, e)
	t.leave(c, at.Add(t.span(60)), []store.VisitResult{store.Abandoned, store.TimedOut, store.Key}[t.Dice.IntN(3)])
}

func (d *desk) consult(c call, e store.Event) {
	t := d.t
	child := t.id("k")
	parent := c.id
	if t.serial%2 == 0 { // as most phones do: a call of its own
		parent = ""
	}
	t.open(child, store.Internal, d.now, parent)
	d.state(store.Consult, e)
	t.answered(child, d.now)
	d.wait(50)
	t.closed(child, d.now, store.DispositionAnswered)
	d.state(store.Hold, e)
	d.wait(5)
}

// dials is a call that the agent places, through a trunk or to another phone.
func (d *desk) dials() {
	t, id := d.t, d.t.id("o")
	kind := []store.CallKind{store.Outgoing, store.Internal}[t.Dice.IntN(2)]
	t.open(id, store.Internal, d.now, "")
	t.emit(d.now, store.Event{Kind: store.LegStart, Call: id, Leg: id + "-a", State: "in", Agent: d.agent})
	if t.serial%5 == 0 { // a feature code first
		t.emit(d.now, store.Event{Kind: store.CallBecame, Call: id, State: string(store.Service)})
		t.emit(d.now, store.Event{Kind: store.CallBecame, Call: id, State: string(store.Internal)})
	}
	if t.calls[id].Kind, t.calls[id].Agent = kind, d.agent; kind != store.Internal {
		t.emit(d.now, store.Event{Kind: store.CallBecame, Call: id, State: string(kind)})
	}
	d.state(store.Outbound, store.Event{Call: id})
	t.emit(d.now, store.Event{Kind: store.LegStart, Call: id, Leg: id + "-b", State: "out"})
	d.wait(5)
	t.emit(d.now, store.Event{Kind: store.LegRinging, Call: id, Leg: id + "-b"})
	d.wait(20)
	if t.chance(70) {
		t.emit(d.now, store.Event{Kind: store.LegAnswer, Call: id, Leg: id + "-b"})
		t.answered(id, d.now)
		d.wait(90)
	}
	t.emit(d.now, store.Event{Kind: store.LegEnd, Call: id, Leg: id + "-b", State: "200"})
	disposition := store.DispositionAnswered
	if t.calls[id].Answer.IsZero() {
		disposition = store.DispositionNoAnswer
	}
	t.closed(id, d.now, disposition)
}

// loner is a call that leaves in the menu, in the queue, or by one of the queue's other ends.
func (t *Traffic) loner(at time.Time) {
	if t.chance(25) {
		id := t.id("c")
		t.open(id, store.Customer, at, "")
		if t.chance(60) {
			at = at.Add(t.span(3))
			t.answered(id, at)
			t.closed(id, at.Add(t.span(30)), store.DispositionAnswered)
			return
		}
		t.closed(id, at.Add(t.span(30)), []store.Disposition{store.DispositionBusy, store.DispositionFailed,
			store.DispositionCanceled}[t.Dice.IntN(3)])
		return
	}
	c := t.arrive(at)
	r := []store.VisitResult{store.Abandoned, store.Abandoned, store.Abandoned, store.TimedOut, store.Full, store.Empty, store.Key,
		store.Withdrawn, store.Closed}[t.Dice.IntN(9)]
	wait := t.span(60)
	if r == store.Full || r == store.Empty {
		wait = 0
	}
	if t.chance(30) {
		wait = time.Duration(t.Dice.IntN(10_000)) * time.Millisecond
	}
	t.leave(c, at.Add(wait), r)
}

// number gives the events their run and number. What a crash took away is left out.
func (t *Traffic) number() []store.Record {
	var out []store.Record
	boot, seq := "b1", uint64(0)
	add := func(e store.Event) {
		seq++
		e.Node, e.Boot, e.Seq = "n1", boot, seq
		out = append(out, store.Record{Event: &e})
	}
	add(store.Event{Kind: store.NodeStart, At: t.Start})
	back := t.Crash.Add(time.Minute)
	for _, e := range t.events {
		c := t.calls[e.Call]
		if !t.Crash.IsZero() && !e.At.Before(t.Crash) {
			if e.At.Before(back) || (c != nil && c.Start.Before(back)) {
				continue
			}
			if boot == "b1" {
				boot, seq = "b2", 0
				add(store.Event{Kind: store.NodeStart, At: back})
			}
		}
		add(e)
		switch e.Kind {
		case store.CallStart:
			row := *c
			row.Answer, row.End, row.Disposition = time.Time{}, time.Time{}, ""
			out = append(out, store.Record{Call: &row})
		case store.CallEnd:
			row := *c
			out = append(out, store.Record{Call: &row})
		}
	}
	return out
}
