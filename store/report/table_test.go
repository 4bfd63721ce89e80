package report_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ringway/store"
	"ringway/store/ledger"
	"ringway/store/report"
	"ringway/store/sqlite"
	"ringway/store/storetest"
)

// roster is a made-up company.
type roster struct{}

func (roster) Describe(id string) (name, team string) {
	if id == "" {
		return "", ""
	}
	return "Agent " + strings.TrimPrefix(id, "agent"), []string{"north", "south"}[int(id[len(id)-1])%2]
}

// Reach knows customers k1, k11, k12 … in the app and every number by a trunk.
func (roster) Reach(_ context.Context, customer, number string) string {
	switch {
	case strings.HasPrefix(customer, "k1"):
		return report.ReachApp
	case number != "":
		return report.ReachNumber
	}
	return report.ReachNone
}

func (roster) Disposed(_ context.Context, from, _ time.Time) ([]report.Disposed, error) {
	return []report.Disposed{
		{Call: "c1", Queue: "sales", Agent: "agent0", Code: "sold", Label: "Sold", At: from.Add(10 * time.Hour)},
		{Call: "c2", Queue: "sales", Agent: "agent0", Code: "sold", Label: "Sold", At: from.Add(11 * time.Hour)},
		{Call: "c3", Queue: "support", Agent: "agent1", Code: "solved", Sub: "phone", At: from.Add(12 * time.Hour)},
	}, nil
}

// fixed is a database with the rows that a switch writes beside the events.
func fixed(t *testing.T, traffic storetest.Traffic) *sqlite.DB {
	t.Helper()
	return saved(t, rowsToo(traffic))
}

// saved is a database with some records.
func saved(t *testing.T, records []store.Record) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "r.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Save(context.Background(), records); err != nil {
		t.Fatal(err)
	}
	return db
}

// rowsToo are the records of some traffic, with the rows that a switch writes beside the events.
func rowsToo(traffic storetest.Traffic) []store.Record {
	records := traffic.Records()
	var events []store.Event
	for _, r := range records {
		if r.Event != nil {
			events = append(events, *r.Event)
		}
	}
	books := ledger.Build(events, traffic.Start.Add(72*time.Hour))
	languages, regions := []string{"en", "ja", "zh-TW", ""}, []string{"GB", "JP", "TW", ""}
	for i, v := range books.Visits {
		records = append(records, store.Record{Visit: &store.Visit{ID: v.ID, Call: v.Call, Queue: v.Queue, ByTransfer: v.ByTransfer, Enter: v.Enter,
			Connect: v.Connect, Leave: v.Leave, End: v.End, Result: v.Result, Agent: v.Agent, Language: languages[i%4], Region: regions[i%4],
			ServiceLevel: v.ServiceLevel, ShortAbandon: v.ShortAbandon, EndReason: v.EndReason}})
	}
	if i := slices.IndexFunc(books.Visits, func(v ledger.Visit) bool { return v.Result == store.Abandoned }); i >= 0 {
		v := books.Visits[i]
		records = append(records, store.Record{Call: &store.Call{ID: "back", Kind: store.Outgoing, Returns: v.Call, Start: v.Leave.Add(time.Minute),
			Answer: v.Leave.Add(2 * time.Minute), End: v.Leave.Add(3 * time.Minute), Disposition: store.DispositionAnswered}},
			store.Record{Leg: &store.Leg{ID: "back-a", Call: "back", Agent: "agent0", Start: v.Leave.Add(time.Minute), End: v.Leave.Add(3 * time.Minute)}})
	}
	for _, o := range books.Offers {
		records = append(records, store.Record{Offer: &store.Offer{ID: o.ID, Visit: o.Visit, Call: o.Call, Queue: o.Queue, Agent: o.Agent,
			Start: o.Start, Ringing: o.Ringing, End: o.End, Outcome: o.Outcome}})
	}
	return records
}

func maker(db *sqlite.DB, now time.Time) *report.Maker {
	zone, err := time.LoadLocation("Asia/Taipei")
	if err != nil {
		panic(err)
	}
	return &report.Maker{Sources: report.Sources{Ledger: db, Calls: db, Wraps: roster{}, Reach: roster{}, People: roster{}},
		Zone: func() *time.Location { return zone }, Now: func() time.Time { return now },
		Settings: func() report.Settings {
			return report.Settings{ServiceLevels: []string{"service_level_negative", "service_level_positive"}, Default: "service_level_positive"}
		}}
}

