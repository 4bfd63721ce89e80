package console

import (
	"context"
	"net/http"
	"time"

	"ringway/console/staff"
)

// Trunks are the carriers as they are now.
type Trunks interface {
	Trunks(ctx context.Context) []TrunkView
}

// TrunkView is one carrier.
type TrunkView struct {
	Name      string   `json:"name"`
	Context   string   `json:"context,omitempty" doc:"where its calls enter the dialplan"`
	Targets   []string `json:"targets"`
	Reachable bool     `json:"reachable" doc:"one of its addresses answers, or none is asked"`
	Calls     int      `json:"calls" doc:"up through it"`
	Limit     int      `json:"limit,omitempty" doc:"calls at once; absent: no bound"`
	Addresses []string `json:"addresses" doc:"that its targets stand for now, in the order in which they are tried"`

	LastError   string     `json:"last_error,omitempty" doc:"what went wrong last: a name that was not found, an OPTIONS without an answer"`
	LastErrorAt *time.Time `json:"last_error_at,omitempty"`
}

func routeNet(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/bindings", ID: "bindings", Summary: "Registered contacts", Tag: "switch",
		Allow: Allow(staff.Admin, staff.ReadStatus)}, func(ctx context.Context, _ *struct{}) (*body[[]BindingView], error) {
		return &body[[]BindingView]{a.Switch.Bindings(ctx)}, nil
	})
	register(a, Op{Method: http.MethodGet, Path: "/trunks", ID: "trunks", Summary: "Carriers", Tag: "switch",
		Allow: Allow(staff.Manager, staff.ReadStatus)}, func(ctx context.Context, _ *struct{}) (*body[[]TrunkView], error) {
		return &body[[]TrunkView]{a.Trunks.Trunks(ctx)}, nil
	})
}
