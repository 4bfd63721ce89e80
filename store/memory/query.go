package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ringway/store"
	"ringway/store/ledger"
)

// Call returns one call's row, or store.ErrNotFound.
func (d *DB) Call(_ context.Context, id string) (store.Call, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.calls[id]
	if !ok {
		return c, fmt.Errorf("call %q: %w", id, store.ErrNotFound)
	}
	return c, nil
}

// Story returns all that is on record about one call, or store.ErrNotFound.
func (d *DB) Story(ctx context.Context, id string) (store.CallStory, error) {
	c, err := d.Call(ctx, id)
	if err != nil {
		return store.CallStory{}, err
	}
	s := store.CallStory{Call: c}
	s.Decisions, err = d.Decisions(ctx, store.DecisionQuery{Call: id})
	d.mu.Lock()
	defer d.mu.Unlock()
	s.Legs = pick(d.legs, func(l store.Leg) bool { return l.Call == id },
		func(a, b store.Leg) int { return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID)) })
	s.Visits = pick(d.visits, func(v store.Visit) bool { return v.Call == id },
		func(a, b store.Visit) int { return cmp.Or(a.Enter.Compare(b.Enter), strings.Compare(a.ID, b.ID)) })
	s.Offers = pick(d.offers, func(o store.Offer) bool { return o.Call == id },
		func(a, b store.Offer) int { return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID)) })
	s.Events = pick(d.events, func(e store.Event) bool { return e.Call == id }, compareEvents)
	s.Consults = pick(d.calls, func(c store.Call) bool { return c.Parent == id },
		func(a, b store.Call) int { return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID)) })
	return s, err
}

// pick returns the values that are wanted, in order.
func pick[K comparable, V any](from map[K]V, want func(V) bool, order func(a, b V) int) []V {
	var out []V
	for _, v := range from {
		if want(v) {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, order)
	return out
}

func compareEvents(a, b store.Event) int {
	return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Node, b.Node), strings.Compare(a.Boot, b.Boot), cmp.Compare(a.Seq, b.Seq))
}

// Calls lists calls, newest first, in pages.
func (d *DB) Calls(_ context.Context, q store.CallQuery) (store.CallPage, error) {
	var below func(store.Call) bool
	if q.Cursor != "" {
		stamp, id, ok := strings.Cut(q.Cursor, ".")
		at, err := strconv.ParseInt(stamp, 10, 64)
		if !ok || err != nil || id == "" {
			return store.CallPage{}, fmt.Errorf("%q: %w", q.Cursor, store.ErrCursor)
		}
		below = func(c store.Call) bool {
			return cmp.Or(cmp.Compare(c.Start.UnixMicro(), at), strings.Compare(c.ID, id)) < 0
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	found := pick(d.calls, func(c store.Call) bool { return d.matches(c, q) && (below == nil || below(c)) },
		func(a, b store.Call) int { return cmp.Or(b.Start.Compare(a.Start), strings.Compare(b.ID, a.ID)) })
	limit := min(q.Limit, 1000)
	if limit <= 0 {
		limit = 100
	}
	page := store.CallPage{Calls: found}
	if len(found) > limit {
		page.Calls = found[:limit]
		last := page.Calls[limit-1]
		page.Next = strconv.FormatInt(last.Start.UnixMicro(), 10) + "." + last.ID
	}
	return page, nil
}

func (d *DB) matches(c store.Call, q store.CallQuery) bool {
	same := func(want, have string) bool { return want == "" || want == have }
	switch {
	case !within(c.Start, q.From, q.To), !same(q.ID, c.ID), !same(string(q.Kind), string(c.Kind)), !same(q.Customer, c.Customer),
		!same(string(q.Disposition), string(c.Disposition)), q.Open && !c.End.IsZero():
		return false
	case !d.visited(c.ID, q), !d.offered(c.ID, q), !placed(c, q), !q.Answered.Holds(c.Answer), !d.returned(c, q):
		return false
	case q.Up != store.Within{} && (c.Kind != store.Customer || c.Parent != "" || !c.Start.Before(q.Up.To) || !c.End.IsZero() && !c.End.After(q.Up.From)):
		return false
	case q.Said != store.SaidFilter{} && !exists(d.outcomes, func(o store.CallOutcome) bool { return o.Call == c.ID && q.CountsSaid(o) }):
		return false
	case q.Search != "" && !fits(c, q.Search):
		return false
	case q.Queue != "" && !exists(d.visits, func(v store.Visit) bool { return v.Call == c.ID && v.Queue == q.Queue }):
		return false
	case q.Agent != "" && !exists(d.legs, func(l store.Leg) bool { return l.Call == c.ID && l.Agent == q.Agent }):
		return false
	case q.Seen != nil && !exists(d.legs, func(l store.Leg) bool { return l.Call == c.ID && slices.Contains(q.Seen, l.Agent) }) &&
		exists(d.legs, func(l store.Leg) bool { return l.Call == c.ID && l.Agent != "" }):
		return false
	}
	return true
}

// fits tells whether a search finds a call.
func fits(c store.Call, text string) bool {
	end := func(s string) bool {
		return s == text || utf8.RuneCountInString(text) >= store.SearchEnd && strings.HasSuffix(s, text)
	}
	return c.ID == text || c.Customer == text || end(c.CallerNumber) || end(c.Dialled) ||
		strings.HasPrefix(strings.ToLower(c.CallerName), strings.ToLower(text))
}

func exists[K comparable, V any](in map[K]V, want func(V) bool) bool {
	for _, v := range in {
		if want(v) {
			return true
		}
	}
	return false
}

func within(t, from, to time.Time) bool {
	return (from.IsZero() || !t.Before(from)) && (to.IsZero() || t.Before(to))
}

// VisitsOf lists the visits of some calls, in the order of entry.
func (d *DB) VisitsOf(_ context.Context, calls []string) ([]store.Visit, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return pick(d.visits, func(v store.Visit) bool { return slices.Contains(calls, v.Call) },
		func(a, b store.Visit) int { return cmp.Or(a.Enter.Compare(b.Enter), strings.Compare(a.ID, b.ID)) }), nil
}

// OffersOf lists the offers of some calls, in the order of time.
func (d *DB) OffersOf(_ context.Context, calls []string) ([]store.Offer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return pick(d.offers, func(o store.Offer) bool { return slices.Contains(calls, o.Call) },
		func(a, b store.Offer) int { return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID)) }), nil
}

