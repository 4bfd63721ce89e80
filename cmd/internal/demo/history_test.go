package demo

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"ringway/cmd/internal/demo/past"
	"ringway/cmd/internal/node"
	"ringway/store"
	"ringway/store/report"
	"ringway/store/sqlite"
)

// The first start has a past, made once; the live agents are not touched by it.
func TestThePastIsMadeOnce(t *testing.T) {
	var out screen
	data := t.TempDir()
	c, err := open(t.Context(), Options{Data: data, Port: -1, Out: &out, Log: slog.New(slog.DiscardHandler), Program: "ringway"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.history(t.Context(), 500); err != nil {
			t.Error(err)
		}
	}
	for _, a := range c.node.Agents(t.Context()) {
		if p := c.config.Spec.Person(a.ID); p.Robot && a.State != string(store.Available) {
			t.Errorf("after the history %s is %s", a.ID, a.State)
		}
	}
	if err := c.close(); err != nil {
		t.Error(err)
	}
	if n := strings.Count(out.String(), "made-up calls"); n != 1 {
		t.Errorf("made %d times: %s", n, &out)
	}
	notes, err := node.ReadNotes(data)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(context.Background(), notes.Database, sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	m := report.Maker{Sources: report.Sources{Ledger: db, Calls: db}, Now: time.Now, Zone: notes.Location}
	month, err := m.Make(context.Background(), report.Query{Kind: "daily", From: time.Now().AddDate(0, 0, -31).Format(time.DateOnly), To: "today"}, report.Viewer{})
	if err != nil {
		t.Fatal(err)
	}
	calls := month.Sections[0].Rows[0].Cells["calls"]
	if n, _ := calls.(float64); n != 500 {
		t.Errorf("the month has %v calls", calls)
	}
	for _, c := range []struct{ from, says string }{{"yesterday", "none of these figures is real"}, {time.Now().Add(-3 * time.Minute).In(notes.Location()).Format(time.DateOnly), "what came after happened on this switch"}} {
		agents, err := m.Make(context.Background(), report.Query{Kind: "agents", From: c.from}, report.Viewer{})
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		if err := agents.WriteTable(&text); err != nil || len(agents.MadeUp) != 1 || !strings.Contains(text.String(), c.says) {
			t.Errorf("the agents' report of %s: %v, made up %v: %s", c.from, err, agents.MadeUp, text.String())
		}
	}
	page, err := db.Calls(context.Background(), store.CallQuery{Limit: 1000})
	if err != nil || len(page.Calls) != 500 {
		t.Fatalf("%d calls, %v", len(page.Calls), err)
	}
	for _, call := range page.Calls {
		if call.Node != past.Node {
			t.Errorf("call %s is not marked as made up", call.ID)
		}
	}
}
