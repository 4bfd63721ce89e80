package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ringway/store"
)

// Calls lists calls, newest first, in pages.
//
// What narrows the list most decides how calls are found: the customer by an index, the rest by call_finds, visit_finds,
// offer_finds and customer_finds, whose ranges hold calls in the order of time, so that a page is read from their end; and where nothing narrows it
// much, by time alone. The few calls that are not in those tables yet are all looked at.
func (d *DB) Calls(ctx context.Context, q store.CallQuery) (store.CallPage, error) {
	from := place{}
	if q.Cursor != "" {
		var err error
		if from.at, from.id, err = readCursor(q.Cursor); err != nil {
			return store.CallPage{}, err
		}
	}
	limit := pageSize(q.Limit)
	found, err := d.findCalls(ctx, q, from, limit+1)
	if err != nil {
		return store.CallPage{}, err
	}
	page := store.CallPage{Calls: found}
	if len(found) > limit {
		page.Calls = found[:limit]
		last := page.Calls[limit-1]
		page.Next = strconv.FormatInt(last.Start.UnixMicro(), 10) + "." + last.ID
	}
	return page, nil
}

// place is where a page begins: before this call; zero is the newest.
type place struct {
	at int64
	id string
}

func (d *DB) findCalls(ctx context.Context, q store.CallQuery, from place, limit int) ([]store.Call, error) {
	ranges, err := d.ranges(ctx, q)
	if err != nil {
		return nil, err
	}
	if ranges == nil {
		if q, err = d.bounded(ctx, q); err != nil {
			return nil, err
		}
		f := callFilter(q)
		if from.id != "" {
			f.add("(started, id) < (?, ?)", from.at, from.id)
		}
		return query(ctx, d.read, callPlaces, calls.selects(f.clause()+"ORDER BY started DESC, id DESC LIMIT ?"), append(f.args, limit)...)
	}
	// Keys first, then their rows, in pieces: what the other conditions leave out is made up for by the next, larger piece.
	var out []store.Call
	for piece := limit; len(out) < limit; piece = min(2*piece, maxPiece) {
		keys, err := d.keys(ctx, q, ranges, from, piece)
		if err != nil || len(keys) == 0 {
			return out, err
		}
		rows, err := d.rows(ctx, q, ranges, keys)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
		if from = keys[len(keys)-1]; len(keys) < piece {
			break
		}
	}
	return out[:min(len(out), limit)], nil
}

// bounded is a query that is answered by time, from the first call on that may fit.
func (d *DB) bounded(ctx context.Context, q store.CallQuery) (store.CallQuery, error) {
	at, to := q.Up.From, q.Up.To
	if !q.Said.At.From.IsZero() {
		at, to = q.Said.At.From.Add(-store.Aftermath), q.Said.At.To
	}
	if at.IsZero() {
		return q, nil
	}
	since, err := d.upSince(ctx, at)
	if q.From.Before(since) {
		q.From = since
	}
	if !to.IsZero() && (q.To.IsZero() || to.Before(q.To)) {
		q.To = to // what is said of a call is said after it began
	}
	return q, err
}

// maxPiece is how many calls are looked at together, at most.
const maxPiece = 2000

// rows reads the calls that some keys name and that the rest of the conditions lets through, newest first.
func (d *DB) rows(ctx context.Context, q store.CallQuery, ranges []span, keys []place) ([]store.Call, error) {
	f := callFilter(without(q, ranges))
	marks := make([]any, len(keys))
	for i, k := range keys {
		marks[i] = k.id
	}
	f.add("id IN (?"+strings.Repeat(", ?", len(marks)-1)+")", marks...)
	found, err := query(ctx, d.read, callPlaces, calls.selects(f.clause()), f.args...)
	slices.SortFunc(found, func(a, b store.Call) int { return cmp.Or(b.Start.Compare(a.Start), strings.Compare(b.ID, a.ID)) })
	return found, err
}

