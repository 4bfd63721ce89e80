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

func TestAnExplanationNamesTheAgentsOfWhomItSpeaks(t *testing.T) {
	o, _ := busy(t)
	_, text := o.as("lin").send(http.MethodGet, "/api/v1/calls/of-mei/explain", nil)
	var e Explanations
	if err := json.Unmarshal([]byte(text), &e); err != nil || len(e.Offers) != 1 || e.Names["mei"] == "" || e.Names["mei"] == "mei" {
		t.Errorf("%v: %s", err, text)
	}
}
