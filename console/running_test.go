package console

import (
	"testing"
	"time"

	"ringway/store"
)

// The legs of a call that is up stand in its story before they are on record, with what events tell of them, and let her see it who
// is on one of them.
func TestLegsOfACallThatIsUp(t *testing.T) {
	o, _ := busy(t)
	at := func(s int) time.Time { return delivered.Add(time.Duration(s) * time.Second) }
	err := o.db.Save(t.Context(), []store.Record{
		{Call: &store.Call{ID: "of-now", Kind: store.Customer, Start: at(0)}},
		{Leg: &store.Leg{ID: "l1", Call: "of-now", Direction: store.In, Start: at(0), Answer: at(1), End: at(9), Cause: "normal"}},
		{Event: &store.Event{Node: "n", Seq: 901, At: at(3), Kind: store.LegRinging, Call: "of-now", Leg: "l2"}},
		{Event: &store.Event{Node: "n", Seq: 902, At: at(5), Kind: store.LegAnswer, Call: "of-now", Leg: "l2"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	const up = `{"id":"l2","direction":"out","account":"mei","agent":"mei","start":"2026-03-02T09:00:02Z","ringing":"2026-03-02T09:00:03Z","answer":"2026-03-02T09:00:05Z"`
	o.as("ada").want("GET", "/api/v1/calls/of-now", nil, 200, `"legs":[{"id":"l1"`, `"cause":"normal"`, up)
	o.as("mei").want("GET", "/api/v1/calls/of-now", nil, 200, up)
	o.as("ken").want("GET", "/api/v1/calls/of-now", nil, 403)
}
