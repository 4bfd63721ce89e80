package report_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/ledger"
	"ringway/store/memory"
	"ringway/store/report"
	"ringway/store/storetest"
)

// without are the figures that have nothing behind them which could be listed, each with the reason.
var without = map[string]string{
	"teams people":       "it counts people: their own rows are in the report of agents",
	"abandoned wait":     "a row is one stay, and leads to its call",
	"dispositions share": "what it divides stands beside it",
}

// Behind each figure of each report stand as many visits, offers or calls as it says, or as much time as it says; behind a rate
// or a mean its named parts, which divide to it and lead on; behind times of an agent's states her timeline. So it is in both
// keepers and page by page, while callers are handed on to a second queue, call again and are offered to one agent twice.
func TestWhatIsBehindAFigureIsWhatItSays(t *testing.T) {
	ctx, seen := context.Background(), map[string]int{}
	for _, seed := range []uint64{1, 2} {
		traffic := storetest.Traffic{Dice: rand.New(rand.NewPCG(seed, 9)), Start: time.Date(2026, 3, 2, 15, 20, 0, 0, time.UTC), Agents: 4, Episodes: 8, Loners: 20, HandsOn: true}
		records := wrapped(rowsToo(traffic))
		db, mem := saved(t, records), memory.New()
		if err := mem.Save(ctx, records); err != nil {
			t.Fatal(err)
		}
		after := traffic.Start.Add(48 * time.Hour)
		if seed%2 == 0 { // found in the tables of drills, else one by one
			if err := db.Index(ctx, after); err != nil {
				t.Fatal(err)
			}
		}
		m := maker(db, after)
		m.Wraps = kept{db}
		m.Settings = func() report.Settings {
			return report.Settings{Repeat: 40 * time.Minute, ServiceLevels: report.ServiceLevels()}
		}
		b := &behind{T: t, db: db, mem: mem, maker: m, now: after, found: map[string]list{}, days: map[string]*report.Table{}, seen: seen}
		for _, kind := range report.Kinds() {
			for _, day := range []string{"2026-03-02", "2026-03-03"} { // midnight is in the middle
				q := report.Query{Kind: kind, From: day}
				if kind == "intervals" {
					q.Step = "15"
				}
				b.report(q)
				for _, measure := range []string{"service_level_left", "asa", "hold_time", "longest_wait", "rona"} {
					if q.Measure = measure; kind == "heatmap" {
						b.report(q)
					}
				}
			}
		}
	}
	for _, column := range []string{"short_abandoned", "answered_within", "abandoned_within", "transfers_blind", "transfers_attended", "rona",
		"handled_out", "handled_internal", "repeat_calls", "offers", "calls_queued", "calls_identified", "service_level_left", "abandon_rate", "asa", "aht",
		"average_hold", "average_wrap_up", "first_call_resolution", "rating", "occupancy", "wrap_up_time", "call_time_consult", "longest_talk", "longest_wait", "logged_in"} {
		if seen[column] == 0 {
			t.Errorf("no figure of %s was looked behind", column)
		}
	}
}

// behind looks behind the figures of reports.
type behind struct {
	*testing.T
	db    lists
	mem   lists
	maker *report.Maker
	now   time.Time
	found map[string]list // by query
	days  map[string]*report.Table
	books *ledger.Books // of the keeper in memory
	seen  map[string]int
}

// lists is what finds the calls behind figures.
type lists interface {
	Calls(ctx context.Context, q store.CallQuery) (store.CallPage, error)
	VisitsOf(ctx context.Context, calls []string) ([]store.Visit, error)
	OffersOf(ctx context.Context, calls []string) ([]store.Offer, error)
	EventsOf(ctx context.Context, calls []string) ([]store.Event, error)
	OutcomesOf(ctx context.Context, calls []string) ([]store.CallOutcome, error)
}

// kept are the dispositions on record.
type kept struct {
	db interface {
		OutcomesBetween(ctx context.Context, from, to time.Time) ([]store.CallOutcome, error)
	}
}

func (k kept) Disposed(ctx context.Context, from, to time.Time) (out []report.Disposed, err error) {
	all, err := k.db.OutcomesBetween(ctx, from, to)
	for _, o := range all {
		out = append(out, report.Disposed{Call: o.Call, Queue: o.Queue, Agent: o.Agent, Code: o.Code, Sub: o.Sub, At: o.At})
	}
	return out, err
}

