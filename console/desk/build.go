package desk

import (
	"cmp"

	"ringway/acd"
	"ringway/store"
)

// state is what an agent's desks show, of what the router knows of her now.
func (h *Hub) state(d acd.AgentDetail) *State {
	spec := h.o.Spec()
	s := &State{Now: h.o.Now().UTC(), Tabs: len(h.seats[d.ID].tabs), Agent: agentOf(spec, d), Phones: []Phone{}, Reasons: []string{}, Queues: []Queue{}}
	for _, p := range d.Phones {
		s.Phones = append(s.Phones, Phone{Account: p.Account, Registered: p.Live, AutoAnswer: p.AutoAnswer})
	}
	for _, r := range spec.Reasons {
		s.Reasons = append(s.Reasons, r.Code)
	}
	for _, q := range spec.Queues {
		s.Queues = append(s.Queues, Queue{q.Name, q.Number})
	}
	if d.Offer != nil {
		s.Offer = h.offered(d.ID, *d.Offer)
	}
	if d.Talk != nil {
		s.Call = h.talk(spec, d.ID, *d.Talk)
		s.Call.Beside = h.beside(d.ID, d.Beside)
	}
	if d.WrapUp != nil {
		s.WrapUp = h.wrapUp(spec, d.ID, *d.WrapUp)
	}
	h.keepCards(d)
	return s
}

func agentOf(spec *acd.Spec, d acd.AgentDetail) Agent {
	a := Agent{ID: d.ID, Name: d.Name, Team: d.Team, State: string(d.State), Reason: d.Reason, Since: d.Since.UTC(), Reachable: d.Reachable,
		Joined: d.Queues, MayJoin: []Queue{}}
	if a.Joined == nil {
		a.Joined = []string{}
	}
	if d.Next != nil {
		a.Next = &Next{State: string(d.Next.State), Reason: d.Next.Reason}
	}
	if p := spec.Person(d.ID); p != nil {
		for _, q := range spec.Queues {
			if q.Admits(p) {
				a.MayJoin = append(a.MayJoin, Queue{q.Name, q.Number})
			}
		}
	}
	return a
}

// offered is the offer as the router has it, with what the call is doing about it. One that the call is about to present waits
// for that.
func (h *Hub) offered(agent string, v acd.OfferView) *Offered {
	if h.offers[v.ID] == nil && !v.Ringing {
		return nil
	}
	o := &Offered{ID: v.ID, Queue: v.Queue, Mode: string(acd.RingMode), Phase: phaseCard, Since: v.Since.UTC(), Deadline: v.Since.Add(v.RingTime).UTC()}
	p := h.offers[v.ID]
	if v.Preview {
		o.Mode = string(acd.PreviewMode)
	}
	switch {
	case p == nil && v.Ringing, p != nil && (p.rings || p.accepted):
		o.Phase = phaseRinging
	case v.Preview && !v.Accepted:
		o.Phase = phasePreview
	}
	if p != nil {
		o.CanAccept = p.canAccept()
		o.Deadline = p.at.Add(v.RingTime).UTC()
	}
	c := h.card(cardKey{agent, v.Call})
	if p != nil && c.reason.Text == "" {
		c.why(h, p.offer)
	}
	c.entered(v.Entered, v.Since)
	o.Card = c.show(h)
	return o
}

func (h *Hub) talk(spec *acd.Spec, agent string, v acd.TalkView) *Talk {
	t := &Talk{ID: v.Call, Queue: v.Queue, Since: v.Since.UTC(), Held: v.Held, HeldSeconds: v.HeldFor.Seconds(), Kind: string(store.Internal)}
	if v.Held {
		at := v.HeldAt.UTC()
		t.HeldSince = &at
	}
	if call, up := h.o.Calls.Call(v.Call); up {
		t.Kind, t.Can = call.Kind, Can{Hold: true, Hangup: true, Transfer: call.Agent != agent}
	}
	c := h.card(cardKey{agent, v.Call})
	t.Card, t.Said = c.show(h), c.says(spec, v.Queue)
	return t
}

func (h *Hub) beside(agent string, v *acd.BesideView) *Beside {
	if v == nil {
		return nil
	}
	call, _ := h.o.Calls.Call(v.Call)
	return &Beside{ID: v.Call, Who: cmp.Or(call.name(agent), call.number(agent)), Since: v.Since.UTC()}
}

func (h *Hub) wrapUp(spec *acd.Spec, agent string, v acd.WrapUpView) *WrapUp {
	w := &WrapUp{Call: v.Call, Queue: v.Queue, Since: v.Since.UTC(), Until: v.Until.UTC(), Extended: v.Extended.Seconds()}
	if v.Call == "" { // of a run before this one
		w.Said = (&card{}).says(spec, "")
		return w
	}
	c := h.card(cardKey{agent, v.Call})
	if v.Code != "" {
		c.code, c.sub = v.Code, v.Sub
	}
	w.Card, w.Said = c.show(h), c.says(spec, v.Queue)
	return w
}

// says is what can be said about a call, and what she said.
func (c *card) says(spec *acd.Spec, queue string) Said {
	s := Said{Dispositions: Dispositions{Items: []Item{}}, Note: c.note}
	if q := spec.Queue(queue); q != nil {
		s.Dispositions = DispositionsOf(q)
	}
	if c.code != "" {
		s.Disposition = &Choice{Code: c.code, Sub: c.sub}
	}
	return s
}

// DispositionsOf is what can be said of calls of a queue.
func DispositionsOf(q *acd.Queue) Dispositions {
	return Dispositions{Required: q.Dispositions.Required, Items: items(q.Dispositions.Items)}
}

func items(list []acd.Choice) []Item {
	out := make([]Item, 0, len(list))
	for _, c := range list {
		out = append(out, Item{Code: c.Code, Label: c.Label, Items: items(c.Items)})
	}
	return out
}
