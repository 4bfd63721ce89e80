package past

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"ringway/acd"
	"ringway/store"
)

// call is one customer's call, and the visit it is in.
type call struct {
	row    store.Call
	who    customer
	visits int
	legs   int
	agent  string // whom she talks with
	leg    string // the agent's
	legRow store.Leg
}

// arrive begins a call: the greeting, then the queue.
func (w *world) arrive(n int, who customer) {
	id := fmt.Sprintf("demo-%d-%05d", w.o.Seed, n)
	c := &call{who: who, row: store.Call{ID: id, Node: Node, Kind: store.Customer, SIPID: id + "@" + Node, CallerName: who.Name, CallerNumber: who.Customer,
		Customer: who.Customer, Booking: who.Booking, Language: who.Language, Region: who.Region, Zone: who.Zone, Context: "from-app", Dialled: "help",
		PlanVersion: w.o.Version, Start: w.now, Codec: "opus"}}
	w.saveCall(c)
	w.event(store.Event{Kind: store.CallStart, Call: id, State: string(store.Customer), Data: map[string]string{store.DataCustomer: who.Customer}})
	w.after(w.between(0, 1), func() {
		c.row.Answer = w.now
		w.event(store.Event{Kind: store.CallAnswer, Call: id})
		if w.chance(3) { // wrong button
			w.after(w.between(1, 4), func() { w.hangUp(c, "caller") })
			return
		}
		w.after(w.between(3, 12), func() { w.enter(c, w.queue(), false) })
	})
}

// queue is where a caller goes: the first queues are the busiest.
func (w *world) queue() string {
	n := len(w.o.Spec.Queues)
	return w.o.Spec.Queues[weighted(w.dice, n, func(i int) int {
		if w.o.Spec.Queues[i].Name == "help" {
			return 8
		}
		return 2
	})].Name
}

func (w *world) enter(c *call, queue string, transfer bool) {
	c.visits++
	visit := c.row.ID + "-v" + strconv.Itoa(c.visits)
	w.calls[visit] = c
	patience := 20*time.Second + time.Duration(w.dice.ExpFloat64()*float64(4*time.Minute))
	w.after(patience, func() {
		if w.calls[visit] == c && c.agent == "" && c.row.End.IsZero() {
			w.leave(visit)
		}
	})
	w.input(acd.Enter{Visit: visit, Call: c.row.ID, Queue: queue, ByTransfer: transfer,
		Profile: store.Profile{Language: c.who.Language, Region: c.who.Region, Zone: c.who.Zone}})
}

// leave is a caller who hangs up in the queue.
func (w *world) leave(visit string) {
	c := w.calls[visit]
	w.input(acd.Leave{Visit: visit, Reason: store.Abandoned})
	delete(w.calls, visit)
	w.hangUp(c, "caller")
}

// result follows what the queue says of a visit.
func (w *world) result(r acd.Result) {
	c := w.calls[r.Visit]
	if c == nil || r.Result == store.Connected || r.Result == store.Abandoned {
		return
	}
	delete(w.calls, r.Visit)
	w.after(w.between(3, 6), func() { w.hangUp(c, "switch") }) // we are sorry
}

// answer is a robot who picks up.
func (w *world) answer(o acd.OfferOut, a acd.AgentOffer) {
	c := w.calls[o.Visit]
	if c == nil || c.agent != "" || !c.row.End.IsZero() {
		return
	}
	c.legs++
	c.leg = c.row.ID + "-b" + strconv.Itoa(c.legs)
	about := store.Event{Call: c.row.ID, Leg: c.leg, Agent: a.Agent, Offer: a.ID}
	c.legRow = store.Leg{ID: c.leg, Call: c.row.ID, Direction: store.Out, Account: a.Accounts[0].Account, Agent: a.Agent, Offer: a.ID, Start: w.now, Ringing: w.now, Answer: w.now, Codec: "PCMA"}
	start := about
	start.Kind, start.State = store.LegStart, string(store.Out)
	w.event(start)
	about.Kind = store.LegAnswer
	w.event(about)
	w.input(acd.OfferResult{Offer: a.ID, Outcome: store.Answered, Leg: c.leg, Status: 200})
	c.agent = a.Agent
	talk := w.between(25, 80) + time.Duration(w.dice.ExpFloat64()*float64(40*time.Second))
	if w.chance(15) {
		w.holds(c, talk/3, w.between(5, 70))
	}
	w.after(talk, func() { w.part(c, o) })
}

