package console

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"ringway/console/desk"
	"ringway/console/staff"
)

// Queues are the queues as they are now, and what may be done to who waits in them.
type Queues interface {
	// Queues lists all queues by name, with their waiting callers in the order of their claims.
	Queues(ctx context.Context) ([]QueueView, error)
	// Withdraw ends a waiting caller's visit: the dialplan goes on with the result "withdrawn". ErrUnknown where nobody waits.
	Withdraw(ctx context.Context, visit string) error
	// Prioritise gives a waiting caller another head start. ErrUnknown where nobody waits.
	Prioritise(ctx context.Context, visit string, head time.Duration) error
}

// QueueView is one queue now.
type QueueView struct {
	Name    string        `json:"name"`
	Number  string        `json:"number,omitempty"`
	Waiting int           `json:"waiting"`
	Longest *time.Time    `json:"longest_wait_since,omitempty" doc:"when the one who waits longest came"`
	Joined  int           `json:"joined" doc:"agents who serve it"`
	Free    int           `json:"free" doc:"of those, how many could take a call"`
	Callers []WaitingView `json:"-"`

	Dispositions desk.Dispositions `json:"dispositions" doc:"what agents may say that a call of it was about"`
}

// WaitingView is one waiting caller.
type WaitingView struct {
	ID       string    `json:"id" doc:"of the visit"`
	Call     string    `json:"call"`
	Queue    string    `json:"queue"`
	Customer string    `json:"customer,omitempty"`
	Name     string    `json:"name,omitempty"`
	Number   string    `json:"number,omitempty"`
	Language string    `json:"language,omitempty"`
	Region   string    `json:"region,omitempty"`
	Entered  time.Time `json:"entered"`
	Priority float64   `json:"priority_seconds" doc:"head start"`
	Place    int       `json:"place" doc:"in the order of claims, from 1"`
	Step     int       `json:"step" doc:"how far the search has widened, from 0"`
	Agents   []string  `json:"agents" doc:"who is being rung"`
}

type waitingInput struct {
	Name string `path:"name" maxLength:"64"`
	Paged
}

type visitInput struct {
	ID string `path:"id" maxLength:"64"`
}

type priorityInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Seconds float64 `json:"seconds" doc:"head start from now on; 0 is none" minimum:"-86400" maximum:"86400"`
	}
}

func routeQueues(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/queues", ID: "queues", Summary: "Queues now, by name; an agent sees those that she may serve", Tag: "queues",
		Allow: Allow(staff.Agent, staff.ReadQueues)}, a.queues)
	register(a, Op{Method: http.MethodGet, Path: "/queues/{name}/waiting", ID: "waiting", Summary: "Who waits in a queue, the longest first, each with her place in the order of claims",
		Tag: "queues", Allow: Allow(staff.Manager, staff.ReadQueues)}, a.waiting)
	register(a, Op{Method: http.MethodPost, Path: "/visits/{id}/withdraw", ID: "withdraw", Summary: "Take a waiting caller out of the queue",
		Tag: "queues", Allow: Allow(staff.Manager, staff.WriteQueues), Audit: true, Status: http.StatusNoContent},
		func(ctx context.Context, in *visitInput) (*struct{}, error) {
			return nil, a.Queues.Withdraw(ctx, in.ID)
		})
	register(a, Op{Method: http.MethodPost, Path: "/visits/{id}/priority", ID: "prioritise", Summary: "Give a waiting caller another head start",
		Tag: "queues", Allow: Allow(staff.Manager, staff.WriteQueues), Audit: true, Status: http.StatusNoContent},
		func(ctx context.Context, in *priorityInput) (*struct{}, error) {
			tell(ctx, fmt.Sprintf("%g s", in.Body.Seconds))
			return nil, a.Queues.Prioritise(ctx, in.ID, time.Duration(in.Body.Seconds*float64(time.Second)))
		})
}

func (a *API) queues(ctx context.Context, in *Paged) (*body[Page[QueueView]], error) {
	all, err := a.Queues.Queues(ctx)
	if err != nil {
		return nil, err
	}
	if who := staff.From(ctx); who.Role == staff.Agent && !who.Machine() {
		hers := a.Roster.MayServe(who.Person)
		all = slices.DeleteFunc(all, func(q QueueView) bool {
			return !slices.ContainsFunc(hers, func(n QueueName) bool { return n.Name == q.Name })
		})
	}
	return pageOf(all, *in, func(q QueueView) place { return place{name: q.Name} })
}

func (a *API) waiting(ctx context.Context, in *waitingInput) (*body[Page[WaitingView]], error) {
	all, err := a.Queues.Queues(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(q QueueView) bool { return q.Name == in.Name })
	if i < 0 {
		return nil, refused(http.StatusNotFound, "no_queue", "queue", in.Name)
	}
	callers := slices.Clone(all[i].Callers)
	for i := range callers {
		callers[i].Place = i + 1 // it moves with each head start that is given: the pages go by entry, which stays
	}
	return pageOf(callers, in.Paged, func(w WaitingView) place { return placeOf(w.Entered, w.ID) })
}
