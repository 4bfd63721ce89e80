package ledger

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"ringway/store"
)

// callBook turns call, leg, visit and offer events into segments, visits and offers.
type callBook struct {
	calls  map[string]*callAccount
	visits map[string]*Visit
	offers map[string]*Offer
}

// callAccount is one call on its way. The current segment's End is zero.
type callAccount struct {
	call     Call
	legs     map[string]*legAccount
	visit    *Visit // the one it is in, or was in last
	ringing  int    // offers whose phone rings
	consults int    // consult calls that are up and name this one as their parent
	asks     string // the agent in state consult about this call
	talked   bool   // there was a conversation
	ended    bool
	current  CallSegment
	segments []CallSegment
}

type legAccount struct {
	agent, offer      string
	out               bool
	ringing, up, held bool
}

func newCallBook() *callBook {
	return &callBook{calls: map[string]*callAccount{}, visits: map[string]*Visit{}, offers: map[string]*Offer{}}
}

func (b *callBook) post(e *store.Event) {
	if e.Call == "" || e.Kind == store.RecordingStart || e.Kind == store.RecordingEnd { // the sound is no part of any figure
		return
	}
	c := b.account(e)
	if c == nil {
		return
	}
	switch subject, _, _ := strings.Cut(string(e.Kind), "."); subject {
	case "call":
		b.postCall(c, e)
	case "leg":
		c.postLeg(e)
	case "visit":
		b.postVisit(c, e)
	case "offer":
		b.postOffer(c, e)
	case "user":
		c.postUser(e)
	case "agent":
		c.postAgent(e)
	}
	c.settle(e.At)
}

// account finds the call of an event. Only what happens in a call opens its account, not an agent's state about it.
func (b *callBook) account(e *store.Event) *callAccount {
	c := b.calls[e.Call]
	if c == nil && e.Kind != store.AgentState && e.Kind != store.UserEvent {
		c = &callAccount{call: Call{ID: e.Call, Start: e.At, Kind: store.Customer}, legs: map[string]*legAccount{}}
		b.calls[e.Call] = c
	}
	return c
}

func (b *callBook) postCall(c *callAccount, e *store.Event) {
	switch e.Kind {
	case store.CallStart:
		c.call.Kind, c.call.Agent = store.CallKind(e.State), cmp.Or(c.call.Agent, e.Agent)
		c.call.Parent, c.call.Customer = e.Data[store.DataParent], e.Data[store.DataCustomer]
		b.consult(c, 1, e.At)
	case store.CallBecame:
		c.call.Kind = store.CallKind(e.State)
	case store.CallAnswer:
		if c.call.Answer.IsZero() {
			c.call.Answer = e.At
		}
	case store.CallEnd:
		if !c.ended {
			c.ended = true
			c.call.End, c.call.Disposition, c.call.Cause = e.At, store.Disposition(e.State), e.Reason
			b.consult(c, -1, e.At)
		}
	}
}

// ratingEvent is the dialplan's user event by which a caller rates the call, and its field.
const (
	ratingEvent = "rating"
	ratingField = "value"
)

// postUser takes a caller's rating; the last one counts.
func (c *callAccount) postUser(e *store.Event) {
	if e.State != ratingEvent {
		return
	}
	if n, err := strconv.ParseFloat(e.Data[ratingField], 64); err == nil && n >= 0 && n <= maxRating {
		c.call.Rating, c.call.Rated = n, true
	}
}

const maxRating = 100

// postAgent notes whether an agent consults about the call: phones do not say to which call a second one of theirs belongs.
func (c *callAccount) postAgent(e *store.Event) {
	switch {
	case e.Kind != store.AgentState:
	case e.State == string(store.Consult):
		c.asks = e.Agent
	case e.Agent == c.asks:
		c.asks = ""
	}
}

// consult tells a consult's parent that it began or ended.
func (b *callBook) consult(c *callAccount, by int, at time.Time) {
	if p := b.calls[c.call.Parent]; c.call.Parent != "" && p != nil && p != c {
		p.consults = max(p.consults+by, 0)
		p.settle(at)
	}
}

func (c *callAccount) postLeg(e *store.Event) {
	l := c.legs[e.Leg]
	if l == nil {
		l = &legAccount{}
		c.legs[e.Leg] = l
	}
	l.agent, l.offer = cmp.Or(l.agent, e.Agent), cmp.Or(l.offer, e.Offer)
	switch e.Kind {
	case store.LegStart:
		l.out = e.State == string(store.Out)
		if !l.out {
			c.call.Agent = cmp.Or(c.call.Agent, l.agent)
		}
	case store.LegRinging:
		l.ringing = !l.up
	case store.LegAnswer:
		l.ringing, l.up = false, true
	case store.LegHold:
		l.held = true
	case store.LegResume:
		l.held = false
	case store.LegEnd:
		*l = legAccount{agent: l.agent, offer: l.offer, out: l.out}
	}
}

