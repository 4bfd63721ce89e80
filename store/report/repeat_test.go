package report_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/report"
	"ringway/store/sqlite"
)

// callers are calls of customers, with rows and events; each reaches mei at once.
func callers(calls map[time.Time]string) []store.Record {
	var out []store.Record
	n := uint64(0)
	for at, customer := range calls {
		id := fmt.Sprintf("c%d", at.Unix())
		add := func(after time.Duration, kind store.EventKind, state string, data map[string]string) {
			n++
			e := store.Event{Node: "n1", Boot: "b1", Seq: n, At: at.Add(after), Kind: kind, Call: id, State: state, Data: data}
			if kind == store.VisitEnter || kind == store.VisitConnect || kind == store.VisitEnd {
				e.Visit, e.Queue = "v"+id, "help"
			}
			if kind == store.VisitConnect {
				e.Agent = "mei"
			}
			out = append(out, store.Record{Event: &e})
		}
		add(0, store.CallStart, "customer", map[string]string{store.DataCustomer: customer})
		add(time.Second, store.VisitEnter, "", nil)
		add(2*time.Second, store.VisitConnect, "", nil)
		add(60*time.Second, store.VisitEnd, "", nil)
		add(61*time.Second, store.CallEnd, "answered", nil)
		out = append(out, store.Record{Call: &store.Call{ID: id, Kind: store.Customer, Customer: customer, Start: at, End: at.Add(61 * time.Second)}})
	}
	return out
}

func TestRepeatCalls(t *testing.T) {
	day := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	later := func(d time.Duration) time.Time { return day.Add(d) }
	week := 7 * 24 * time.Hour
	path := filepath.Join(t.TempDir(), "r.db")
	db, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Save(context.Background(), callers(map[time.Time]string{
		day:                               "today",    // calls again within the hour,
		later(time.Hour):                  "today",    // and then no more
		later(time.Minute):                "week",     // exactly seven days later
		later(time.Minute + week):         "week",     //
		later(2 * time.Minute):            "late",     // a second too late
		later(2*time.Minute + week + 1e9): "late",     //
		later(3 * time.Minute):            "once",     //
		later(-24 * time.Hour):            "once",     // the day before: a repeat of that day's call
		later(4 * time.Minute):            "tomorrow", //
		later(20 * time.Hour):             "tomorrow", //
		later(5 * time.Minute):            "",         // nobody knows
	})); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		now         time.Time
		again, fcr  float64
		provisional bool
	}{
		{later(2 * time.Hour), 1, 100. * 5 / 6, true},
		{later(48 * time.Hour), 2, 100. * 4 / 6, true},
		{later(8 * 24 * time.Hour), 3, 50, false},
		{later(30 * 24 * time.Hour), 3, 50, false},
	} {
		r := check(t, path, db, report.DailyOptions{Date: "2026-03-02", Now: c.now})
		for _, s := range r.Sheets {
			for _, f := range s.Figures {
				switch {
				case f.Name == "repeat_calls" && *f.Value != c.again, f.Name == "first_call_resolution" && math.Abs(*f.Value-c.fcr) > 1e-9,
					f.Name == "calls_identified" && *f.Value != 6:
					t.Errorf("as of %s, %s of %s is %g", c.now, f.Name, s.Name, *f.Value)
				}
				if f.Provisional != (c.provisional && (f.Name == "repeat_calls" || f.Name == "first_call_resolution")) {
					t.Errorf("as of %s, %s of %s provisional: %t", c.now, f.Name, s.Name, f.Provisional)
				}
			}
		}
	}
}
