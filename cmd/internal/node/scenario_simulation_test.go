package node

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ringway/acd"
	"ringway/console"
	"ringway/store"
)

// TestSimulateLeavesTheSwitchAlone: the path, the ranked agents, and nothing of it on record.
func TestSimulateLeavesTheSwitchAlone(t *testing.T) {
	o := openOffice(t)
	o.agent("en2")
	p := newPlans(o.n)
	ctx := context.Background()
	ask := console.SimulateRequest{App: &console.SimulatedApp{Customer: "c-1", Language: "en", Region: "GB"}, Exten: "help",
		Phones: map[string]console.Answer{"en2": {Answer: 0.2}}}
	s, err := p.Simulate(ctx, ask)
	if err != nil || s.Agent != "en2" || len(s.Decisions) == 0 || s.Decisions[0].Eligible != 1 || s.Problem != "" {
		t.Fatalf("%+v %v", s, err)
	}
	if d := s.Decisions[0]; d.Chosen[0].ID != "en2" || len(d.Removed) == 0 || !strings.Contains(d.Text, "only one eligible") {
		t.Errorf("%+v", d)
	}
	if s.Steps[0].Kind != "enter" || s.Steps[0].File != customersFile || s.Steps[0].Line == 0 || s.Duration < 60 {
		t.Errorf("%+v", s)
	}
	ask.Agents, ask.At, ask.Phones = "all", time.Date(2026, 6, 1, 3, 0, 0, 0, time.UTC), map[string]console.Answer{"en1": {Outcome: "no_answer"}}
	if s, err = p.Simulate(ctx, ask); err != nil || s.Decisions[0].Eligible < 3 || len(s.Decisions[0].Ranks) < 3 || !s.Start.Equal(ask.At) {
		t.Errorf("%+v %v", s, err)
	}
	text := "contexts: {"
	ask.Files = console.Draft{customersFile: &text}
	var refused *console.Refused
	if _, err := p.Simulate(ctx, ask); !errors.As(err, &refused) || refused.Findings[0].File != customersFile {
		t.Error(err)
	}
	if calls := o.n.Calls(ctx); len(calls) > 0 || !o.b.is("en2", store.Available) {
		t.Error("the simulation touched the switch")
	}
	g, err := p.Graph(ctx, nil)
	if err != nil || len(g.Entries) == 0 || len(g.Extensions) == 0 || !slices.ContainsFunc(g.Edges, func(e console.GraphEdge) bool { return e.Kind == "result" }) {
		t.Errorf("%d entries, %d extensions, %v", len(g.Entries), len(g.Extensions), err)
	}
	o.quiet(patience)
	o.silent()
}

// TestWhatASimulationNamesAndThereIsNot: every field at once, by its place in the request.
func TestWhatASimulationNamesAndThereIsNot(t *testing.T) {
	o := openOffice(t)
	p := newPlans(o.n)
	app := &console.SimulatedApp{Language: "en"}
	for _, c := range []struct {
		ask  console.SimulateRequest
		want []string
	}{
		{console.SimulateRequest{Account: "nobody"}, []string{"body.account"}},
		{console.SimulateRequest{Trunk: "nowhere"}, []string{"body.trunk"}},
		{console.SimulateRequest{App: &console.SimulatedApp{Domain: "x.example", Zone: "Mars/Base"}}, []string{"body.app.domain"}},
		{console.SimulateRequest{App: &console.SimulatedApp{Zone: "Mars/Base"}}, []string{"body.app.zone"}},
		{console.SimulateRequest{App: app, At: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)}, []string{"body.at"}},
		{console.SimulateRequest{App: app, HangUp: 5, Press: []console.SimulatedPress{{After: 4, Keys: "1"}, {After: 9, Keys: "#"}}}, []string{"body.press[1].after_seconds"}},
		{console.SimulateRequest{App: app, Joined: []string{"en1", "xx"}, Away: []string{"en1", "yy"}}, []string{"body.joined[1]", "body.away[0]", "body.away[1]"}},
		{console.SimulateRequest{App: app, Phones: map[string]console.Answer{"en1": {}, "+886212345": {}, "zz": {}}}, []string{"body.phones.zz"}},
	} {
		c.ask.Exten = "help"
		_, err := p.Simulate(context.Background(), c.ask)
		var wrong console.WrongFields
		errors.As(err, &wrong)
		var got []string
		for _, f := range wrong {
			got = append(got, f.Location)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v, want %v", err, c.want)
		}
	}
}

