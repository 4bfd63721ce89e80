package console

import (
	"context"
	"errors"
	"net/http"

	"ringway/console/staff"
	"ringway/store"
)

type agentVerbInput struct {
	ID   string `path:"id" maxLength:"64"`
	Verb string `path:"verb" enum:"join,leave,pause,resume"`
	Body *struct {
		Queue  string `json:"queue,omitempty" doc:"join and leave: one queue, by name or number; all when absent" maxLength:"64"`
		Reason string `json:"reason,omitempty" doc:"pause: why, in one short word" pattern:"^[a-z0-9_-]*$" maxLength:"32"`
	} `required:"false"`
}

func routeAgents(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/agents", ID: "agents", Summary: "Agents and their states, by id: those one may see", Tag: "agents",
		Allow: Allow(staff.Agent, staff.ReadAgents)}, a.agents)
	register(a, Op{Method: http.MethodPost, Path: "/agents/{id}/{verb}", ID: "direct-agent", Summary: "Let an agent join or leave queues, pause or resume",
		Tag: "agents", Allow: Allow(staff.Agent, staff.WriteAgents), Audit: true}, a.directAgent)
}

func (a *API) agents(ctx context.Context, in *Paged) (*body[Page[AgentView]], error) {
	who := staff.From(ctx)
	out := []AgentView{}
	for _, v := range a.Switch.Agents(ctx) {
		if !who.Sees(v.ID, v.Team) || v.State == string(store.Offline) && len(a.Roster.MayServe(v.ID)) == 0 {
			continue // people who serve no queue are no agents
		}
		v.Queues = some(v.Queues)
		out = append(out, v)
	}
	return pageOf(out, *in, func(v AgentView) place { return place{name: v.ID} })
}

// sees refuses who may not see a person; what does not exist and what is not hers look the same to an agent.
func (a *API) sees(ctx context.Context, id string) error {
	who := staff.From(ctx)
	p, known := a.Roster.Person(id)
	switch {
	case known && who.Sees(p.ID, p.Team):
		return nil
	case known || who.Role == staff.Agent && !who.Machine():
		return refused(http.StatusForbidden, "other_team", "person", id)
	}
	return refused(http.StatusNotFound, "no_person", "person", id)
}

func (a *API) directAgent(ctx context.Context, in *agentVerbInput) (*body[AgentView], error) {
	if err := a.sees(ctx, in.ID); err != nil {
		return nil, err
	}
	c := AgentCommand{Agent: in.ID, Verb: in.Verb}
	if in.Body != nil {
		c.Queue, c.Reason = in.Body.Queue, in.Body.Reason
	}
	switch {
	case c.Queue != "":
		tell(ctx, "queue "+c.Queue)
	case c.Reason != "":
		tell(ctx, "reason "+c.Reason)
	}
	v, err := a.Switch.Agent(ctx, c)
	switch {
	case errors.Is(err, ErrUnknown):
		return nil, refusedBy(http.StatusNotFound, err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil, err
	case err != nil:
		return nil, refusedBy(http.StatusConflict, err)
	}
	return &body[AgentView]{v}, nil
}
