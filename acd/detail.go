package acd

import (
	"context"
	"time"

	"ringway/store"
)

// AgentDetail is all that an agent's own desk shows of her.
type AgentDetail struct {
	AgentView
	Next   *NextView   // what follows the call or the wrap-up, nil: available
	Offer  *OfferView  // not answered yet
	Talk   *TalkView   // the dialog that she has
	Beside *BesideView // another one: whom she asks while a caller is on hold
	WrapUp *WrapUpView // the work after a call
	Phones []PhoneView
}

// NextView is a state that waits for the end of a call or a wrap-up.
type NextView struct {
	State  store.AgentBucket
	Reason string
}

// OfferView is a live offer.
type OfferView struct {
	ID, Visit, Call, Queue string
	Preview, Accepted      bool
	Ringing                bool
	Since, Entered         time.Time
	RingTime               time.Duration
}

// TalkView is a dialog of hers.
type TalkView struct {
	Call, Queue string // Queue is "" outside queues
	Visit       string // where an offer brought it
	Since       time.Time
	Held        bool
	HeldAt      time.Time
	HeldFor     time.Duration // before HeldAt
}

// BesideView is a dialog of hers beside the one that a desk works on.
type BesideView struct {
	Call  string
	Since time.Time
}

// WrapUpView is a wrap-up that runs.
type WrapUpView struct {
	Call, Queue  string
	Since, Until time.Time
	Extended     time.Duration
	Code, Sub    string // the disposition so far
}

// PhoneView is one phone of hers.
type PhoneView struct {
	Account    string
	Live       bool // it can be rung
	AutoAnswer bool
}

// Detail copies what is known of one agent; false where there is none.
func (s *State) Detail(id string) (AgentDetail, bool) {
	a := s.byID[id]
	if a == nil || a.removed && a.idle() {
		return AgentDetail{}, false
	}
	d := AgentDetail{AgentView: s.viewAgent(a), Next: s.next(a), Offer: a.offerView(), Talk: a.talkView()}
	d.Beside = a.besideView(d.Talk)
	// It goes on while she calls somebody about it, and waits for no end of that.
	if w := a.wrap; w.until.After(s.now) && (d.Talk == nil || d.Talk.Queue == "") {
		d.WrapUp = &WrapUpView{Call: w.call, Queue: w.queue, Since: w.since, Until: w.until, Extended: w.extended}
		if a.disposal.call == w.call {
			d.WrapUp.Code, d.WrapUp.Sub = a.disposal.code, a.disposal.sub
		}
	}
	if a.desk != "" {
		d.Phones = []PhoneView{{Account: a.desk, Live: s.phones[a.desk]}}
		return d, true
	}
	for _, p := range a.person.Phones {
		d.Phones = append(d.Phones, PhoneView{Account: p.Account, Live: s.phones[p.Account], AutoAnswer: p.AutoAnswer})
	}
	return d, true
}

// next is what her present state hides.
func (s *State) next(a *agent) *NextView {
	switch a.bucket {
	case store.Reserved, store.Ringing, store.Talk, store.Hold, store.Consult, store.Outbound, store.WrapUp:
	default:
		return nil
	}
	switch {
	case !a.loggedIn():
		return &NextView{State: store.Offline}
	case a.paused:
		return &NextView{State: store.NotReady, Reason: a.pauseReason}
	}
	return nil
}

func (a *agent) offerView() *OfferView {
	o := a.offer
	if o == nil || o.state >= offerConnected {
		return nil
	}
	return &OfferView{ID: o.id, Visit: o.visit.id, Call: o.visit.call, Queue: o.queue.Name, Preview: o.preview, Accepted: o.accepted,
		Ringing: o.state == offerRinging, Since: o.start, Entered: o.visit.enter, RingTime: o.queue.RingTime}
}

// talkView is the queue's conversation, else the first dialog that she has.
func (a *agent) talkView() *TalkView {
	var t *TalkView
	for _, l := range a.legs {
		offered := a.offer != nil && l.call == a.offer.visit.call
		if l.spent || offered && a.offer.state < offerConnected || t != nil && !offered && l.queue == "" {
			continue
		}
		t = &TalkView{Call: l.call, Queue: l.queue, Since: l.up, Held: l.held, HeldFor: l.heldFor}
		if l.held {
			t.HeldAt = l.heldAt
		}
		if offered {
			break
		}
	}
	if o := a.offer; o != nil && o.state == offerConnected {
		if t == nil || t.Call != o.visit.call {
			t = &TalkView{Call: o.visit.call}
		}
		t.Queue, t.Visit, t.Since = o.queue.Name, o.visit.id, o.connect
	}
	return t
}

// besideView is a dialog of another call than the one that she is shown to have.
func (a *agent) besideView(t *TalkView) *BesideView {
	for _, l := range a.legs {
		if t != nil && !l.spent && l.call != t.Call && (a.offer == nil || l.call != a.offer.visit.call) {
			return &BesideView{Call: l.call, Since: l.up}
		}
	}
	return nil
}

// Look copies what the router knows of some agents now, those that it knows in their order.
func (r *Router) Look(ctx context.Context, agents []string) ([]AgentDetail, error) {
	answer := make(chan []AgentDetail, 1)
	return ask(ctx, r, letter{look: agents, seen: answer}, answer)
}

func (s *State) details(agents []string) []AgentDetail {
	out := make([]AgentDetail, 0, len(agents))
	for _, id := range agents {
		if d, ok := s.Detail(id); ok {
			out = append(out, d)
		}
	}
	return out
}
