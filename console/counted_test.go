package console

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"ringway/store"
)

// A figure counts stays and offers, not calls: the list behind it tells each of them, and no other of the same call.
func TestAListTellsEachStayAndEachOfferThatItsFigureCounts(t *testing.T) {
	o, _ := busy(t)
	at := func(s int) time.Time { return time.Date(2026, 6, 1, 9, 0, s, 0, time.UTC) }
	stay := func(id string, enter int, agent string, r store.VisitResult) store.Record {
		v := store.Visit{ID: id, Call: "twice", Queue: "help", Enter: at(enter), Leave: at(enter + 5), Result: r, Agent: agent, ServiceLevel: 20 * time.Second}
		if agent != "" {
			v.Connect, v.End = at(enter+5), at(enter+9)
		}
		return store.Record{Visit: &v}
	}
	offer := func(id, visit string, start int, r store.OfferOutcome) store.Record {
		return store.Record{Offer: &store.Offer{ID: id, Visit: visit, Call: "twice", Queue: "help", Agent: "mei", Start: at(start), End: at(start + 2), Outcome: r}}
	}
	if err := o.db.Save(t.Context(), []store.Record{
		{Call: &store.Call{ID: "twice", Kind: store.Customer, Start: at(0), End: at(50), Disposition: store.DispositionAnswered}},
		stay("s1", 1, "", store.TimedOut), stay("s2", 10, "mei", store.Connected), stay("s3", 30, "", store.Abandoned),
		offer("s2.1", "s2", 11, store.Declined), offer("s2.2", "s2", 13, store.Answered),
	}); err != nil {
		t.Fatal(err)
	}
	lin := o.as("lin")
	span := func(name string) string {
		return name + "_from=2026-06-01T09:00:00Z&" + name + "_to=2026-06-01T10:00:00Z"
	}
	for query, want := range map[string][2][]string{
		span("entered"):                            {{"s1", "s2", "s3"}, nil},
		span("entered") + "&result=connected":      {{"s2"}, nil},
		span("entered") + "&result=abandoned":      {{"s3"}, nil},
		span("entered") + "&within=yes&queue=help": {{"s1", "s2", "s3"}, nil},
		span("offered") + "&queue=help":            {nil, {"s2.1", "s2.2"}},
		span("offered") + "&outcome=rona":          {nil, {"s2.1"}},
		"from=2026-06-01T09:00:00Z":                {nil, nil},
	} {
		status, text := lin.send(http.MethodGet, "/api/v1/calls?"+query, nil)
		var page Page[CallRow]
		if err := json.Unmarshal([]byte(text), &page); err != nil || status != 200 || len(page.Items) != 1 || page.Items[0].ID != "twice" {
			t.Errorf("%s: %d %v %s", query, status, err, text)
			continue
		}
		var stays, offers []string
		for _, s := range page.Items[0].Stays {
			stays = append(stays, s.ID)
			if s.ID == "s2" && (*s.Wait != 5 || *s.Talk != 4 || s.Agent != "mei" || s.AgentName == "") {
				t.Errorf("%s: %+v", query, s)
			}
		}
		for _, x := range page.Items[0].Offers {
			offers = append(offers, x.ID)
		}
		if !slices.Equal(stays, want[0]) || !slices.Equal(offers, want[1]) {
			t.Errorf("%s: stays %v, offers %v, want %v", query, stays, offers, want)
		}
	}
	if status, text := lin.send(http.MethodGet, "/api/v1/calls?again_within=soon", nil); status != 422 {
		t.Errorf("again_within=soon: %d %s", status, text)
	}
}

