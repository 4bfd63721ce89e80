package console

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"ringway/console/hooks"
	"ringway/console/staff"
	"ringway/store"
)

// Webhooks are the other systems that are told what happens.
type Webhooks interface {
	// List tells how they are doing, in the order of the configuration.
	List(ctx context.Context) ([]hooks.Status, error)
	// Deliveries lists deliveries of one of them, newest first. hooks.ErrUnknown where there is no such one.
	Deliveries(ctx context.Context, q store.HookQuery) ([]store.HookDelivery, error)
	// Resend sends one delivery again, ResendDead all that were given up; it returns how many.
	Resend(ctx context.Context, id int64) (store.HookDelivery, error)
	ResendDead(ctx context.Context, hook string) (int, error)
}

// WebhookView is one other system that is told what happens.
type WebhookView struct {
	Name      string       `json:"name"`
	URL       string       `json:"url" doc:"without what follows the question mark"`
	Events    []string     `json:"events" doc:"kinds of event, or subjects with a star; empty: all"`
	State     string       `json:"state" enum:"up,down" doc:"down: it did not take several in a row, so it is tried one at a time"`
	Pending   int          `json:"pending" doc:"deliveries that will be tried"`
	Delivered int          `json:"delivered" doc:"deliveries that it took, of those that are kept"`
	Dead      int          `json:"dead" doc:"deliveries that were given up"`
	Taken     *time.Time   `json:"taken,omitempty" doc:"when it last took one since the switch started"`
	Error     string       `json:"error,omitempty" doc:"why the last try failed"`
	Failure   *HookFailure `json:"failure,omitempty" doc:"likewise, to be told in any language"`
}

// HookFailure is why a try failed.
type HookFailure struct {
	Code   string `json:"code" enum:"refused,no_host,certificate,no_tls,unreachable,cut,timeout,private,redirect,status,other"`
	Detail string `json:"detail,omitempty" doc:"what the network said, or the status that was answered"`
}

func failureOf(text string) *HookFailure {
	if text == "" {
		return nil
	}
	f := hooks.FailureOf(text)
	return &HookFailure{cmp.Or(f.Code, "other"), f.Detail}
}

// DeliveryView is one message for it.
type DeliveryView struct {
	ID       int64           `json:"id"`
	Webhook  string          `json:"webhook"`
	Message  string          `json:"message" doc:"the webhook-id that the other side sees"`
	Kind     string          `json:"kind"`
	State    store.HookState `json:"state" enum:"pending,delivered,dead"`
	Attempts int             `json:"attempts"`
	Created  time.Time       `json:"created"`
	Next     *time.Time      `json:"next,omitempty" doc:"when it is tried next"`
	Last     *time.Time      `json:"last,omitempty" doc:"when it was tried last"`
	Status   int             `json:"status,omitempty" doc:"HTTP status of the last answer"`
	Error    string          `json:"error,omitempty" doc:"why the last try failed"`
	Failure  *HookFailure    `json:"failure,omitempty" doc:"likewise, to be told in any language"`
	Body     string          `json:"body" doc:"what is sent"`
}

type deliveriesInput struct {
	Name  string `path:"name" maxLength:"32"`
	State string `query:"state" enum:"pending,delivered,dead"`
	Paged
}

type webhookInput struct {
	Name string `path:"name" maxLength:"32"`
}

type deliveryInput struct {
	ID int64 `path:"id" minimum:"1"`
}

// Resent counts deliveries that are sent again.
type Resent struct {
	Count int `json:"count" doc:"deliveries that are sent again"`
}

func routeWebhooks(a *API) {
	rule := Allow(staff.Admin, staff.Webhooks)
	register(a, Op{Method: http.MethodGet, Path: "/webhooks", ID: "webhooks", Tag: "webhooks", Allow: rule,
		Summary: "Other systems that are told what happens, by name, and how they are doing"},
		func(ctx context.Context, in *Paged) (*body[Page[WebhookView]], error) {
			list, err := webhookList(ctx, a.Webhooks)
			if err != nil {
				return nil, err
			}
			return pageOf(list, *in, func(w WebhookView) place { return place{name: w.Name} })
		})
	register(a, Op{Method: http.MethodGet, Path: "/webhooks/{name}/deliveries", ID: "webhook-deliveries", Tag: "webhooks", Allow: rule,
		Summary: "Deliveries of a webhook, newest first"},
		a.deliveries)
	register(a, Op{Method: http.MethodPost, Path: "/webhooks/deliveries/{id}/resend", ID: "webhook-resend", Tag: "webhooks", Allow: rule,
		Audit: true, Summary: "Send a delivery again"},
		func(ctx context.Context, in *deliveryInput) (*body[DeliveryView], error) {
			d, err := a.Webhooks.Resend(ctx, in.ID)
			return &body[DeliveryView]{deliveryOf(d)}, hookError(err)
		})
	register(a, Op{Method: http.MethodPost, Path: "/webhooks/{name}/resend", ID: "webhook-resend-dead", Tag: "webhooks", Allow: rule,
		Audit: true, Summary: "Send all deliveries of a webhook again that were given up"},
		func(ctx context.Context, in *webhookInput) (*body[Resent], error) {
			n, err := a.Webhooks.ResendDead(ctx, in.Name)
			return &body[Resent]{Resent{n}}, hookError(err)
		})
}

func webhookList(ctx context.Context, w Webhooks) ([]WebhookView, error) {
	list, err := w.List(ctx)
	out := make([]WebhookView, 0, len(list))
	for _, s := range list {
		out = append(out, webhookOf(s))
	}
	return out, err
}

func (a *API) deliveries(ctx context.Context, in *deliveriesInput) (*body[Page[DeliveryView]], error) {
	before, err := in.before()
	if err != nil {
		return nil, err
	}
	found, err := a.Webhooks.Deliveries(ctx, store.HookQuery{Hook: in.Name, State: store.HookState(in.State), Before: before, Limit: in.Limit})
	if err != nil {
		return nil, hookError(err)
	}
	return readPage(found, in.Limit, func(d store.HookDelivery) string { return numbered(d.ID) }, deliveryOf), nil
}

func hookError(err error) error {
	if errors.Is(err, hooks.ErrUnknown) {
		return refusedBy(http.StatusNotFound, err)
	}
	return err
}

func webhookOf(s hooks.Status) WebhookView {
	v := WebhookView{Name: s.Name, URL: shownURL(s.URL), Events: append([]string{}, s.Kinds...), State: "up", Pending: s.Pending,
		Delivered: s.Delivered, Dead: s.Dead, Taken: maybe(s.Taken), Error: s.Error, Failure: failureOf(s.Error)}
	if s.Down {
		v.State = "down"
	}
	return v
}

func deliveryOf(d store.HookDelivery) DeliveryView {
	return DeliveryView{ID: d.ID, Webhook: d.Hook, Message: d.Message, Kind: d.Kind, State: d.State, Attempts: d.Attempts,
		Created: d.Created, Next: maybe(d.Next), Last: maybe(d.Last), Status: d.Status, Error: d.Error, Failure: failureOf(d.Error), Body: d.Body}
}

// shownURL leaves out what follows the path: keys often stand there.
func shownURL(text string) string {
	if path, _, cut := strings.Cut(text, "?"); cut {
		return path + "?…"
	}
	return text
}