// without is a query without the condition that the ranges hold already. What a call itself says is not left out: its rows in
// call_finds may be of what it said before.
func without(q store.CallQuery, ranges []span) store.CallQuery {
	q.From, q.To = time.Time{}, time.Time{}
	if len(ranges) == 0 {
		return q
	}
	switch ranges[0].what {
	case "a":
		q.Agent = ""
	case "q":
		q.Queue = ""
	}
	return q
}

// span is one range of a table in which calls are found.
type span struct {
	table string // call_finds, visit_finds, offer_finds or customer_finds
	where filter
	what  string // in call_finds: what its value is
}

// found is the range of a value in call_finds.
func found(what, value string) span {
	s := span{table: "call_finds", what: what}
	s.where.add("what = ? AND value = ?", what, value)
	return s
}

// foundBeginning is the range of all values that begin with some text.
func foundBeginning(what, text string) span {
	s := span{table: "call_finds", what: what}
	s.where.add("what = ? AND value >= ? AND value < ?", what, text, text+"\U0010FFFF")
	return s
}

// common is how many calls a search may fit before it is quicker to look through all calls by time, where so many soon fill a
// page. Counting and sorting that many keys takes about 20 ms; fewer are sorted even where many fit, since calls that fit may
// all be old ones.
const common = 120_000

// ranges are where calls are looked for, nil where time alone is best: also for a customer and for those that are up, which
// have indexes of their own.
func (d *DB) ranges(ctx context.Context, q store.CallQuery) ([]span, error) {
	switch {
	case q.ID != "" || q.Customer != "" || q.Open || q.Up != (store.Within{}):
		return nil, nil
	case drilled(q):
		return d.drillSpans(ctx, q)
	case q.Said != store.SaidFilter{}:
		return d.saidSpans(ctx, q)
	case q.Placed == store.Anyone && (q.Kind == "" || q.Kind == store.Customer):
		return nil, nil
	case q.Placed != "":
		return d.placedSpans(ctx, q)
	case q.Search != "":
		spans := searchSpans(q.Search)
		for _, s := range spans {
			var n int
			row := d.read.QueryRowContext(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM call_finds "+s.where.clause()+"LIMIT ?)",
				append(slices.Clone(s.where.args), common)...)
			if err := row.Scan(&n); err != nil {
				return nil, fmt.Errorf("query: %w", err)
			}
			if n == common {
				return nil, nil
			}
		}
		return spans, nil
	case q.Agent != "":
		return []span{found("a", q.Agent)}, nil
	case q.Disposition != "" && q.Disposition != store.DispositionAnswered:
		return []span{found("s", string(q.Disposition))}, nil
	case q.Kind != "" && q.Kind != store.Customer:
		return []span{found("k", string(q.Kind))}, nil
	case q.Queue != "":
		return []span{found("q", q.Queue)}, nil
	}
	return nil, nil
}

// searchSpans are the ranges that hold what a search may fit.
func searchSpans(text string) []span {
	end := lastRunes(text, 4)
	return []span{found("t", end), found("d", end), foundBeginning("m", lower(text))}
}

// lower is what SQLite's lower does: ASCII only.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

func lastRunes(s string, n int) string {
	r := []rune(s)
	return string(r[max(0, len(r)-n):])
}

