package console

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ringway/console/desk"
	"ringway/console/staff"
)

// Desks is what the operations of an agent's desk ask; desk.Hub is it.
type Desks interface {
	Open(ctx context.Context, agent, tab string) (*desk.Tab, error)

	Shown(ctx context.Context, agent, offer string) error
	Accept(ctx context.Context, agent, offer string) error
	Decline(ctx context.Context, agent, offer, reason string) error

	Ready(ctx context.Context, agent string) error
	NotReady(ctx context.Context, agent, reason string) error
	Next(ctx context.Context, agent, state, reason string) error
	Join(ctx context.Context, agent, queue string) error
	Leave(ctx context.Context, agent, queue string) error

	Hold(ctx context.Context, agent string, on bool) error
	Hangup(ctx context.Context, agent string) error
	Transfer(ctx context.Context, agent, to string, queue bool) error

	EndWrapUp(ctx context.Context, agent string) error
	ExtendWrapUp(ctx context.Context, agent string, by time.Duration) error
	Dispose(ctx context.Context, agent, call string, c desk.Choice) error
	Write(ctx context.Context, agent, call, text string) error
}

// heartbeat is how often a stream that has nothing to say shows that it lives.
const heartbeat = 10 * time.Second

type deskStream struct {
	Tab string `query:"tab" doc:"names this tab; a stream that comes back under its name replaces the one before" pattern:"^[A-Za-z0-9_-]{1,64}$" required:"true"`
}

type offerInput struct {
	Body struct {
		Offer string `json:"offer" minLength:"1" maxLength:"128"`
	}
}

type declineInput struct {
	Body struct {
		Offer  string `json:"offer" minLength:"1" maxLength:"128"`
		Reason string `json:"reason,omitempty" doc:"why, in one short word" pattern:"^[a-z0-9_-]*$" maxLength:"32"`
	}
}

type reasonInput struct {
	Body struct {
		Reason string `json:"reason,omitempty" doc:"why, in one short word" pattern:"^[a-z0-9_-]*$" maxLength:"32"`
	}
}

type nextInput struct {
	Body struct {
		State  string `json:"state,omitempty" doc:"what follows; available when absent" enum:"available,not_ready,offline"`
		Reason string `json:"reason,omitempty" doc:"of not_ready, in one short word" pattern:"^[a-z0-9_-]*$" maxLength:"32"`
	}
}

type queueInput struct {
	Body struct {
		Queue string `json:"queue,omitempty" doc:"name or number; all when absent" maxLength:"64"`
	}
}

type holdInput struct {
	Body struct {
		On bool `json:"on"`
	}
}

type transferInput struct {
	Body struct {
		To   string `json:"to" doc:"a number, or the name or number of a queue" minLength:"1" maxLength:"64"`
		Kind string `json:"kind" enum:"number,queue"`
	}
}

type extendInput struct {
	Body struct {
		Seconds float64 `json:"seconds" minimum:"1" maximum:"3600"`
	}
}

type dispositionInput struct {
	Call string `path:"id" maxLength:"128"`
	Body desk.Choice
}

type callNoteInput struct {
	Call string `path:"id" maxLength:"128"`
	Body struct {
		Text string `json:"text" maxLength:"8192"`
	}
}

func routeDesk(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/desk/stream", ID: "desk-stream", Tag: "desk", Media: eventStream, Allow: Allow(staff.Agent),
		Summary: "The desk as it changes: event 'state' with the whole of it. The desk is open while the stream is"}, a.deskStream)
	deskAct(a, "/desk/shown", "The card of an offer is on the screen", func(ctx context.Context, who string, in *offerInput) error {
		return a.Desks.Shown(ctx, who, in.Body.Offer)
	})
	deskAct(a, "/desk/accept", "Accept an offer", func(ctx context.Context, who string, in *offerInput) error {
		return a.Desks.Accept(ctx, who, in.Body.Offer)
	})
	deskAct(a, "/desk/decline", "Decline an offer", func(ctx context.Context, who string, in *declineInput) error {
		return a.Desks.Decline(ctx, who, in.Body.Offer, in.Body.Reason)
	})
	routeDeskState(a)
	routeDeskCall(a)
}

// routeDeskState are the operations about what the agent herself is.
func routeDeskState(a *API) {
	deskAct(a, "/desk/ready", "Be ready; joins all queues where none is joined", func(ctx context.Context, who string, _ *struct{}) error {
		return a.Desks.Ready(ctx, who)
	})
	deskAct(a, "/desk/not-ready", "Be not ready, after the call where there is one", func(ctx context.Context, who string, in *reasonInput) error {
		return a.Desks.NotReady(ctx, who, in.Body.Reason)
	})
	deskAct(a, "/desk/next", "Say what follows the call or the wrap-up", func(ctx context.Context, who string, in *nextInput) error {
		return a.Desks.Next(ctx, who, in.Body.State, in.Body.Reason)
	})
	deskAct(a, "/desk/join", "Join a queue, or all", func(ctx context.Context, who string, in *queueInput) error {
		return a.Desks.Join(ctx, who, in.Body.Queue)
	})
	deskAct(a, "/desk/leave", "Leave a queue, or all", func(ctx context.Context, who string, in *queueInput) error {
		return a.Desks.Leave(ctx, who, in.Body.Queue)
	})
}