// wrapped adds what agents said of their conversations.
func wrapped(records []store.Record) []store.Record {
	for _, r := range records {
		if v := r.Visit; v != nil && v.Agent != "" {
			o := store.CallOutcome{Call: v.Call, Agent: v.Agent, Queue: v.Queue, Code: []string{"sold", "solved", store.NoDisposition}[len(records)%3], At: v.End.Add(5 * time.Second)}
			if o.Code == "solved" && v.ByTransfer {
				o.Sub = "phone"
			}
			records = append(records, store.Record{Outcome: &o})
		}
	}
	return records
}

// list is what a drill lists: the calls, how many they count, and what each has in a sum.
type list struct {
	calls  []string
	count  float64
	shares []float64
}

func (l list) sum() (sum float64) {
	for _, s := range l.shares {
		sum += s
	}
	return sum
}

func (b *behind) report(q report.Query) {
	b.Helper()
	table, err := b.maker.Make(context.Background(), q, report.Viewer{})
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range append([]report.Section{table.Section}, table.Sections...) {
		for _, r := range append(s.Rows, report.Row{Key: "all", Cells: s.Totals, Drills: s.Drills, Timeline: s.Timeline}) {
			for column, lead := range s.Leads {
				if r.From != "" && r.Drills[column] == "" {
					if r.Drills == nil {
						r.Drills = map[string]string{}
					}
					r.Drills[column] = strings.NewReplacer("{from}", url.QueryEscape(r.From), "{to}", url.QueryEscape(r.To)).Replace(lead)
				}
			}
			for _, c := range s.Columns {
				if v, ok := number(r.Cells[c.ID]); ok && v != 0 && without[q.Kind+" "+c.ID] == "" {
					b.seen[c.ID]++
					b.figure(q.Kind+" "+r.Key+" ", c, r, v)
				}
			}
		}
	}
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	}
	return 0, false
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(a)) }

// figure looks behind one.
func (b *behind) figure(what string, c report.Column, r report.Row, v float64) {
	b.Helper()
	if len(c.Over) == 0 {
		id := c.ID
		if measure, _, ok := strings.Cut(c.Formula, " = "); ok { // a heat map's columns are called after the days
			id = measure
		}
		b.part(what, report.Part{ID: id, Unit: c.Unit, Cell: c.ID}, c.Timed, r)
		return
	}
	sum := func(parts []report.Part) (sum float64) {
		for _, p := range parts {
			x, ok := number(r.Cells[p.Cell])
			if !ok || p.Label == "" || p.Formula == "" {
				b.Errorf("%s%s: its part %s has no value, name or formula: %v", what, c.ID, p.ID, p)
			}
			if x != 0 {
				b.part(what, p, isState(p.ID), r)
			}
			if p.Minus {
				x = -x
			}
			sum += x
		}
		return sum
	}
	ratio := sum(c.Over) / sum(c.Under)
	if c.Unit == report.PercentUnit {
		ratio *= 100
	}
	if !near(ratio, v) {
		b.Errorf("%s%s is %g, its parts divide to %g", what, c.ID, v, ratio)
	}
}

func isState(id string) bool {
	return id == "logged_in" || slices.Contains(ledger.AgentBuckets, store.AgentBucket(id))
}

// part holds one number against its list, or against the timeline.
func (b *behind) part(what string, p report.Part, timed bool, r report.Row) {
	b.Helper()
	v, _ := number(r.Cells[p.Cell])
	what += p.ID
	if timed {
		b.timeline(what, p.ID, r, v)
		return
	}
	query := r.Drills[p.Cell]
	if query == "" {
		b.Errorf("%s is %g and leads nowhere", what, v)
		return
	}
	l := b.list(what, query)
	switch {
	case strings.HasPrefix(p.ID, "longest_"):
		if !slices.ContainsFunc(l.shares, func(s float64) bool { return near(s, v) }) || len(l.calls) != 1 {
			b.Errorf("%s: the longest is %g, its call has %v (%s)", what, v, l.shares, query)
		}
	case p.ID == "oldest_waiting": // as it was at the end of the span
		if len(l.calls) != 1 {
			b.Errorf("%s leads to %d calls (%s)", what, len(l.calls), query)
		}
	case p.Unit == report.CountUnit || p.Unit == report.TextUnit:
		if l.count != v {
			b.Errorf("%s: the figure is %g, the list has %g (%s)", what, v, l.count, query)
		}
	case !near(l.sum(), v):
		b.Errorf("%s: the figure is %g, the list of %d adds up to %g (%s)", what, v, len(l.shares), l.sum(), query)
	}
}

