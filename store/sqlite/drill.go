package sqlite

import (
	"strings"

	"ringway/store"
)

// visit asks for a call with one visit that has all of it.
func (f *filter) visit(v store.VisitFilter) {
	if v == (store.VisitFilter{}) {
		return
	}
	var g filter
	g.span("v.entered", v.Entered.From, v.Entered.To)
	g.span("v.left", v.Left.From, v.Left.To)
	g.span("v.connected", v.Connected.From, v.Connected.To)
	g.text("v.queue", v.Queue)
	g.text("v.agent", v.Agent)
	g.named("v.language", v.Language)
	g.named("v.region", v.Region)
	if v.ByTransfer {
		g.add("v.by_transfer <> 0")
	}
	switch v.Result {
	case "":
	case store.StillWaiting:
		g.add("v.left IS NULL")
	case store.AnyFlowOut:
		g.add("v.left IS NOT NULL AND v.result NOT IN (?, ?)", string(store.Connected), string(store.Abandoned))
	default:
		g.add("v.left IS NOT NULL AND v.result = ?", string(v.Result))
	}
	f.inner("visits v", g)
}

// offer asks for a call with one offer that has all of it.
func (f *filter) offer(o store.OfferFilter) {
	if o == (store.OfferFilter{}) {
		return
	}
	var g filter
	g.span("v.started", o.Begun.From, o.Begun.To)
	g.text("v.agent", o.Agent)
	g.text("v.outcome", string(o.Outcome))
	f.inner("offers v", g)
}

// inner asks for calls of whose visits or offers one fulfils conditions.
func (f *filter) inner(table string, g filter) {
	f.add("id IN (SELECT v.call FROM "+table+" WHERE "+strings.Join(g.where, " AND ")+")", g.args...)
}

// named is text, where a dash stands for none.
func (f *filter) named(column, value string) {
	if value == "-" {
		f.add(column + " = ''")
		return
	}
	f.text(column, value)
}