func TestTablesOfAFixedHistory(t *testing.T) {
	m := maker(fixed(t, busyDay()), after)
	for _, q := range []report.Query{
		{Kind: "daily"}, {Kind: "queues"}, {Kind: "agents"}, {Kind: "agent-day", Agent: "agent0"}, {Kind: "teams"}, {Kind: "languages"},
		{Kind: "regions"}, {Kind: "intervals", Step: "30"}, {Kind: "heatmap"}, {Kind: "abandoned"}, {Kind: "dispositions"},
	} {
		q.From = "2026-03-02"
		table, err := m.Make(context.Background(), q, report.Viewer{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range table.Rows { // figures have sums behind them; of a list what no column shows is read by nobody
			for id := range r.Cells {
				if q.Kind == "abandoned" && !slices.ContainsFunc(table.Columns, func(c report.Column) bool { return c.ID == id }) {
					t.Errorf("%s: row %s has a cell %q that no column shows", q.Kind, r.Key, id)
				}
			}
		}
		golden(t, "table-"+q.Kind+".json", written(t, table.WriteJSON))
		golden(t, "table-"+q.Kind+".csv", written(t, table.WriteCSV))
		golden(t, "table-"+q.Kind+".html", written(t, table.WritePage))
		golden(t, "table-"+q.Kind+".txt", written(t, table.WriteTable))
		workbook(t, table)
	}
}

// workbook opens what WriteXLSX wrote and looks for its charts and numbers.
func workbook(t *testing.T, table *report.Table) {
	t.Helper()
	text := written(t, table.WriteXLSX)
	f, err := excelize.OpenReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	name := f.GetSheetName(0)
	rows, err := f.GetRows(name, excelize.Options{RawCellValue: true})
	if err != nil || len(rows) < 5+len(table.Rows) || rows[0][0] != table.Title || !strings.Contains(rows[1][0], "Asia/Taipei") {
		t.Errorf("%s: %d rows in sheet %q, %v", table.Kind, len(rows), name, err)
	}
	drawn := 0
	for _, c := range table.Charts {
		if c.Kind == "bar" || c.Kind == "line" {
			drawn++
		}
	}
	if charts := bytes.Count(text, []byte("xl/charts/chart")); (drawn > 0 && len(table.Rows) > 0) != (charts > 0) {
		t.Errorf("%s: %d charts wanted, %d parts written", table.Kind, drawn, charts)
	}
}

func TestDaysAddUpToAnySpan(t *testing.T) {
	ctx := context.Background()
	start := time.Date(2026, 3, 2, 15, 20, 0, 0, time.UTC) // the traffic runs over Taipei's midnight
	traffic := storetest.Traffic{Dice: rand.New(rand.NewPCG(5, 5)), Start: start, Agents: 5, Episodes: 10, Loners: 30}
	db := fixed(t, traffic)
	m := maker(db, start.Add(48*time.Hour))
	for _, kind := range []string{"queues", "agents", "languages", "teams"} {
		two, err := m.Make(ctx, report.Query{Kind: kind, From: "2026-03-02", To: "2026-03-03"}, report.Viewer{})
		if err != nil {
			t.Fatal(err)
		}
		// one span without a midnight in it: UTC's day is cut nowhere
		whole, err := m.Make(ctx, report.Query{Kind: kind, From: two.From.Format(time.RFC3339), To: two.To.Format(time.RFC3339), Zone: "Pacific/Honolulu"}, report.Viewer{})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range two.Rows {
			for id, v := range r.Cells {
				w := whole.Rows[i].Cells[id]
				a, isA := v.(float64)
				b, isB := w.(float64)
				if id != "first_login" && id != "last_logout" && (isA != isB || a-b > 1e-6 || b-a > 1e-6) {
					t.Errorf("%s %s %s: %v by days in Taipei, %v in Honolulu", kind, r.Key, id, v, w)
				}
			}
		}
	}
}

func TestWhatAViewerMayNotSee(t *testing.T) {
	db := fixed(t, storetest.Traffic{Dice: rand.New(rand.NewPCG(7, 7)), Start: storetest.T0, Agents: 3, Episodes: 6, Loners: 2})
	m := maker(db, storetest.T0.Add(48*time.Hour))
	v := report.Viewer{Sees: func(id string) bool { return id == "agent1" }}
	for _, kind := range report.Kinds() {
		table, err := m.Make(context.Background(), report.Query{Kind: kind, From: "2026-03-02"}, v)
		if err != nil {
			t.Fatal(err)
		}
		if text := string(written(t, table.WriteJSON)); strings.Contains(text, "agent0") || strings.Contains(text, "agent2") || strings.Contains(text, "Agent 0") {
			t.Errorf("%s shows other people", kind)
		}
	}
}

func TestQueriesThatMakeNoSense(t *testing.T) {
	m := maker(fixed(t, storetest.Traffic{Dice: rand.New(rand.NewPCG(1, 1)), Start: storetest.T0}), storetest.T0)
	for _, c := range []struct {
		q     report.Query
		field string
		word  string
	}{
		{report.Query{Kind: "weather"}, "kind", "abandoned"},
		{report.Query{Kind: "queues", From: "2026-02-30"}, "from", "2026-02-30"},
		{report.Query{Kind: "queues", From: "0001-01-01T00:00:00Z"}, "from", "too far away"},
		{report.Query{Kind: "queues", To: "9999-12-31T23:59:59Z"}, "to", "too far away"},
		{report.Query{Kind: "queues", From: "2.3.2026"}, "from", "2026-03-02"},
		{report.Query{Kind: "queues", From: "2026-03-02", To: "tomorrow"}, "to", "tomorrow"},
		{report.Query{Kind: "queues", From: "2026-03-02", To: "2026-03-01"}, "to", "not after"},
		{report.Query{Kind: "queues", From: "2020-03-02", To: "2026-03-01"}, "to", "400 days"},
		{report.Query{Kind: "intervals", From: "2026-01-02", To: "2026-03-01"}, "to", "31 days"},
		{report.Query{Kind: "queues", Zone: "Mars/Olympus"}, "zone", "Asia/Taipei"},
		{report.Query{Kind: "queues", Zone: "Local"}, "zone", "Local"},
		{report.Query{Kind: "queues", From: "2011-12-30", Zone: "Pacific/Apia"}, "from", "jumped"},
		{report.Query{Kind: "intervals", Step: "7"}, "step", "15"},
		{report.Query{Kind: "heatmap", Measure: "beauty"}, "measure", "offered"},
		{report.Query{Kind: "queues", Lang: "tlh"}, "lang", "zh-TW"},
	} {
		_, err := m.Make(context.Background(), c.q, report.Viewer{})
		var f report.FieldError
		if !errors.As(err, &f) || f.Field != c.field || !strings.Contains(f.Message, c.word) {
			t.Errorf("%+v: %v", c.q, err)
		}
	}
}

func TestHoursOfDaysThatChangeTheClock(t *testing.T) {
	db := fixed(t, storetest.Traffic{Dice: rand.New(rand.NewPCG(1, 1)), Start: storetest.T0})
	m := maker(db, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	for _, c := range []struct {
		date, zone string
		rows       int
	}{{"2026-03-29", "Europe/London", 23}, {"2026-10-25", "Europe/London", 25}, {"2026-03-30", "Europe/London", 24}, {"2026-04-05", "Australia/Lord_Howe", 25}} {
		table, err := m.Make(context.Background(), report.Query{Kind: "intervals", From: c.date, Zone: c.zone}, report.Viewer{})
		if err != nil || len(table.Rows) != c.rows {
			t.Errorf("%s in %s has %d hours, %v", c.date, c.zone, len(table.Rows), err)
		}
		labels := map[string]bool{}
		for _, r := range table.Rows {
			labels[r.Label] = true
		}
		if len(labels) != len(table.Rows) {
			t.Errorf("%s in %s: two intervals have one label", c.date, c.zone)
		}
		if _, err := m.Make(context.Background(), report.Query{Kind: "heatmap", From: c.date, Zone: c.zone}, report.Viewer{}); err != nil {
			t.Error(err)
		}
	}
}

func TestACustomersTextComputesNothing(t *testing.T) {
	table := &report.Table{Kind: "abandoned", Title: "T", Zone: "UTC", Section: report.Section{
		Columns: []report.Column{{ID: "name", Label: "Name", Unit: report.TextUnit}},
		Rows:    []report.Row{{Key: "=1+1", Label: "@cmd", Cells: map[string]any{"name": `=HYPERLINK("x")<script>alert(1)</script>` + "\x1b[2J"}}}}}
	if csv := string(written(t, table.WriteCSV)); strings.Contains(csv, ",=") || strings.Contains(csv, `,"=`) || strings.Contains(csv, ",@") {
		t.Errorf("a formula reaches the spreadsheet: %s", csv)
	}
	if page := string(written(t, table.WritePage)); strings.Contains(page, "<script>") || strings.Contains(page, "\x1b") {
		t.Error("markup reaches the page")
	}
	f, err := excelize.OpenReader(bytes.NewReader(written(t, table.WriteXLSX)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if formula, err := f.GetCellFormula(f.GetSheetName(0), "B6"); err != nil || formula != "" {
		t.Errorf("the workbook computes %q, %v", formula, err)
	}
	if kinds := report.Kinds(); len(slices.Compact(slices.Sorted(slices.Values(kinds)))) != len(kinds) {
		t.Error("two reports have one name")
	}
}