// timeline adds up an agent's states.
func (b *behind) timeline(what, state string, r report.Row, v float64) {
	b.Helper()
	values, err := url.ParseQuery(r.Timeline)
	if err != nil || r.Timeline == "" {
		b.Errorf("%s is %g and has no timeline (%v)", what, v, err)
		return
	}
	if values.Get("agent") == "" {
		return // of several people: each has hers
	}
	t := b.days[r.Timeline]
	if t == nil {
		q := report.Query{Kind: "agent-day", Agent: values.Get("agent"), From: values.Get("from"), To: values.Get("to"), Zone: values.Get("zone")}
		if t, err = b.maker.Make(context.Background(), q, report.Viewer{}); err != nil {
			b.Fatal(err)
		}
		b.days[r.Timeline] = t
	}
	var sum time.Duration
	for _, s := range t.Timeline {
		if reason, paused := strings.CutPrefix(state, "not_ready: "); s.Bucket == state || state == "logged_in" || paused && s.Bucket == "not_ready" && s.Reason == reason {
			sum += s.End.Sub(s.Start)
		}
	}
	if !near(sum.Seconds(), v) {
		b.Errorf("%s: the figure is %g, the timeline adds up to %g (%s)", what, v, sum.Seconds(), r.Timeline)
	}
}

// list is what a drill lists, which both keepers agree on.
func (b *behind) list(what, query string) list {
	b.Helper()
	if l, ok := b.found[query]; ok {
		return l
	}
	got, other := b.listed(b.db, query, 7), b.listed(b.mem, query, 1000)
	if !slices.Equal(got.calls, other.calls) || got.count != other.count || !near(got.sum(), other.sum()) {
		b.Errorf("%s: the database lists %v, memory %v (%s)", what, got, other, query)
	}
	b.found[query] = got
	return got
}

func (b *behind) listed(k lists, query string, limit int) (out list) {
	b.Helper()
	ctx := context.Background()
	values, err := url.ParseQuery(query)
	if err != nil {
		b.Fatal(err)
	}
	var q store.CallQuery
	if err := report.ReadDrill(values, teams, &q); err != nil {
		b.Fatal(err)
	}
	share, in, err := report.ReadShare(values)
	if err != nil {
		b.Fatal(err)
	}
	for q.Limit = limit; ; {
		page, err := k.Calls(ctx, q)
		if err != nil {
			b.Fatal(err)
		}
		var ids []string
		for _, c := range page.Calls {
			ids = append(ids, c.ID)
		}
		counted := counting(b.T, k, q, ids)
		if share != "" {
			shares := b.booksOf(k, ids).Shares(share, in...)
			counted = slices.DeleteFunc(counted, func(id string) bool { _, has := shares[id]; return !has })
			for _, id := range counted {
				out.shares = append(out.shares, shares[id])
			}
		}
		out.calls, out.count = append(out.calls, ids...), out.count+float64(len(counted))
		if q.Cursor = page.Next; q.Cursor == "" {
			return out
		}
	}
}

// booksOf are the books of some calls alone; of the keeper in memory those of all.
func (b *behind) booksOf(k lists, calls []string) *ledger.Books {
	if k == b.mem && b.books != nil {
		return b.books
	}
	events, err := k.EventsOf(context.Background(), calls)
	if err != nil {
		b.Fatal(err)
	}
	books := ledger.Build(events, b.now)
	if k == b.mem {
		b.books = books
	}
	return books
}

// teams are those of the made-up company.
func teams(team string) *store.Members {
	m := &store.Members{But: team == store.Anyone || team == "-"}
	for i := range 9 {
		id := fmt.Sprint("agent", i)
		if _, of := (roster{}).Describe(id); of == team || team == "-" {
			m.Of = append(m.Of, id)
		}
	}
	return m
}

// counting are the visits, offers or calls that a list counts.
func counting(t *testing.T, k lists, q store.CallQuery, calls []string) (out []string) {
	t.Helper()
	if (q.Said != store.SaidFilter{}) {
		all, err := k.OutcomesOf(context.Background(), calls)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range all {
			if q.CountsSaid(o) {
				out = append(out, o.Call+" "+o.Agent)
			}
		}
		return out
	}
	if !q.CountsVisits() && !q.CountsOffers() {
		return slices.Clone(calls)
	}
	visits, err := k.VisitsOf(context.Background(), calls)
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]store.Visit{}
	for _, v := range visits {
		of[v.ID] = v
		if q.CountsVisit(v) {
			out = append(out, v.ID)
		}
	}
	if q.CountsVisits() {
		return out
	}
	offers, err := k.OffersOf(context.Background(), calls)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range offers {
		if q.CountsOffer(o, of[o.Visit]) {
			out = append(out, o.ID)
		}
	}
	return out
}
