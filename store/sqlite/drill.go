package sqlite

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ringway/store"
)

// visit asks for a call with one visit that has all of it.
func (f *filter) visit(v store.VisitFilter) {
	if v != (store.VisitFilter{}) {
		f.inner("visits", visitConditions(v))
	}
}

// offer asks for a call with one offer that has all of it.
func (f *filter) offer(o store.OfferFilter) {
	if o != (store.OfferFilter{}) {
		f.inner("offers", offerConditions(o, "started"))
	}
}

// inner asks for calls of whose visits or offers one fulfils conditions.
func (f *filter) inner(table string, g filter) {
	f.add("EXISTS (SELECT 1 FROM "+table+" v INDEXED BY "+table+"_call WHERE v.call = calls.id AND "+strings.Join(g.where, " AND ")+")", g.args...)
}

// visitConditions are those on one row of visits or of visit_finds.
func visitConditions(v store.VisitFilter) (f filter) {
	f.span("entered", v.Entered.From, v.Entered.To)
	f.span("left", v.Left.From, v.Left.To)
	f.span("connected", v.Connected.From, v.Connected.To)
	f.text("queue", v.Queue)
	f.text("agent", v.Agent)
	f.named("language", v.Language)
	f.named("region", v.Region)
	if v.ByTransfer {
		f.add("by_transfer <> 0")
	}
	switch v.Result {
	case "":
	case store.StillWaiting:
		f.add("left IS NULL")
	case store.AnyFlowOut:
		f.add("left IS NOT NULL AND result NOT IN (?, ?)", string(store.Connected), string(store.Abandoned))
	default:
		f.add("left IS NOT NULL AND result = ?", string(v.Result))
	}
	return f
}

// offerConditions are those on one row of offers or of offer_finds; begun is the column of its beginning.
func offerConditions(o store.OfferFilter, begun string) (f filter) {
	f.span(begun, o.Begun.From, o.Begun.To)
	f.text("agent", o.Agent)
	f.text("outcome", string(o.Outcome))
	return f
}

// drillSpan is the range of visit_finds or offer_finds that holds the calls a report drills down to: from the first call
// whose visit may lie in the time asked for to the last, which a page is read from the end of.
func (d *DB) drillSpan(ctx context.Context, q store.CallQuery) (span, error) {
	s := span{table: "offer_finds", where: offerConditions(q.Offer, "begun")}
	times := []store.Within{q.Offer.Begun}
	if q.Visit != (store.VisitFilter{}) {
		s = span{table: "visit_finds", where: visitConditions(q.Visit)}
		times = []store.Within{q.Visit.Entered, q.Visit.Left, q.Visit.Connected}
	}
	var micros int64
	if err := d.read.QueryRowContext(ctx, "SELECT reach FROM found_until").Scan(&micros); err != nil {
		return s, fmt.Errorf("query: %w", err)
	}
	reach := time.Duration(micros) * time.Microsecond
	for _, w := range times {
		if !w.From.IsZero() {
			s.where.span("started", w.From.Add(-reach), time.Time{})
		}
		if !w.To.IsZero() {
			s.where.span("started", time.Time{}, w.To.Add(reach))
		}
	}
	return s, nil
}

// named is text, where a dash stands for none.
func (f *filter) named(column, value string) {
	if value == "-" {
		f.add(column + " = ''")
		return
	}
	f.text(column, value)
}