func (b *callBook) postVisit(c *callAccount, e *store.Event) {
	v := b.visits[e.Visit]
	if v == nil {
		v = new(Entered(e))
		b.visits[e.Visit] = v
	}
	switch e.Kind {
	case store.VisitEnter:
		c.visit, c.ringing = v, 0
	case store.VisitConnect:
		if v.Leave.IsZero() {
			c.visit, c.talked = v, true
			v.Connect, v.Leave, v.Result, v.Agent = e.At, e.At, store.Connected, e.Agent
		}
	case store.VisitLeave:
		if v.Leave.IsZero() {
			v.Leave, v.Result = e.At, store.VisitResult(e.State)
		}
	case store.VisitEnd:
		if v.End.IsZero() && !v.Connect.IsZero() {
			v.End, v.EndReason, c.asks = e.At, e.Reason, ""
		}
	}
}

// Entered is the visit that begins with an event.
func Entered(e *store.Event) Visit {
	return Visit{ID: e.Visit, Call: e.Call, Queue: e.Queue, Enter: e.At, ByTransfer: e.State == "transfer",
		ServiceLevel: seconds(e.Data[store.DataServiceLevel], DefaultServiceLevel),
		ShortAbandon: seconds(e.Data[store.DataShortAbandon], DefaultShortAbandon)}
}

// seconds reads a threshold, which may be a fraction: a queue may well say 2500ms.
func seconds(text string, otherwise time.Duration) time.Duration {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= 0 && n <= maxThreshold.Seconds()) {
		return otherwise
	}
	return time.Duration(n * float64(time.Second)).Round(time.Microsecond)
}

// maxThreshold bounds what a threshold in an event may say.
const maxThreshold = 365 * 24 * time.Hour

func (b *callBook) postOffer(c *callAccount, e *store.Event) {
	o := b.offers[e.Offer]
	if o == nil {
		o = &Offer{ID: e.Offer, Visit: e.Visit, Call: e.Call, Queue: e.Queue, Agent: e.Agent, Start: e.At}
		b.offers[e.Offer] = o
	}
	rang := !o.Ringing.IsZero() && o.End.IsZero()
	switch {
	case e.Kind == store.OfferRinging && o.Ringing.IsZero() && o.End.IsZero():
		o.Ringing = e.At
	case e.Kind == store.OfferEnd && o.End.IsZero():
		o.End, o.Outcome = e.At, store.OfferOutcome(e.State)
	}
	rings := !o.Ringing.IsZero() && o.End.IsZero()
	if rings != rang && c.visit != nil && c.visit.ID == o.Visit {
		if rings {
			c.ringing++
		} else {
			c.ringing = max(c.ringing-1, 0)
		}
	}
}

// settle closes the current segment where the bucket has changed.
func (c *callAccount) settle(at time.Time) {
	next := c.classify()
	cur := c.current
	if next.Bucket == cur.Bucket && next.Visit == cur.Visit {
		return
	}
	c.close(at)
	next.Call, next.Start = c.call.ID, at
	c.current = next
}

func (c *callAccount) close(at time.Time) {
	if c.current.Bucket != "" && at.After(c.current.Start) {
		c.current.End = at
		c.segments = append(c.segments, c.current)
	}
}

// classify says which bucket the call is in now; none when it is over.
func (c *callAccount) classify() CallSegment {
	if c.ended {
		return CallSegment{}
	}
	if v := c.visit; v != nil && (v.Leave.IsZero() || (!v.Connect.IsZero() && v.End.IsZero())) {
		return CallSegment{Bucket: c.visitBucket(v), Queue: v.Queue, Visit: v.ID, Agent: v.Agent}
	}
	up, ringing := c.dialled()
	switch {
	case up:
		c.talked = true
		return CallSegment{Bucket: c.talking()}
	case ringing:
		return CallSegment{Bucket: Ringing}
	case c.talked:
		return CallSegment{Bucket: After}
	case !c.call.Answer.IsZero():
		return CallSegment{Bucket: IVR}
	}
	return CallSegment{Bucket: Setup}
}

func (c *callAccount) visitBucket(v *Visit) CallBucket {
	switch {
	case !v.Connect.IsZero():
		return c.talking()
	case c.ringing > 0:
		return Ringing
	}
	return Queue
}

// talking is the bucket of a conversation: only the agent's own hold counts.
func (c *callAccount) talking() CallBucket {
	for _, l := range c.legs {
		if l.held && l.agent != "" {
			if c.consults > 0 || c.asks != "" {
				return Consult
			}
			return Hold
		}
	}
	return Talk
}

// dialled looks at the legs that the dialplan dialled itself, without a queue's offer.
func (c *callAccount) dialled() (up, ringing bool) {
	for _, l := range c.legs {
		if l.out && l.offer == "" {
			up, ringing = up || l.up, ringing || l.ringing
		}
	}
	return up, ringing
}

func (b *callBook) finish(books *Books) {
	for _, id := range slices.Sorted(maps.Keys(b.calls)) {
		c := b.calls[id]
		if !c.ended {
			c.close(books.Until)
		}
		books.Rows = append(books.Rows, c.call)
		for i := range c.segments {
			c.segments[i].Kind = c.call.Kind // as the call turned out
		}
		books.Calls = append(books.Calls, c.segments...)
	}
	for _, v := range b.visits {
		books.Visits = append(books.Visits, *v)
	}
	for _, o := range b.offers {
		books.Offers = append(books.Offers, *o)
	}
	books.order()
}