// holds plans a hold in a conversation.
func (w *world) holds(c *call, after, length time.Duration) {
	leg, agent := c.leg, c.agent
	set := func(held bool, kind store.EventKind) {
		if c.leg == leg && c.row.End.IsZero() {
			w.event(store.Event{Kind: kind, Call: c.row.ID, Leg: leg, Agent: agent})
			w.input(acd.LegHeld{Leg: leg, Held: held})
		}
	}
	w.after(after, func() { set(true, store.LegHold) })
	w.after(min(after+length, 2*after), func() { set(false, store.LegResume) })
}

// part ends a conversation: most callers are done, some are handed on to another queue.
func (w *world) part(c *call, o acd.OfferOut) {
	if !c.row.End.IsZero() {
		return
	}
	leg, agent, other := c.leg, c.agent, w.queue()
	c.agent, c.leg = "", ""
	handed := c.visits == 1 && other != o.Queue && w.chance(12)
	left := ""
	if handed {
		left = store.TransferBlind
	}
	w.endLeg(c, leg, agent, cmp.Or(left, "normal"))
	w.input(acd.LegDown{Leg: leg, Left: left})
	w.dispose(c, o.Queue, agent)
	delete(w.calls, o.Visit)
	if w.chance(40) { // the work after it takes less than the queue allows
		w.after(w.between(5, 18), func() { w.input(acd.WrapUpDone{Agent: agent}) })
	}
	if handed {
		w.enter(c, other, true)
		return
	}
	if w.chance(20) {
		w.event(store.Event{Kind: store.UserEvent, Call: c.row.ID, State: "rating", Data: map[string]string{"value": strconv.Itoa(3 + w.dice.IntN(3))}})
	}
	by := "caller"
	if w.chance(30) {
		by = "agent"
	}
	w.hangUp(c, by)
}

// dispose is what the agent says that the call was about, where her queue asks.
func (w *world) dispose(c *call, queue, agent string) {
	q := w.o.Spec.Queue(queue)
	if q == nil || len(q.Dispositions.Items) == 0 || w.chance(5) {
		return
	}
	choice := q.Dispositions.Items[w.dice.IntN(len(q.Dispositions.Items))]
	sub := ""
	if n := len(choice.Items); n > 0 {
		sub = choice.Items[w.dice.IntN(n)].Code
	}
	w.event(store.Event{Kind: store.CallDisposition, Call: c.row.ID, Queue: queue, Agent: agent, State: choice.Code, Reason: sub})
	w.record(store.Record{Outcome: &store.CallOutcome{Call: c.row.ID, Agent: agent, Queue: queue, Code: choice.Code, Sub: sub, At: w.now}})
}

func (w *world) endLeg(c *call, leg, agent, cause string) {
	w.event(store.Event{Kind: store.LegEnd, Call: c.row.ID, Leg: leg, Agent: agent, Offer: c.legRow.Offer, State: "200", Reason: cause})
	row := c.legRow
	row.End, row.Status, row.Cause = w.now, 200, cause
	row.Quality.Packets = uint64(row.End.Sub(row.Answer) / (20 * time.Millisecond))
	row.Quality.JitterMS = float64(w.dice.IntN(80)) / 10
	w.record(store.Record{Leg: &row})
}

// hangUp ends a call.
func (w *world) hangUp(c *call, by string) {
	if c == nil || !c.row.End.IsZero() {
		return
	}
	if c.leg != "" {
		leg := c.leg
		w.endLeg(c, leg, c.agent, "normal")
		c.leg, c.agent = "", ""
		w.input(acd.LegDown{Leg: leg})
	}
	c.row.End, c.row.Disposition, c.row.Cause, c.row.EndedBy, c.row.Status, c.row.Q850 = w.now, store.DispositionAnswered, "normal", by, 200, 16
	w.event(store.Event{Kind: store.CallEnd, Call: c.row.ID, State: string(c.row.Disposition), Reason: c.row.Cause})
	w.saveCall(c)
}

func (w *world) saveCall(c *call) {
	row := c.row
	w.record(store.Record{Call: &row})
}