// Behind a sum each stay says what it has in it, and one that has nothing is not there; behind a disposition is who entered it.
// A manager of one team sees her part of a queue's figure, and is told that there is more.
func TestAListSaysWhatEachHasAndThatMoreIsNotShown(t *testing.T) {
	o, _ := busy(t)
	at := func(s int) time.Time { return time.Date(2026, 2, 1, 9, 0, s, 0, time.UTC) }
	var records []store.Record
	seq := uint64(0)
	for i, agent := range []string{"mei", "ken"} {
		call, leg := "sum-"+agent, "leg-"+agent
		event := func(s int, k store.EventKind, e store.Event) {
			seq++
			e.Node, e.Boot, e.Seq, e.At, e.Kind, e.Call = "n9", "b9", seq, at(10*i+s), k, call
			records = append(records, store.Record{Event: &e})
		}
		visit := store.Event{Visit: "stay-" + agent, Queue: "help", Agent: agent}
		event(0, store.CallStart, store.Event{State: "customer"})
		event(1, store.VisitEnter, visit)
		event(3, store.VisitConnect, visit)
		event(3, store.LegStart, store.Event{Leg: leg, Agent: agent, State: "out"})
		event(4, store.LegHold, store.Event{Leg: leg, Agent: agent})
		event(4+2*i, store.LegResume, store.Event{Leg: leg, Agent: agent}) // mei's lasts no time
		event(8, store.VisitEnd, visit)
		event(9, store.CallEnd, store.Event{State: "answered"})
		v := store.Visit{ID: visit.Visit, Call: call, Queue: "help", Agent: agent, Enter: at(10*i + 1), Connect: at(10*i + 3), Leave: at(10*i + 3), End: at(10*i + 8), Result: store.Connected}
		c := store.Call{ID: call, Kind: store.Customer, Start: at(10 * i), End: at(10*i + 9)}
		said := store.CallOutcome{Call: call, Agent: agent, Queue: "help", Code: "sold", At: at(10*i + 9)}
		records = append(records, store.Record{Call: &c}, store.Record{Visit: &v}, store.Record{Outcome: &said},
			store.Record{Leg: &store.Leg{ID: leg, Call: call, Agent: agent, Start: at(10*i + 3), End: at(10*i + 8)}})
	}
	if err := o.db.Save(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	page := func(who, query string) Page[CallRow] {
		t.Helper()
		status, text := o.as(who).send(http.MethodGet, "/api/v1/calls?"+query, nil)
		var p Page[CallRow]
		if err := json.Unmarshal([]byte(text), &p); err != nil || status != 200 {
			t.Fatalf("%s: %d %v %s", query, status, err, text)
		}
		return p
	}
	const connected, during = "connected_from=2026-02-01T09:00:00Z&connected_to=2026-02-01T09:30:00Z", "during_from=2026-02-01T09:00:00Z&during_to=2026-02-01T09:00:15Z"
	sum := func(p Page[CallRow]) (sum float64) {
		for _, c := range p.Items {
			for _, s := range c.Stays {
				sum += *s.Share
			}
		}
		return sum
	}
	for query, want := range map[string]struct {
		calls int
		sum   float64
	}{
		connected + "&share=wait": {2, 4}, connected + "&share=talk": {2, 8}, connected + "&share=hold": {2, 2}, connected + "&share=handling": {2, 10},
		connected + "&share=rating": {0, 0}, during + "&share=hold_time": {1, 1}, during + "&share=talk_time": {2, 6},
	} {
		if p := page("ada", query); len(p.Items) != want.calls || sum(p) != want.sum {
			t.Errorf("%s: %d calls with %g, want %v", query, len(p.Items), sum(p), want)
		}
	}
	if p := page("ada", "said_from=2026-02-01T09:00:00Z&said=sold&said_sub=-"); len(p.Items) != 2 || len(p.Items[0].Outcomes) != 1 || p.Items[0].Outcomes[0].Label == "" {
		t.Errorf("dispositions: %+v", p.Items)
	}
	if p := page("lin", connected+"&share=talk"); len(p.Items) != 1 || sum(p) != 5 || !p.Limited {
		t.Errorf("of lin's team: %d calls with %g, limited: %t", len(p.Items), sum(p), p.Limited)
	}
	for team, want := range map[string]int{"*": 1, "taipei": 1, "tokyo": 0} {
		if p := page("lin", connected+"&team="+team); len(p.Items) != want {
			t.Errorf("lin sees %d calls of team %s", len(p.Items), team)
		}
	}
	for _, query := range []string{"share=beauty", connected + "&clock=Mon-25&zone=UTC", connected + "&clock=Sun-09&zone=Mars"} {
		if status, text := o.as("lin").send(http.MethodGet, "/api/v1/calls?"+query, nil); status != 422 {
			t.Errorf("%s: %d %s", query, status, text)
		}
	}
}

func TestAnExplanationNamesTheAgentsOfWhomItSpeaks(t *testing.T) {
	o, _ := busy(t)
	_, text := o.as("lin").send(http.MethodGet, "/api/v1/calls/of-mei/explain", nil)
	var e Explanations
	if err := json.Unmarshal([]byte(text), &e); err != nil || len(e.Offers) != 1 || e.Names["mei"] == "" || e.Names["mei"] == "mei" {
		t.Errorf("%v: %s", err, text)
	}
}
