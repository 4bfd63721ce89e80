package console

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// controlRoutes is the one list of control operations.
var controlRoutes = []func(huma.API, Switch){
	func(api huma.API, s Switch) { get(api, "/v1/status", "How the switch is doing", s.Status) },
	func(api huma.API, s Switch) { get(api, "/v1/agents", "Agents and their states", s.Agents) },
	func(api huma.API, s Switch) { get(api, "/v1/live-calls", "Calls that are up", s.Calls) },
	func(api huma.API, s Switch) { get(api, "/v1/bindings", "Registered contacts", s.Bindings) },
	routeReload,
	routeAgent,
	routeMint,
	routeForget,
	routeControlWebhooks,
}

// apiRoutes is the one list of the staff's operations: one function per resource, in its file api_NOUN.go.
var apiRoutes = []func(*API){
	routeLogin,
	routeSetup,
	routeMe,
	routeStaff,
	routeKeys,
	routeAudit,
	routeDesk,
	routeStatus,
	routeEvents,
	routeReports,
	routeMails,
	routeAgents,
	routeQueues,
	routeLive,
	routeCallbacks,
	routeCalls,
	routeRecordings,
	routeCustomers,
	routeSessions,
	routeNet,
	routeBoard,
	routeWebhooks,
	routeConfig,
	routeDialplan,
	routeTraces,
}

func routeReload(api huma.API, s Switch) {
	op := huma.Operation{OperationID: "reload", Method: http.MethodPost, Path: "/v1/reload", Summary: "Read the configuration again"}
	huma.Register(api, op, func(ctx context.Context, _ *struct{}) (*body[Reload], error) {
		return &body[Reload]{s.Reload(ctx)}, nil
	})
}

type agentInput struct {
	Agent string `path:"agent"`
	Verb  string `path:"verb" enum:"join,leave,pause,resume"`
	Body  struct {
		Queue  string `json:"queue,omitempty" doc:"join and leave: one queue; all when absent"`
		Reason string `json:"reason,omitempty" doc:"pause: why, in one short word" pattern:"^[a-z0-9_-]*$" maxLength:"32"`
	}
}

func routeAgent(api huma.API, s Switch) {
	op := huma.Operation{OperationID: "agent", Method: http.MethodPost, Path: "/v1/agents/{agent}/{verb}",
		Summary: "Let an agent join or leave queues, pause or resume"}
	huma.Register(api, op, func(ctx context.Context, in *agentInput) (*body[AgentView], error) {
		v, err := s.Agent(ctx, AgentCommand{in.Agent, in.Verb, in.Body.Queue, in.Body.Reason})
		switch {
		case errors.Is(err, ErrUnknown):
			return nil, huma.Error404NotFound(err.Error())
		case err != nil:
			return nil, huma.Error409Conflict(err.Error())
		}
		return &body[AgentView]{v}, nil
	})
}
