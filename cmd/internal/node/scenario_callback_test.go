package node

import (
	"slices"
	"testing"

	"ringway/console"
	"ringway/store"
)

// TestACustomerIsCalledBack: she gave up waiting; her manager has an agent's phone ring, then her app does, both talk, and the
// report says so. Where it can't come to anything the manager is told why.
func TestACustomerIsCalledBack(t *testing.T) {
	o := openOfficeWithConsole(t)
	boss := o.browse("lin")
	app := o.app(console.MintRequest{Subject: "c-1", Claims: store.Claims{Language: "xx", Customer: "k-7", Name: "Grace Hill"}})
	gone := app.Invite("help")
	gone.Expect(200)
	o.event(gone, store.VisitEnter, "")
	gone.Bye()
	o.event(gone, store.VisitLeave, string(store.Abandoned))
	flush(t, o.n)

	row := o.abandoned(boss)
	want := map[string]any{"call": row["call"]}
	if row["reach"] != "none" || row["called_back"] != nil {
		t.Errorf("without an app: %v", row)
	}
	zh1 := o.agent("zh1")
	want["agent"] = "zh1"
	boss.do("POST", "/callbacks", want, 409, nil) // her app is not there
	app.Register()
	want["agent"] = "zh2"
	boss.do("POST", "/callbacks", want, 409, nil) // no phone of zh2's is registered
	want["agent"] = "nobody"
	boss.do("POST", "/callbacks", want, 404, nil)
	delete(want, "agent")
	boss.do("POST", "/callbacks", want, 409, nil) // the manager has no phone
	boss.do("POST", "/callbacks", map[string]any{"agent": "zh1"}, 422, nil)
	boss.do("POST", "/callbacks", map[string]any{"agent": "zh1", "call": "nothing"}, 404, nil)

	want["agent"] = "zh1"
	var placed console.Placed
	boss.do("POST", "/callbacks", want, 201, &placed)
	if placed.By != "app" || placed.Call == "" {
		t.Errorf("placed: %+v", placed)
	}
	in := zh1.ExpectCall()
	if from := in.Invitation().From(); from.DisplayName != "Grace Hill" {
		t.Errorf("her phone shows %q", from.DisplayName)
	}
	o.want("zh1", store.Outbound)
	boss.do("POST", "/callbacks", want, 409, nil) // her phone rings already
	in.Answer()
	out := app.ExpectCall()
	out.Ring(1)
	out.Answer()
	o.b.until(t, "the call is answered", func() bool {
		return slices.ContainsFunc(o.b.events[placed.Call], func(e store.Event) bool { return e.Kind == store.CallAnswer })
	})
	in.Bye()
	out.ExpectBye()
	o.want("zh1", store.Available)
	flush(t, o.n)

	if row = o.abandoned(boss); row["called_back"] == nil || row["called_back_by"] != "Zhen" || row["called_back_result"] != "reached" {
		t.Errorf("afterwards: %v", row)
	}
	var story console.StoryView
	boss.do("GET", "/calls/"+placed.Call, nil, 200, &story)
	if c := story.Call; c.Returns != want["call"] || c.Customer != "k-7" || c.Kind != string(store.Outgoing) || c.Answer == nil || len(story.Legs) != 2 {
		t.Errorf("on record: %+v", c)
	}
	o.quiet(patience)
	o.silent()
}

// abandoned is the only row of the report of those who gave up.
func (o *office) abandoned(boss *visitor) map[string]any {
	o.t.Helper()
	var r struct {
		Rows []struct{ Cells map[string]any }
	}
	boss.do("GET", "/reports/abandoned?from=today", nil, 200, &r)
	if len(r.Rows) != 1 {
		o.t.Fatalf("%d gave up", len(r.Rows))
	}
	return r.Rows[0].Cells
}
