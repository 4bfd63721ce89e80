package sqlite

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ringway/store"
)

// visitColumns and offerColumns are where a condition finds what it asks for: in the rows themselves, or in the tables of drills.
type visitColumns struct{ within, short, ended string }

type offerColumns struct{ begun, of, language, region string }

var (
	visitRow  = visitColumns{within: withinRow("v"), short: shortRow("v"), ended: "ended"}
	visitFind = visitColumns{within: "within <> 0", short: "short <> 0", ended: "(SELECT w.ended FROM visits w WHERE w.id = visit)"}
	offerRow  = offerColumns{begun: "v.started", of: "v.", language: "COALESCE(w.language, '')", region: "COALESCE(w.region, '')"}
	offerFind = offerColumns{begun: "begun", language: "language", region: "region"}
)

// withinRow and shortRow say of a row of visits what Visit.Within and Visit.Short say.
func withinRow(v string) string {
	return strings.ReplaceAll("COALESCE((v.left - v.entered) * 1000 <= v.service_level, 0)", "v.", v+".")
}

func shortRow(v string) string {
	return strings.ReplaceAll("COALESCE(v.result = 'abandoned' AND (v.left - v.entered) * 1000 < v.short_abandon, 0)", "v.", v+".")
}

// visit asks for a call with one visit that has all of it.
func (f *filter) visit(q store.CallQuery) {
	if q.Visit != (store.VisitFilter{}) {
		f.inner("visits v INDEXED BY visits_call", visitConditions(q, visitRow))
	}
}

// offer asks for a call with one offer that has all of it.
func (f *filter) offer(q store.CallQuery) {
	if q.Offer != (store.OfferFilter{}) {
		f.inner("offers v INDEXED BY offers_call LEFT JOIN visits w ON w.id = v.visit", offerConditions(q, offerRow))
	}
}

// inner asks for calls of whose visits or offers, named v, one fulfils conditions.
func (f *filter) inner(from string, g filter) {
	f.add("EXISTS (SELECT 1 FROM "+from+" WHERE "+strings.Join(append([]string{"v.call = calls.id"}, g.where...), " AND ")+")", g.args...)
}

// visitConditions are those on one row of visits or of visit_finds.
func visitConditions(q store.CallQuery, in visitColumns) (f filter) {
	v := q.Visit
	f.members("agent", q.Members)
	f.span("entered", v.Entered.From, v.Entered.To)
	f.span("left", v.Left.From, v.Left.To)
	f.span("connected", v.Connected.From, v.Connected.To)
	f.named("queue", v.Queue)
	f.named("agent", v.Agent)
	f.named("language", v.Language)
	f.named("region", v.Region)
	if v.EndReason != "" {
		f.add("end_reason = ? AND end_reason <> ''", v.EndReason) // so that the index without the others is used
	}
	if v.ByTransfer {
		f.add("by_transfer <> 0")
	}
	if v.Within {
		f.add(in.within)
	}
	if v.Short {
		f.add(in.short)
	}
	f.during(v, in)
	switch v.Result {
	case "", store.AnyVisit:
	case store.StillWaiting:
		f.add("left IS NULL")
	case store.AnyFlowOut:
		f.add("left IS NOT NULL AND result NOT IN (?, ?)", string(store.Connected), string(store.Abandoned))
	default:
		f.add("left IS NOT NULL AND result = ?", string(v.Result))
	}
	return f
}

// during asks for visits some of whose phase was in a span, or may have been. One that began in the span was.
func (f *filter) during(v store.VisitFilter, in visitColumns) {
	if (v.During == store.Within{}) {
		return
	}
	from, to := v.During.From.UnixMicro(), v.During.To.UnixMicro()
	switch v.Phase {
	case store.Waits:
		f.add("entered < ? AND (left IS NULL OR left > ?)", to, from)
	case store.WrapsUp:
		from = v.During.From.Add(-store.Aftermath).UnixMicro()
		fallthrough
	default:
		f.add("connected < ? AND (connected >= ? OR COALESCE("+in.ended+" > ?, 1))", to, from, from)
	}
}

// up asks for customers' calls that were up at some time in a span.
func (f *filter) up(w store.Within) {
	if (w != store.Within{}) {
		f.add("kind = 'customer' AND parent = '' AND started < ? AND (ended IS NULL OR ended > ?)", w.To.UnixMicro(), w.From.UnixMicro())
	}
}

// offerConditions are those on one row of offers with its visit, or of offer_finds.
func offerConditions(q store.CallQuery, in offerColumns) (f filter) {
	o := q.Offer
	f.members(in.of+"agent", q.Members)
	f.span(in.begun, o.Begun.From, o.Begun.To)
	f.named(in.of+"queue", o.Queue)
	f.named(in.of+"agent", o.Agent)
	f.named(in.language, o.Language)
	f.named(in.region, o.Region)
	if o.Outcome != store.RONA {
		f.text(in.of+"outcome", string(o.Outcome))
		return f
	}
	list, args := "''", []any{}
	for _, served := range store.Served {
		list, args = list+", ?", append(args, string(served))
	}
	f.add(in.of+"outcome NOT IN ("+list+")", args...)
	return f
}

// members asks for somebody who is one of them.
func (f *filter) members(column string, m *store.Members) {
	if m == nil {
		return
	}
	list, args := "", []any{}
	for _, agent := range m.Of {
		list, args = list+", ?", append(args, agent)
	}
	in := " IN ("
	if m.But {
		in, list = " NOT IN (", ", ''"+list
	}
	f.add(column+in+strings.TrimPrefix(list, ", ")+")", args...)
}

