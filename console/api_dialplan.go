package console

import (
	"context"
	"net/http"

	"ringway/console/staff"
)

type simulateInput struct{ Body SimulateRequest }

func routeDialplan(a *API) {
	op := func(method, path, id, summary string) Op {
		return Op{Method: method, Path: "/dialplan" + path, ID: id, Summary: summary, Tag: "dialplan", Allow: Allow(staff.Admin, staff.ReadPlan, staff.ReadConfig)}
	}
	register(a, op(http.MethodGet, "/graph", "dialplan-graph", "The dialplan in force as nodes and edges"), func(ctx context.Context, _ *struct{}) (*body[Graph], error) {
		g, err := a.Plans.Graph(ctx, nil)
		return &body[Graph]{g}, planProblem(err)
	})
	register(a, asking(op(http.MethodPost, "/graph", "dialplan-draft-graph", "A draft's dialplan as nodes and edges")), func(ctx context.Context, in *draftInput) (*body[Graph], error) {
		if err := checkDraft(ctx, in.Body.Files, staff.ReadConfig); err != nil {
			return nil, err
		}
		g, err := a.Plans.Graph(ctx, in.Body.Files)
		return &body[Graph]{g}, planProblem(err)
	})
	register(a, asking(op(http.MethodPost, "/simulate", "simulate", "Let a virtual caller live through the dialplan and its queues")), func(ctx context.Context, in *simulateInput) (*body[Simulated], error) {
		r := in.Body
		if err := checkDraft(ctx, r.Files, staff.ReadConfig); err != nil {
			return nil, err
		}
		callers := 0
		for _, is := range []bool{r.Account != "", r.Trunk != "", r.App != nil} {
			if is {
				callers++
			}
		}
		if callers != 1 {
			return nil, badField("body", "who_calls")
		}
		s, err := a.Plans.Simulate(ctx, r)
		return &body[Simulated]{s}, planProblem(err)
	})
}
