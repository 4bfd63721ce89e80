package desk

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"ringway/acd"
	"ringway/store"
)

// cardKey names a card: each agent has her own of a call, with her note and what made her the one.
type cardKey struct{ agent, call string }

// card is what is known of a call's customer, as it came. It belongs to the hub's goroutine, and lives until the agent is done
// with the call.
type card struct {
	key       cardKey
	call      Call
	customer  string    // id
	enter     time.Time // into the queue
	offeredAt time.Time
	reason    Why
	record    Customer // of the customers' table
	past      []store.PastCall
	note      string
	wrote     bool // her note is newer than the one on record
	code, sub string
}

// card finds a card, or makes one and sends for what databases know.
func (h *Hub) card(k cardKey) *card {
	c, known := h.cards[k], true
	if c == nil {
		c, known = &card{key: k}, false
		h.cards[k] = c
	}
	if c.call.ID != "" {
		return c
	}
	// The router may know of a dialog before its call is there to be seen: then the next look finds it.
	call, up := h.o.Calls.Call(k.call)
	if known && !up {
		return c
	}
	c.call, c.customer = call, call.Claims.Customer
	select {
	case h.jobs <- job{key: k, customer: c.customer, up: up}:
	default: // a card without history, rather than a hub that waits
	}
	return c
}

// why notes why she was chosen for an offer.
func (c *card) why(h *Hub, o Offer) {
	if d, known := h.reasons.byID[store.DecisionOf(o.ID)]; known {
		c.because(h, d, h.o.Why(d, o.Agent))
	}
}

// because takes of a decision what tells why she was chosen, and before whom; who else could be asked is for managers to know.
func (c *card) because(h *Hub, d store.Decision, text string) {
	c.reason = Why{Text: text, Chosen: d.Chosen, Eligible: d.Eligible, RankNames: d.RankNames, Names: map[string]string{}}
	next := false
	for _, r := range d.Ranks {
		chosen := slices.Contains(d.Chosen, r.Agent)
		if !chosen && next {
			continue
		}
		next = next || !chosen
		c.reason.Candidates = append(c.reason.Candidates, Candidate{r.Agent, r.Step, r.Robot, slices.Clone(r.Values)})
	}
	spec := h.o.Spec()
	for _, r := range c.reason.Candidates {
		if p := spec.Person(r.Agent); p != nil {
			c.reason.Names[r.Agent] = p.Name
		}
	}
}

func (c *card) entered(at, offered time.Time) { c.enter, c.offeredAt = at, offered }

// forget takes out what is personal.
func (c *card) forget() {
	c.call.Name, c.call.Number, c.call.Claims.Name, c.call.Claims.Booking = "", "", "", ""
	if c.call.Agent == c.key.agent { // it was placed to the customer
		c.call.Callee, c.call.Dialled = "", ""
	}
	c.record, c.note = Customer{ID: c.customer}, ""
	for i := range c.past {
		c.past[i].Note = ""
	}
}

// show is the card as desks see it; what it holds is never changed afterwards.
func (c *card) show(h *Hub) *Card {
	out := &Card{Call: c.key.call, Dialled: c.call.Dialled, Number: c.call.number(c.key.agent), Lookup: LookupOff, History: []Past{}, Why: c.reason}
	if !c.enter.IsZero() {
		at := c.enter.UTC()
		out.Entered, out.Waited = &at, c.offeredAt.Sub(c.enter).Seconds()
	}
	out.Customer = c.who()
	if h.o.Lookups != nil {
		state, fields := h.o.Lookups.Lookup(c.key.call)
		out.Lookup = cmp.Or(state, LookupOff)
		if len(fields) > 0 {
			if out.Customer == nil {
				out.Customer = &Customer{}
			}
			out.Customer.add(fields)
		}
	}
	spec := h.o.Spec()
	for _, p := range c.past {
		out.History = append(out.History, pastOf(spec, p))
	}
	return out
}

// name and number are those of the other side: who placed the call is not shown herself.
func (c Call) name(agent string) string {
	if c.Agent == agent {
		return c.Callee
	}
	return c.Name
}

func (c Call) number(agent string) string {
	if c.Agent == agent {
		return c.Dialled
	}
	return c.Number
}

// who is the customer: the claims speak before the table; nil where nothing is known.
func (c *card) who() *Customer {
	claims, record, name := c.call.Claims, c.record, c.call.name(c.key.agent)
	if c.customer == "" && name == "" {
		return nil
	}
	return &Customer{ID: c.customer, Name: cmp.Or(claims.Name, record.Name, name), Language: cmp.Or(claims.Language, record.Language),
		Region: cmp.Or(claims.Region, record.Region), Zone: cmp.Or(claims.Zone, record.Zone), Booking: cmp.Or(claims.Booking, record.Booking),
		Priority: cmp.Or(claims.Priority.Seconds(), record.Priority), Fields: maps.Clone(record.Fields), Notes: record.Notes}
}

// add takes what the company's own system says. What is a customer's own part stands there, unless something is known already.
func (c *Customer) add(fields map[string]string) {
	if c.Fields == nil {
		c.Fields = map[string]string{}
	}
	own := map[string]*string{"name": &c.Name, "language": &c.Language, "region": &c.Region, "zone": &c.Zone, "booking": &c.Booking}
	for k, v := range fields {
		if at := own[k]; at == nil {
			c.Fields[k] = v
		} else if *at == "" {
			*at = v
		}
	}
}