// keys lists calls of some ranges before a place, newest first. A search finds a call by its id and its customer's too.
func (d *DB) keys(ctx context.Context, q store.CallQuery, ranges []span, from place, limit int) ([]place, error) {
	var arms []string
	var args []any
	first, last := q.From, q.To
	q.From, q.To = time.Time{}, time.Time{} // each arm has them once
	arm := func(f filter, at, id, table string) {
		f.span(at, first, last)
		if from.id != "" {
			f.add("("+at+", "+id+") < (?, ?)", from.at, from.id)
		}
		arms = append(arms, "SELECT * FROM (SELECT DISTINCT "+at+" AS at, "+id+" AS id FROM "+table+" "+f.clause()+"ORDER BY "+at+" DESC, "+id+" DESC LIMIT ?)")
		args = append(append(args, f.args...), limit)
	}
	for _, s := range ranges {
		f := filter{slices.Clone(s.where.where), slices.Clone(s.where.args)}
		arm(f, "started", "call", s.table)
	}
	for _, condition := range []string{"ended IS NULL", "ended >= (SELECT until FROM found_until)"} {
		f := callFilter(q)
		f.add(condition + " AND started IS NOT NULL")
		arm(f, "started", "id", "calls INDEXED BY calls_ended")
	}
	if q.Again > 0 {
		for _, condition := range []string{"n.ended IS NULL", "n.ended >= (SELECT until FROM found_until)"} {
			var f filter // the calls before those which are not in the tables yet
			f.add(condition+before, q.Again.Microseconds())
			arm(f, "calls.started", "calls.id", "calls n INDEXED BY calls_ended CROSS JOIN calls INDEXED BY calls_customer")
		}
	}
	if q.Search != "" {
		for _, condition := range []string{"id = ?", "customer = ? AND customer <> ''"} {
			var f filter
			f.add(condition, q.Search)
			arm(f, "started", "id", "calls")
		}
	}
	places := func(p *place) []any { return []any{&p.at, &p.id} }
	return query(ctx, d.read, places, "SELECT DISTINCT at, id FROM ("+strings.Join(arms, " UNION ALL ")+") ORDER BY at DESC, id DESC LIMIT ?", append(args, limit)...)
}

// before is that calls are of the customer of the call n, who called again with it.
const before = ` AND n.kind = 'customer' AND n.parent = '' AND n.customer <> '' AND calls.customer = n.customer AND calls.customer <> ''
	AND calls.started < n.started AND calls.started >= n.started - ?`

// callFilter are the conditions of a list of calls.
func callFilter(q store.CallQuery) filter {
	var f filter
	f.span("started", q.From, q.To)
	f.text("id", q.ID)
	f.text("kind", string(q.Kind))
	f.text("disposition", string(q.Disposition))
	f.text("customer", q.Customer)
	if q.Customer != "" {
		f.add("customer <> ''") // so that the index without the nameless is used
	}
	if q.Queue != "" {
		f.add("EXISTS (SELECT 1 FROM visits v WHERE v.call = calls.id AND v.queue = ?)", q.Queue)
	}
	if q.Agent != "" {
		f.add("EXISTS (SELECT 1 FROM legs l WHERE l.call = calls.id AND l.agent = ?)", q.Agent)
	}
	if q.Search != "" {
		n := len([]rune(q.Search))
		whole := "caller_number = ? OR dialled = ?"
		args := []any{q.Search, q.Search}
		if n >= store.SearchEnd {
			whole = "substr(caller_number, ?) = ? OR substr(dialled, ?) = ?"
			args = []any{-n, q.Search, -n, q.Search}
		}
		f.add("(id = ? OR customer = ? OR "+whole+" OR substr(lower(caller_name), 1, ?) = ?)",
			slices.Concat([]any{q.Search, q.Search}, args, []any{n, lower(q.Search)})...)
	}
	f.visit(q)
	f.offer(q)
	f.placed(q)
	f.said(q)
	f.span("answered", q.Answered.From, q.Answered.To)
	f.customer(q)
	f.up(q.Up)
	if q.Open {
		f.add("ended IS NULL")
	}
	if q.Seen != nil {
		list, marks := "''", []any{}
		for _, a := range q.Seen {
			list += ", ?"
			marks = append(marks, a)
		}
		f.add("(NOT EXISTS (SELECT 1 FROM legs l WHERE l.call = calls.id AND l.agent <> '') OR EXISTS (SELECT 1 FROM legs l WHERE l.call = calls.id AND l.agent <> '' AND l.agent IN ("+list+")))", marks...)
	}
	return f
}
