package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"ringway/store"
	"ringway/store/memory"
	"ringway/store/report"
	"ringway/store/storetest"
)

// office is a keeper with some traffic on 2 March 2026.
func office(t *testing.T) *memory.DB {
	t.Helper()
	traffic := storetest.Traffic{Dice: rand.New(rand.NewPCG(7, 7)), Start: storetest.T0, Agents: 1, Episodes: 8, Loners: 6}
	db := memory.New()
	if err := db.Save(context.Background(), traffic.Records()); err != nil {
		t.Fatal(err)
	}
	return db
}

func written(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestDailyReport(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.Daily(context.Background(), office(t), report.DailyOptions{Date: "2026-03-02", Zone: zone, Now: storetest.T0.Add(48 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "daily.txt", written(t, r.WriteTable))
	golden(t, "daily.csv", written(t, r.WriteCSV))
	golden(t, "daily.json", written(t, r.WriteJSON))
	for _, s := range r.Sheets {
		for _, f := range s.Figures {
			if f.Formula == "" || f.Unit == "" {
				t.Errorf("%s %s: %+v has no formula or unit", s.Kind, s.Name, f)
			}
		}
	}
}

func TestWhichDay(t *testing.T) {
	zone := time.FixedZone("Tokyo", 9*3600)
	for _, c := range []struct {
		date, want  string
		provisional bool
	}{{"", "2026-03-02", true}, {"today", "2026-03-02", true}, {"yesterday", "2026-03-01", false}, {"2026-02-28", "2026-02-28", false}} {
		r, err := report.Daily(context.Background(), memory.New(), report.DailyOptions{Date: c.date, Zone: zone, Now: storetest.T0})
		if err != nil || r.Date != c.want || r.Provisional != c.provisional {
			t.Errorf("%q is %+v, %v", c.date, r, err)
		}
	}
	if _, err := report.Daily(context.Background(), memory.New(), report.DailyOptions{Date: "2.3.2026"}); err == nil || !strings.Contains(err.Error(), "2026-03-02") {
		t.Errorf("a date in another form: %v", err)
	}
}

// nasty is a call whose texts attack whoever looks at it.
func nasty() store.Call {
	return store.Call{ID: "c1", Kind: store.Customer, Start: storetest.T0, End: storetest.T0.Add(75 * time.Second), CallerNumber: "+441632960000",
		CallerName: "=HYPERLINK(\"x\")\x1b[2J\u202eevil\r\nid", Dialled: "@700", Language: "en", Disposition: store.DispositionAnswered,
		Cause: "normal", EndedBy: "caller", Context: "from-app", PlanVersion: "3f2a", Status: 200}
}

func TestCallList(t *testing.T) {
	l := report.CallList{Page: store.CallPage{Calls: []store.Call{nasty()}, Next: "17.c1"}, Zone: time.FixedZone("Tokyo", 9*3600)}
	golden(t, "calls.txt", written(t, l.WriteTable))
	golden(t, "calls.csv", written(t, l.WriteCSV))
	golden(t, "calls.json", written(t, l.WriteJSON))
	if table := string(written(t, l.WriteTable)); strings.ContainsAny(table, "\x1b\r\u202e") {
		t.Error("control characters reach the terminal")
	}
	if csv := string(written(t, l.WriteCSV)); strings.Contains(csv, `,"=HYPER`) || strings.Contains(csv, ",=") || strings.Contains(csv, ",@") || strings.Contains(csv, ",+") {
		t.Errorf("a formula reaches the spreadsheet: %s", csv)
	}
	if empty := (report.CallList{}); !json.Valid(written(t, empty.WriteJSON)) {
		t.Error("an empty list is no JSON")
	}
}

func TestTimeline(t *testing.T) {
	s := store.CallStory{Call: nasty()}
	for _, r := range storetest.Full() {
		switch {
		case r.Leg != nil:
			s.Legs = append(s.Legs, *r.Leg)
		case r.Visit != nil:
			s.Visits = append(s.Visits, *r.Visit)
		}
	}
	for i, e := range []store.Event{
		{Kind: store.CallStart, Call: "c1", State: "customer"}, {Kind: store.VisitEnter, Call: "c1", Visit: "v1", Queue: "support"},
		{Kind: store.OfferStart, Call: "c1", Visit: "v1", Offer: "v1.1", Queue: "support", Agent: "mei"},
		{Kind: store.OfferEnd, Call: "c1", Visit: "v1", Offer: "v1.1", Queue: "support", Agent: "mei", State: "answered", Reason: "200"},
		{Kind: store.CallEnd, Call: "c1", State: "answered", Reason: "normal"},
	} {
		e.At = storetest.T0.Add(time.Duration(i*i) * 1500 * time.Millisecond)
		s.Events = append(s.Events, e)
	}
	s.Call.Parent = "c0"
	s.Consults = []store.Call{{ID: "k1", Parent: "c1", Kind: store.Internal, Dialled: "211", Start: storetest.T0.Add(time.Second), End: storetest.T0.Add(3 * time.Second),
		Disposition: store.DispositionAnswered}, {ID: "k2", Parent: "c1", Kind: store.Outgoing, Dialled: "@9", Start: storetest.T0.Add(5 * time.Second)}}
	line := report.Timeline{Story: s}
	golden(t, "timeline.txt", written(t, line.WriteTable))
	golden(t, "timeline.csv", written(t, line.WriteCSV))
	golden(t, "timeline.json", written(t, line.WriteJSON))
}
