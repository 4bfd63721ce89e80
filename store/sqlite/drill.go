package sqlite

import (
	"strings"

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
	f.within("entered", v.Entered, v.Clock)
	f.within("left", v.Left, v.Clock)
	f.within("connected", v.Connected, v.Clock)
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

// within asks for an instant in a span, when a clock showed an hour.
func (f *filter) within(column string, w store.Within, c store.Clock) {
	if (w == store.Within{}) {
		return
	}
	f.any(c.Pieces(w), func(w store.Within) (g filter) {
		g.span(column, w.From, w.To)
		return g
	})
}

// any asks for one of several spans; of a clock that never showed the hour there is none.
func (f *filter) any(pieces []store.Within, each func(store.Within) filter) {
	all, args := []string{"0"}, []any{}
	for _, w := range pieces {
		g := each(w)
		all, args = append(all, strings.Join(g.where, " AND ")), append(args, g.args...)
	}
	if len(pieces) == 1 {
		all = all[1:]
	}
	f.add("("+strings.Join(all, " OR ")+")", args...)
}

// during asks for visits some of whose phase was in a span, or may have been. One that began in the span was.
func (f *filter) during(v store.VisitFilter, in visitColumns) {
	if (v.During == store.Within{}) {
		return
	}
	f.any(v.Clock.Pieces(v.During), func(w store.Within) (g filter) {
		from, to := w.From.UnixMicro(), w.To.UnixMicro()
		switch v.Phase {
		case store.Waits:
			g.add("entered < ? AND (left IS NULL OR left > ?)", to, from)
		case store.WrapsUp:
			from = w.From.Add(-store.Aftermath).UnixMicro()
			fallthrough
		default:
			g.add("connected < ? AND (connected >= ? OR COALESCE("+in.ended+" > ?, 1))", to, from, from)
		}
		return g
	})
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
	f.within(in.begun, o.Begun, o.Clock)
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

// said asks for calls of which an agent said something.
func (f *filter) said(q store.CallQuery) {
	if q.Said == (store.SaidFilter{}) {
		return
	}
	g := saidConditions(q)
	f.add("EXISTS (SELECT 1 FROM call_outcomes o WHERE o.call = calls.id AND "+strings.Join(g.where, " AND ")+")", g.args...)
}

func saidConditions(q store.CallQuery) (f filter) {
	f.text("o.code", q.Said.Code)
	f.named("o.sub", q.Said.Sub)
	f.span("o.at", q.Said.At.From, q.Said.At.To)
	f.named("o.queue", q.Said.Queue)
	f.named("o.agent", q.Said.Agent)
	f.members("o.agent", q.Members)
	return f
}

// named is text, where a dash stands for none.
func (f *filter) named(column, value string) {
	if value == "-" {
		f.add(column + " = ''")
		return
	}
	f.text(column, value)
}