// Decisions returns the decisions asked for, in the order of time.
func (d *DB) Decisions(_ context.Context, q store.DecisionQuery) ([]store.Decision, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	found := pick(d.decisions, func(x store.Decision) bool {
		return (q.Call == "" || q.Call == x.Call) && (q.Queue == "" || q.Queue == x.Queue) && within(x.At, q.From, q.To)
	}, func(a, b store.Decision) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
	limit := q.Limit
	if limit <= 0 {
		limit = 1000
	}
	return found[max(len(found)-limit, 0):], nil
}

// Events returns the events of [from, to) in order.
func (d *DB) Events(_ context.Context, from, to time.Time) ([]store.Event, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return pick(d.events, func(e store.Event) bool { return within(e.At, from, to) }, compareEvents), nil
}

// StateAt returns the event by which an agent entered the state she was in at an instant, or store.ErrNotFound.
func (d *DB) StateAt(_ context.Context, agent string, at time.Time) (store.Event, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	found := pick(d.events, func(e store.Event) bool {
		return e.Kind == store.AgentState && e.Agent == agent && !e.At.After(at)
	}, compareEvents)
	if len(found) == 0 {
		return store.Event{}, fmt.Errorf("state of agent %q: %w", agent, store.ErrNotFound)
	}
	return found[len(found)-1], nil
}

// Window returns every event that is needed to account [from, to) exactly: here, all there are.
func (d *DB) Window(_ context.Context, _, _ time.Time) ([]store.Event, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.SortedFunc(maps.Values(d.events), compareEvents), nil
}

// Books opens the books of a span: here, all there are.
func (d *DB) Books(ctx context.Context, r ledger.Request) (*ledger.Books, error) {
	events, err := d.Window(ctx, r.From, r.To)
	if err != nil {
		return nil, err
	}
	books := ledger.Build(events, r.Until)
	books.Repeat = r.Repeat
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, v := range books.Visits {
		row := d.visits[v.ID]
		books.Visits[i].Language, books.Visits[i].Region = row.Language, row.Region
	}
	return books, nil
}

// EventsOf returns the events that are needed to account some calls exactly: here, all.
func (d *DB) EventsOf(_ context.Context, _ []string) ([]store.Event, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return pick(d.events, func(store.Event) bool { return true }, compareEvents), nil
}

// Restore returns the live state that a start puts back: bindings and sessions that have not expired, all agents, and what ranks
// compare of the last day.
func (d *DB) Restore(_ context.Context) (store.Saved, error) {
	now := d.now()
	d.mu.Lock()
	defer d.mu.Unlock()
	return store.Saved{
		Bindings: pick(d.bindings, func(b store.Binding) bool { return b.Expires.After(now) },
			func(a, b store.Binding) int {
				return cmp.Or(strings.Compare(a.AOR, b.AOR), strings.Compare(a.Contact, b.Contact))
			}),
		Agents: pick(d.agents, func(store.AgentSaved) bool { return true },
			func(a, b store.AgentSaved) int { return strings.Compare(a.Agent, b.Agent) }),
		Sessions: pick(d.sessions, func(s store.AppSession) bool { return s.Expires.After(now) },
			func(a, b store.AppSession) int {
				return cmp.Or(strings.Compare(a.Session, b.Session), strings.Compare(a.Subject, b.Subject))
			}),
		Served: d.servedLocked(now.Add(-store.ServedBack)),
		Turns:  d.turnsLocked(now.Add(-store.ServedBack)),
	}, nil
}

// servedLocked is for the holder of mu.
func (d *DB) servedLocked(since time.Time) (out []store.Conversation) {
	over := pick(d.visits, func(v store.Visit) bool { return !v.Enter.Before(since) && !v.Connect.IsZero() && !v.End.IsZero() },
		func(a, b store.Visit) int { return cmp.Or(a.Connect.Compare(b.Connect), strings.Compare(a.ID, b.ID)) })
	for _, v := range over {
		out = append(out, store.Conversation{Agent: v.Agent, Connect: v.Connect, End: v.End})
	}
	return out
}

// turnsLocked is for the holder of mu.
func (d *DB) turnsLocked(since time.Time) (out []store.Turn) {
	last := map[string]store.Offer{}
	for _, o := range d.offers {
		v, known := d.visits[o.Visit]
		if !known || v.Enter.Before(since) {
			continue
		}
		if l, some := last[o.Queue]; !some || cmp.Or(o.Start.Compare(l.Start), strings.Compare(o.ID, l.ID)) > 0 {
			last[o.Queue] = o
		}
	}
	for _, queue := range slices.Sorted(maps.Keys(last)) {
		out = append(out, store.Turn{Queue: queue, Agent: last[queue].Agent})
	}
	return out
}
