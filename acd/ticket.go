package acd

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"ringway/store"
)

// Ticket is one caller's stay in a queue, as its call sees it.
type Ticket struct {
	id     string
	queue  *Queue
	router *Router
	events chan TicketEvent
	once   sync.Once
}

// TicketEvent is one thing for the call to do: exactly one field is set.
type TicketEvent struct {
	Offer    *OfferOut
	Cancel   *CancelOffer
	Announce *Announce
	Result   store.VisitResult // the last event
}

// ticketEvents is room for all that can come before a call reads: with ring all, each phone may be cancelled apart.
const ticketEvents = 2*maxRingAll + 16

func newTicket(r *Router, id string, q *Queue) *Ticket {
	return &Ticket{id: id, queue: q, router: r, events: make(chan TicketEvent, ticketEvents)}
}

// Visit is the identifier of the visit.
func (t *Ticket) Visit() string { return t.id }

// Queue is the specification of the queue as it was when the caller entered: music, exit keys.
func (t *Ticket) Queue() *Queue { return t.queue }

// Events is closed after the Result.
func (t *Ticket) Events() <-chan TicketEvent { return t.events }

// Leave ends the visit, or the conversation of a connected one. Repeating it does nothing.
func (t *Ticket) Leave(reason store.VisitResult) {
	t.once.Do(func() { t.router.Post(Leave{Visit: t.id, Reason: reason}) })
}

// Ringing says that the phone behind an offer rings.
func (t *Ticket) Ringing(offer string) { t.router.Post(OfferRinging{Offer: offer}) }

// Desk says what the agent's desk did with an offer.
func (t *Ticket) Desk(offer string, act store.DeskAct, reason string) {
	t.router.Post(DeskAnswer{Offer: offer, Act: act, Reason: reason})
}

// Report says how an offer ended; status is the SIP status behind it, 0 where none.
func (t *Ticket) Report(offer string, outcome store.OfferOutcome, status int) {
	t.router.Post(OfferResult{Offer: offer, Outcome: outcome, Status: status})
}

// put is called by the router alone. False means that the reader is stuck; its channel is closed. An announcement that
// finds no room is dropped.
func (t *Ticket) put(e TicketEvent) bool {
	select {
	case t.events <- e:
		if e.Result != "" {
			close(t.events)
		}
		return true
	default:
		if e.Announce != nil {
			return true
		}
		close(t.events)
		return false
	}
}

// letter is one thing in the mailbox: an input with what goes with it, or a request for a snapshot.
type letter struct {
	in     Input
	ticket *Ticket
	reply  chan Reply
	view   chan Snapshot
	copied chan *State
	by     time.Duration // of copied
	check  chan error
	look   []string
	seen   chan []AgentDetail
}

// mailbox is a bounded queue whose put never blocks; one reader takes all there is.
type mailbox struct {
	bell chan struct{} // capacity 1: rung when something came

	mu     sync.Mutex // guards the rest; nothing is called while it is held
	list   []letter
	closed bool
}

func (m *mailbox) put(l letter, limit int) bool {
	m.mu.Lock()
	ok := !m.closed && len(m.list) < limit
	if ok {
		m.list = append(m.list, l)
	}
	m.mu.Unlock()
	if ok {
		select {
		case m.bell <- struct{}{}:
		default:
		}
	}
	return ok
}

// batch is how many letters the reader takes at once: what it holds does not count against the bound.
const batch = 256

func (m *mailbox) take() []letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := min(batch, len(m.list))
	list := m.list[:n:n]
	m.list = m.list[n:]
	if len(m.list) == 0 {
		m.list = nil
	}
	return list
}

// close refuses what comes from now on and returns what is left.
func (m *mailbox) close() []letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := m.list
	m.closed, m.list = true, nil
	return list
}

func (m *mailbox) stopped() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.closed
}

func (m *mailbox) len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.list)
}

// bootID makes visit identifiers of different runs differ.
func bootID(now time.Time, seed uint64) string {
	return "v" + strconv.FormatUint(mix(uint64(now.UnixNano())^mix(seed))>>20, 36)
}

func utoa(n uint64) string { return strconv.FormatUint(n, 10) }

func inputName(in Input) string { return fmt.Sprintf("%T", in) }