// TestWhatIf: keys, hang-ups, phones and people as they are not.
func TestWhatIf(t *testing.T) {
	o := openOffice(t)
	o.agent("en1")
	p := newPlans(o.n)
	ask := func(change func(r *console.SimulateRequest)) console.Simulated {
		t.Helper()
		r := console.SimulateRequest{App: &console.SimulatedApp{Language: "en", Region: "GB"}, Exten: "help"}
		change(&r)
		s, err := p.Simulate(context.Background(), r)
		if err != nil || s.Problem != "" || len(s.Visits) != 1 {
			t.Fatalf("%+v %v", s, err)
		}
		return s
	}
	s := ask(func(r *console.SimulateRequest) {
		r.Joined, r.Phones = []string{"en2"}, map[string]console.Answer{"en1": {Outcome: "declined", Answer: 0.5}, "en2": {Answer: 0.2}}
	})
	if d := s.Decisions[0]; s.Agent != "en2" || len(s.Decisions) != 2 || d.Chosen[0].ID != "en1" || len(d.Offers) != 1 || d.Offers[0].Outcome != "declined" || d.Offers[0].Rang != 0.5 {
		t.Errorf("she declines: %+v %+v", s.Visits, d.Offers)
	}
	s = ask(func(r *console.SimulateRequest) { r.Away, r.HangUp = []string{"en1"}, 7 })
	if v := s.Visits[0]; v.Result != "abandoned" || s.Cause != "caller" || v.Waited == 0 || s.Steps[len(s.Steps)-1].Kind != "end" {
		t.Errorf("nobody is there: %+v", v)
	}
	if !slices.ContainsFunc(s.Steps, func(x console.SimulatedStep) bool { return x.Kind == "hang_up" && x.After == 7 }) {
		t.Errorf("no hang-up in %+v", s.Steps)
	}
	s = ask(func(r *console.SimulateRequest) {
		r.Others, r.Press = &console.Answer{Answer: 0.5, Talk: 10}, []console.SimulatedPress{{After: 8, Keys: "12#"}}
	})
	if v := s.Visits[0]; v.Result != "connected" || v.Agent.ID != "en1" || v.Talked != 10 {
		t.Errorf("all phones: %+v", v)
	}
	if !slices.ContainsFunc(s.Steps, func(x console.SimulatedStep) bool { return x.Kind == "key" && x.Keys == "12#" && x.Spoken }) {
		t.Errorf("no keys in %+v", s.Steps)
	}
	o.quiet(patience)
	o.silent()
}

// TestASimulatedCallComesBehindThoseWhoWait: the running queues' callers and talking agents are taken along, and left alone.
func TestASimulatedCallComesBehindThoseWhoWait(t *testing.T) {
	o := openOffice(t)
	en1 := o.agent("en1")
	o.talk(o.customer("en"), "help", en1)
	waits := o.customer("en").Invite("help")
	waits.Expect(200)
	o.event(waits, store.VisitEnter, "")
	p := newPlans(o.n)
	ctx := context.Background()
	ask := console.SimulateRequest{App: &console.SimulatedApp{Language: "en", Region: "GB"}, Exten: "help", Others: &console.Answer{Answer: 0.2, Talk: 2}}
	alone, err := p.Simulate(ctx, ask)
	if err != nil || alone.Behind != nil || len(alone.Visits) != 1 || alone.Visits[0].Ahead != 0 || alone.Agent != "en1" {
		t.Fatalf("%+v %v", alone, err)
	}
	ask.Behind = true
	s, err := p.Simulate(ctx, ask)
	if err != nil || s.Behind == nil || s.Behind.Count != 1 || len(s.Behind.Callers) != 1 || len(s.Visits) != 1 {
		t.Fatalf("%+v %v", s, err)
	}
	if c := s.Behind.Callers[0]; c.Agent == nil || c.Agent.ID != "en1" || c.Result != "connected" || c.Queue != "help" || c.Language != "en" {
		t.Errorf("%+v", c)
	}
	if a, b := alone.Visits[0], s.Visits[0]; b.Ahead != 1 || b.Result != "connected" || b.Waited < a.Waited+2 {
		t.Errorf("alone %+v, behind %+v", a, b)
	}
	if _, err := o.n.router.Snapshot(ctx); err != nil || !o.b.is("en1", store.Talk) {
		t.Error("the simulation touched the switch")
	}
	waits.Bye()
}

// TestBehindNobody: queues that do not run have nobody who waits, and the answer says so.
func TestBehindNobody(t *testing.T) {
	router := acd.NewRouter(acd.RouterOptions{})
	router.Stop()
	p := &plans{n: &Node{router: router}}
	for field, asked := range map[string]console.SimulateRequest{"body.behind": {Agents: "none", Behind: true}, "body.agents": {}} {
		var wrong console.WrongFields
		if err := p.look(t.Context(), &simulation{asked: asked}); !errors.As(err, &wrong) || wrong[0].Location != field || !strings.Contains(err.Error(), "do not run") {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := p.look(t.Context(), &simulation{asked: console.SimulateRequest{Agents: "all"}}); err != nil {
		t.Error(err)
	}
}
