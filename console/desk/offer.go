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
	answers chan store.DeskAnswer
	once    sync.Once
}

// presentation is the hub's side.
//
//	card ──shown──▶ (ring mode: rings at once)     card ──accept──▶ rings        card, rings ──decline──▶ over
//	rings is said by the call; Close ends it in any case
type presentation struct {
	offer    Offer
	at       time.Time // when the card could be seen, then when the phones began to ring
	shown    bool
	accepted bool
	declined bool
	rings    bool
	answers  chan store.DeskAnswer
}

// answers is room for shown, accepted, declined, and a desk that closes and opens again now and then.
const answers = 8

// Present shows an offer at the agent's desk; nil where she has none open. It never blocks.
func (h *Hub) Present(o Offer) *Presentation {
	if !h.IsOpen(o.Agent) {
		return nil
	}
	p := &presentation{offer: o, answers: make(chan store.DeskAnswer, answers)}
	if !h.tell(func() { h.present(p) }) {
		return nil
	}
	return &Presentation{hub: h, offer: o.ID, answers: p.answers}
}

// Answers tells what the desk does.
func (p *Presentation) Answers() <-chan store.DeskAnswer { return p.answers }

// Ring says that the phones ring from now on.
func (p *Presentation) Ring() {
	p.hub.tell(func() {
		if mine := p.hub.offers[p.offer]; mine != nil && !mine.rings {
			mine.rings, mine.at = true, p.hub.o.Now()
			p.hub.due[mine.offer.Agent] = true
		}
	})
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
	s := h.seats[p.offer.Agent]
	if s == nil { // it closed on the way here
		p.answer(store.DeskAnswer{Act: store.DeskClosed})
		return
	}
	if s.early == p.offer.ID {
		p.shown = true
		p.answer(store.DeskAnswer{Act: store.DeskShown})
	}
	p.at = h.o.Now()
	h.offers[p.offer.ID] = p
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

// Shown says that the card of an offer is on the screen. One that is over, or that was made before the desk opened, is none to
// complain about.
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
			return h.missing(agent, err)
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
			return h.missing(agent, err)
		}
		if !p.declined {
			p.declined = true
			p.answer(store.DeskAnswer{Act: store.DeskDeclined, Reason: reason})
			h.due[agent] = true
		}
		return nil
	})
}

// missing tells an offer that is over from one that was made before the desk opened.
func (h *Hub) missing(agent string, err error) error {
	if s := h.seats[agent]; s != nil && s.last != nil && s.last.Offer != nil {
		return ErrNoDesk
	}
	return err
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