// placed asks for calls that somebody placed.
func (f *filter) placed(q store.CallQuery) {
	if q.Placed == store.Anyone {
		f.add("agent <> ''")
		f.members("agent", q.Members)
		return
	}
	f.text("agent", q.Placed)
}

// customer asks for calls whose customer is known, and for those that she called again after.
func (f *filter) customer(q store.CallQuery) {
	if q.Identified || q.Again > 0 {
		f.add("kind = 'customer' AND parent = '' AND customer <> ''")
	}
	if q.Again > 0 {
		f.add(`EXISTS (SELECT 1 FROM calls n WHERE n.customer = calls.customer AND n.customer <> '' AND n.kind = 'customer' AND n.parent = ''
			AND n.started > calls.started AND n.started <= calls.started + ?)`, q.Again.Microseconds())
	}
}

// drilled says whether a query is of those that reports drill down with, but for those that call_finds answers.
func drilled(q store.CallQuery) bool {
	return q.Visit != store.VisitFilter{} || q.Offer != store.OfferFilter{} || q.Identified || q.Again > 0
}

// drillSpan is the range of visit_finds, offer_finds or customer_finds that holds the calls a report drills down to: from the
// first call whose visit may lie in the time asked for to the last, which a page is read from the end of.
func (d *DB) drillSpan(ctx context.Context, q store.CallQuery) (span, error) {
	s := span{table: "customer_finds"}
	var times []store.Within
	switch {
	case q.Visit != store.VisitFilter{}:
		s = span{table: "visit_finds", where: visitConditions(q, visitFind)}
		times = []store.Within{q.Visit.Entered, q.Visit.Left, q.Visit.Connected}
	case q.Offer != store.OfferFilter{}:
		s = span{table: "offer_finds", where: offerConditions(q, offerFind)}
		times = []store.Within{q.Offer.Begun}
	case q.Again > 0:
		s.where.add("again <= ?", q.Again.Microseconds())
		return s, nil
	default:
		return s, nil
	}
	if q.Again > 0 {
		s.where.add("EXISTS (SELECT 1 FROM customer_finds k WHERE k.started = "+s.table+".started AND k.call = "+s.table+".call AND k.again <= ?)", q.Again.Microseconds())
	}
	switch {
	case q.Visit.EndReason != "":
		s.table += " INDEXED BY visit_finds_handed"
	case q.Visit.Short:
		s.table += " INDEXED BY visit_finds_short"
	}
	if w := q.Visit.During; w != (store.Within{}) {
		if q.Visit.Phase == store.WrapsUp {
			w.From = w.From.Add(-store.Aftermath)
		}
		reach, length, err := d.foundUntil(ctx)
		s.where.span("started", w.From.Add(-length), w.To.Add(reach))
		return s, err
	}
	return s, d.reach(ctx, &s, times...)
}

// foundUntil says how far from a call's beginning what reports count of it may lie, and how long a call may be.
func (d *DB) foundUntil(ctx context.Context) (reach, length time.Duration, err error) {
	var r, l int64
	if err := d.read.QueryRowContext(ctx, "SELECT reach, length FROM found_until").Scan(&r, &l); err != nil {
		return 0, 0, fmt.Errorf("query: %w", err)
	}
	return time.Duration(r) * time.Microsecond, time.Duration(l) * time.Microsecond, nil
}

// upSince is the first beginning of a call that was up at an instant, or may have been.
func (d *DB) upSince(ctx context.Context, at time.Time) (time.Time, error) {
	_, length, err := d.foundUntil(ctx)
	if err != nil {
		return at, err
	}
	var later time.Time // of those that are in no table yet
	err = d.read.QueryRowContext(ctx, `SELECT MIN(started) FROM (SELECT MIN(started) AS started FROM calls INDEXED BY calls_ended WHERE ended IS NULL
		UNION ALL SELECT MIN(started) FROM calls INDEXED BY calls_ended WHERE ended >= (SELECT until FROM found_until))`).Scan(instant{&later})
	if at = at.Add(-length); !later.IsZero() && later.Before(at) {
		at = later
	}
	return at, err
}

// reach narrows a range to the calls of which something may have happened in the times asked for.
func (d *DB) reach(ctx context.Context, s *span, times ...store.Within) error {
	reach, _, err := d.foundUntil(ctx)
	if err != nil {
		return err
	}
	for _, w := range times {
		if !w.From.IsZero() {
			s.where.span("started", w.From.Add(-reach), time.Time{})
		}
		if !w.To.IsZero() {
			s.where.span("started", time.Time{}, w.To.Add(reach))
		}
	}
	return nil
}

// placedSpans are the ranges that hold the calls that somebody placed.
func (d *DB) placedSpans(ctx context.Context, q store.CallQuery) ([]span, error) {
	kinds := []store.CallKind{q.Kind}
	if q.Kind == "" {
		kinds = []store.CallKind{store.Outgoing, store.Internal, store.Service, store.Customer}
	}
	var out []span
	for _, k := range kinds {
		s := found("p", string(k)+" "+q.Placed)
		if q.Placed == store.Anyone {
			s = found("k", string(k))
		}
		if err := d.reach(ctx, &s, q.Answered); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// named is text, where a dash stands for none.
func (f *filter) named(column, value string) {
	if value == "-" {
		f.add(column + " = ''")
		return
	}
	f.text(column, value)
}
