package console

import (
	"context"
	"net/http"
	"slices"

	"ringway/console/staff"
	"ringway/store"
)

// Live is what may be done to calls that are up.
type Live interface {
	// HangUp ends a call. ErrUnknown where none is up under this id.
	HangUp(ctx context.Context, call string) error
	// Legs lists those of a call that are up: who they are, and when they began. None where the call is over.
	Legs(call string) []store.Leg
	// HandOn hands the caller of an agent's conversation on, as the agent could at her desk: to a queue, or to what her own
	// phone may dial. A desk.Refusal says why not.
	HandOn(ctx context.Context, agent, call, to string, queue bool) error
}

type liveInput struct {
	ID string `path:"id" maxLength:"64"`
}

type handOnInput struct {
	ID string `path:"id" maxLength:"64"`
	transferInput
}

func routeLive(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/live-calls", ID: "live-calls", Summary: "Calls that are up, oldest first: those one may see", Tag: "calls",
		Allow: Allow(staff.Agent, staff.ReadCalls)}, func(ctx context.Context, in *Paged) (*body[Page[LiveCall]], error) {
		all := slices.DeleteFunc(a.Switch.Calls(ctx), func(c LiveCall) bool { return !a.seesLive(ctx, c) })
		return pageOf(all, *in, func(c LiveCall) place { return placeOf(c.Start, c.ID) })
	})
	register(a, Op{Method: http.MethodPost, Path: "/live-calls/{id}/hangup", ID: "hang-up", Summary: "End a call", Tag: "calls",
		Allow: Allow(staff.Manager, staff.WriteCalls), Audit: true, Status: http.StatusNoContent}, a.hangUp)
	register(a, Op{Method: http.MethodPost, Path: "/live-calls/{id}/transfer", ID: "transfer", Tag: "calls",
		Summary: "Hand the caller of a conversation on, to a number or a queue", Allow: Allow(staff.Manager, staff.WriteCalls), Audit: true,
		Status: http.StatusNoContent}, a.handOn)
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
	if _, err := a.liveCall(ctx, in.ID); err != nil {
		return nil, err
	}
	return nil, a.Live.HangUp(ctx, in.ID)
}

func (a *API) handOn(ctx context.Context, in *handOnInput) (*struct{}, error) {
	c, err := a.liveCall(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if _, known := a.Roster.Person(c.Agent); !known {
		return nil, refused(http.StatusConflict, "no_conversation")
	}
	return nil, deskProblem(a.Live.HandOn(ctx, c.Agent, c.ID, in.Body.To, in.Body.Kind == "queue"))
}

// liveCall finds a call that is up and that who asks may touch.
func (a *API) liveCall(ctx context.Context, id string) (LiveCall, error) {
	for _, c := range a.Switch.Calls(ctx) {
		switch {
		case c.ID != id:
		case !a.seesLive(ctx, c):
			return c, refused(http.StatusForbidden, "live_of_others")
		default:
			return c, nil
		}
	}
	return LiveCall{}, refused(http.StatusNotFound, "call_over")
}