// routeDeskCall are the operations about the call that the agent has or had.
func routeDeskCall(a *API) {
	deskAct(a, "/desk/hold", "Put the customer on hold, or take her back", func(ctx context.Context, who string, in *holdInput) error {
		return a.Desks.Hold(ctx, who, in.Body.On)
	})
	deskAct(a, "/desk/hangup", "Hang up", func(ctx context.Context, who string, _ *struct{}) error {
		return a.Desks.Hangup(ctx, who)
	})
	deskAct(a, "/desk/transfer", "Hand the customer on", func(ctx context.Context, who string, in *transferInput) error {
		return a.Desks.Transfer(ctx, who, in.Body.To, in.Body.Kind == "queue")
	})
	deskAct(a, "/desk/wrap-up/end", "End the wrap-up before its time", func(ctx context.Context, who string, _ *struct{}) error {
		return a.Desks.EndWrapUp(ctx, who)
	})
	deskAct(a, "/desk/wrap-up/extend", "Make the wrap-up longer, up to what the queue allows", func(ctx context.Context, who string, in *extendInput) error {
		return a.Desks.ExtendWrapUp(ctx, who, time.Duration(in.Body.Seconds*float64(time.Second)))
	})
	deskPut(a, "/desk/calls/{id}/disposition", "Say what a call of hers was about", func(ctx context.Context, who string, in *dispositionInput) error {
		return a.Desks.Dispose(ctx, who, in.Call, in.Body)
	})
	deskPut(a, "/desk/calls/{id}/note", "Write about a call of hers", func(ctx context.Context, who string, in *callNoteInput) error {
		return a.Desks.Write(ctx, who, in.Call, in.Body.Text)
	})
}

func deskAct[I any](a *API, path, summary string, f func(ctx context.Context, who string, in *I) error) {
	deskOp(a, http.MethodPost, path, summary, f)
}

func deskPut[I any](a *API, path, summary string, f func(ctx context.Context, who string, in *I) error) {
	deskOp(a, http.MethodPut, path, summary, f)
}

// deskOp declares something that a person does at her own desk. What comes of it is in the next state.
func deskOp[I any](a *API, method, path, summary string, f func(ctx context.Context, who string, in *I) error) {
	op := Op{Method: method, Path: path, ID: nameOf(path), Summary: summary, Tag: "desk", Allow: Allow(staff.Agent), Status: http.StatusNoContent}
	register(a, op, func(ctx context.Context, in *I) (*struct{}, error) {
		return nil, deskProblem(f(ctx, staff.From(ctx).Person, in))
	})
}

// nameOf makes the name of an operation of its path: desk-wrap-up-end.
func nameOf(path string) string {
	return strings.ReplaceAll(strings.Trim(strings.ReplaceAll(path, "/{id}", ""), "/"), "/", "-")
}

// deskStream opens a desk for as long as its stream is read.
func (a *API) deskStream(ctx context.Context, in *deskStream) (*huma.StreamResponse, error) {
	who := staff.From(ctx).Person
	tab, err := a.Desks.Open(ctx, who, in.Tab)
	if err != nil {
		return nil, deskProblem(err)
	}
	context.AfterFunc(ctx, tab.Close) // should the browser be gone before the stream begins
	return stream(func(ctx context.Context, e *events) { deskEvents(ctx, tab, e) }), nil
}

// deskEvents sends the states of a desk until its browser leaves, and closes it.
func deskEvents(ctx context.Context, tab *desk.Tab, e *events) {
	defer tab.Close()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case s := <-tab.States():
			err = e.send("", "state", s)
		case <-beat.C:
			err = e.comment("")
		case <-tab.Done():
			return
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// deskProblem gives the errors of a desk their status.
func deskProblem(err error) error {
	var refusal desk.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal), errors.Is(err, desk.ErrGone), errors.Is(err, desk.ErrPhone), errors.Is(err, desk.ErrNoCall):
		return refusedBy(http.StatusConflict, err)
	case errors.Is(err, desk.ErrNotHers), errors.Is(err, desk.ErrAgent):
		return refusedBy(http.StatusNotFound, err)
	case errors.Is(err, desk.ErrLong):
		return refusedBy(http.StatusUnprocessableEntity, err).at("body.text")
	case errors.Is(err, desk.ErrBusy):
		return refusedBy(http.StatusServiceUnavailable, err)
	}
	return err
}
