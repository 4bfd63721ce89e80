package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ringway/store"
)

// drilled says whether a query is of those that reports drill down with, but for those that call_finds answers.
func drilled(q store.CallQuery) bool {
	return q.Visit != store.VisitFilter{} || q.Offer != store.OfferFilter{} || q.Identified || q.Again > 0
}

// drillSpans are the ranges of a drill: one for each time at which the clock showed the hour asked for.
func (d *DB) drillSpans(ctx context.Context, q store.CallQuery) ([]span, error) {
	clock := q.Visit.Clock
	times := []*store.Within{&q.Visit.Entered, &q.Visit.Left, &q.Visit.Connected, &q.Visit.During}
	if clock.Zone == nil {
		clock, times = q.Offer.Clock, []*store.Within{&q.Offer.Begun}
	}
	var whole store.Within
	for _, t := range times {
		if (*t != store.Within{}) {
			whole = *t
		}
	}
	if clock.Zone == nil || whole == (store.Within{}) {
		s, err := d.drillSpan(ctx, q)
		return []span{s}, err
	}
	q.Visit.Clock, q.Offer.Clock = store.Clock{}, store.Clock{}
	out := []span{}
	for _, piece := range clock.Pieces(whole) {
		for _, t := range times {
			if (*t != store.Within{}) {
				*t = piece
			}
		}
		s, err := d.drillSpan(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
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
	s.narrow(q)
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

// narrow looks in an index of what few visits or offers are, or of whom or what they belong to, rather than by time alone.
func (s *span) narrow(q store.CallQuery) {
	v, o := q.Visit, q.Offer
	flowed := v.Result != "" && !slices.Contains([]store.VisitResult{store.AnyVisit, store.Connected, store.Abandoned, store.StillWaiting}, v.Result)
	switch {
	case s.table == "offer_finds" && o.Outcome != "" && !slices.Contains(store.Served, o.Outcome):
		s.where.add("outcome NOT IN ('answered', 'caller_left', 'lost_race', '')")
		s.table += " INDEXED BY offer_finds_missed"
	case s.table == "offer_finds" && o.Agent != "":
		s.table += " INDEXED BY offer_finds_agent"
	case s.table != "visit_finds":
	case v.EndReason != "":
		s.table += " INDEXED BY visit_finds_handed"
	case v.Short:
		s.table += " INDEXED BY visit_finds_short"
	case flowed:
		s.where.add("result NOT IN ('connected', 'abandoned', '')")
		s.table += " INDEXED BY visit_finds_flowed"
	case v.Result == store.StillWaiting:
		s.table += " INDEXED BY visit_finds_waiting"
	case v.Agent != "" && v.Agent != "-":
		s.where.add("agent <> ''")
		s.table += " INDEXED BY visit_finds_agent"
	case v.Queue != "" && v.Queue != "-": // which has the calls of a queue too
		s.where.add("what = 'q' AND value = ?", v.Queue)
		s.table = "call_finds CROSS JOIN visit_finds USING (started, call)"
	case v.Language != "":
		s.table += " INDEXED BY visit_finds_language"
	case v.Region != "":
		s.table += " INDEXED BY visit_finds_region"
	}
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

// fewSaid is up to how many calls of which something was said are sorted. Where there are more, those of a page are soon found by
// time.
const fewSaid = 10_000

// saidSpans are the calls of which something was said where they are few; nil where they are many.
func (d *DB) saidSpans(ctx context.Context, q store.CallQuery) ([]span, error) {
	s := span{table: "call_outcomes o INDEXED BY call_outcomes_at CROSS JOIN calls c ON c.id = o.call", where: saidConditions(q)}
	if q.Said.Code != "" {
		s.table = strings.Replace(s.table, "_at", "_code", 1)
	}
	from, _, _ := strings.Cut(s.table, " CROSS")
	var n int
	row := d.read.QueryRowContext(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM "+from+" "+s.where.clause()+"LIMIT ?)", append(slices.Clone(s.where.args), fewSaid)...)
	if err := row.Scan(&n); err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	if n == fewSaid {
		return nil, nil
	}
	return []span{s}, nil
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
