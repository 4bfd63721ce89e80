package desk

import (
	"context"
	"sync"
	"time"

	"ringway/store"
)

// Offer is a call that an agent is offered.
type Offer struct {
	ID, Agent, Call, Queue string
	Preview                bool          // her phones ring after she accepted
	AnswersItself          bool          // a phone of hers answers by itself once she accepted
	Ring                   time.Duration // how long she has
}

// Presentation is an offer at a desk, as the call sees it.
type Presentation struct {
	hub     *Hub
	offer   string
	open    bool
	answers chan store.DeskAnswer
	once    sync.Once
}

// presentation is the hub's side.
//
//	card ──shown──▶ (ring mode: rings at once)     card ──accept──▶ rings        card, rings ──decline──▶ over
//	rings is said by the call; Close ends it in any case
//
// Where no desk is open the phones ring at once, and the offer waits here for one that opens meanwhile.
type presentation struct {
	offer    Offer
	open     bool      // the call was told that a desk is
	at       time.Time // when the card could be seen, then when the phones began to ring
	shown    bool
	accepted bool
	declined bool
	rings    bool
	answers  chan store.DeskAnswer
}

// answers is room for shown, accepted, declined, and a desk that closes and opens again now and then.
const answers = 8

// Present shows an offer at the agent's desk, or at the one that she opens before it is over; nil once the hub is closed. It never
// blocks, and is not lost where the desks have much to do: there are no more offers than agents, and one that the hub does not know
// could never be accepted, however often she tries.
func (h *Hub) Present(o Offer) *Presentation {
	p := &presentation{offer: o, open: h.IsOpen(o.Agent), answers: make(chan store.DeskAnswer, answers)}
	if !h.mail.put(func() { h.present(p) }, true) {
		return nil
	}
	return &Presentation{hub: h, offer: o.ID, open: p.open, answers: p.answers}
}

// Open tells whether a desk shows the offer: nothing is to be waited for otherwise.
func (p *Presentation) Open() bool { return p.open }

// Answers tells what the desk does.
func (p *Presentation) Answers() <-chan store.DeskAnswer { return p.answers }

// Ring says that the phones ring from now on.
func (p *Presentation) Ring() {
	p.hub.mail.put(func() {
		if mine := p.hub.offers[p.offer]; mine != nil && !mine.rings {
			mine.rings, mine.at = true, p.hub.o.Now()
			p.hub.due[mine.offer.Agent] = true
		}
	}, true)
}

// Close takes the offer from the desk.
func (p *Presentation) Close() {
	p.once.Do(func() {
		p.hub.mail.put(func() {
			if mine := p.hub.offers[p.offer]; mine != nil {
				delete(p.hub.offers, p.offer)
				p.hub.due[mine.offer.Agent] = true
			}
		}, true)
	})
}

func (h *Hub) present(p *presentation) {
	p.at = h.o.Now()
	h.offers[p.offer.ID] = p
	s := h.seats[p.offer.Agent]
	if s == nil {
		if p.open { // it closed on the way here
			p.answer(store.DeskAnswer{Act: store.DeskClosed})
		}
		return
	}
	if s.early == p.offer.ID {
		p.shown = true
		p.answer(store.DeskAnswer{Act: store.DeskShown})
	}
	h.card(cardKey{p.offer.Agent, p.offer.Call}).why(h, p.offer)
	h.due[p.offer.Agent] = true
	h.flushed = time.Time{} // a caller waits for this one
}

func (p *presentation) answer(a store.DeskAnswer) {
	select {
	case p.answers <- a:
	default:
	}
}

// hers finds the offer that an agent answers.
func (h *Hub) hers(agent, offer string) (*presentation, error) {
	p := h.offers[offer]
	if p == nil || p.offer.Agent != agent {
		return nil, ErrGone
	}
	return p, nil
}

// Shown says that the card of an offer is on the screen. One that is over is none to complain about.
func (h *Hub) Shown(ctx context.Context, agent, offer string) error {
	return h.ask(ctx, func() error {
		p, err := h.hers(agent, offer)
		switch {
		case err == nil && !p.shown:
			p.shown = true
			p.answer(store.DeskAnswer{Act: store.DeskShown})
		case err != nil && h.seats[agent] != nil:
			h.seats[agent].early = offer
		}
		return nil
	})
}

// Accept takes an offer: her phones ring, or answer by themselves.
func (h *Hub) Accept(ctx context.Context, agent, offer string) error {
	return h.ask(ctx, func() error {
		p, err := h.hers(agent, offer)
		switch {
		case err != nil:
			return err
		case p.declined:
			return ErrGone
		case p.accepted:
			return nil
		case !p.canAccept():
			return ErrPhone
		}
		p.accepted = true
		p.answer(store.DeskAnswer{Act: store.DeskAccepted})
		h.due[agent] = true
		return nil
	})
}

// canAccept tells whether a yes at the desk means something.
func (p *presentation) canAccept() bool {
	return !p.accepted && !p.declined && (p.offer.AnswersItself || p.offer.Preview && !p.rings)
}

// Decline refuses an offer.
func (h *Hub) Decline(ctx context.Context, agent, offer, reason string) error {
	return h.ask(ctx, func() error {
		p, err := h.hers(agent, offer)
		if err != nil {
			return err
		}
		if !p.declined {
			p.declined = true
			p.answer(store.DeskAnswer{Act: store.DeskDeclined, Reason: reason})
			h.due[agent] = true
		}
		return nil
	})
}

// decisions are those of which a card may have to tell, the last of them.
type decisions struct {
	byID  map[string]store.Decision
	order []string
}

func (d *decisions) keep(x store.Decision) {
	if _, known := d.byID[x.ID]; known {
		return
	}
	if len(d.order) >= maxReasons {
		delete(d.byID, d.order[0])
		d.order = d.order[1:]
	}
	d.byID[x.ID] = x
	d.order = append(d.order, x.ID)
}
