package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
	register(a, Op{Method: http.MethodGet, Path: "/bindings", ID: "bindings", Summary: "Registered contacts, by address of record", Tag: "switch",
		Allow: Allow(staff.Admin, staff.ReadStatus)}, func(ctx context.Context, in *Paged) (*body[Page[BindingView]], error) {
		return pageOf(a.Switch.Bindings(ctx), *in, placeOfBinding)
	})
	register(a, Op{Method: http.MethodGet, Path: "/trunks", ID: "trunks", Summary: "Carriers, by name", Tag: "switch",
		Allow: Allow(staff.Manager, staff.ReadStatus)}, func(ctx context.Context, in *Paged) (*body[Page[TrunkView]], error) {
		return pageOf(a.Trunks.Trunks(ctx), *in, func(t TrunkView) place { return place{name: t.Name} })
	})
}

// placeOfBinding tells the contacts of one address apart by a digest: they are as long as phones make them, cursors are not.
func placeOfBinding(b BindingView) place {
	sum := sha256.Sum256([]byte(b.Contact))
	return place{name: b.AOR + " " + hex.EncodeToString(sum[:8])}
}
