package console

import (
	"context"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"ringway/store"
)

// routeControlWebhooks serves what the command `ringway webhooks` asks.
func routeControlWebhooks(api huma.API, s Switch) {
	op := huma.Operation{OperationID: "webhooks", Method: http.MethodGet, Path: "/v1/webhooks", Summary: "Other systems that are told what happens"}
	huma.Register(api, op, func(ctx context.Context, _ *struct{}) (*body[[]WebhookView], error) {
		list, err := webhookList(ctx, s.Webhooks())
		return &body[[]WebhookView]{list}, err
	})
	op = huma.Operation{OperationID: "webhook-dead", Method: http.MethodGet, Path: "/v1/webhooks/{name}/dead", Summary: "Deliveries that were given up"}
	huma.Register(api, op, func(ctx context.Context, in *webhookInput) (*body[[]DeliveryView], error) {
		list, err := s.Webhooks().Deliveries(ctx, store.HookQuery{Hook: in.Name, State: store.HookDead})
		out := make([]DeliveryView, 0, len(list))
		for _, d := range list {
			out = append(out, deliveryOf(d))
		}
		return &body[[]DeliveryView]{out}, hookError(err)
	})
	op = huma.Operation{OperationID: "webhook-resend", Method: http.MethodPost, Path: "/v1/webhooks/{name}/resend",
		Summary: "Send all deliveries again that were given up"}
	huma.Register(api, op, func(ctx context.Context, in *webhookInput) (*body[Resent], error) {
		n, err := s.Webhooks().ResendDead(ctx, in.Name)
		return &body[Resent]{Resent{n}}, hookError(err)
	})
}

// Webhooks lists the other systems that are told what happens.
func (c *Client) Webhooks(ctx context.Context) (out []WebhookView, err error) {
	return out, c.call(ctx, http.MethodGet, "/v1/webhooks", nil, &out)
}

// DeadDeliveries lists the deliveries of a webhook that were given up, newest first.
func (c *Client) DeadDeliveries(ctx context.Context, name string) (out []DeliveryView, err error) {
	return out, c.call(ctx, http.MethodGet, "/v1/webhooks/"+url.PathEscape(name)+"/dead", nil, &out)
}

// ResendDead sends all of them again.
func (c *Client) ResendDead(ctx context.Context, name string) (out Resent, err error) {
	return out, c.call(ctx, http.MethodPost, "/v1/webhooks/"+url.PathEscape(name)+"/resend", nil, &out)
}
