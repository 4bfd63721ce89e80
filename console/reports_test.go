package console

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"ringway/console/staff"
	"ringway/store"
	"ringway/store/report"
)

// figures is an office whose database has one conversation of mei and one of ken on the last day of May.
func figures(t *testing.T) *office {
	t.Helper()
	maker := &report.Maker{Slots: make(chan struct{}, 1)}
	o := opened(t, func(opts *Options) { opts.Reports = maker })
	maker.Ledger, maker.Calls, maker.People, maker.Now = o.db, o.db, described{}, o.clock.now
	at, seq := time.Date(2026, 5, 31, 9, 0, 0, 0, time.UTC), uint64(0)
	var records []store.Record
	for _, agent := range []string{"mei", "ken"} {
		for _, e := range []store.Event{
			{Kind: store.AgentState, Agent: agent, State: "available"},
			{Kind: store.CallStart, Call: "c-" + agent, State: "customer"},
			{Kind: store.VisitEnter, Call: "c-" + agent, Visit: "v-" + agent, Queue: "help"},
			{Kind: store.VisitConnect, Call: "c-" + agent, Visit: "v-" + agent, Queue: "help", Agent: agent},
			{Kind: store.AgentState, Agent: agent, State: "talk", Call: "c-" + agent, Queue: "help", Visit: "v-" + agent},
			{Kind: store.VisitEnd, Call: "c-" + agent, Visit: "v-" + agent, Queue: "help", Agent: agent},
			{Kind: store.CallEnd, Call: "c-" + agent, State: "answered"},
			{Kind: store.AgentState, Agent: agent, State: "offline"},
		} {
			seq++
			at = at.Add(10 * time.Second)
			e.Node, e.Boot, e.Seq, e.At = "n", "b", seq, at
			records = append(records, store.Record{Event: &e})
		}
		records = append(records, store.Record{Call: &store.Call{ID: "c-" + agent, Kind: store.Customer, CallerName: "=cmd|' /C calc'!A0", Start: at.Add(-70 * time.Second), End: at}})
	}
	if err := o.db.Save(context.Background(), records); err != nil {
		t.Fatal(err)
	}
	return o
}

type described struct{}

func (described) Describe(id string) (string, string) {
	p, _ := people.Person(id)
	return p.Name, p.Team
}

func TestReportsAreLimitedByTeam(t *testing.T) {
	o := figures(t)
	for _, c := range []struct {
		who    *caller
		rows   string
		status int
		path   string
	}{
		{o.as("ada"), "ken mei", 200, "/reports/agents?from=yesterday"},
		{o.as("lin"), "mei", 200, "/reports/agents?from=yesterday"},
		{o.as("tom"), "ken", 200, "/reports/agents?from=yesterday"},
		{o.as("mei"), "", 403, "/reports/agents?from=yesterday"},
		{o.as("mei"), "", 403, "/reports/agent-day?agent=ken&from=yesterday"},
		{o.as("mei"), "mei 2026-05-31", 200, "/reports/agent-day?from=yesterday"},
		{o.machine(staff.ReadReports), "ken mei", 200, "/reports/agents?from=yesterday"},
		{o.machine(staff.ReadCalls), "", 403, "/reports/agents?from=yesterday"},
		{o.anonymous(), "", 401, "/reports/agents?from=yesterday"},
	} {
		var table report.Table
		status, text := c.who.send(http.MethodGet, base+c.path, nil)
		if status != c.status {
			t.Errorf("%s: %d %s", c.path, status, text)
			continue
		}
		if status != 200 {
			continue
		}
		if err := json.Unmarshal([]byte(text), &table); err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, r := range table.Rows {
			keys = append(keys, r.Key)
		}
		if got := strings.Join(keys, " "); got != c.rows {
			t.Errorf("%s: rows %q, want %q", c.path, got, c.rows)
		}
	}
}

func TestReportFormats(t *testing.T) {
	o := figures(t)
	for format, media := range map[string]string{"json": "application/json", "csv": "text/csv", "xlsx": "application/vnd.openxml", "print": "text/html"} {
		c := o.as("ada")
		status, text := c.send(http.MethodGet, base+"/reports/queues?from=2026-05-31&zone=Asia/Taipei&format="+format, nil)
		if status != 200 || !strings.HasPrefix(c.last.Header.Get("Content-Type"), media) || len(text) < 200 {
			t.Errorf("%s: %d, %s, %d bytes", format, status, c.last.Header.Get("Content-Type"), len(text))
		}
		if policy := c.last.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", format, policy)
		}
	}
}

func TestReportsInTheReadersLanguage(t *testing.T) {
	o := figures(t)
	for _, c := range []struct{ query, accept, title, csv string }{
		{"", "", "Queues", "zone,from,to,key,label,offered"},
		{"", "*", "Queues", "zone,from,to,key,label,offered"},
		{"", "zh-TW,en;q=0.5", "佇列", "\ufeff時區,起,迄,代碼,名稱,進線"},
		{"&lang=ja", "zh-TW", "キュー", "\ufeffタイムゾーン,開始,終了,コード,名前,着信"},
		{"&lang=en", "ja", "Queues", "\ufeffzone,from,to,key,label,Offered"},
	} {
		who, table := o.as("ada").with("Accept-Language", c.accept), report.Table{}
		_, text := who.send(http.MethodGet, base+"/reports/queues?from=2026-05-31&zone=Asia/Taipei"+c.query, nil)
		if err := json.Unmarshal([]byte(text), &table); err != nil || table.Title != c.title || len(table.Columns) == 0 || table.Columns[0].ID != "offered" {
			t.Errorf("%+v: %v, %s", c, err, text)
		}
		if _, text := who.with("Accept-Language", c.accept).send(http.MethodGet, base+"/reports/queues?from=2026-05-31&zone=Asia/Taipei&format=csv"+c.query, nil); !strings.HasPrefix(text, c.csv) {
			t.Errorf("%+v: CSV begins %.80q", c, text)
		}
	}
}

func TestWrongReportQueriesNameTheirFields(t *testing.T) {
	o := figures(t)
	for path, fields := range map[string]string{
		"/reports/weather":                                  "path.kind",
		"/reports/queues?from=2026-02-30":                   "query.from",
		"/reports/queues?from=2026-02-30&to=x&step=7":       "query.step query.from query.to",
		"/reports/queues?zone=Asia/Atlantis":                "query.zone",
		"/reports/queues?from=2026-03-02&to=2026-03-01":     "query.to",
		"/reports/queues?format=pdf":                        "query.format",
		"/reports/queues?lang=tlh":                          "query.lang",
		"/reports/queues?from=2011-12-30&zone=Pacific/Apia": "query.from",
	} {
		status, text := o.as("ada").send(http.MethodGet, base+path, nil)
		var problem struct {
			Errors []struct{ Location string }
		}
		if err := json.Unmarshal([]byte(text), &problem); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range problem.Errors {
			got = append(got, e.Location)
		}
		if status != http.StatusUnprocessableEntity || strings.Join(got, " ") != fields {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
}
