package report_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/memory"
	"ringway/store/report"
	"ringway/store/storetest"
)

// lists is what finds the calls behind numbers.
type lists interface {
	Calls(ctx context.Context, q store.CallQuery) (store.CallPage, error)
	VisitsOf(ctx context.Context, calls []string) ([]store.Visit, error)
	OffersOf(ctx context.Context, calls []string) ([]store.Offer, error)
}

// Each count of a report leads to as many visits, offers or calls as it says, in both keepers and page by page, while callers
// are handed on to a second queue, call again and are offered to one agent twice.
func TestWhatIsBehindANumberIsAsManyAsItSays(t *testing.T) {
	ctx, drilled := context.Background(), map[string]int{}
	for _, seed := range []uint64{1, 2} {
		traffic := storetest.Traffic{Dice: rand.New(rand.NewPCG(seed, 9)), Start: time.Date(2026, 3, 2, 15, 20, 0, 0, time.UTC), Agents: 4, Episodes: 8, Loners: 20, HandsOn: true}
		records := rowsToo(traffic)
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
		m.Settings = func() report.Settings { return report.Settings{Repeat: 40 * time.Minute} }
		for _, q := range []report.Query{{Kind: "daily"}, {Kind: "queues"}, {Kind: "agents"}, {Kind: "agent-day"}, {Kind: "languages"}, {Kind: "regions"},
			{Kind: "intervals", Step: "15"}, {Kind: "abandoned"}} {
			for _, day := range []string{"2026-03-02", "2026-03-03"} { // midnight is in the middle
				q.From = day
				table, err := m.Make(ctx, q, report.Viewer{})
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range append([]report.Section{table.Section}, table.Sections...) {
					for _, r := range append(s.Rows, report.Row{Key: "all", Cells: s.Totals, Drills: s.Drills}) {
						for column, query := range r.Drills {
							drilled[column]++
							behind(t, db, mem, q.Kind+" "+r.Key+" "+column, query, r.Cells[column])
						}
						if q.Kind != "intervals" && q.Kind != "abandoned" && len(r.Drills) > 0 {
							everyCount(t, q.Kind, s, r)
						}
					}
				}
			}
		}
	}
	for _, column := range []string{"short_abandoned", "answered_within", "abandoned_within", "transfers_blind", "transfers_attended", "rona",
		"handled_out", "handled_internal", "repeat_calls", "offers", "calls_queued", "calls_identified"} {
		if drilled[column] == 0 {
			t.Errorf("no number of %s was drilled", column)
		}
	}
}

// everyCount holds that each count of a row which is not zero leads somewhere.
func everyCount(t *testing.T, kind string, s report.Section, r report.Row) {
	t.Helper()
	for _, c := range s.Columns {
		if n, ok := r.Cells[c.ID].(float64); ok && n > 0 && c.Unit == report.CountUnit && r.Drills[c.ID] == "" {
			t.Errorf("%s %s: %s is %g and leads nowhere", kind, r.Key, c.ID, n)
		}
	}
}

// behind compares a number with what its drill lists.
func behind(t *testing.T, db, mem lists, what, query string, want any) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	var q store.CallQuery
	if err := report.ReadDrill(values, &q); err != nil {
		t.Fatal(err)
	}
	q.Limit = 7
	got, count := listed(t, db, q)
	if other, n := listed(t, mem, q); !slices.Equal(got, other) || n != count {
		t.Errorf("%s: the database lists %v, memory %v (%s)", what, got, other, query)
	}
	if n, ok := want.(float64); !ok || n != count {
		t.Errorf("%s: the figure is %v, the list has %g (%s)", what, want, count, query)
	}
}

// listed are the calls of a query, page by page, and how many of what the query counts they have.
func listed(t *testing.T, k lists, q store.CallQuery) (ids []string, count float64) {
	t.Helper()
	ctx := context.Background()
	for {
		page, err := k.Calls(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, c := range page.Calls {
			found = append(found, c.ID)
		}
		count += counting(t, k, q, found)
		ids = append(ids, found...)
		ids = append(ids, fmt.Sprint("page of ", len(page.Calls)))
		if q.Cursor = page.Next; q.Cursor == "" {
			return ids, count
		}
	}
}

// counting is how much some calls count.
func counting(t *testing.T, k lists, q store.CallQuery, calls []string) (n float64) {
	t.Helper()
	if !q.CountsVisits() && !q.CountsOffers() {
		return float64(len(calls))
	}
	visits, err := k.VisitsOf(context.Background(), calls)
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]store.Visit{}
	for _, v := range visits {
		of[v.ID] = v
		if q.CountsVisits() && q.Visit.Fits(v) {
			n++
		}
	}
	if q.CountsVisits() {
		return n
	}
	offers, err := k.OffersOf(context.Background(), calls)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range offers {
		if q.Offer.Fits(o, of[o.Visit]) {
			n++
		}
	}
	return n
}