func pastOf(spec *acd.Spec, p store.PastCall) Past {
	out := Past{Call: p.Call, Start: p.Start.UTC(), Queue: p.Queue, Agent: p.Agent, Disposition: p.Code, Duration: p.Duration.Seconds(), Note: p.Note}
	if person := spec.Person(p.Agent); person != nil {
		out.Agent = cmp.Or(person.Name, p.Agent)
	}
	if q := spec.Queue(p.Queue); q != nil && p.Code != "" && p.Code != store.NoDisposition {
		out.Label = q.Dispositions.Label(p.Code, p.Sub)
	}
	return out
}

// keepCards lets go of the cards of calls that an agent is done with.
func (h *Hub) keepCards(d acd.AgentDetail) {
	for k := range h.cards {
		if k.agent == d.ID && !concerns(d, k.call) {
			delete(h.cards, k)
		}
	}
}

func concerns(d acd.AgentDetail, call string) bool {
	return d.Offer != nil && d.Offer.Call == call || d.Talk != nil && d.Talk.Call == call || d.WrapUp != nil && d.WrapUp.Call == call
}

// prune looks at cards whose agents have no desk open, so that nothing else does.
func (h *Hub) prune(ctx context.Context) {
	var agents []string
	seen := map[string]bool{}
	for k := range h.cards {
		if h.seats[k.agent] == nil && !seen[k.agent] {
			seen[k.agent] = true
			agents = append(agents, k.agent)
		}
	}
	if len(agents) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	found, err := h.o.Router.Look(ctx, agents)
	if err != nil {
		return
	}
	known := map[string]bool{}
	for _, d := range found {
		known[d.ID] = true
		h.keepCards(d)
	}
	for k := range h.cards {
		if seen[k.agent] && !known[k.agent] {
			delete(h.cards, k)
		}
	}
}

// job is what a card waits for.
type job struct {
	key      cardKey
	customer string
	up       bool // the call is, and said who calls
}

// runLoader reads for cards until the hub closes.
func (h *Hub) runLoader(ctx context.Context) {
	defer h.wg.Done()
	for {
		select {
		case <-ctx.Done():
			return
		case j := <-h.jobs:
			h.safely(func() { h.load(ctx, j) })
		}
	}
}

// load reads what is on record and puts it on the card. What can't be read is left out: the card shows what came with the call.
func (h *Hub) load(ctx context.Context, j job) {
	ctx, cancel := context.WithTimeout(ctx, loadTime)
	defer cancel()
	note := func(what string, err error) {
		if err != nil && ctx.Err() == nil {
			h.o.Log.Warn("a card lacks something", "what", what, "call", j.key.call, "err", err)
		}
	}
	var over *store.Call
	if !j.up {
		s, err := h.o.Records.Story(ctx, j.key.call)
		switch {
		case err == nil:
			over, j.customer = &s.Call, s.Call.Customer
		case !errors.Is(err, store.ErrNotFound): // else it has only begun: the next look finds it among those that are up
			note("call", err)
		}
	}
	var record Customer
	var past []store.PastCall
	if j.customer != "" {
		var err error
		past, err = h.o.Records.PastCalls(ctx, j.customer, j.key.call, history)
		note("history", err)
		if h.o.Customers != nil {
			record, err = h.o.Customers.Customer(ctx, j.customer)
			note("customer", err)
		}
	}
	notes, err := h.o.Records.Notes(ctx, j.key.call)
	note("note", err)
	reasons, err := h.o.Records.Decisions(ctx, store.DecisionQuery{Call: j.key.call, Limit: maxRecent})
	note("decision", err)
	h.mail.put(func() { h.loaded(j.key, loaded{over, record, past, notes, reasons}) }, true)
}

// maxRecent bounds the decisions of a call that are looked through.
const maxRecent = 50

type loaded struct {
	over    *store.Call // the row of a call that was not up when the card was made
	record  Customer
	past    []store.PastCall
	notes   []store.CallNote
	reasons []store.Decision
}

func (h *Hub) loaded(k cardKey, l loaded) {
	c := h.cards[k]
	if c == nil {
		return
	}
	c.record, c.past = l.record, l.past
	if o := l.over; o != nil {
		var up bool
		if c.call, up = h.o.Calls.Call(k.call); !up {
			c.call = Call{ID: o.ID, Kind: string(o.Kind), Number: o.CallerNumber, Name: o.CallerName, Dialled: o.Dialled, Claims: store.Claims{
				Customer: o.Customer, Name: o.CallerName, Language: o.Language, Region: o.Region, Zone: o.Zone, Booking: o.Booking}}
		}
		c.customer = o.Customer
	}
	for _, n := range l.notes {
		if n.Agent == k.agent && !c.wrote {
			c.note = n.Text
		}
	}
	for i := len(l.reasons) - 1; i >= 0 && c.reason.Text == ""; i-- {
		for _, agent := range l.reasons[i].Chosen {
			if agent == k.agent {
				c.because(h, l.reasons[i], h.o.Why(l.reasons[i], agent))
				break
			}
		}
	}
	h.due[k.agent] = true
}
