package report_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/report"
	"ringway/store/sqlite"
)

// figure finds one figure of a report.
func figure(t *testing.T, r *report.Report, kind, name, figure string) float64 {
	t.Helper()
	for _, s := range r.Sheets {
		for _, f := range s.Figures {
			if s.Kind == kind && s.Name == name && f.Name == figure && f.Value != nil {
				return *f.Value
			}
		}
	}
	t.Fatalf("no %s of %s %s", figure, kind, name)
	return 0
}

func TestAClosedDayIsCorrectedByDatedLines(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "r.db")
	db, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	zone := time.FixedZone("Tokyo", 9*3600)
	morning := time.Date(2026, 3, 2, 9, 0, 0, 0, zone)
	if err := db.Save(ctx, callers(map[time.Time]string{morning: "ann", morning.Add(time.Hour): "bob"})); err != nil {
		t.Fatal(err)
	}
	o := report.DailyOptions{Date: "2026-03-02", Zone: zone}
	closes := time.Date(2026, 3, 3, 6, 0, 0, 0, zone)
	for _, c := range []struct {
		now time.Time
		did bool
	}{{closes.Add(-time.Second), false}, {closes, true}, {closes.Add(time.Hour), false}} {
		o.Now = c.now
		if did, err := report.Close(ctx, db, o); err != nil || did != c.did {
			t.Errorf("closed at %s: %t, %v", c.now, did, err)
		}
	}
	r, err := report.Daily(ctx, db, o)
	if err != nil || !r.Closed.Equal(closes) || len(r.Corrections) > 0 || figure(t, r, "queue", "help", "offered") != 2 {
		t.Errorf("right after: closed %s, corrections %v, %v", r.Closed, r.Corrections, err)
	}
	late := callers(map[time.Time]string{morning.Add(2 * time.Hour): "ann"}) // another node's spool comes home
	for i := range late {
		if e := late[i].Event; e != nil {
			e.Node, e.Agent = "n2", strings.Replace(e.Agent, "mei", "ken", 1)
		}
	}
	if err := db.Save(ctx, late); err != nil {
		t.Fatal(err)
	}
	o.Now = time.Date(2026, 3, 12, 10, 30, 0, 0, zone)
	if r, err = report.Daily(ctx, db, o); err != nil {
		t.Fatal(err)
	}
	if figure(t, r, "queue", "help", "offered") != 2 || figure(t, r, "calls", "customers", "calls") != 2 {
		t.Error("the figures of a closed day changed")
	}
	if figure(t, r, "calls", "customers", "repeat_calls") != 1 {
		t.Error("a column that was provisional did not follow")
	}
	found := map[string]report.Correction{}
	for _, c := range r.Corrections {
		found[c.Kind+" "+c.Name+" "+c.Figure] = c
		if !c.At.Equal(o.Now) {
			t.Errorf("a correction of %s", c.At)
		}
	}
	if c := found["queue help offered"]; c.Closed == nil || *c.Closed != 2 || *c.Value != 3 {
		t.Errorf("corrections: %+v", r.Corrections)
	}
	if c := found["agent ken handled_in"]; c.Closed != nil || c.Value == nil || *c.Value != 1 {
		t.Errorf("an agent who came later: %+v", c)
	}
	if _, is := found["calls customers repeat_calls"]; is {
		t.Error("a provisional column was corrected")
	}
	golden(t, "corrections.txt", written(t, r.WriteTable))
	golden(t, "corrections.csv", written(t, r.WriteCSV))
	golden(t, "corrections.json", written(t, r.WriteJSON))
}

// What late facts add to a closed day's sheet or take from it altogether is told as a correction, too.
func TestAClosedDayNeitherGainsNorLosesALine(t *testing.T) {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "r.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	state := func(seq uint64, minute int, agent, state, reason string) store.Record {
		return store.Record{Event: &store.Event{Node: "n1", Boot: "b1", Seq: seq, At: nine.Add(time.Duration(minute) * time.Minute),
			Kind: store.AgentState, Agent: agent, State: state, Reason: reason}}
	}
	if err := db.Save(ctx, []store.Record{state(3, 0, "mei", "not_ready", "lunch"), state(5, 60, "mei", "offline", ""),
		state(6, 0, "ken", "available", ""), state(8, 10, "ken", "offline", "")}); err != nil {
		t.Fatal(err)
	}
	o := report.DailyOptions{Date: "2026-03-02", Now: nine.Add(48 * time.Hour)}
	if did, err := report.Close(ctx, db, o); err != nil || !did {
		t.Fatalf("closed: %t, %v", did, err)
	}
	// It was another reason, and he had left before he came.
	if err := db.Save(ctx, []store.Record{state(4, 0, "mei", "not_ready", "training"), state(7, 0, "ken", "offline", "")}); err != nil {
		t.Fatal(err)
	}
	r, err := report.Daily(ctx, db, o)
	if err != nil {
		t.Fatal(err)
	}
	if figure(t, r, "agent", "mei", "not_ready: lunch") != 3600 || figure(t, r, "agent", "ken", "available") != 600 {
		t.Error("a closed day lost a line")
	}
	got := map[string][2]float64{}
	for _, c := range r.Corrections {
		value := func(v *float64) float64 {
			if v == nil {
				return 0
			}
			return *v
		}
		if c.Unit == "" {
			t.Errorf("%+v has no unit", c)
		}
		got[c.Name+" "+c.Figure] = [2]float64{value(c.Closed), value(c.Value)}
	}
	for name, want := range map[string][2]float64{"mei not_ready: lunch": {3600, 0}, "mei not_ready: training": {0, 3600},
		"ken available": {600, 0}, "ken logged_in": {600, 0}} {
		if got[name] != want {
			t.Errorf("%s is corrected %v, want %v", name, got[name], want)
		}
	}
	var order []string
	for _, s := range r.Sheets {
		order = append(order, strings.TrimSpace(s.Kind+" "+s.Name))
		for _, f := range s.Figures {
			if f.Name == "not_ready: training" {
				t.Error("a closed day gained a line")
			}
		}
	}
	if want := "calls customers, queue, agent ken, agent mei"; strings.Join(order, ", ") != want {
		t.Errorf("sheets are %v, want %s", order, want)
	}
}

func TestClosedDaysAreKeptOnce(t *testing.T) {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "r.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ClosedDay(ctx, "2026-03-02", "UTC"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a day that nobody closed: %v", err)
	}
	one, at := 1., time.Date(2026, 3, 3, 6, 0, 0, 0, time.UTC)
	for range 2 {
		c := store.ClosedDay{Date: "2026-03-02", Zone: "UTC", Closed: at, Figures: []store.ClosedFigure{{Kind: "queue", Name: "help", Figure: "offered", Value: &one},
			{Kind: "queue", Name: "help", Figure: "asa"}}}
		if err := db.CloseDay(ctx, c); err != nil {
			t.Fatal(err)
		}
		one++
	}
	c, err := db.ClosedDay(ctx, "2026-03-02", "UTC")
	if err != nil || !c.Closed.Equal(at) || len(c.Figures) != 2 || *c.Figures[0].Value != 1 || c.Figures[1].Value != nil {
		t.Errorf("kept: %+v, %v", c, err)
	}
}
