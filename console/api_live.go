package console

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ringway/console/staff"
)

// Live is what may be done to calls that are up.
type Live interface {
	// HangUp ends a call. ErrUnknown where none is up under this id.
	HangUp(ctx context.Context, call string) error
}

type liveInput struct {
	ID string `path:"id" maxLength:"64"`
}

func routeLive(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/live-calls", ID: "live-calls", Summary: "Calls that are up, oldest first: those one may see", Tag: "calls",
		Allow: Allow(staff.Agent, staff.ReadCalls)}, func(ctx context.Context, _ *struct{}) (*body[[]LiveCall], error) {
		out := []LiveCall{}
		for _, c := range a.Switch.Calls(ctx) {
			if a.seesLive(ctx, c) {
				out = append(out, c)
			}
		}
		return &body[[]LiveCall]{out}, nil
	})
	register(a, Op{Method: http.MethodPost, Path: "/live-calls/{id}/hangup", ID: "hang-up", Summary: "End a call", Tag: "calls",
		Allow: Allow(staff.Manager, staff.WriteCalls), Audit: true, Status: http.StatusNoContent}, a.hangUp)
}

// seesLive tells whether who asks may see a call that is up: an agent her own, a manager those of her teams' people and those
// that nobody has answered yet.
func (a *API) seesLive(ctx context.Context, c LiveCall) bool {
	who := staff.From(ctx)
	if who.SeesAll() {
		return true
	}
	nobody := true
	for _, id := range []string{c.Agent, c.By} {
		if p, known := a.Roster.Person(id); known {
			if who.Sees(p.ID, p.Team) {
				return true
			}
			nobody = false
		}
	}
	return nobody && who.Role == staff.Manager
}

func (a *API) hangUp(ctx context.Context, in *liveInput) (*struct{}, error) {
	for _, c := range a.Switch.Calls(ctx) {
		if c.ID != in.ID {
			continue
		}
		if !a.seesLive(ctx, c) {
			return nil, huma.Error403Forbidden("nobody of your teams is in this call")
		}
		return nil, a.Live.HangUp(ctx, in.ID)
	}
	return nil, huma.Error404NotFound("no such call is up")
}
