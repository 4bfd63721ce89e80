package console

import (
	"context"
	"net/http"

	"ringway/console/staff"
)

func routeStatus(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/status", ID: "status", Summary: "How the switch is doing", Tag: "switch",
		Allow: Allow(staff.Manager, staff.ReadStatus)}, func(ctx context.Context, _ *struct{}) (*body[Status], error) {
		return &body[Status]{a.Switch.Status(ctx)}, nil
	})
}
